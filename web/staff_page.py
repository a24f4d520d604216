"""Dependencies of the staff view: who is signed in, their language, and a form that was rendered for their session.

They raise SignedOut, Unproven and TooLarge, which `web.faults` handles.
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

REFERENCE = re.compile(r"[A-Z0-9-]{1,32}")  # the only allowed target after signing in
ONCE = "once"  # the key rendered with a page: however often a form on it is sent, its act runs once


class SignedOut(Exception):
    """Nobody is signed in here."""


class Unproven(Exception):
    """The posted form was not rendered for this session."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason of a refusal. `who`: the colleague who was first, empty if the name is unknown."""

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
    """A request of a member of staff: who they are, what they posted, and rendering pages for them."""

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
        """Returns the code of what was done on the page before."""
        return self.request.query_params.get("done", "")

    def same_key(self) -> dict[str, Any]:
        """Returns the key of the page before, for the next step of one act, so that going back does not repeat it."""
        return {ONCE: self.casework.once} if self.casework.once else {}

    def html(self, template: str, title: str, refusal: Refusal = NO_REFUSAL, **shown: Any) -> Response:
        token = self.site.visitors.token(self.site.sessions.secret(self.request))
        mine = self.programme.texts.say(self.language, "partner", self.staff.partner, "name")
        shared = {"staff": self.staff, "mine": mine, "token": token, "once": self.app.chance.id(), "title": title}
        shared["reference"] = self.reference
        told = {"problem": refusal.problem, "who": refusal.who, "refusal": refusal.text}
        return self._page(template, refusal.status, **{**shared, **told, **shown})

    def missing(self) -> Response:
        """Returns the page for missing cases and others' cases: byte for byte the same, hence without a token."""
        return self._page("missing.html", 404, title=self.words("There is no such case here"))

    def _page(self, template: str, status: int, **shown: Any) -> Response:
        pages, template = self.site.pages, f"staff/{template}"
        return pages.page(self.request, template, self.programme, self.language, status, **shown)


Again = Callable[[StaffPage, Refusal], Awaitable[Response]]


async def refused(page: StaffPage, refusal: Refusal) -> Response:
    """Shows a refusal on a page of its own."""
    return page.html("refused.html", page.words("That was not done"), refusal)


def way_to(reference: str, done: str = "") -> str:
    """Returns the URL of a case; of the queue without one."""
    where = f"/staff/referrals/{quote(reference)}" if reference else "/staff/"
    return f"{where}?{urlencode({'done': done})}" if done else where


# dependencies


async def signed_in(request: Request, site: OurSite) -> Staff:
    """Returns who is signed in. Raises SignedOut."""
    staff = await site.sessions.who(request)
    if staff is None:
        raise SignedOut
    return staff


SignedIn = Annotated[Staff, Depends(signed_in)]


async def language_of(request: Request, site: OurSite, staff: SignedIn) -> str:
    return site.pages.spoken(request, site.app.programmes[staff.programme])


Language = Annotated[str, Depends(language_of)]


async def staff_page(request: Request, site: OurSite, staff: SignedIn, language: Language) -> StaffPage:
    """Returns the page, and stores it in the request's state for `web.faults`."""
    page = request.state.staff_page = StaffPage(request, site, staff, language)
    return page


Looking = Annotated[StaffPage, Depends(staff_page)]


async def proven(page: Looking) -> StaffPage:
    """Returns the page with a form that was rendered for this session. Raises Unproven, TooLarge."""
    page.form = await read_form(page.request)
    secret = page.site.sessions.secret(page.request)
    if not page.site.visitors.trusted(page.request, secret, page.form.one(TOKEN_FIELD)):
        raise Unproven
    page.casework = page.casework.pressed(page.form.one(ONCE))
    return page


Posted = Annotated[StaffPage, Depends(proven)]


def told_on(again: Again) -> Any:
    """Returns a dependency, of a router or a path operation, that sets the page for refusals."""

    async def remember(page: Looking) -> None:
        page.again = again

    return Depends(remember)
