"""SQLite locked by another process, or a full disk: reads are served, writes wait and succeed, `/readyz` reports."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from intake import App, Handle, TryLater, open_app
from intake.config import load_settings
from tests.journeys import goes_to
from tests.offices import PROGRAMME
from tests.store.conftest import KEYS
from tests.store.inside import count, file_of, files_up_to
from tests.visitor import Visitor
from web import build_web

HOLDS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(path: Path, seconds: float) -> Iterator[None]:
    """Another process holds the write lock, for so long from now."""
    told = [sys.executable, "-c", HOLDS, str(path), str(seconds)]
    with subprocess.Popen(told, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"locked\n"
        yield
        process.kill()


def browser_on(site: Any) -> Visitor:
    return Visitor(httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://127.0.0.1:8000"))


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    app = open_app(load_settings(database_url=sqlite_url, var=tmp_path, secret_keys=KEYS, demo=True))
    yield app
    app.close()


async def test_others_are_served_meanwhile_and_no_answer_is_lost(
    app: App, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = build_web(app)
    people = [browser_on(site) for _ in range(5)]
    for person in people[:-1]:
        await goes_to(person, "employment_status")
    asking = people[-1]
    await asking.opens("/staff/signin")
    looking = browser_on(site)
    with held(file_of(sqlite_url), 3):
        begun = before = time.monotonic()
        said = [asyncio.create_task(person.fills_in(employment_status="uppsagd_notice")) for person in people[:-1]]
        said.append(asyncio.create_task(asking.fills_in(email="nobody@example.org")))
        slowest = 0.0  # seconds from one round of looking to the next: what stops the loop stops them all
        while not all(one.done() for one in said):
            for path in ("/healthz", "/readyz", f"/{PROGRAMME}/"):
                assert (await looking.client.get(path)).status_code == 200, path
            await asyncio.sleep(0)
            slowest, before = max(slowest, time.monotonic() - before), time.monotonic()
        assert time.monotonic() - begun > 2.5
        pages = [one.result() for one in said]
    assert slowest < 0.5, slowest
    assert [(page.status, page.path) for page in pages[:-1]] == [(200, f"/{PROGRAMME}/q/termination_reason")] * 4
    assert pages[-1].status == 200
    for person in people[:-1]:
        page = await person.opens(f"/{PROGRAMME}/q/employment_status")
        assert ("employment_status", "uppsagd_notice") in page.first_form.as_it_is()
    assert "not_ready" not in capsys.readouterr().out


async def test_a_locked_unit_that_has_written_goes_on_and_acts_once(app: App, sqlite_url: str) -> None:
    other = sqlite3.connect(file_of(sqlite_url), isolation_level=None, check_same_thread=False)

    def twice() -> str:
        assert app.limits.allow("interviews", "a browser")
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
        return app.links.make("continue", "1")

    assert await app.run(twice)
    assert (count(sqlite_url, "attempts"), count(sqlite_url, "links")) == (1, 1)
    other.close()


async def test_a_locked_unit_that_has_only_read_is_run_again(app: App, sqlite_url: str) -> None:
    kim, runs = Handle("web", "a browser"), 0

    def begins() -> str:
        nonlocal runs
        runs += 1
        app.desk.now(kim, PROGRAMME)
        return app.desk.start(kim, PROGRAMME, "sv").place

    with held(file_of(sqlite_url), 0.3):
        assert await app.run(begins) == "employment_status"
    assert runs > 1 and count(sqlite_url, "interviews") == 1


async def test_a_lock_is_reported_only_after_ten_seconds(app: App, sqlite_url: str, effort: int) -> None:
    """The ten seconds only in `make test-all`."""
    with held(file_of(sqlite_url), 1):
        assert await app.readiness() == ""
    assert await app.readiness() == "", "and what was tried meanwhile has come to its end"
    if effort == 1:
        return
    await asyncio.sleep(1.1)
    with held(file_of(sqlite_url), 30):
        begun = time.monotonic()
        with pytest.raises(TryLater):
            await app.run(app.desk.start, Handle("web", "a browser"), PROGRAMME, "sv")
        assert 9 < time.monotonic() - begun < 12
        assert await app.readiness() == "", "tried for a moment only"
        await asyncio.sleep(11)
        assert await app.readiness()
    await asyncio.sleep(1.1)
    assert await app.readiness() == ""


async def test_a_full_disk_is_told_by_readyz_and_logged_once(
    app: App, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await app.readiness() == ""
    with files_up_to(file_of(f"{sqlite_url}-wal").stat().st_size):
        for _ in range(3):
            await asyncio.sleep(1.05)
            assert await app.readiness()
    await asyncio.sleep(1.05)
    assert [await app.readiness() for _ in range(3)] == [""] * 3
    logged = capsys.readouterr().out
    assert (logged.count("not_ready"), logged.count("ready_again")) == (1, 1), logged
    assert logged.index("not_ready") < logged.index("ready_again")


async def test_asked_very_often_it_writes_once_a_second(app: App) -> None:
    wrote = []
    app.store.attempts.renew("readiness", app.clock())
    for _ in range(200):
        assert await app.readiness() == ""
        [row] = [str(one) for one in _renewed(app)]
        wrote.append(row)
    assert len(set(wrote)) <= 3


def _renewed(app: App) -> list[str]:
    with app.store.db.autocommit.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT at FROM attempts WHERE id = 'readiness'")]
