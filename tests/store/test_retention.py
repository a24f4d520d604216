"""Unfinished interviews are deleted after the programme's days, by the worker, without traces in the file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from intake import App, Handle, open_app
from intake.access.links import CONSENT, CONTINUE, LASTS
from intake.config import load_settings
from intake.operations.worker import run_worker
from tests.offices import PROGRAMME, WHITE, Office
from tests.store.inside import Clock, ask, count, file_of

KIM = Handle("web", "a browser")


async def works_once(app: App) -> None:
    """A worker works until it has deleted what is old; an attempt of last year tells when."""
    last_year = app.clock() - timedelta(days=365)
    app.store.attempts.add(app.chance.id(), "old", last_year, last_year)
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(app, stop))
    while app.store.attempts.count("old", last_year - timedelta(days=1)):
        done, _ = await asyncio.wait([working], timeout=0.02)
        assert not done, "it ended by itself"
    stop.set()
    await working


def days(app: App) -> timedelta:
    return timedelta(days=app.programmes[PROGRAMME].limits.interview_days)


async def test_after_30_days_without_an_answer_and_not_before(app: App, clock: Clock, database_url: str) -> None:
    assert days(app) == timedelta(days=30)
    app.desk.start(KIM, PROGRAMME, "sv")
    clock.now += timedelta(days=9)
    app.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",))
    clock.now += timedelta(days=30)
    await works_once(app)
    assert count(database_url, "interviews") == 1  # the days count from the last answer
    assert app.desk.now(KIM, PROGRAMME).place == "termination_reason"
    clock.now += timedelta(days=1)
    await works_once(app)
    assert count(database_url, "interviews") == 0
    assert app.desk.now(KIM, PROGRAMME).place == "start"


async def test_what_was_sent_stays(there: Office, database_url: str) -> None:
    case = there.sends(WHITE, ("trr",))
    there.app.desk.start(KIM, PROGRAMME, "sv")
    there.tick(days=400)
    await works_once(there.app)
    assert ask(database_url, "SELECT submission_id FROM interviews") == [(case.id,)]
    assert there.standing(case) == {"gr": "watching", "trr": "waiting*"}
    contact = there.app.store.submissions.contact(case.id)
    assert contact is not None and contact.name == "Kim Exempel"


async def test_an_interview_that_nobody_has_any_more_goes_too(app: App, clock: Clock, database_url: str) -> None:
    chat = Handle("telegram", "7")
    for handle in (KIM, chat):
        app.desk.start(handle, PROGRAMME, "sv")
    app.desk.continue_with(PROGRAMME, str(app.desk.continue_link(chat, PROGRAMME)), KIM)
    assert ask(database_url, "SELECT count(handle_hash), count(*) FROM interviews") == [(1, 2)]
    clock.now += timedelta(days=31)
    await works_once(app)
    assert count(database_url, "interviews") == 0


async def test_what_is_spent_goes_as_well(app: App, clock: Clock, database_url: str) -> None:
    app.links.make(CONTINUE, "interview 1")
    kept = app.links.make(CONSENT, "submission 1")
    app.limits.allow("interviews", "a browser")
    clock.now += LASTS[CONTINUE] + timedelta(days=1)
    await works_once(app)
    assert count(database_url, "links") == 2 and count(database_url, "attempts") == 0
    clock.now += timedelta(seconds=1)
    await works_once(app)
    assert count(database_url, "links") == 1 and app.links.peek(kept, CONSENT) is not None


async def test_the_key_of_a_form_is_kept_for_30_days_as_a_hash(there: Office, database_url: str) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    page = there.app.casework.pressed("a page")
    page.pick_up(trr, case.reference)
    page.note(trr, case.reference, "Ringer")
    rows = ask(database_url, "SELECT key, at FROM presses")
    assert {len(key) for key, _ in rows} == {64} and {at for _, at in rows} == {"2026-11-23T09:00:00.000000Z"}
    there.tick(days=29)
    await works_once(there.app)
    page.note(trr, case.reference, "Ringer")
    assert count(database_url, "presses") == 2
    there.tick(days=2)
    await works_once(there.app)
    assert count(database_url, "presses") == 0


@pytest.fixture
def embedded(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[App]:
    app = open_app(load_settings(database_url=sqlite_url, var=tmp_path, demo=True), clock=clock)
    yield app
    app.close()


@pytest.mark.parametrize("gone", ["by the worker", "by the person"])
async def test_not_even_the_ciphertext_is_left_in_the_file(
    embedded: App, sqlite_url: str, clock: Clock, gone: str
) -> None:
    app = embedded
    app.desk.start(KIM, PROGRAMME, "sv")
    canaries = []
    for status in ("uppsagd_notice", "uppsagd_left"):  # the answers of before too
        app.desk.answer(KIM, PROGRAMME, "employment_status", (status,))
        [(sealed, hash)] = ask(sqlite_url, "SELECT answers_sealed, handle_hash FROM interviews")
        canaries += [bytes(sealed), hash.encode()]
    assert [bool(places(sqlite_url, canary)) for canary in canaries[2:]] == [True, True]
    if gone == "by the person":
        app.desk.forget(KIM, PROGRAMME)
    clock.now += timedelta(days=31)
    await works_once(app)
    assert [places(sqlite_url, canary) for canary in canaries] == [[], [], [], []]


def test_overwriting_waits_for_nobody_who_reads(embedded: App, sqlite_url: str) -> None:
    embedded.desk.start(KIM, PROGRAMME, "sv")
    with closing(sqlite3.connect(file_of(sqlite_url), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM interviews").fetchall()
        embedded.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",))
        began = time.monotonic()
        embedded.store.overwrite_deleted()
        assert time.monotonic() - began < 2
    assert embedded.desk.now(KIM, PROGRAMME).place == "termination_reason"


def places(url: str, canary: bytes) -> list[str]:
    """The database's files in which it stands."""
    folder, name = file_of(url).parent, file_of(url).name
    return [path.name for path in folder.glob(f"{name}*") if canary in path.read_bytes()]
