"""An office on the web: real pages from a real server on loopback, in the tests' own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from intake.cli.running import listen, web_service
from tests.offices import Office, office
from tests.postbox import unused_port
from web import build_web

NO_LIMIT = 1_000_000  # requests a minute from one address: all persons of these tests have the same


class Site:
    """Where the pages are, and the office behind them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.url = office.app.settings.base


@asynccontextmanager
async def serving(database_url: str, var: Path, **settings: Any) -> AsyncIterator[Site]:
    """`async with serving(url, folder, rate=10) as site`; gone at the end."""
    given = {"rate": NO_LIMIT, "port": unused_port(), **settings}
    with office(database_url, var, **given) as opened:
        stop = asyncio.Event()
        service = web_service(build_web(opened.app), listen(opened.app.settings))
        serving = asyncio.create_task(service(stop))
        yield Site(opened)
        stop.set()
        await serving
