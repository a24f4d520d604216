"""What the desk works with; put together by `intake.app` and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.chance import Chance
from intake.consenting import Consenting
from intake.keys import Keys
from intake.limits import Limits
from intake.links import Links
from intake.messages import Messages
from intake.publishing import Programmes
from intake.rights import Rights
from intake.store import Store
from intake.unions import Unions


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
