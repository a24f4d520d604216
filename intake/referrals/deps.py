"""The dependencies of participants' and staff's operations, assembled by `intake.app` only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from intake.access.limits import AttemptLimits
from intake.access.links import SingleUseLinks
from intake.ids import Chance
from intake.keys import Keys
from intake.letters.compose import Letters
from intake.publishing.versions import Programmes
from intake.referrals.consents import ConsentRecorder
from intake.referrals.persons import Rights
from intake.referrals.responsibility import ReferralMoves
from intake.referrals.unions import Unions
from intake.store import Store


@dataclass(frozen=True)
class Deps:
    """The dependencies. `demo`: union notes are carried out without waiting for a batch."""

    programmes: Programmes
    store: Store
    keys: Keys
    clock: Callable[[], datetime]
    chance: Chance
    letters: Letters
    links: SingleUseLinks
    limits: AttemptLimits
    demo: bool

    @cached_property
    def moves(self) -> ReferralMoves:
        return ReferralMoves(self.store, self.letters, self.chance)

    @cached_property
    def unions(self) -> Unions:
        return Unions(self.programmes, self.store, self.letters, self.clock, self.chance, self.demo)

    @cached_property
    def rights(self) -> Rights:
        return Rights(self.programmes, self.store, self.unions, self.clock, self.chance.id)

    @cached_property
    def consenting(self) -> ConsentRecorder:
        return ConsentRecorder(self.programmes, self.store, self.letters, self.clock, self.chance, self.unions)
