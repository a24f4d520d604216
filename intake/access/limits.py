"""Limits on attempts: strict for guessing, generous for answering, because a factory hall shares one address.

Refused attempts are not stored, so that nobody can lock others out by trying for ever, or fill the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.ids import Chance
from intake.keys import Keys
from intake.store import Store

# what -> (how many, within). Per subject: an address, a browser or a chat.
LIMITS: Mapping[str, tuple[int, timedelta]] = {
    "sign_in_link": (3, timedelta(minutes=15)),  # for an address, from a browser in which it signed in recently
    "sign_in_strangers": (10, timedelta(hours=1)),  # for an address, from all other browsers together
    "link_guess": (10, timedelta(minutes=1)),
    "interviews": (60, timedelta(hours=1)),
    "continue_link": (10, timedelta(hours=1)),
    "group_line": (1, timedelta(days=1)),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt, and whether it is within the limit. It counts until `since` has moved past it."""

    id: str
    bucket: str
    since: datetime
    within: bool


class AttemptLimits:
    """Counts attempts under a keyed hash of their subject, which itself is not stored."""

    def __init__(self, store: Store, keys: Keys, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.keys = keys
        self.clock = clock
        self.chance = chance

    def allow(self, what: str, whom: str) -> bool:
        """Counts an attempt and returns whether it is within the limit. A refused one is not counted."""
        attempt = self.take(what, whom)
        if not attempt.within:
            self.give_back(attempt)
        return attempt.within

    def take(self, what: str, whom: str) -> Attempt:
        """Counts an attempt, which can be given back."""
        most, within = LIMITS[what]
        now, id, bucket = self.clock(), self.chance.id(), self._bucket(what, whom)
        counted = self.store.attempts.add(id, bucket, now, now - within)
        return Attempt(id, bucket, now - within, counted <= most)

    def give_back(self, attempt: Attempt) -> None:
        """Removes an attempt, and those of the same bucket that are too old."""
        self.store.attempts.drop(attempt.id, attempt.bucket, attempt.since)

    def _bucket(self, what: str, whom: str) -> str:
        return f"{what}:{self.keys.blind(whom, 'limit')}"
