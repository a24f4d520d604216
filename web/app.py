"""The web put together: participants' pages as plain routes, staff pages, and what every site needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from intake import App, NotFound, Programme, TryLater
from web.faults import Faults
from web.following import Following
from web.forms import TooLarge
from web.pages import Pages
from web.participant import Participant
from web.reading import Reading
from web.security import Visitors
from web.shell import Shell
from web.staff import StaffPages


def build_web(app: App) -> ASGIApp:
    """Everything under one roof, for any ASGI server."""
    pages = Pages(app)
    visitors = Visitors(app)
    faults = Faults(app, pages)
    site = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        routes=[
            *_participant_routes(app, pages, visitors),  # first: an answer should not be looked for long
            *_site_routes(app, pages),
            *StaffPages(app, pages, visitors).routes(),
        ],
        exception_handlers={
            NotFound: faults.missing,
            TryLater: faults.later,
            TooLarge: faults.too_large,
            404: faults.http,
            405: faults.http,
            500: faults.broken,
        },
    )
    return Shell(
        site,
        secure=app.settings.secure,
        rate=app.settings.rate,
        trusted_proxy=app.settings.trusted_proxy,
        busy=faults.busy,
    )


def _participant_routes(app: App, pages: Pages, visitors: Visitors) -> Sequence[BaseRoute]:
    routes: list[BaseRoute] = []
    for programme in app.programmes.values():
        routes += Participant(app, pages, visitors, programme).routes()
        routes += Following(app, pages, visitors, programme).routes()
        routes += Reading(app, pages, programme).routes()
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
        shown = [(one.id, one.texts.say(language, "programme", "name")) for one in app.programmes.values()]
        return pages.html(request, pages.draw("participant/programmes.html", None, language, programmes=shown))

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> Response:
        """Whether the database answers too."""
        is_ready = await app.run(app.ready)
        return PlainTextResponse("ready" if is_ready else "the database does not answer", 200 if is_ready else 503)

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
        Route("/static/{name}", pages.assets.answer, methods=["GET"]),
        *([Route("/demo/mail", letters, methods=["GET"])] if app.settings.demo else []),
    ]
