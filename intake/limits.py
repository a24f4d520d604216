"""How often something may be tried. Guessing is limited hard, answering is not (QUALITY: a factory hall is one
address).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from intake.chance import Chance
from intake.keys import Keys
from intake.store import Store

# what -> (how many, within). Per subject: an address, a browser, a chat.
LIMITS: Mapping[str, tuple[int, timedelta]] = {
    "sign_in_link": (3, timedelta(minutes=15)),
    "link_guess": (10, timedelta(minutes=1)),
    "interviews": (60, timedelta(hours=1)),
    "continue_link": (10, timedelta(hours=1)),
    "group_line": (1, timedelta(days=1)),
}


class Limits:
    """Counts attempts under a keyed hash of whom they concern; never stores whom."""

    def __init__(self, store: Store, keys: Keys, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.keys = keys
        self.clock = clock
        self.chance = chance

    def allow(self, what: str, whom: str) -> bool:
        """Count one attempt; whether it is within the limit."""
        most, within = LIMITS[what]
        now = self.clock()
        return self.store.attempts.add(self.chance.id(), self._bucket(what, whom), now, now - within) <= most

    def _bucket(self, what: str, whom: str) -> str:
        return f"{what}:{self.keys.blind(whom, 'limit')}"
