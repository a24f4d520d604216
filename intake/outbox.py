"""The letters owed: claimed with a lease, sent, marked. A worker may die at any moment; another goes on when the
lease is over.

One letter is claimed at a time, so that a worker that dies holds up one letter and no other. A letter that cannot be
sent is tried again after longer and longer waits and given up, visibly, within five hours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from intake.chance import Chance
from intake.mail import Delivered, Post
from intake.messages import PARTNER
from intake.records import Message
from intake.store import Store

# The wait after each failed try. With what trying and spreading add, together under five hours (QUALITY 1.3).
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, *(10,) * 27))
SPREAD = timedelta(seconds=10)  # at most so much is added to a wait, so that not all come back at once
LEASE = timedelta(minutes=15)  # longer than one letter takes at the slowest server
BATCH = 100  # letters on one connection

log = structlog.get_logger()


class Outbox:
    """Sends what is due. Several may run at once, in as many processes."""

    def __init__(self, store: Store, post: Post, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.post = post
        self.clock = clock
        self.chance = chance
        self._unwritten: deque[Callable[[], object]] = deque()  # what became of letters, not yet in the database

    def work_once(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Try each letter that is due once; how many were tried. `stopping` is asked between two letters."""
        self._write_down()
        tried = 0
        if claimed := self._claim():
            with self.post as post:
                while claimed:
                    letter, lease = claimed
                    self._record(letter, lease, post.deliver(self._addressed(letter), self.clock()))
                    tried += 1
                    claimed = None if stopping() or tried == BATCH else self._claim()
        return tried

    def _claim(self) -> tuple[Message, str] | None:
        lease, now = self.chance.id(), self.clock()
        due = self.store.messages.claim(lease, now, now + LEASE, 1)
        return (due[0], lease) if due else None

    def _addressed(self, letter: Message) -> Message:
        """The letter with its partner's addresses of today: one that was wrong is mended since."""
        if letter.programme is None or letter.to_partner is None:
            return letter
        partner = self.store.people.partner(letter.programme, letter.to_partner)
        if letter.recipient == PARTNER:
            return replace(letter, to=partner.notify or letter.to)
        return replace(letter, reply_to=partner.reply_to or letter.reply_to)

    def _record(self, letter: Message, lease: str, delivered: Delivered) -> None:
        messages, now, problem = self.store.messages, self.clock(), delivered.problem
        if delivered.sent:
            log.info("letter_sent", id=letter.id, letter=letter.letter)
            self._unwritten.append(lambda: messages.sent(letter, lease, now))
        elif delivered.permanent or letter.attempts >= len(WAITS):
            log.warning("letter_given_up", id=letter.id, letter=letter.letter, problem=problem)
            self._unwritten.append(lambda: messages.give_up(letter.id, lease, problem))
        else:
            log.info("letter_later", id=letter.id, letter=letter.letter, problem=problem)
            due = now + WAITS[letter.attempts] + self.chance.fraction() * SPREAD
            self._unwritten.append(
                lambda: messages.try_later(letter.id, lease, due, problem, maybe_delivered=delivered.maybe)
            )
        self._write_down()

    def _write_down(self) -> None:
        """What is known goes into the database; while that is away it is kept, and written before anything else is
        sent: a letter is not sent twice for want of a note.
        """
        while self._unwritten:
            self._unwritten[0]()
            self._unwritten.popleft()
