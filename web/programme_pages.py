"""The base of all pages of one programme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from intake import Handle, NotFound, Programme, Turn
from web.site import Site

Found = TypeVar("Found")


class ProgrammePages:
    """Base of classes that serve the pages of one programme."""

    def __init__(self, site: Site, programme: Programme) -> None:
        self.app = site.app
        self.desk = site.app.desk
        self.pages = site.pages
        self.visitors = site.visitors
        self.guessed = site.guessed
        self.id = programme.id

    @property
    def programme(self) -> Programme:
        """The programme as served now."""
        return self.app.programmes[self.id]

    async def behind_link(self, request: Request, read: Callable[..., Found], *given: Any) -> Found:
        """Returns what the secret in the address gives access to. Raises NotFound.

        Only invalid links count towards the limit, so that others at the same address never lock out a valid one.
        """
        token, language = request.path_params["token"], request.query_params.get("lang", "")
        try:
            return await self.app.run(read, self.id, token, language, *given)
        except NotFound:
            await self.guessed(request)
            raise

    def page_behind_link(
        self, request: Request, template: str, turn: Turn, title: str, status: int = 200, **shown: Any
    ) -> Response:
        token = self.visitors.token(request.path_params["token"])
        shown = {"prompt": turn.prompt, "token": token, "title": title, **shown}
        return self.pages.page(request, template, self.programme, turn.language, status, **shown)

    def opened_at(self, request: Request) -> Handle | None:
        """Returns the browser that opens a link, if known."""
        cookie = self.visitors.cookie(request)
        return Handle("web", cookie) if cookie else None
