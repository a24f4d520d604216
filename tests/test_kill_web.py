"""`intake web` killed while people answer: what was acknowledged is stored, and nothing twice.

Visitors do what people do when a page does not load: reload, press again, press Send twice. An answer is acknowledged
once the server has responded with the next page's address.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from intake import App, Handle
from intake.engine.telephone import kept
from intake.records import Submission
from intake.store.tables import messages, referrals, submissions
from tests.journeys import LAID_OFF, Answers, goes_on_to
from tests.openings import KEYS, Opener
from tests.processes import Process, answers, started
from tests.visitor import Page, Visitor

PROGRAMME = "vastkraft"
MUNICIPALITIES = ("1440", "1480", "1481", "1384", "1401")
LEFT_AT = "goal"  # every fifth person closes the browser here
RESTART = 10.0  # seconds a restart may take, on a slow machine


class Person:
    """Answers in a browser of their own and does not give up."""

    def __init__(
        self,
        number: int,
        url: str,
        tell: Callable[[str], None] = lambda _what: None,
        all_ready: asyncio.Barrier | None = None,
    ) -> None:
        self.said: Answers = {
            **LAID_OFF,
            "last_employment_date": "2099-03-31",
            "home_municipality": MUNICIPALITIES[number % len(MUNICIPALITIES)],
            "occupation": "",
            "name": f"Exempel {number}",
            "email": f"exempel.{number}@example.org",
            "consent_union": "yes" if number % 2 else "no",
        }
        self.leaves = number % 5 == 4
        self.taken: set[str] = set()  # questions whose answer was acknowledged
        self.asked_again: list[str] = []
        self.references: set[str] = set()
        self.broken: list[int] = []  # error pages seen
        self.unanswered = 0
        self._at = f"/{PROGRAMME}/"
        self._tell, self._all_ready = tell, all_ready
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [self._begins], "response": [self._notes]}
        self.visitor = Visitor(httpx.AsyncClient(base_url=url, event_hooks=hooks))

    async def takes_part(self) -> None:
        async with self.visitor:
            await self.comes_to(LEFT_AT if self.leaves else "check")
            if self._all_ready is not None:
                await self._all_ready.wait()  # everybody presses Send in the same moment
            while not self.leaves and not self.references:
                await self.presses_send_twice()
                await self.comes_to("check", "receipt")

    async def comes_to(self, *places: str) -> None:
        """Answers until one of these pages is shown, whatever happens to the server."""
        page = await self.reloads()
        while page.path.rpartition("/")[2] not in places:
            try:
                page = await goes_on_to(self.visitor, places[0], self.said)
            except httpx.TransportError:
                page = await self.reloads()
        self.references |= {page.reference} - {""}

    async def reloads(self) -> Page:
        """The page of the address bar, as often as it takes."""
        for _ in range(100):
            try:
                return await self.visitor.opens(self._at)
            except httpx.TransportError:
                self.unanswered += 1
                await asyncio.sleep(0.2)
        raise AssertionError(f"{self._at} never came back")

    async def presses_send_twice(self) -> None:
        form = self.visitor.page.first_form.as_it_is()
        presses = [self.visitor.posts(self._at, form) for _ in range(2)]
        for pressed in await asyncio.gather(*presses, return_exceptions=True):
            if isinstance(pressed, Page):
                self.references |= {pressed.reference} - {""}
            else:
                assert isinstance(pressed, httpx.TransportError), pressed

    def handle(self) -> Handle:
        return Handle("web", self.visitor.client.cookies["intake"])

    async def _begins(self, request: httpx.Request) -> None:
        self._tell("send" if (request.method, request.url.path) == ("POST", f"/{PROGRAMME}/check") else "request")

    async def _notes(self, response: httpx.Response) -> None:
        """What every answer of the server means to a person."""
        question = response.url.path.rpartition("/q/")[2] if "/q/" in response.url.path else ""
        if response.status_code == 303:
            self._at = response.headers["location"]
            if question and response.request.method == "POST":
                self.taken.add(question)
        elif response.status_code >= 500:
            self.broken.append(response.status_code)
        elif question in self.taken:
            self.asked_again.append(question)


class Trouble:
    """Ends the process a random moment after planned requests have begun, and starts it again."""

    def __init__(self, process: Process, chance: random.Random, moments: Mapping[str, Iterable[int]]) -> None:
        self.process, self.chance = process, chance
        self.moments = {(what, number) for what, numbers in moments.items() for number in numbers}
        self.counts: dict[str, int] = {}
        self.strikes: list[asyncio.Task[None]] = []
        self.exits: list[int] = []
        self.restarts: list[float] = []
        self._one_at_a_time = asyncio.Lock()

    def hears(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        if (what, self.counts[what]) in self.moments:
            self.strikes.append(asyncio.create_task(self.strike()))

    async def strike(self) -> None:
        async with self._one_at_a_time:
            await asyncio.sleep(self.chance.uniform(0, 0.1))
            await asyncio.to_thread(self.end)
            began = time.monotonic()
            self.process.start()
            await asyncio.to_thread(self.process.wait_ready)
            self.restarts.append(time.monotonic() - began)

    def end(self) -> None:
        self.process.kill()
        self.exits.append(self.process.wait())


class Mercy(Trouble):
    """The same by SIGTERM."""

    def end(self) -> None:
        self.exits.append(self.process.stop())


def web(folder: Path, url: str) -> AbstractContextManager[Process]:
    return started(folder, "web", INTAKE_DATABASE_URL=url, INTAKE_SECRET_KEYS=KEYS, INTAKE_RATE="1000000")


async def take_part(people: list[Person], trouble: Trouble) -> None:
    await asyncio.gather(*(person.takes_part() for person in people))
    await asyncio.gather(*trouble.strikes)
    assert len(trouble.strikes) == len(trouble.moments), "every planned moment came"
    assert min(trouble.restarts) < RESTART  # the quickest: the machine may be busy with something else too
    assert sum(person.unanswered for person in people) > 0, "somebody noticed"


def sent_by_address(app: App) -> dict[str, list[Submission]]:
    """{email: what was sent in with it}"""
    found: dict[str, list[Submission]] = {}
    with app.store.db.transactions.connect() as connection:
        ids = connection.execute(select(submissions.c.id)).scalars().all()
    for id in ids:
        submission, contact = app.store.submissions.by_id(id), app.store.submissions.contact(id)
        assert submission is not None and contact is not None and contact.email is not None
        found.setdefault(contact.email, []).append(submission)
    return found


def check_nothing_is_lost_or_doubled(app: App, people: list[Person]) -> None:
    app.unions.work_once()
    sent = sent_by_address(app)
    assert set(sent) == {person.said["email"] for person in people if not person.leaves}
    owed, made = [], 0
    for person in people:
        assert (person.asked_again, person.broken) == ([], [])
        if person.leaves:
            interview = app.store.interviews.find(app.desk.hash(person.handle(), PROGRAMME))
            assert interview is not None
            check_answers(person, interview.answers)
            continue
        [submission] = sent[str(person.said["email"])]
        assert person.references == {submission.reference}
        check_answers(person, submission.sealed["answers"])
        at = app.store.referrals.siblings(submission.id) + app.unions.referrals(submission)
        union = ["unionen"] if person.said["consent_union"] == "yes" else []
        assert sorted(one.partner for one in at) == ["gr", "trr", *union]
        made += len(at)
        owed += [f"receipt:{submission.id}"] + [f"new_referral:{one.id}" for one in at if one.status == "waiting"]
    with app.store.db.transactions.connect() as connection:
        assert connection.execute(select(func.count()).select_from(referrals)).scalar_one() == made
        assert sorted(connection.execute(select(messages.c.dedup_key)).scalars()) == sorted(owed)


def check_answers(person: Person, stored: Any) -> None:
    """Every acknowledged answer is stored as it was said."""
    said = {question: value for question, value in person.said.items() if value and question in person.taken}
    assert len(said) > 5
    kept = {question: as_said(question, stored.get(question)) for question in said}
    assert kept == {question: plain(question, value) for question, value in said.items()}


def as_said(question: str, value: Any) -> Any:
    if question == "consent_union":
        return "yes" if list(value.values()) == [True] else "no"
    if question == "consent_partner":
        return [partner for partner, yes in value.items() if yes]
    return list(value) if isinstance(value, (list, tuple)) else plain(question, value)


def plain(question: str, value: Any) -> Any:
    """A telephone number may be written in several ways."""
    return kept(value) if question == "phone" else value


@pytest.mark.timeout(600)  # with ten times the kills
async def test_killed_in_the_middle_of_interviews(database_url: str, tmp_path: Path, effort: int) -> None:
    chance = random.Random(2)
    number = 50 if effort > 1 else 12
    kills = {
        "request": chance.sample(range(number, number * 30), 3 * effort),
        "send": chance.sample(range(1, number), 4 * effort),
    }
    with web(tmp_path, database_url) as process:
        trouble = Trouble(process, chance, kills)
        ready = asyncio.Barrier(number)
        people = [Person(one, process.url, trouble.hears, ready) for one in range(number)]
        await take_part(people, trouble)
        assert set(trouble.exits) == {-9}
    app = Opener(database_url, tmp_path)()
    check_nothing_is_lost_or_doubled(app, people)
    app.close()


async def test_told_to_stop_while_people_answer(sqlite_url: str, tmp_path: Path) -> None:
    chance = random.Random(3)
    with web(tmp_path, sqlite_url) as process:
        trouble = Mercy(process, chance, {"request": chance.sample(range(10, 300), 2), "send": [4]})
        people = [Person(one, process.url, trouble.hears) for one in range(10)]
        await take_part(people, trouble)
        assert set(trouble.exits) == {0}
        assert "Traceback" not in process.output
    app = Opener(sqlite_url, tmp_path)()
    check_nothing_is_lost_or_doubled(app, people)
    app.close()


async def test_a_request_under_way_at_the_stop_is_answered(sqlite_url: str, tmp_path: Path) -> None:
    with web(tmp_path, sqlite_url) as process:
        person = Person(1, process.url)
        async with person.visitor as visitor:
            await person.comes_to("employment_status")
            body = urlencode(visitor.page.first_form.filled({"employment_status": "uppsagd_notice"})).encode()
            reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
            writer.write(
                f"POST {visitor.page.path} HTTP/1.1\r\nhost: 127.0.0.1:{process.port}\r\n"
                f"cookie: intake={person.handle().key}\r\ncontent-length: {len(body)}\r\n"
                "content-type: application/x-www-form-urlencoded\r\n\r\n".encode()
            )
            writer.write(body[:50])
            await writer.drain()
            assert await asyncio.to_thread(answers, f"{process.url}/healthz")  # so it has read the half, too
            stopping = asyncio.create_task(asyncio.to_thread(process.stop))
            await asyncio.to_thread(process.wait_until, lambda: not answers(f"{process.url}/healthz"))
            assert not stopping.done()
            writer.write(body[50:])
            assert b" 303 " in await reader.readline()
            writer.close()
            assert await stopping == 0
    app = Opener(sqlite_url, tmp_path)()
    interview = app.store.interviews.find(app.desk.hash(person.handle(), PROGRAMME))
    assert interview is not None and interview.answers == {"employment_status": "uppsagd_notice"}
    app.close()
