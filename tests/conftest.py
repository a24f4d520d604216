"""Fixtures of all tests: databases, a mail server, a Bot API server, a browser. Each has a module of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser, Page

from intake.engine.findings import Finding
from intake.engine.programme import Programme
from tests import memory
from tests.browsers import Browse, browsing, running
from tests.databases import KINDS, Databases
from tests.postbox import Postbox
from tests.postgres import Postgres
from tests.telegram_wire import Wire


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--effort", type=int, default=1, help="multiplies random examples and rounds (make test-all: 10)")


FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the process that starts the others
        folder = memory.enter()
        if folder:
            config.stash[FOLDER] = folder
    # One run in two finds other examples; a slow machine is no failure of ours.
    settings.register_profile(
        "effort",
        max_examples=60 * config.getoption("--effort"),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("effort")


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(FOLDER, None):
        memory.leave(folder)


@pytest.fixture(scope="session")
def effort(request: pytest.FixtureRequest) -> int:
    """1, or 10 under `make test-all`: multiplies rounds and examples."""
    return int(request.config.getoption("--effort"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started when the first test asks for it; one per process of pytest-xdist."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh databases by kind, for tests that need one outside the fixtures below."""
    from intake.store import migrate

    return Databases(tmp_path_factory.mktemp("sqlite"), lambda: request.getfixturevalue("postgres"), migrate)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A migrated database of the test's own; the test runs on both kinds."""
    with databases.lent(request.param) as url:
        yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The same with nothing in it: for tests of migrations."""
    with databases.lent(request.param, migrated=False) as url:
        yield url


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """A migrated SQLite file: for tests to which the kind of database does not matter."""
    with databases.lent("sqlite") as url:
        yield url


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A real SMTP server on loopback."""
    with Postbox() as postbox:
        yield postbox


@pytest.fixture(scope="session", autouse=True)
def proven_once() -> Iterator[None]:
    """A process proves each programme once, however many commands ask for it. Tests of the proof call it themselves."""
    from intake.authoring import proof

    real, shown = proof.prove, dict[tuple[str, date], list[Finding]]()

    def prove(programme: Programme, today: date) -> list[Finding]:
        key = (repr(programme), today)
        if key not in shown:
            shown[key] = real(programme, today)
        return list(shown[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "prove", prove)
        yield


@pytest.fixture
def without_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra intake[proof] is not installed: importing z3 fails."""
    monkeypatch.setitem(sys.modules, "z3", None)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Telegram's Bot API server on loopback, in the test's event loop."""
    async with Wire() as wire:
        yield wire


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium for all tests of the process."""
    async with running() as browser:
        yield browser


@pytest.fixture
async def browse(browser: Browser) -> AsyncIterator[Browse]:
    """Opens pages: `page = await browse(script=False, width=320)`."""
    async with browsing(browser) as browse:
        yield browse


@pytest.fixture
async def page(browse: Browse) -> Page:
    """One page with script on a wide screen."""
    return await browse()
