"""An office on the web: a real server on loopback, in the tests' event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
        self.sent: list[tuple[str, int]] = []  # what was asked for, and how many bytes of body went out for it

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


class Counted:
    """The web, with every answer's bytes written down."""

    def __init__(self, inner: ASGIApp, site: Site) -> None:
        self.inner, self.site = inner, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bytes_sent = 0

        async def counting(message: Message) -> None:
            nonlocal bytes_sent
            bytes_sent += len(message.get("body", b""))
            await send(message)

        await self.inner(scope, receive, counting)
        self.site.sent.append((scope["path"], bytes_sent))


@asynccontextmanager
async def serving(database_url: str, var: Path, **settings: Any) -> AsyncIterator[Site]:
    """`async with serving(url, folder, rate=10) as site`; gone at the end."""
    given = {"rate": NO_LIMIT, "port": unused_port(), **settings}
    with office(database_url, var, **given) as opened:
        site, stop = Site(opened), asyncio.Event()
        service = web_service(Counted(build_web(opened.app), site), listen(opened.app.settings))
        serving = asyncio.create_task(service(stop))
        yield site
        stop.set()
        await serving
