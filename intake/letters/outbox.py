"""The outbox: letters owed are claimed with a lease, sent and marked. After a crash another worker goes on.

One letter is claimed at a time, so that a worker that dies delays only this letter, until its lease ends. A letter that
the server refuses for now is tried again after growing waits and given up, visibly, within five hours. While the server
is away no letter is claimed, so that time does not count; an outdated letter is never sent (`valid_until`).
Log lines name no letter: a union's, with its time to the second, would lead to the person whose other letters were sent
at the same time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from intake.errors import BadSetting
from intake.ids import Chance
from intake.letters.compose import PARTNER
from intake.letters.smtp import Delivered, Post
from intake.records import Message
from intake.store import Store

# The wait after each failed try. With the time of trying and spreading, together under five hours (docs/promises.md).
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, *(10,) * 27))
SPREAD = timedelta(seconds=10)  # at most this is added to a wait, so that retries do not coincide
LEASE = timedelta(minutes=15)  # longer than one letter takes with the slowest server
BATCH = 100  # letters per connection
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)  # between checks of a server that is away
UNREADABLE = "it cannot be opened: INTAKE_SECRET_KEYS lacks the key that it was sealed with"

log = structlog.get_logger()


class Outbox:
    """Sends the letters that are due. Several may run at once, in several processes."""

    def __init__(self, store: Store, post: Post, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.post = post
        self.clock = clock
        self.chance = chance
        self._unwritten: deque[Callable[[], object]] = deque()  # results that are not yet in the database
        self._away: set[str] = set()  # the reasons logged why the server is away; empty: it is available
        self._pause = timedelta()
        self._look_at = datetime.min.replace(tzinfo=UTC)

    def greet(self) -> None:
        """Checks the server at start. Returns also if it is away; raises BadSetting if waiting cannot help."""
        with self.post as post:
            self._heard(post.greet())

    def work_once(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Tries each letter that is due once; returns how many. `stopping` is called between two letters."""
        self._write_down()
        now, tried = self.clock(), 0
        self.store.messages.expire(now)
        resting = timedelta() < self._look_at - now <= LONGEST_PAUSE  # a longer one predates a clock set back
        if resting or not (self._away or self.store.messages.is_due(now)):
            return 0
        with self.post as post:
            claimed = self._claim() if self._is_there(post) else None
            while claimed:
                letter, lease = claimed
                delivered = self._deliver(post, letter)
                self._record(letter, lease, delivered)
                if delivered.away:
                    break
                tried += 1
                claimed = None if stopping() or tried == BATCH else self._claim()
        return tried

    # The server

    def _is_there(self, post: Post) -> bool:
        """Checks the server before a letter is claimed. A setting that became wrong is waited out too: no crash."""
        try:
            why = post.greet()
        except BadSetting as error:
            why = str(error)
        self._heard(why)
        self._write_down()
        return not why

    def _heard(self, why: str) -> None:
        """Handles the result of a check: logs each reason once, and once that the server is back."""
        now, messages = self.clock(), self.store.messages
        if not why:
            if self._away:
                log.warning("mail_server_back")
            self._away, self._pause = set(), timedelta()
            self._unwritten.append(messages.server_back)
            return
        if not self._away:
            self._unwritten.append(lambda: messages.server_away(now))
        if why not in self._away:
            log.warning("mail_server_away", why=why)
        self._away.add(why)
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self._look_at = now + self._pause

    # One letter

    def _claim(self) -> tuple[Message, str] | None:
        lease, now = self.chance.id(), self.clock()
        due = self.store.messages.claim(lease, now, now + LEASE, 1)
        return (due[0], lease) if due else None

    def _deliver(self, post: Post, letter: Message) -> Delivered:
        if letter.unreadable:
            return Delivered(False, permanent=True, problem=UNREADABLE)
        return post.deliver(self._addressed(letter), self.clock())

    def _addressed(self, letter: Message) -> Message:
        """Returns the letter with its partner's current addresses: a wrong one may have been corrected."""
        if letter.programme is None or letter.to_partner is None:
            return letter
        partner = self.store.people.partner(letter.programme, letter.to_partner)
        if letter.recipient == PARTNER:
            return replace(letter, to=partner.notify or letter.to)
        return replace(letter, reply_to=partner.reply_to or letter.reply_to)

    def _record(self, letter: Message, lease: str, delivered: Delivered) -> None:
        messages, now, problem = self.store.messages, self.clock(), delivered.problem
        if delivered.sent:
            log.info("letter_sent")
            self._unwritten.append(lambda: messages.sent(letter, lease, now))
        elif delivered.away:
            self._unwritten.append(lambda: messages.put_back(letter.id, lease))
            self._heard(problem)
        elif delivered.permanent or letter.attempts >= len(WAITS):
            log.warning("letter_given_up", problem=problem)
            self._unwritten.append(lambda: messages.give_up(letter.id, lease, problem))
        else:
            log.info("letter_later", problem=problem)
            due = now + WAITS[letter.attempts] + self.chance.fraction() * SPREAD
            self._unwritten.append(
                lambda: messages.try_later(letter.id, lease, due, problem, maybe_delivered=delivered.maybe)
            )
        self._write_down()

    def _write_down(self) -> None:
        """Writes results to the database, before anything else is sent.

        A letter is never re-sent because its result could not be saved.
        """
        while self._unwritten:
            self._unwritten[0]()
            self._unwritten.popleft()
