"""Assembles the web: participants' pages as plain routes, staff pages as routers, and the site's own routes."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from intake import App
from web import case_actions, case_page, coverage_pages, erasure_pages, letter_pages, queue_page, signin
from web.assets import assets
from web.faults import Faults
from web.information import InformationPages
from web.middleware import RateLimitMiddleware, SecurityHeadersMiddleware
from web.own_data_pages import OwnDataPages
from web.pages import Pages
from web.participant import Participant
from web.path_table import PathTable
from web.rate import Rate
from web.security import Visitors
from web.sessions import Sessions
from web.site import Site
from web.status_pages import StatusPages

STAFF = (signin, queue_page, letter_pages, coverage_pages, case_page, case_actions, erasure_pages)


def build_web(app: App, *, preview: bool = False) -> ASGIApp:
    """Returns the complete ASGI application."""
    site = Site(app, Pages(app, preview), Visitors(app), Sessions(app))
    faults = Faults(site)
    web = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # exports could contain what people wrote
        routes=[*_participant_routes(site), *_site_routes(app, site.pages)],
        exception_handlers=faults.handlers(),
    )
    web.state.site = site
    for pages in STAFF:
        web.include_router(pages.router)
    secure, trusted_proxy = app.settings.secure, app.settings.trusted_proxy
    rate = Rate(app.settings.rate, secure=secure, trusted_proxy=trusted_proxy, marked=app.accounts.marks.anybodys)
    return SecurityHeadersMiddleware(RateLimitMiddleware(web, rate=rate, busy=faults.busy), secure=secure)


def _participant_routes(site: Site) -> Sequence[BaseRoute]:
    """Returns the routes of each programme, under its prefix."""
    routes: list[BaseRoute] = []
    for programme in site.app.programmes.values():
        kinds = (Participant, StatusPages, OwnDataPages, InformationPages)
        of_programme = [route for kind in kinds for route in kind(site, programme).routes()]
        routes.append(PathTable(f"/{programme.id}", of_programme))
        routes.append(Mount(f"/{programme.id}", routes=of_programme))
        routes.append(Route(f"/{programme.id}", _with_slash, methods=["GET"]))
    return routes


async def _with_slash(request: Request) -> Response:
    return _moved(request, f"{request.scope['path']}/", 308)


def _moved(request: Request, path: str, status: int) -> Response:
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, status)


def _site_routes(app: App, pages: Pages) -> Sequence[BaseRoute]:
    async def front(request: Request) -> Response:
        if only := pages.only():
            return _moved(request, f"/{only.id}/", 303)
        language = pages.spoken(request, None)
        shown = [(one, one.negotiate_language(language)) for one in app.programmes.values()]
        return pages.page(request, "participant/programmes.html", None, language, programmes=shown)

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(request: Request) -> Response:
        """Whether the database answers and accepts writes."""
        wrong = await app.readiness()
        return PlainTextResponse(wrong or "ready", 503 if wrong else 200)

    async def letters(request: Request) -> Response:
        language = pages.spoken(request, pages.only())
        title, sent = pages.words(language)("Mailbox of the demonstration"), await app.run(app.mailbox)
        return pages.page(request, "demo_mail.html", pages.only(), language, title=title, letters=sent)

    return [
        Route("/", front, methods=["GET"]),
        Route("/staff", _with_slash, methods=["GET"]),
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/static/{name}", assets().answer, methods=["GET"]),
        *([Route("/demo/mail", letters, methods=["GET"])] if app.settings.demo else []),
    ]
