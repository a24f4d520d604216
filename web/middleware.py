"""Around every answer: the protecting headers, who has to wait, and no fault without a page.

Pure ASGI, because it is on the way of every request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.rate import SIGNED_IN, Rate
from web.security import protecting, with_caching


class Shell:
    """The outermost layer of the web."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        secure: bool,
        rate: Rate,
        busy: Callable[[Request, int], Awaitable[Response]],
    ) -> None:
        self.inner = inner
        self.headers = protecting(secure)
        self.rate = rate
        self.busy = busy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        begun = False

        async def protected(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*with_caching(message.get("headers", ())), *self.headers]
            await send(message)

        if wait := self.rate.wait(scope):
            answer: Any = await self.busy(Request(scope, receive), wait)
            await answer(scope, receive, protected)
            return
        try:
            await self.inner(scope, receive, protected)
        except Exception:
            # the framework raises again what it has already answered with a page (and what that page logged)
            if not begun:
                raise
        if SIGNED_IN in scope:
            self.rate.signed_in(scope)
