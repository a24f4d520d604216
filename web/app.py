"""The web put together: participants' pages as plain routes, staff pages, and what every site needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from intake import App, NotFound, Programme, SomebodyElse, TryLater
from web.assets import assets
from web.faults import Faults
from web.forms import TooLarge
from web.information import InformationPages
from web.middleware import Shell
from web.own_data_pages import OwnDataPages
from web.pages import Pages
from web.participant import Participant
from web.rate import Rate
from web.security import Visitors
from web.staff_pages import StaffPages
from web.status_pages import StatusPages

Handler = Callable[[Request, Exception], Awaitable[Response]]


def build_web(app: App, *, preview: bool = False) -> ASGIApp:
    """Everything under one roof, for any ASGI server."""
    pages = Pages(app, preview)
    visitors = Visitors(app)
    faults = Faults(app, pages)
    handlers: dict[Any, Any] = {
        NotFound: faults.missing,
        TryLater: faults.later,
        SomebodyElse: faults.later,
        TooLarge: faults.too_large,
        ClientDisconnect: faults.left,
    }
    participants = _participant_routes(app, pages, visitors)
    site = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        routes=[*participants, *_site_routes(app, pages), *StaffPages(app, pages, visitors).routes()],
        exception_handlers={**handlers, 404: faults.http, 405: faults.http, 500: faults.broken},
    )
    return Shell(
        Lane(participants, {**handlers, Exception: faults.broken}, site),
        secure=app.settings.secure,
        rate=Rate(
            app.settings.rate,
            secure=app.settings.secure,
            trusted_proxy=app.settings.trusted_proxy,
            marked=app.accounts.marks.anybodys,
        ),
        busy=faults.busy,
    )


class Lane:
    """Answers the participants' pages at once: an answer should not pass ten layers. All else goes the site's way."""

    def __init__(self, routes: Sequence[Route], handlers: Mapping[type[Exception], Handler], site: ASGIApp) -> None:
        self.handlers, self.site = handlers, site
        self.ways: dict[tuple[str, str], tuple[Route, str]] = {}  # by method and path, or the path above a last {part}
        for route in routes:
            above, _, last = route.path.rpartition("/")
            part = last[1:-1] if last.startswith("{") else ""
            for method in () if "{" in above else route.methods or ():
                self.ways[method, above if part else route.path] = route, part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            method, path = scope["method"], scope["path"]
            found, last = self.ways.get((method, path)), ""
            if found is None:
                above, _, last = path.rpartition("/")
                found = self.ways.get((method, above))
            if found is not None and bool(last) == bool(found[1]):
                scope["path_params"] = {found[1]: last} if last else {}
                await (await self._answer(found[0], Request(scope, receive)))(scope, receive, send)
                return
        await self.site(scope, receive, send)

    async def _answer(self, route: Route, request: Request) -> Response:
        try:
            return cast(Response, await route.endpoint(request))
        except Exception as error:
            handler = next(self.handlers[kind] for kind in type(error).__mro__ if kind in self.handlers)
            return await handler(request, error)


def _participant_routes(app: App, pages: Pages, visitors: Visitors) -> Sequence[Route]:
    routes: list[Route] = []
    for programme in app.programmes.values():
        for part in (Participant, StatusPages, OwnDataPages, InformationPages):
            routes += part(app, pages, visitors, programme).routes()
        routes.append(Route(f"/{programme.id}", _with_slash(programme), methods=["GET"]))
    return routes


def _with_slash(programme: Programme) -> Callable[[Request], Awaitable[Response]]:
    async def there(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{programme.id}/{query}", 308)

    return there


def _site_routes(app: App, pages: Pages) -> Sequence[BaseRoute]:
    async def front(request: Request) -> Response:
        if only := pages.only():
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{only.id}/{query}", 303)
        language = pages.spoken(request, None)
        shown = [(one, one.speak(language)) for one in app.programmes.values()]
        return pages.html(request, pages.draw("participant/programmes.html", None, language, programmes=shown))

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> Response:
        """Whether the database answers and takes writes, too."""
        wrong = await app.readiness()
        return PlainTextResponse(wrong or "ready", 503 if wrong else 200)

    async def letters(request: Request) -> Response:
        language = pages.spoken(request, pages.only())
        page = pages.draw(
            "demo_mail.html",
            pages.only(),
            language,
            letters=await app.run(app.mailbox),
            title=pages.words(language)("Mailbox of the demonstration"),
        )
        return pages.html(request, page)

    return [
        Route("/", front, methods=["GET"]),
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/static/{name}", assets().answer, methods=["GET"]),
        *([Route("/demo/mail", letters, methods=["GET"])] if app.settings.demo else []),
    ]
