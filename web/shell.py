"""Around every answer: the protecting headers, the limit per network address, and no fault without a page.

Pure ASGI, because it is on the way of every request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.security import address, protecting, with_caching

WINDOW = 60.0
MOST_ADDRESSES = 10_000
_UNCOUNTED = ("/static/", "/healthz", "/readyz")


class Rate:
    """How many requests came from an address in this minute. Kept in memory only, and forgotten with the minute."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._counts: MutableMapping[str, int] = {}
        self._until = 0.0

    def wait(self, who: str, now: float) -> int:
        """Seconds to wait before the next request; 0 when it may come now."""
        if now >= self._until or len(self._counts) > MOST_ADDRESSES:
            self._counts, self._until = {}, now + WINDOW
        count = self._counts.get(who, 0) + 1
        self._counts[who] = count
        return 0 if count <= self.most else max(1, int(self._until - now) + 1)


class Shell:
    """The outermost layer of the web."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        secure: bool,
        rate: int,
        trusted_proxy: str,
        busy: Callable[[Request, int], Awaitable[Response]],
    ) -> None:
        self.inner = inner
        self.headers = protecting(secure)
        self.rate = Rate(rate)
        self.trusted_proxy = trusted_proxy
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

        wait = 0
        if not scope["path"].startswith(_UNCOUNTED):
            wait = self.rate.wait(address(scope, self.trusted_proxy), monotonic())
        if wait:
            answer: Any = await self.busy(Request(scope, receive), wait)
            await answer(scope, receive, protected)
            return
        try:
            await self.inner(scope, receive, protected)
        except Exception:
            # the framework raises again what it has already answered with a page (and what that page logged)
            if not begun:
                raise
