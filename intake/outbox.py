"""The letters owed: claimed with a lease, sent, marked. A worker may die at any moment; another goes on when the
lease is over.

A letter that cannot be sent is tried again after longer and longer waits and given up, visibly, within five hours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from intake.chance import Chance
from intake.mail import Delivered, Post
from intake.records import Message
from intake.store import Store

# The wait after each failed try. Together under five hours (QUALITY 1.3).
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 60, 45))
LEASE, WORK = timedelta(minutes=10), timedelta(minutes=5)
BATCH = 10

log = structlog.get_logger()


class Outbox:
    """Sends what is due. Several may run at once."""

    def __init__(self, store: Store, post: Post, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.post = post
        self.clock = clock
        self.chance = chance

    def work_once(self) -> int:
        """Claim what is due and try each letter once; how many were tried."""
        lease, now = self.chance.id(), self.clock()
        due = self.store.messages.claim(lease, now, now + LEASE, BATCH)
        if due:
            with self.post as post:
                for letter in due:
                    if self.clock() >= now + WORK:
                        break  # the rest is another's by now
                    self._record(letter, lease, post.deliver(letter, self.clock()))
        return len(due)

    def _record(self, letter: Message, lease: str, delivered: Delivered) -> None:
        now = self.clock()
        if delivered.sent:
            self.store.messages.sent(letter, lease, now)
            log.info("letter_sent", id=letter.id, letter=letter.letter)
        elif delivered.permanent or letter.attempts >= len(WAITS):
            self.store.messages.give_up(letter.id, lease, delivered.problem)
            log.warning("letter_given_up", id=letter.id, letter=letter.letter, problem=delivered.problem)
        else:
            wait = WAITS[letter.attempts] * (
                1 + self.chance.fraction() / 5
            )  # spread, so that not all come back at once
            self.store.messages.try_later(
                letter.id, lease, now + wait, delivered.problem, maybe_delivered=delivered.maybe
            )
            log.info("letter_later", id=letter.id, letter=letter.letter, problem=delivered.problem)
