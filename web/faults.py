"""Error pages, all in one place: not found, refused, too large, temporarily unavailable, our own errors."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from intake import OWN_WORDS, NotAllowed, NotFound, Programme, SomebodyElse, TryLater
from web.forms import Form, TooLarge, read_form
from web.pages import Sent, redirect
from web.security import TOKEN_FIELD
from web.site import Site
from web.staff_page import REFERENCE, Refusal, SignedOut, StaffPage, Unproven

log = logging.getLogger("intake.web")
RETRY_SECONDS = 10
SPREAD = 30  # seconds over which those asked to wait are spread


class Faults:
    """Makes the error pages, in the visitor's language and with the telephone number of a person."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.app = site.app
        self.pages = site.pages

    def handlers(self) -> dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]]:
        """Returns the application's exception handlers. Exceptions raised by a handler are handled by these too."""
        return {
            NotFound: self.missing,
            NotAllowed: self.refused,
            SomebodyElse: self.refused,
            Unproven: self.refused,
            SignedOut: self.signed_out,
            TryLater: self.later,
            TooLarge: self.too_large,
            ClientDisconnect: self.left,
            404: self.http,
            405: self.http,
            500: self.broken,
        }

    async def missing(self, request: Request, _error: Exception) -> Response:
        page = _staff_page(request)
        return page.missing() if page else self._page(request, 404)

    async def refused(self, request: Request, error: Exception) -> Response:
        """Handles a refused action. Staff see the reason on the page of their form, with what they wrote."""
        if page := _staff_page(request):
            return await page.again(page, Refusal.of(error))
        if isinstance(error, SomebodyElse):
            return await self.later(request, error)
        raise error

    async def signed_out(self, request: Request, _error: Exception) -> Response:
        """Redirects to the sign-in page; a posted form with text is shown instead, so that nothing written is lost."""
        keeps = request.method == "POST" and self.site.visitors.same_site(request)
        form = await read_form(request) if keeps else Form([])
        if not any(form.one(name).strip() for name in OWN_WORDS):
            reference = request.path_params.get("reference", "")
            known = request.method == "GET" and REFERENCE.fullmatch(reference)
            return redirect("/staff/signin" + (f"?to={reference}" if known else ""))
        language = self.pages.spoken(request, self.pages.only())
        kept = [(name, value) for name, value in form if name != TOKEN_FIELD]
        title = self.pages.words(language)("You have been signed out")
        return self.pages.page(
            request, "staff/signed_out.html", self.pages.only(), language, 403, title=title, kept=kept
        )

    async def http(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = self._page(request, status)
        for name, value in (getattr(error, "headers", None) or {}).items():
            response.headers[name] = value
        return response

    async def too_large(self, request: Request, _error: Exception) -> Response:
        return self._page(request, 413)

    async def later(self, request: Request, _error: Exception) -> Response:
        """Shows that something, such as the database, is unavailable. Nothing was stored; the page keeps the form."""
        return await self._later(request, 503, RETRY_SECONDS)

    async def busy(self, request: Request, wait: int) -> Response:
        """Shows a page that waits, after too many requests from one browser or address. It keeps the form."""
        return await self._later(request, 429, wait)

    async def left(self, request: Request, _error: Exception) -> Response:
        """Ends a request whose browser disconnected while sending. Nothing was done, and nobody reads the response."""
        return Sent(400, [(b"content-length", b"0")])

    async def broken(self, request: Request, error: Exception) -> Response:
        """Handles our own error. The log has its place, never its message, which can contain what people wrote."""
        reference = self.app.chance.reference("E")
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        log.error("fault %s: %s at %s", reference, type(error).__name__, where)
        return self._page(request, 500, reference=reference)

    async def _later(self, request: Request, status: int, wait: int) -> Response:
        form = Form(request.query_params.multi_items())  # a GET form replaces the query string
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


def _staff_page(request: Request) -> StaffPage | None:
    """Returns the page of the signed-in member of staff, if the request got that far."""
    page: StaffPage | None = getattr(request.state, "staff_page", None)
    return page
