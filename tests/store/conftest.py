"""Apps and offices on both databases, opened as often as a test wants; commands run to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from intake import App, open_app
from intake.config import load_settings
from intake.keys import Keys
from tests.cli.commands import call
from tests.offices import Office, office
from tests.store.inside import Clock

KEYS = Keys.new_text()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Opening(Protocol):
    def __call__(self, url: str = ..., **settings: Any) -> App: ...


@pytest.fixture
def opened(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Opening]:
    """Call it: another app, as another process has it, on the test's database or one that is named."""
    with ExitStack() as stack:

        def open_another(url: str = database_url, **settings: Any) -> App:
            given = {"database_url": url, "var": tmp_path, "secret_keys": KEYS, "demo": True, **settings}
            app = open_app(load_settings(**given), clock=clock)
            stack.callback(app.close)
            return app

        yield open_another


@pytest.fixture
def app(opened: Opening) -> App:
    return opened()


@pytest.fixture
def there(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office with staff, and with the keys that every app here has."""
    with office(database_url, tmp_path, secret_keys=KEYS) as opened:
        yield opened


class Command(Protocol):
    def __call__(self, *arguments: str, **env: str) -> tuple[int, str]: ...


@pytest.fixture
def intake(tmp_path: Path) -> Command:
    """`code, said = intake("migrate", INTAKE_DATABASE_URL=url)`: run to its end, in this process."""

    def told(*arguments: str, **env: str) -> tuple[int, str]:
        said = call(*arguments, **{"INTAKE_SECRET_KEYS": KEYS, "INTAKE_VAR": str(tmp_path / "var"), **env})
        return said.code, said.out + said.err

    return told
