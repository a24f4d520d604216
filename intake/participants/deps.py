"""What the desk works with; put together by `intake.app` and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.access.limits import Limits
from intake.access.links import Links
from intake.ids import Chance
from intake.keys import Keys
from intake.letters.compose import Messages
from intake.publishing.versions import Programmes
from intake.referrals.consents import Consenting
from intake.referrals.persons import Rights
from intake.referrals.unions import Unions
from intake.store import Store


@dataclass(frozen=True)
class Parts:
    programmes: Programmes
    store: Store
    keys: Keys
    clock: Callable[[], datetime]
    chance: Chance
    messages: Messages
    links: Links
    consenting: Consenting
    limits: Limits
    unions: Unions
    rights: Rights
