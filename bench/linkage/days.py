"""Simulates days of an office: persons send in, withdraw or consent later; staff and the worker work.

Everything uses the real desk, casework and worker; only the clock is simulated. What the attacker may know (who was in
which batch, and how many of them chose a union) is recorded.
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import structlog
from sqlalchemy import text, update

from bench.linkage.loot import Open
from bench.linkage.reading import Row, rows_of
from intake import Asked, Handle
from intake.engine.prompts import QuestionPrompt
from intake.errors import IntakeError
from intake.letters.smtp import Mailbox
from intake.operations.retention import purge
from intake.store.tables import partners
from tests.offices import CONTACT, NOW, PROGRAMME, WHITE, WORKS_HERE, Office

ADDRESS = "exempel.se"  # belongs to nobody, and is no placeholder, which gets no letters outside a demo
CONSENT_LINK = re.compile(r"/vastkraft/consent/([\w-]+)")
PLACES = ("1480", "1481", "1401", "1384")
PURGED = timedelta(hours=6)  # the worker does it every hour; nothing here is old enough
LATE = 8  # one in this many is decided by staff, and asked about a union afterwards


@dataclass(frozen=True, slots=True)
class Member:
    """A person who could have chosen this union in a batch. The attacker does not know `yes`."""

    submission: str
    partner: str
    yes: bool


@dataclass(slots=True)
class Batch:
    """Those who could have chosen a union, and the ids of the union referrals created."""

    members: list[Member] = field(default_factory=list)
    made: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Person:
    """A person, made up before the days begin."""

    number: int
    answers: dict[str, str]
    contact: dict[str, str]
    consents: tuple[str, ...]
    channel: str
    language: str
    union: bool
    late: bool
    submission: str = ""

    @property
    def handle(self) -> Handle:
        return Handle(self.channel, f"{self.channel} {self.number}")


@dataclass(frozen=True, slots=True)
class Scenario:
    """`sends`: when each person sends in; `ends`: when the attacker copies the database."""

    name: str
    sends: Callable[[Random, int], list[timedelta]]
    number: int
    ends: timedelta


def within_an_hour(chance: Random, number: int) -> list[timedelta]:
    return [timedelta(seconds=chance.uniform(1800, 5400)) for _ in range(number)]


def five_a_day(chance: Random, number: int) -> list[timedelta]:
    return [timedelta(days=place // 5, seconds=chance.uniform(1800, 30_000)) for place in range(number)]


SCENARIOS = (
    Scenario("60 in an hour", within_an_hour, 60, timedelta(days=6)),
    Scenario("5 a day, 12 days", five_a_day, 60, timedelta(days=17)),
)


class Days(Office):
    """The office, its worker, and a record of events."""

    def __init__(self, url: str, var: Path, chance: Random) -> None:
        sender = f"intake@{ADDRESS}"
        super().__init__(url, var, demo=False, base_url=f"https://intake.{ADDRESS}", mail_from=sender)
        self.url, self.random = url, chance
        self.app.outbox.post = Mailbox()
        self.batches, self.batch, self.known = [], Batch(), set[str]()
        self.notes: list[Row] = []  # each note as stored before its batch
        self.open: dict[str, Open] = {}  # by interview id
        self.lines: list[Row] = []
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._said: list[Any] = []
        self._seen: list[Row] = []
        with self.app.store.transaction() as connection:
            mine = {"reply_to": f"reply@{ADDRESS}", "notify": f"notify@{ADDRESS}"}
            connection.execute(update(partners).values(**mine))

    batches: list[Batch]

    # The days

    def run(self, scenario: Scenario) -> None:
        """Simulates the days until every letter and every batch is sent."""
        people = [self._person(number, scenario.number) for number in range(scenario.number)]
        with structlog.testing.capture_logs() as self._said:
            for person, after in zip(people, scenario.sends(self.random, scenario.number), strict=True):
                self._at(NOW + after - timedelta(minutes=self.random.uniform(2, 25)), self._answers, person)
                self._at(NOW + after, self._sends, person)
            self._life_of_unions(scenario)
            for look in range(int(scenario.ends / PURGED)):
                self._at(NOW + look * PURGED, self._purges)
            while self._agenda:
                moment, _, act = heapq.heappop(self._agenda)
                self.moment = max(self.moment, moment)
                act()
                self.tick(seconds=1)
                self._works()
            self.tick(days=4)
            self._works()
        if self.batch.members or not self.batches:
            self._leaves()

    def _at(self, moment: datetime, act: Callable[..., None], *given: object) -> None:
        heapq.heappush(self._agenda, (moment, next(self._numbers), lambda: act(*given)))

    def _later(self, act: Callable[..., None], *given: object, most: float = 60) -> None:
        """Schedules an action within this many hours."""
        self._at(self.moment + timedelta(hours=self.random.uniform(0.02, most)), act, *given)

    def _person(self, number: int, of: int) -> Person:
        chance, late = self.random, number % LATE == LATE - 1
        email = late or chance.random() < 0.8
        contact = {"name": f"Kim {'Ek' * chance.randint(1, 4)}", "email": f"person{number}@{ADDRESS}" if email else ""}
        if not email:
            contact["phone"] = f"070-174 06 {chance.randint(10, 99)}"
        place = {} if late else {"home_municipality": chance.choice(PLACES)}
        return Person(
            number=number,
            answers={**(WORKS_HERE if late else WHITE), **place},
            contact={**CONTACT, **contact},
            consents=() if late else ("trr", "af") if chance.random() < 0.7 else ("trr",),
            channel=chance.choice(("web", "telegram")),
            language=chance.choice(("sv", "sv", "en")),
            union=self._half(of),
            late=late,
        )

    def _half(self, of: int) -> bool:
        """Returns True for exactly half of all persons, in random order."""
        if not hasattr(self, "_choices"):
            self._choices = [place % 2 == 0 for place in range(of)]
            self.random.shuffle(self._choices)
        return self._choices.pop()

    # Persons

    def _answers(self, person: Person) -> None:
        """Answers everything up to the check; it is sent later, among other interviews."""
        desk, handle, said = self.app.desk, person.handle, {**person.answers, **person.contact}
        turn = desk.start(handle, PROGRAMME, person.language)
        while turn.place != "check":
            if turn.place == "result":
                turn = desk.go_on(handle, PROGRAMME)
                continue
            assert isinstance(turn.prompt, QuestionPrompt), turn.place
            place, raw = turn.place, tuple(filter(None, [said.get(turn.place, "")]))
            if place == "consent_partner":
                raw = person.consents
            elif place == "consent_union":
                raw = ("yes" if person.union else "no",)
                before, id = self._length(person)
            turn = desk.answer(handle, PROGRAMME, turn.place, raw, skip=not raw and turn.prompt.optional)
            assert not getattr(turn.prompt, "problem", None), (turn, raw)
            if place == "consent_union":
                self.open[id] = Open(growth=self._length(person)[0] - before)

    def _sends(self, person: Person) -> None:
        length, id = self._length(person)
        self.open[id] = replace(self.open.get(id, Open()), length=length)
        self.app.desk.submit(person.handle, PROGRAMME)
        sent = self.app.store.submissions.of_handle(self.app.desk.hash(person.handle, PROGRAMME))
        assert sent is not None
        person.submission = sent.id
        if not person.late:
            self.batch.members.append(Member(sent.id, "unionen", person.union))
        self._life_of(person)

    def _length(self, person: Person) -> tuple[int, str]:
        """Returns the length of an open interview's encrypted answers, and its id: a copy may be made at any time."""
        found = self.app.desk.find(person.handle, PROGRAMME)
        assert found is not None
        [row] = rows_of(self.url, "interviews", f"id = '{found.id}'")
        return len(row["answers_sealed"]), found.id

    def _life_of(self, person: Person) -> None:
        """Schedules later events: the same for all persons, except withdrawing from a union."""
        chance = self.random
        if person.late:
            self._later(self._decides, person, most=20)
            return
        self._later(self._staff_work, person, person.consents[0], most=40)
        if chance.random() < 0.1:
            self._later(self._withdraws, person, None, most=70)
        elif chance.random() < 0.2:
            self._later(self._withdraws, person, person.consents[-1], most=70)
        if person.union and chance.random() < 0.2:
            self._later(self._withdraws, person, "unionen", most=70)
        if chance.random() < 0.2:
            self._later(self._wishes_erased, person, most=70)

    def _withdraws(self, person: Person, partner: str | None) -> None:
        submission = self.app.store.submissions.by_id(person.submission)
        if submission is None:
            return  # erased meanwhile
        if self.random.random() < 0.5:
            self.app.desk.withdraw_as(person.handle, PROGRAMME, partner)
        else:
            self.app.desk.withdraw(PROGRAMME, submission.sealed["status_token"], partner)

    def _wishes_erased(self, person: Person) -> None:
        """Asks for erasure; half of the persons are erased some hours later, the others wait."""
        submission = self.app.store.submissions.by_id(person.submission)
        assert submission is not None
        self.app.desk.wish_erased(PROGRAMME, submission.sealed["status_token"])
        if self.random.random() < 0.5:
            self._later(self._erases, submission.reference, most=20)

    def _erases(self, reference: str) -> None:
        self.app.casework.erase(self.coordinator, reference)

    def _consents(self, person: Person) -> None:
        """Answers the consent link of the letter, after staff have decided."""
        submission = self.app.store.submissions.by_id(person.submission)
        assert submission is not None
        [letter] = self.letters(submission, "decision_yes")
        found = CONSENT_LINK.search(letter)
        assert found is not None
        self.batch.members.append(Member(submission.id, "if_metall", person.union))
        yes = ["if_metall"] if person.union else []
        self.app.desk.send_consents(PROGRAMME, found[1], yes, person.language)

    # Staff

    def _decides(self, person: Person) -> None:
        submission = self.app.store.submissions.by_id(person.submission)
        assert submission is not None
        self.app.casework.pick_up(self.coordinator, submission.reference)
        self.app.casework.see(self.coordinator, submission.reference, "sv")
        self.app.casework.decide(self.coordinator, submission.reference, "A")
        self._later(self._consents, person, most=30)

    def _staff_work(self, person: Person, partner: str) -> None:
        submission = self.app.store.submissions.by_id(person.submission)
        if submission is not None:  # else erased meanwhile
            self._picks_up(partner, submission.reference)

    def _picks_up(self, partner: str, reference: str) -> None:
        """Picks up and reads a case, unless it was withdrawn meanwhile."""
        try:
            self.app.casework.pick_up(self.staff(partner), reference)
            self.app.casework.see(self.staff(partner), reference, "sv")
        except IntakeError:
            return

    def _life_of_unions(self, scenario: Scenario) -> None:
        """Schedules the unions' staff, who look a few times a day and take one or two cases."""
        for partner in ("unionen", "if_metall"):
            for _ in range(3 * scenario.ends.days):
                self._at(NOW + self.random.random() * scenario.ends, self._union_works, partner)

    def _union_works(self, partner: str) -> None:
        rows = self.app.casework.queue(self.staff(partner), Asked(tab="waiting"), "sv").rows
        for row in rows[:2]:
            self._picks_up(partner, row.reference)

    # The worker

    def _purges(self) -> None:
        purge(self.app.programmes, self.app.store, self.app.clock())

    def _works(self) -> None:
        """Works as the worker does a second later: the letters, then a batch if one is due."""
        self.app.outbox.work_once()
        unions = getattr(self.app, "unions", None)  # without unions everybody is one batch
        if unions is not None:
            if (lying := self._lying()) != len(self._seen):
                self._seen = rows_of(self.url, "union_notes")
            unions.work_once()
            if lying and not self._lying():
                self.notes += self._seen
                self._seen = []
                self._leaves()
            self.app.outbox.work_once()
        for line in self._said[len(self.lines) :]:
            self.lines.append({**line, "at": self.moment.isoformat(), "@place": len(self.lines)})

    def _lying(self) -> int:
        """Returns the number of notes that wait; it only grows until their batch is sent."""
        with self.app.store.db.autocommit.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM union_notes")).scalar_one())

    def _leaves(self) -> None:
        """Records a batch: whose wishes were in it, and the referrals created."""
        unions = {row["id"] for row in rows_of(self.url, "referrals") if row["submission_id"] is None}
        self.batch.made = unions - self.known
        self.known |= unions
        self.batches.append(self.batch)
        self.batch = Batch()


@contextmanager
def lived(url: str, var: Path, scenario: Scenario, seed: int) -> Iterator[Days]:
    """Yields the office after the days of a scenario, with its database."""
    days = Days(url, var, Random(seed))
    try:
        days.run(scenario)
        yield days
    finally:
        days.app.close()
