"""Locked, disconnected or lossy databases: what was acknowledged is stored, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake import App, Handle, NotFound, TryLater, open_app
from intake.config import load_settings
from intake.records import Changed
from intake.store import migrate
from tests.databases import Databases
from tests.offices import PROGRAMME, WHITE, Office
from tests.players import NOW
from tests.postgres import Postgres
from tests.store.conftest import KEYS, Opening
from tests.store.inside import ask, at_once, count, file_of, files_up_to
from tests.store.lossy import LossyWire
from tests.store.sending import KIM, at_the_check, sent_once

OTHER = Handle("web", "another browser")
LOCKS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(3)
"""


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    """For three seconds from now."""
    with subprocess.Popen([sys.executable, "-c", LOCKS, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"locked\n"
        yield


def test_answers_and_sending_outlast_a_lock_of_three_seconds(sqlite_url: str, tmp_path: Path) -> None:
    apps = [open_app(load_settings(database_url=sqlite_url, var=tmp_path, demo=True)) for _ in range(3)]
    at_the_check(apps[0])
    apps[1].desk.start(OTHER, PROGRAMME, "sv")
    with locked_by_another_process(file_of(sqlite_url)):
        began = time.monotonic()
        answered, sent, ready = at_once(
            lambda: apps[0].desk.answer(OTHER, PROGRAMME, "employment_status", ("uppsagd_notice",)).place,
            lambda: apps[1].desk.submit(KIM, PROGRAMME).place,
            lambda: str(apps[2].ready()),  # reading goes on meanwhile
        )
        assert time.monotonic() - began > 2
    assert (answered, sent, ready) == ("termination_reason", "status", "True")
    assert count(sqlite_url, "submissions") == 1
    for app in apps:
        app.close()


def test_a_full_disk_is_told_and_when_there_is_room_it_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    app = open_app(load_settings(database_url=sqlite_url, var=tmp_path, demo=True))
    at_the_check(app)
    with files_up_to(file_of(f"{sqlite_url}-wal").stat().st_size):
        with pytest.raises(TryLater):
            app.desk.answer(KIM, PROGRAMME, "name", ("Robin Exempel",))
        with pytest.raises(TryLater):
            app.desk.submit(KIM, PROGRAMME)
        assert app.desk.now(KIM, PROGRAMME).place == "check"
    assert app.desk.submit(KIM, PROGRAMME).place == "status"
    sent_once(sqlite_url)
    app.close()


@pytest.fixture
def on_server(databases: Databases, tmp_path: Path) -> Iterator[tuple[App, str]]:
    with databases.lent("postgresql") as url:
        app = open_app(load_settings(database_url=url, var=tmp_path, secret_keys=KEYS, demo=True))
        at_the_check(app)
        yield app, url
        app.close()


def test_after_every_connection_was_cut_the_next_call_works(on_server: tuple[App, str], postgres: Postgres) -> None:
    app, url = on_server
    postgres.disconnect_all()
    app.desk.start(OTHER, PROGRAMME, "sv")
    postgres.disconnect_all()
    turn = app.desk.answer(OTHER, PROGRAMME, "employment_status", ("uppsagd_notice",))
    assert turn.place == "termination_reason"
    postgres.disconnect_all()
    assert app.desk.submit(KIM, PROGRAMME).place == "status"
    sent_once(url)


def test_frozen_for_three_seconds_the_answer_waits_and_succeeds(on_server: tuple[App, str], postgres: Postgres) -> None:
    app, _ = on_server
    app.desk.start(OTHER, PROGRAMME, "sv")
    postgres.freeze()
    thawing = threading.Timer(3, postgres.thaw)
    thawing.start()
    began = time.monotonic()
    assert app.desk.answer(OTHER, PROGRAMME, "employment_status", ("uppsagd_notice",)).place == "termination_reason"
    assert time.monotonic() - began > 2
    thawing.join()


def test_lost_connection_keeps_the_answer(on_server: tuple[App, str], postgres: Postgres) -> None:
    app, _ = on_server
    handle = app.desk.hash(KIM, PROGRAMME)

    begun = app.store.interviews.find(handle)
    assert begun is not None
    postgres.disconnect_all()
    before = app.store.interviews.save(begun, Changed({}, "", ()), NOW)
    assert before is not None and before.revision == begun.revision + 1
    with pytest.raises(TryLater), app.store.transaction() as connection:
        postgres.disconnect_all()
        connection.exec_driver_sql("DELETE FROM interviews")
    assert app.store.interviews.find(handle) == before


def test_when_the_answer_to_sending_is_lost_it_is_not_sent_twice(on_server: tuple[App, str], tmp_path: Path) -> None:
    _, url = on_server
    with LossyWire(url) as wire:
        far = open_app(load_settings(database_url=wire.url, var=tmp_path, secret_keys=KEYS, demo=True))
        wire.lose(b"COMMIT")
        with pytest.raises(TryLater):
            far.desk.submit(KIM, PROGRAMME)
        assert wire.lost == 1 and count(url, "submissions") == 1, "it was done, and nobody heard so"
        assert far.desk.submit(KIM, PROGRAMME).place == "status"
        far.close()
    sent_once(url)


def test_when_the_answer_to_a_step_is_lost_it_is_done_once(on_server: tuple[App, str], tmp_path: Path) -> None:
    app, url = on_server
    with LossyWire(url) as wire:
        far = open_app(load_settings(database_url=wire.url, var=tmp_path, secret_keys=KEYS, demo=True))
        had = app.desk.now(KIM, PROGRAMME).revision
        wire.lose(b"UPDATE interviews")
        with pytest.raises(TryLater):
            far.desk.answer(KIM, PROGRAMME, "name", ("Robin Exempel",), update="77")
        assert wire.lost == 1
        again = far.desk.answer(KIM, PROGRAMME, "name", ("Robin Exempel",), update="77")
        assert (again.place, again.stale, again.revision) == ("check", False, had + 1)
        far.close()
    kept = app.store.interviews.find(app.desk.hash(KIM, PROGRAMME))
    assert kept is not None and kept.answers["name"] == "Robin Exempel" and kept.revision == had + 1


def test_without_a_server_everything_says_try_later(databases: Databases, tmp_path: Path) -> None:
    """Each way into the store, not only the answer path."""
    with Postgres() as server:
        url = server.fresh()
        migrate(url)
        app = open_app(load_settings(database_url=url, var=tmp_path, secret_keys=KEYS, demo=True))
        at_the_check(app)
        server.kill()
        ways: list[Callable[[], object]] = [
            lambda: app.desk.now(KIM, PROGRAMME),
            lambda: app.desk.answer(KIM, PROGRAMME, "name", ("Robin Exempel",)),
            lambda: app.desk.start(OTHER, PROGRAMME, "sv"),
            lambda: app.desk.submit(KIM, PROGRAMME),
            lambda: app.store.submissions.of_handle("0" * 64),
            lambda: app.limits.allow("interviews", "a browser"),
            lambda: app.links.make("continue", "1"),
            lambda: app.store.people.staff_by_email("gr@example.org"),
        ]
        for act in ways:
            with pytest.raises(TryLater):
                act()
        assert not app.ready()
        server.start()
        assert app.ready() and app.desk.submit(KIM, PROGRAMME).place == "status"
        sent_once(url)
        app.close()


def test_a_missing_table_is_a_fault_and_not_waited_out(opened: Opening, database_url: str) -> None:
    app = opened()
    ask(database_url, "ALTER TABLE interviews RENAME TO elsewhere")
    for act in (lambda: app.desk.now(KIM, PROGRAMME), lambda: app.store.interviews.by_id("1")):
        with pytest.raises(Exception, match="interviews") as fault:
            act()
        assert not isinstance(fault.value, TryLater)


def test_an_address_that_no_database_can_hold_leads_nowhere(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    for reference in ("VK-\x00", f"{case.reference}\x00", "x" * 5000):
        with pytest.raises(NotFound):
            there.app.casework.see(trr, reference, "sv")
