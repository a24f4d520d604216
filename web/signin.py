"""Signing in: an address, a letter, a button. GET changes nothing: mail programs open links before people do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intake import App, Problem, Staff, TryLater
from web.forms import read_form
from web.pages import Pages
from web.rate import SIGNED_IN
from web.security import TOKEN_FIELD, Visitors

MOST = 12 * 3600  # seconds a staff cookie may live; the server ends sessions earlier by itself
MARKED = 90 * 24 * 3600  # seconds a browser is known to have signed in before
REFERENCE = re.compile(r"[A-Z0-9-]{1,32}")  # all that may stand where somebody is sent after signing in


class Sessions:
    """Who is signed in, by a cookie of their own; only its hash is stored."""

    def __init__(self, app: App, visitors: Visitors) -> None:
        self.app = app
        self.visitors = visitors
        self.name = "__Host-staff" if visitors.secure else "staff"
        self.marks = "__Host-known" if visitors.secure else "known"

    def secret(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    async def who(self, request: Request) -> Staff | None:
        found = await self.app.run(self.app.accounts.who, self.secret(request))
        if found is not None:
            request.scope[SIGNED_IN] = True
        return found

    def keep(self, response: Response, secret: str) -> None:
        self._set(response, self.name, secret, MOST)

    def drop(self, response: Response) -> None:
        self._set(response, self.name, "", 0)

    def mark(self, request: Request) -> str:
        """What this browser has of signing in before: it opens nothing (`intake.access.marks`)."""
        return request.cookies.get(self.marks, "")

    def keep_mark(self, response: Response, mark: str) -> None:
        self._set(response, self.marks, mark, MARKED)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        secure = self.visitors.secure
        response.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


class SignIn:
    """The pages of signing in and out."""

    def __init__(self, app: App, pages: Pages, visitors: Visitors, sessions: Sessions) -> None:
        self.app = app
        self.pages = pages
        self.visitors = visitors
        self.sessions = sessions

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/staff/signin", self.ask, methods=["GET"]),
            Route("/staff/signin", self.asked, methods=["POST"]),
            Route("/staff/signin/{token}", self.arrive, methods=["GET"]),
            Route("/staff/signin/{token}", self.enter, methods=["POST"]),
            Route("/staff/signout", self.leave, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        return self._page(request, "signin.html", email="", to=_reference(request.query_params.get("to", "")))

    async def asked(self, request: Request) -> Response:
        """The same page, whether or not anybody has this address."""
        form, cookie = await read_form(request), self.visitors.cookie(request)
        email, to = form.one("email").strip(), _reference(form.one("to"))
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return self._page(request, "signin.html", 403, problem=Problem("expired"), email=email, to=to)
        if not self.app.accounts.is_address(email):
            return self._page(request, "signin.html", 422, problem=Problem("not_an_email"), email=email, to=to)
        language = self.pages.spoken(request, None)
        mark = self.sessions.mark(request)
        await self.app.run(self.app.accounts.ask_to_sign_in, email, cookie, language, to, mark)
        return self._page(request, "signin_sent.html", to=to)

    async def arrive(self, request: Request) -> Response:
        token, cookie = request.path_params["token"], self.visitors.cookie(request)
        if await self.app.run(self.app.accounts.can_sign_in, token, cookie):
            return self._page(request, "signin_enter.html")
        return await self._old(request)

    async def enter(self, request: Request) -> Response:
        form, cookie = await read_form(request), self.visitors.cookie(request)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return self._page(request, "signin_enter.html", 403, problem=Problem("expired"))
        secret = await self.app.run(self.app.accounts.sign_in, request.path_params["token"], cookie)
        if secret is None:
            page = await self._old(request)
            await self.app.run(self.app.accounts.failed)
            return page
        await self.app.run(self.app.accounts.sign_out, self.sessions.secret(request))  # who was here before
        response = RedirectResponse(way_to(_reference(request.query_params.get("to", ""))), 303)
        self.sessions.keep(response, secret)
        mark = await self.app.run(self.app.accounts.marked, self.sessions.mark(request), secret)
        self.sessions.keep_mark(response, mark)
        return response

    async def leave(self, request: Request) -> Response:
        """Out, and at once; a button that cannot be believed says that nothing has happened."""
        form, secret = await read_form(request), self.sessions.secret(request)
        if not self.visitors.trusted(request, secret, form.one(TOKEN_FIELD)):
            return RedirectResponse("/staff/?still=1", 303)
        await self.app.run(self.app.accounts.sign_out, secret)
        response = RedirectResponse("/staff/signin", 303)
        self.sessions.drop(response)
        return response

    async def _old(self, request: Request) -> Response:
        """A link that does not work, or never did: guessing is limited as for every link."""
        if not await self.app.run(self.app.limits.allow, "link_guess", self.visitors.address(request)):
            raise TryLater("too many links that do not exist were tried from here: wait a minute")
        return self._page(request, "signin_old.html", 410)

    def _page(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        language = self.pages.spoken(request, self.pages.only())
        cookie = self.visitors.cookie(request)
        fresh = cookie or self.visitors.new()
        title = self.pages.words(language)("Sign in for staff")
        page = self.pages.draw(
            f"staff/{template}",
            self.pages.only(),
            language,
            **{"title": title, "token": self.visitors.token(fresh), "problem": None, "to": "", **shown},
        )
        response = self.pages.html(request, page, status)
        if not cookie:
            self.visitors.keep(response, fresh)
        return response


def way_to(reference: str) -> str:
    """The address of a case; without one the queue's."""
    return f"/staff/referrals/{reference}" if reference else "/staff/"


def _reference(text: str) -> str:
    """What looks like a case's number, or nothing: nobody is sent anywhere else."""
    return text if REFERENCE.fullmatch(text) else ""
