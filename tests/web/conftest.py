"""The web in this process, on a fresh database with a fixed clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from intake import App, open_app
from intake.config import Settings, load_settings
from intake.keys import Keys
from tests.houses import only_vastkraft
from tests.visitor import Visitor
from web import build_web

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def settings(url: str, var: Path, **given: Any) -> Settings:
    house = {"rate": 100_000, "programmes": only_vastkraft()}
    return load_settings(database_url=url, var=var, secret_keys=Keys.new_text(), **house | given)


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    app = open_app(settings(sqlite_url, tmp_path), clock=lambda: NOW)
    yield app
    app.close()


def browser_of(app: App, base_url: str = "http://127.0.0.1:8000", language: str = "sv") -> Visitor:
    """Somebody new. Faults of ours are pages, as on a server."""
    transport = httpx.ASGITransport(build_web(app), raise_app_exceptions=False)
    return Visitor(httpx.AsyncClient(transport=transport, base_url=base_url), language)


@pytest.fixture
async def visitor(app: App) -> AsyncIterator[Visitor]:
    async with browser_of(app) as visitor:
        yield visitor


class OpenWeb(Protocol):
    def __call__(self, base_url: str = ..., **given: Any) -> Any: ...


@pytest.fixture
def web_with(sqlite_url: str, tmp_path: Path) -> OpenWeb:
    """A visitor of a web with other settings: `async with web_with(demo=True) as visitor`."""

    @asynccontextmanager
    async def opened(base_url: str = "http://127.0.0.1:8000", **given: Any) -> AsyncIterator[Visitor]:
        app = open_app(settings(sqlite_url, tmp_path, base_url=base_url).model_copy(update=given), clock=lambda: NOW)
        try:
            async with browser_of(app, base_url) as visitor:
                yield visitor
        finally:
            app.close()

    return opened
