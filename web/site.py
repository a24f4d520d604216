"""The objects shared by all pages of one application, and the dependency that provides them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request

from intake import App, TryLater
from web.pages import Pages
from web.security import Visitors
from web.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Site:
    """One per application, in its `state.site`."""

    app: App
    pages: Pages
    visitors: Visitors
    sessions: Sessions

    async def guessed(self, request: Request) -> None:
        """Counts an invalid link. Raises TryLater after too many from one address."""
        if not await self.app.run(self.app.limits.allow, "link_guess", self.visitors.address(request)):
            raise TryLater("too many links that do not exist were tried from here: wait a minute")


async def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


OurSite = Annotated[Site, Depends(site_of)]


class PageRoute(APIRoute):
    """A path operation that answers HEAD wherever it answers GET, as Starlette's own routes do."""

    def __init__(self, path: str, endpoint: Any, *, methods: Any = None, **named: Any) -> None:
        methods = {*(methods or ["GET"])}
        super().__init__(path, endpoint, methods=methods | ({"HEAD"} if "GET" in methods else set()), **named)
