"""What the desk works with; put together by `intake.app` and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.access.limits import AttemptLimits
from intake.access.links import SingleUseLinks
from intake.ids import Chance
from intake.keys import Keys
from intake.letters.compose import Letters
from intake.publishing.versions import Programmes
from intake.referrals.consents import Consenting
from intake.referrals.persons import Rights
from intake.referrals.unions import Unions
from intake.store import Store


@dataclass(frozen=True)
class ParticipantDeps:
    programmes: Programmes
    store: Store
    keys: Keys
    clock: Callable[[], datetime]
    chance: Chance
    letters: Letters
    links: SingleUseLinks
    consenting: Consenting
    limits: AttemptLimits
    unions: Unions
    rights: Rights
