"""What the desk works with; put together by `intake.app` and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from intake.chance import Chance
from intake.consenting import Consenting
from intake.engine.programme import Programme
from intake.keys import Keys
from intake.limits import Limits
from intake.links import Links
from intake.messages import Messages
from intake.store import Store


@dataclass(frozen=True)
class Parts:
    programmes: Mapping[str, Programme]
    store: Store
    keys: Keys
    clock: Callable[[], datetime]
    chance: Chance
    messages: Messages
    links: Links
    consenting: Consenting
    limits: Limits
