"""An office on the web: real pages from a real server on loopback, in the tests' own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from intake import Handle, QuestionPrompt
from intake.cli.running import listen, web_service
from tests.journeys import LAID_OFF, Answers
from tests.offices import PROGRAMME, Office, office
from tests.postbox import unused_port
from web import build_web

NO_LIMIT = 1_000_000  # requests a minute from one address: all persons of these tests have the same


class Site:
    """Where the pages are, and the office behind them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.url = office.app.settings.base

    def somebody_at(self, place: str, answers: Answers = LAID_OFF, language: str = "sv") -> str:
        """Somebody who has answered until here, without looking at the pages before; the cookie of their browser."""
        handle, desk = Handle("web", f"{uuid4().hex}"), self.office.app.desk
        turn = desk.start(handle, PROGRAMME, language)
        while turn.place != place:
            if isinstance(turn.prompt, QuestionPrompt):
                said = answers.get(turn.place) or []
                raw = [said] if isinstance(said, str) else said
                before = turn.place
                turn = desk.answer(handle, PROGRAMME, before, raw, skip=not raw and turn.prompt.optional)
                assert turn.place != before, f"{before}: {raw}"
            else:
                assert turn.place == "result", f"never came to {place}: {turn.place}"
                turn = desk.go_on(handle, PROGRAMME)
        return handle.key


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
