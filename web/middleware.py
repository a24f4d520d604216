"""Middleware: security headers and rate limits, as plain ASGI. Every request passes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.rate import SIGNED_IN, Rate
from web.security import protecting, with_caching


class SecurityHeadersMiddleware:
    """Adds the security headers to every response. Outermost, so that error pages have them too."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = protecting(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def protected(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*with_caching(message.get("headers", ())), *self.headers]
            await send(message)

        try:
            await self.app(scope, receive, protected)
        except Exception:
            # Starlette raises an exception again after its handler has responded (and logged it).
            if not begun:
                raise


class RateLimitMiddleware:
    """Responds with the page of `busy` if a browser or an address has to wait."""

    def __init__(self, app: ASGIApp, *, rate: Rate, busy: Callable[[Request, int], Awaitable[Response]]) -> None:
        self.app = app
        self.rate = rate
        self.busy = busy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and (wait := self.rate.wait(scope)):
            app = await self.busy(Request(scope, receive), wait)
        await app(scope, receive, send)
        if SIGNED_IN in scope:
            self.rate.signed_in(scope)
