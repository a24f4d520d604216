"""Signing in: an address, a letter, a button. GET changes nothing: mail programs open links before people do."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intake import App, Problem, Staff
from web.forms import read_form
from web.pages import Pages
from web.security import TOKEN_FIELD, Visitors

MOST = 12 * 3600  # seconds a staff cookie may live; the server ends sessions earlier by itself


class Sessions:
    """Who is signed in, by a cookie of their own; only its hash is stored."""

    def __init__(self, app: App, visitors: Visitors) -> None:
        self.app = app
        self.visitors = visitors
        self.name = "__Host-staff" if visitors.secure else "staff"

    def secret(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    async def who(self, request: Request) -> Staff | None:
        return await self.app.run(self.app.accounts.who, self.secret(request))

    def keep(self, response: Response, secret: str) -> None:
        self._set(response, secret, MOST)

    def drop(self, response: Response) -> None:
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        secure = self.visitors.secure
        response.set_cookie(self.name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


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
        return self._page(request, "signin.html", problem=None, email="")

    async def asked(self, request: Request) -> Response:
        """The same page, whether or not anybody has this address."""
        form, cookie = await read_form(request), self.visitors.cookie(request)
        email = form.one("email").strip()
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return self._page(request, "signin.html", 403, problem=Problem("expired"), email=email)
        if "@" not in email or len(email) > 254:
            return self._page(request, "signin.html", 422, problem=Problem("not_an_email"), email=email)
        language = self.pages.spoken(request, None)
        await self.app.run(self.app.accounts.ask_to_sign_in, email, cookie, language)
        return self._page(request, "signin_sent.html", email=email)

    async def arrive(self, request: Request) -> Response:
        token = request.path_params["token"]
        works = await self.app.run(self.app.accounts.can_sign_in, token)
        return self._page(request, "signin_enter.html" if works else "signin_old.html", 200 if works else 410)

    async def enter(self, request: Request) -> Response:
        form, cookie = await read_form(request), self.visitors.cookie(request)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return self._page(request, "signin_enter.html", 403, problem=Problem("expired"))
        secret = await self.app.run(self.app.accounts.sign_in, request.path_params["token"], cookie)
        if secret is None:
            return self._page(request, "signin_old.html", 410)
        response = RedirectResponse("/staff/", 303)
        self.sessions.keep(response, secret)
        return response

    async def leave(self, request: Request) -> Response:
        form, secret = await read_form(request), self.sessions.secret(request)
        response = RedirectResponse("/staff/signin", 303)
        if self.visitors.trusted(request, secret, form.one(TOKEN_FIELD)):
            await self.app.run(self.app.accounts.sign_out, secret)
            self.sessions.drop(response)
        return response

    def _page(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        language = self.pages.spoken(request, self.pages.only())
        cookie = self.visitors.cookie(request)
        fresh = cookie or self.visitors.new()
        title = self.pages.words(language)("Sign in for staff")
        page = self.pages.draw(
            f"staff/{template}",
            self.pages.only(),
            language,
            **{"title": title, "token": self.visitors.token(fresh), "problem": None, **shown},
        )
        response = self.pages.html(request, page, status)
        if not cookie:
            self.visitors.keep(response, fresh)
        return response
