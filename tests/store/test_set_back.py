"""A clock that is set back neither extends sessions or links, nor locks anybody out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake import App, open_app
from intake.access.forward import SLACK, Forward
from intake.access.links import CONSENT, CONTINUE, LASTS
from intake.config import load_settings
from tests.databases import on_sqlite
from tests.houses import only_vastkraft
from tests.store.conftest import KEYS

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANNA = "anna@example.org"
BACK = [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]


class Machine:
    """Its clock, which can be set, and the seconds since it was started, which cannot."""

    def __init__(self) -> None:
        self.now, self.seconds = NOON, 1000.0

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def process(database_url: str, tmp_path: Path, machine: Machine) -> Iterator[Callable[[], App]]:
    """Call it: another process on this machine."""
    house = {"var": tmp_path, "secret_keys": KEYS, "demo": True, "programmes": only_vastkraft()}
    with ExitStack() as stack:

        def another() -> App:
            settings = load_settings(database_url=database_url, **house)
            app = open_app(settings, clock=machine.clock, elapsed=lambda: machine.seconds)
            stack.callback(app.close)
            return app

        another().accounts.add_staff(ANNA, "trr")
        yield another


def each_at_a_right_clock(machine: Machine) -> Iterator[timedelta]:
    """How far the clock is set back, each time after it was right again and has gone on."""
    for number, back in enumerate(BACK):
        machine.now = NOON + timedelta(days=60 * number)
        yield back


def signs_in(app: App) -> str:
    link, _ = app.accounts.sign_in_link(ANNA)
    secret = app.accounts.sign_in(link.rpartition("/")[2], "a browser")
    assert secret is not None
    return secret


def test_a_session_ends_after_half_an_hour_of_rest(process: Callable[[], App], machine: Machine) -> None:
    app = process()
    for back in each_at_a_right_clock(machine):
        secret, resting = signs_in(app), signs_in(app)
        machine.passes(minutes=20)
        assert app.accounts.who(secret), back
        machine.now -= back
        machine.passes(minutes=9)
        assert app.accounts.who(secret), back
        machine.passes(minutes=2)
        assert app.accounts.who(resting) is None, back
        machine.passes(minutes=27)
        assert app.accounts.who(secret), back
        machine.passes(minutes=30)
        assert app.accounts.who(secret) is None, back


@on_sqlite
def test_a_set_back_clock_prolongs_no_session(process: Callable[[], App], machine: Machine) -> None:
    app = process()
    secret = signs_in(app)
    for _ in range(35):
        machine.passes(minutes=20)
        assert app.accounts.who(secret)
        machine.now -= timedelta(minutes=10)
    machine.passes(minutes=20)
    assert app.accounts.who(secret) is None


@pytest.mark.parametrize("purpose", [CONTINUE, CONSENT])
def test_a_link_lives_no_longer(process: Callable[[], App], machine: Machine, purpose: str) -> None:
    app = process()
    for back in each_at_a_right_clock(machine):
        old, token = app.links.make(purpose, "1"), app.links.make(purpose, "2")
        machine.passes(seconds=LASTS[purpose].total_seconds() - 60)
        machine.now -= back
        machine.passes(seconds=59)
        assert app.links.peek(token, purpose) and app.links.use(old, purpose), back
        machine.passes(seconds=2)
        assert app.links.peek(token, purpose) is None and app.links.use(token, purpose) is None, back


def test_what_had_ended_does_not_live_again_nor_after_a_restart(process: Callable[[], App], machine: Machine) -> None:
    app = process()
    secret, token = signs_in(app), app.links.make(CONTINUE, "1")
    machine.passes(hours=1)
    app.limits.allow("interviews", "a browser")  # somebody does something
    machine.now -= timedelta(minutes=55)
    for one in (app, process()):
        assert one.links.peek(token, CONTINUE) is None and one.links.use(token, CONTINUE) is None
        assert one.accounts.who(secret) is None


def test_after_a_restart_time_goes_on_from_what_was_stored(process: Callable[[], App], machine: Machine) -> None:
    secret = signs_in(process())
    machine.now -= timedelta(days=1)
    app = process()
    machine.passes(minutes=29)
    assert app.accounts.who(secret)
    machine.passes(minutes=31)
    assert app.accounts.who(secret) is None


def test_a_set_back_clock_delays_no_sign_in_and_no_limit(process: Callable[[], App], machine: Machine) -> None:
    app = process()
    for _ in range(12):
        app.accounts.ask_to_sign_in(ANNA, "a browser", "sv")
    assert not app.limits.allow("sign_in_strangers", ANNA)
    machine.now -= timedelta(days=1)
    secret = signs_in(app)
    assert app.accounts.who(secret) and process().accounts.who(secret)
    machine.passes(minutes=61)
    assert app.limits.allow("sign_in_strangers", ANNA)


def test_the_time_goes_forward_only_and_as_fast_as_the_machine(machine: Machine) -> None:
    forward = Forward(machine.clock, None, lambda: machine.seconds)
    assert forward() == NOON
    machine.now -= SLACK  # a small correction: it stands still for a moment
    assert forward() == NOON
    machine.passes(minutes=2)
    assert forward() == machine.now
    reached = forward()
    for back, passed in ((3600, 60), (7200, 1), (10, 30), (-86400, 5), (86400, 40)):
        machine.now -= timedelta(seconds=back)
        machine.passes(seconds=passed)
        expected = max(reached + timedelta(seconds=passed), machine.now)
        assert forward() == expected and forward() == expected
        reached = expected
