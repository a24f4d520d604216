"""A request of somebody who is signed in: the dependencies that say who, in what language, and with a proven form.

Each raises what `web.faults` has a page for: SignedOut, Unproven, and TooLarge of a body that is no form of ours.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from intake import Problem, SomebodyElse, Staff, WrongText, words_for
from web.forms import Form, read_form
from web.security import TOKEN_FIELD
from web.site import OurSite, Site

REFERENCE = re.compile(r"[A-Z0-9-]{1,32}")  # all that may stand where somebody is sent after signing in
ONCE = "once"  # the key drawn with a page: what a form on it asks for is done once, however often it is sent


class SignedOut(Exception):
    """Nobody is signed in here."""


class Unproven(Exception):
    """The posted form was not drawn for this session."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done. `who`: the colleague who was first, an empty string when there is no name."""

    status: int = 200
    problem: Problem | None = None
    who: str | None = None
    text: str = ""

    @staticmethod
    def of(error: Exception) -> Refusal:
        match error:
            case Unproven():
                return Refusal(403, Problem("expired"))
            case WrongText():
                return Refusal(422, Problem(error.code, error.params))
            case SomebodyElse():
                return Refusal(409, who=error.who)
            case _:
                return Refusal(409, text=str(error))


NO_REFUSAL = Refusal()


class StaffPage:
    """Who asks, what they posted, and how a page is drawn for them."""

    def __init__(self, request: Request, site: Site, staff: Staff, language: str) -> None:
        self.request, self.site, self.staff, self.language = request, site, staff, language
        self.app, self.casework = site.app, site.app.casework
        self.run = site.app.run
        self.words = words_for(language)
        self.programme = site.app.programmes[staff.programme]
        self.reference = str(request.path_params.get("reference", ""))
        self.form = Form([])
        self.again: Again = refused

    @property
    def done(self) -> str:
        """What was done on the page before."""
        return self.request.query_params.get("done", "")

    def same_key(self) -> dict[str, Any]:
        """A page that goes on with what the one before began has its key: going back and pressing again is the same."""
        return {ONCE: self.casework.once} if self.casework.once else {}

    def html(self, template: str, title: str, refusal: Refusal = NO_REFUSAL, **shown: Any) -> Response:
        token = self.site.visitors.token(self.site.sessions.secret(self.request))
        mine = self.programme.texts.say(self.language, "partner", self.staff.partner, "name")
        shared = {"staff": self.staff, "mine": mine, "token": token, "once": self.app.chance.id(), "title": title}
        shared["reference"] = self.reference
        told = {"problem": refusal.problem, "who": refusal.who, "refusal": refusal.text}
        return self._page(template, refusal.status, **{**shared, **told, **shown})

    def missing(self) -> Response:
        """What is not there, and what is another's: the same page to the last byte, so without a token."""
        return self._page("missing.html", 404, title=self.words("There is no such case here"))

    def _page(self, template: str, status: int, **shown: Any) -> Response:
        pages, template = self.site.pages, f"staff/{template}"
        return pages.page(self.request, template, self.programme, self.language, status, **shown)


Again = Callable[[StaffPage, Refusal], Awaitable[Response]]


async def refused(page: StaffPage, refusal: Refusal) -> Response:
    """What was not done, on a page of its own."""
    return page.html("refused.html", page.words("That was not done"), refusal)


def way_to(reference: str, done: str = "") -> str:
    """The address of a case; without one the queue's."""
    where = f"/staff/referrals/{quote(reference)}" if reference else "/staff/"
    return f"{where}?{urlencode({'done': done})}" if done else where


# dependencies


async def signed_in(request: Request, site: OurSite) -> Staff:
    """Who is signed in. Raises SignedOut."""
    staff = await site.sessions.who(request)
    if staff is None:
        raise SignedOut
    return staff


SignedIn = Annotated[Staff, Depends(signed_in)]


async def language_of(request: Request, site: OurSite, staff: SignedIn) -> str:
    return site.pages.spoken(request, site.app.programmes[staff.programme])


Language = Annotated[str, Depends(language_of)]


async def staff_page(request: Request, site: OurSite, staff: SignedIn, language: Language) -> StaffPage:
    """The page to draw. It stands in the request's state, too, where `web.faults` finds it."""
    page = request.state.staff_page = StaffPage(request, site, staff, language)
    return page


Looking = Annotated[StaffPage, Depends(staff_page)]


async def proven(page: Looking) -> StaffPage:
    """The page with a form that was drawn for this session. Raises Unproven, TooLarge."""
    page.form = await read_form(page.request)
    secret = page.site.sessions.secret(page.request)
    if not page.site.visitors.trusted(page.request, secret, page.form.one(TOKEN_FIELD)):
        raise Unproven
    page.casework = page.casework.pressed(page.form.one(ONCE))
    return page


Posted = Annotated[StaffPage, Depends(proven)]


def told_on(again: Again) -> Any:
    """For a router or a path operation: the page that says why something was not done."""

    async def remember(page: Looking) -> None:
        page.again = again

    return Depends(remember)
