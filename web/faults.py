"""Pages for what went wrong: nothing there, too much, too many, for the moment not, and our own mistakes."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from intake import App, Programme
from web.forms import Form, TooLarge, read_form
from web.pages import Pages, Sent

log = logging.getLogger("intake.web")
RETRY_SECONDS = 10
SPREAD = 30  # seconds over which those come again who were asked to wait together


class Faults:
    """Each page is in the visitor's language and has the telephone number of a person."""

    def __init__(self, app: App, pages: Pages) -> None:
        self.app = app
        self.pages = pages

    async def missing(self, request: Request, _error: Exception) -> Response:
        return self._page(request, 404)

    async def http(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = self._page(request, status)
        for name, value in (getattr(error, "headers", None) or {}).items():
            response.headers[name] = value
        return response

    async def too_large(self, request: Request, _error: Exception) -> Response:
        return self._page(request, 413)

    async def later(self, request: Request, _error: Exception) -> Response:
        """For the moment not, the database is away say: nothing was stored, and what was written stays in the page."""
        return await self._later(request, 503, RETRY_SECONDS)

    async def busy(self, request: Request, wait: int) -> Response:
        """Too many requests from one browser or address: a page that waits and keeps what was written."""
        return await self._later(request, 429, wait)

    async def left(self, request: Request, _error: Exception) -> Response:
        """The browser went away before it had sent everything: nothing was done, and nobody is there to read this."""
        return Sent(400, [(b"content-length", b"0")])

    async def broken(self, request: Request, error: Exception) -> Response:
        """Our own mistake. The log has where it was, never what anybody wrote (messages of exceptions can hold it)."""
        reference = self.app.chance.reference("E")
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        log.error("fault %s: %s at %s", reference, type(error).__name__, where)
        return self._page(request, 500, reference=reference)

    async def _later(self, request: Request, status: int, wait: int) -> Response:
        form = Form(request.query_params.multi_items())  # a form that only looks replaces what stands after the ?
        if request.method == "POST":
            try:
                form = await read_form(request)
            except TooLarge:
                return self._page(request, 413)
            except ClientDisconnect as error:
                return await self.left(request, error)
        wait += int(self.app.chance.fraction() * SPREAD)
        response = self._page(request, status, template="later.html", form=form, wait=wait, method=request.method)
        response.headers["retry-after"] = str(wait)
        return response

    def _page(self, request: Request, status: int, template: str = "error.html", **shown: object) -> Response:
        programme = self._programme(request)
        language = self.pages.spoken(request, programme)
        words = self.pages.words(language)
        title = {
            404: words("This page does not exist"),
            405: words("That cannot be done here"),
            413: words("That was too much at once"),
            429: words("Many people are here right now"),
            503: words("The service is away for a moment"),
        }.get(status, words("Something went wrong here") if status >= 500 else HTTPStatus(status).phrase)
        page = self.pages.draw(
            template, programme, language, status=status, title=title, reference=shown.pop("reference", ""), **shown
        )
        return self.pages.html(request, page, status)

    def _programme(self, request: Request) -> Programme | None:
        first = request.scope["path"].strip("/").split("/", 1)[0]
        return self.app.programmes.get(first) or self.pages.only()
