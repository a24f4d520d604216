"""Fixtures of the bot: an app on a fresh database, and the function of `python -m intake bot` in the test's loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from intake import App
from tests.bot_player import begins, bot_running
from tests.openings import Opener
from tests.telegram_person import Person
from tests.telegram_wire import Wire


@pytest.fixture
def opener(wire: Wire, sqlite_url: str, tmp_path: Path) -> Opener:
    return Opener(sqlite_url, tmp_path, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url)


@pytest.fixture
def app(opener: Opener) -> Iterator[App]:
    app = opener()
    yield app
    app.close()


@pytest.fixture
async def kim(wire: Wire, app: App) -> AsyncIterator[Person]:
    """Somebody who has just begun: the first question is before them, and the bot is running."""
    async with bot_running(app):
        kim = wire.person(7)
        await begins(wire, kim)
        yield kim
