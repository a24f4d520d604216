"""The staff view: the queue, one case, and what can be done with it. Who may see what is decided in
`intake.referrals`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intake import CALLS, TABS, TEMPLATES, App, Asked, NotAllowed, NotFound, Problem, SomebodyElse, Staff, WrongText
from web.coverage_pages import PAGE as COVERAGE
from web.coverage_pages import CoveragePages
from web.erasure_pages import ErasingPages
from web.forms import Form, read_form
from web.letter_pages import PAGE as LETTERS
from web.letter_pages import LetterPages
from web.pages import Pages
from web.security import TOKEN_FIELD, Visitors
from web.signin import REFERENCE, Sessions, SignIn

Handler = Callable[[Request, Staff], Awaitable[Response]]
AGES = (3, 7, 14, 30)

# What is done -> the fields it takes, in the order of the casework's arguments. Some are asked about once more.
ACTS: dict[str, tuple[str, ...]] = {
    "pick_up": (),
    "take_over": ("holder",),
    "release": (),
    "reopen": (),
    "note": ("text",),
    "call": ("result", "note"),
    "decline": ("reason", "note"),
    "hand_over": ("partner", "note"),
    "close": ("outcome", "note"),
    "decide": ("decision", "reason", "next_step"),
    "new_link": (),
}
CONFIRMED = frozenset({"take_over", "decline", "hand_over", "close", "decide"})
ONCE = "once"  # the key drawn with a page: what a form on it asks for is done once, however often it is sent
_WRITTEN = ("text", "note", "next_step")  # what somebody would be sorry to lose


class StaffPages:
    """Pages for those who are signed in; anybody else is sent to sign in."""

    def __init__(self, app: App, pages: Pages, visitors: Visitors) -> None:
        self.app = app
        self.pages = pages
        self.visitors = visitors
        self.sessions = Sessions(app, visitors)

    def routes(self) -> Sequence[BaseRoute]:
        here = "/staff/referrals/{reference}"
        coverage = CoveragePages(self.app, self._page, self._language, self._trusted)
        letters = LetterPages(self.app, self._page, self._language, self._trusted, self._case)
        erasing = ErasingPages(self.app, self._page, self._language, self._trusted)
        return [
            *SignIn(self.app, self.pages, self.visitors, self.sessions).routes(),
            Route("/staff", self._to_queue, methods=["GET"]),
            Route("/staff/", self._guarded(self.queue), methods=["GET"]),
            Route(LETTERS, self._guarded(letters.page), methods=["GET"]),
            Route(LETTERS, self._guarded(letters.send_all_again), methods=["POST"]),
            Route(f"{LETTERS}/{{id}}", self._guarded(letters.send_again), methods=["POST"]),
            Route(COVERAGE, self._guarded(coverage.page), methods=["GET"]),
            Route(f"{COVERAGE}/pause", self._guarded(coverage.pause), methods=["POST"]),
            Route(f"{COVERAGE}/resume", self._guarded(coverage.resume), methods=["POST"]),
            Route(here, self._guarded(self.case), methods=["GET"]),
            Route(here + "/person", self._guarded(erasing.person), methods=["GET"]),
            Route(here + "/person.json", self._guarded(erasing.file), methods=["GET"]),
            Route(here + "/erase", self._guarded(erasing.erase), methods=["POST"]),
            Route(here + "/keep", self._guarded(erasing.keep), methods=["POST"]),
            Route(here + "/letter", self._guarded(self.letter), methods=["POST"]),
            Route(here + "/telephone", self._guarded(self.telephone), methods=["POST"]),
            Route(here + "/ask", self._guarded(self.ask), methods=["POST"]),
            *(Route(f"{here}/{act}", self._guarded(self._acting(act)), methods=["POST"]) for act in ACTS),
        ]

    async def queue(self, request: Request, staff: Staff) -> Response:
        query, language = request.query_params, self._language(request, staff)
        asked = Asked(
            tab=query.get("tab", "open") if query.get("tab", "open") in TABS else "open",
            municipality=query.get("municipality", "")[:40],
            days=_number(query.get("days", ""), 0),
            partner=query.get("partner", "")[:40] if staff.coordinator else "",
            review=query.get("review", "") == "1" and staff.coordinator,
            wishes=query.get("wishes", "") == "1" and staff.coordinator,
            page=max(_number(query.get("page", ""), 1), 1),
        )
        queue = await self.app.run(self.app.casework.queue, staff, asked, language)
        words = self.pages.words(language)
        return self._page(
            request, staff, "queue.html", title=words("Referrals"), queue=queue, asked=asked, tabs=tuple(TABS),
            ages=AGES, link=_links(asked), owner=self.app.programmes[staff.programme].owner,
            still=query.get("still", "") == "1", done=query.get("done", ""),
        )  # fmt: skip

    async def case(self, request: Request, staff: Staff) -> Response:
        return await self._case(request, staff)

    def _acting(self, act: str) -> Handler:
        async def acting(request: Request, staff: Staff) -> Response:
            form, reference = await read_form(request), request.path_params["reference"]
            if not self._trusted(request, form):
                return await self._case(request, staff, act, form, Problem("expired"), status=403)
            given = [form.one(field) for field in ACTS[act]]
            try:
                if act in CONFIRMED and form.one("confirm") != "yes":
                    return await self._confirm(request, staff, act, form)
                await self.app.run(getattr(self.app.casework, act), staff, reference, *given, once=form.one(ONCE))
            except WrongText as error:
                return await self._case(request, staff, act, form, Problem(error.code, error.params), status=422)
            except SomebodyElse as error:
                return await self._case(request, staff, act, form, who=error.who, status=409)
            except NotAllowed as error:
                return await self._case(request, staff, act, form, refusal=str(error), status=409)
            return self._there(reference, act)

        return acting

    async def _confirm(self, request: Request, staff: Staff, act: str, form: Form) -> Response:
        """Asks once more before what cannot simply be undone. What would be refused is refused here."""
        reference, language = request.path_params["reference"], self._language(request, staff)
        case = await self.app.run(self.app.casework.see, staff, reference, language)
        if act not in case.can:
            return await self._case(request, staff, act, form, refusal="that cannot be done with it now", status=409)
        if act == "decide" and form.one("decision") == "no" and not form.one("next_step").strip():
            usual = self.app.casework.usual_step(staff, case.version, form.one("reason"), case.referral.language)
            form = Form([*((name, value) for name, value in form if name != "next_step"), ("next_step", usual)])
        self.app.casework.check(staff, case.version, act, [form.one(field) for field in ACTS[act]])
        title = self.pages.words(language)("Is this right?")
        return self._page(
            request, staff, "confirm.html", title=title, act=act, form=form, fields=ACTS[act], case=case,
            **_same_key(form), **self._choices(staff, case.version, language),
        )  # fmt: skip

    async def letter(self, request: Request, staff: Staff) -> Response:
        """A letter from a template: first as it would be, to be changed, then seen, then sent."""
        form, reference, casework = await read_form(request), request.path_params["reference"], self.app.casework
        problem = None if self._trusted(request, form) else Problem("expired")
        begun = "text" in form
        try:
            time = "" if begun else form.one("time")
            draft = await self.app.run(casework.draft, staff, reference, form.one("template"), time, begun)
            if begun and problem is None:
                await self.app.run(casework.check_letter, form.one("text"), form.one("last_day"))
                if form.one("send"):
                    given = (form.one("template"), form.one("text"), form.one(ONCE), form.one("last_day"))
                    await self.app.run(casework.write, staff, reference, *given)
                    return self._there(reference, "letter")
        except WrongText as error:
            problem = Problem(error.code, error.params)
            if not begun:
                return await self._case(request, staff, "letter", form, problem, status=422)
        except NotAllowed as error:
            return await self._case(request, staff, "letter", form, refusal=str(error), status=409)
        title = self.pages.words(self._language(request, staff))("Letter")
        status = 200 if problem is None else 403 if problem.code == "expired" else 422
        return self._page(
            request, staff, "letter.html", status, title=title, reference=reference, chosen=form.one("template"),
            subject=draft.subject, of=draft.language, text=form.one("text") if begun else draft.text, problem=problem,
            seen=bool(form.one("seen")) and problem is None, last_day=form.one("last_day"), **_same_key(form),
        )  # fmt: skip

    async def telephone(self, request: Request, staff: Staff) -> Response:
        """The answers a person gave on the phone: one yes or no for each partner."""
        form, reference = await read_form(request), request.path_params["reference"]
        language = self._language(request, staff)
        if not self._trusted(request, form):
            return await self._case(request, staff, "telephone", form, Problem("expired"), status=403)
        try:
            given = (_answering(form, "yes"), language, _answering(form, "no"))
            act = self.app.casework.consents_by_telephone
            await self.app.run(act, staff, reference, *given, once=form.one(ONCE))
        except WrongText as error:
            return await self._case(request, staff, "telephone", form, Problem(error.code), status=422)
        except NotAllowed as error:
            return await self._case(request, staff, "telephone", form, refusal=str(error), status=409)
        return self._there(reference, "telephone")

    async def ask(self, request: Request, staff: Staff) -> Response:
        """Whether one more partner may get the case: first what the person is to be told, then how they were asked."""
        form, reference, casework = await read_form(request), request.path_params["reference"], self.app.casework
        language, partner, way = self._language(request, staff), form.one("partner"), form.one("way")
        problem = None if self._trusted(request, form) else Problem("expired")
        if problem is None and ("read" in form or way) and way not in ("letter", "yes", "no"):
            problem = Problem("required")
        try:
            if not partner:
                return await self._case(request, staff, "ask", form, Problem("required"), status=422)
            if way and problem is None:
                if way == "letter":
                    await self.app.run(casework.ask_by_letter, staff, reference, partner, once=form.one(ONCE))
                else:
                    given = (partner, way == "yes", language)
                    act = casework.answered_by_telephone
                    await self.app.run(act, staff, reference, *given, once=form.one(ONCE))
                return self._there(reference, f"ask_{way}")
            question = await self.app.run(casework.asking_about, staff, reference, partner, language)
        except SomebodyElse as error:
            return await self._case(request, staff, "ask", form, who=error.who, status=409)
        except NotAllowed as error:
            return await self._case(request, staff, "ask", form, refusal=str(error), status=409)
        case = await self.app.run(casework.see, staff, reference, language)
        title = self.pages.words(language)("Ask the person about one more partner")
        status = 200 if problem is None else 403 if problem.code == "expired" else 422
        return self._page(
            request, staff, "ask.html", status, title=title, case=case, question=question, problem=problem
        )

    async def _case(
        self,
        request: Request,
        staff: Staff,
        act: str = "",
        form: Form | None = None,
        problem: Problem | None = None,
        *,
        who: str | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> Response:
        reference, language = request.path_params["reference"], self._language(request, staff)
        partner = request.query_params.get("partner", "")[:64] or None
        casework = self.app.casework
        case = await self.app.run(casework.see, staff, reference, language, partner)
        questions = (
            await self.app.run(casework.telephone_questions, staff, reference, language)
            if "telephone" in case.can
            else ()
        )
        return self._page(
            request, staff, "case.html", status, title=reference, case=case, act=act, form=form or Form([]),
            problem=problem, who=who, refusal=refusal, done=request.query_params.get("done", ""), calls=CALLS,
            faulty=faulty(act, form or Form([]), problem), templates=TEMPLATES, questions=questions,
            groups=casework.groups(staff, case.version, language),
            **self._choices(staff, case.version, language),
        )  # fmt: skip

    def _choices(self, staff: Staff, version: str, language: str) -> dict[str, Any]:
        """What can be chosen, in words."""
        casework = self.app.casework
        return {
            "declines": casework.declines(staff, language),
            "outcomes": casework.outcomes(staff, language),
            "targets": casework.targets(staff, version, language),
        }

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            staff = await self.sessions.who(request)
            if staff is None:
                return await self._signed_out(request)
            try:
                return await handler(request, staff)
            except NotFound:
                return self._missing(request, staff)

        return guarded

    async def _signed_out(self, request: Request) -> Response:
        """To the sign-in page; but nobody loses what they wrote because they rested."""
        form = await read_form(request) if request.method == "POST" and self.visitors.same_site(request) else Form([])
        if not any(form.one(name).strip() for name in _WRITTEN):
            reference = request.path_params.get("reference", "")
            known = request.method == "GET" and REFERENCE.fullmatch(reference)
            return RedirectResponse("/staff/signin" + (f"?to={quote(reference)}" if known else ""), 303)
        language = self.pages.spoken(request, self.pages.only())
        kept = [(name, value) for name, value in form if name != TOKEN_FIELD]
        title = self.pages.words(language)("You have been signed out")
        page = self.pages.draw("staff/signed_out.html", self.pages.only(), language, title=title, kept=kept)
        return self.pages.html(request, page, 403)

    def _missing(self, request: Request, staff: Staff) -> Response:
        """What is not there, and what is another's: the same page to the last byte, so without a token."""
        programme, language = self.app.programmes[staff.programme], self._language(request, staff)
        title = self.pages.words(language)("There is no such case here")
        page = self.pages.draw("staff/missing.html", programme, language, title=title)
        return self.pages.html(request, page, 404)

    def _page(self, request: Request, staff: Staff, template: str, status: int = 200, **shown: Any) -> Response:
        programme = self.app.programmes[staff.programme]
        language = self._language(request, staff)
        token = self.visitors.token(self.sessions.secret(request))
        mine = programme.texts.say(language, "partner", staff.partner, "name")
        shared = {"staff": staff, "mine": mine, "token": token, "once": self.app.chance.id()}
        page = self.pages.draw(f"staff/{template}", programme, language, **{**shared, **shown})
        return self.pages.html(request, page, status)

    def _language(self, request: Request, staff: Staff) -> str:
        return self.pages.spoken(request, self.app.programmes[staff.programme])

    def _trusted(self, request: Request, form: Form) -> bool:
        return self.visitors.trusted(request, self.sessions.secret(request), form.one(TOKEN_FIELD))

    @staticmethod
    def _there(reference: str, done: str) -> Response:
        return RedirectResponse(f"/staff/referrals/{quote(reference)}?{urlencode({'done': done})}", 303)

    @staticmethod
    async def _to_queue(request: Request) -> Response:
        return RedirectResponse("/staff/", 308)


def _same_key(form: Form) -> dict[str, Any]:
    """A page that goes on with what the one before began has its key: going back and pressing again is the same."""
    return {"once": form.one(ONCE)} if form.one(ONCE) else {}


def _answering(form: Form, answer: str) -> tuple[str, ...]:
    """Whom this was answered about: the fields are called answer-PARTNER."""
    return tuple(name.removeprefix("answer-") for name, value in form if name.startswith("answer-") and value == answer)


def faulty(act: str, form: Form, problem: Problem | None) -> str:
    """The id of the field that a problem is about; empty when it is about none."""
    fields = {"letter": ("time",), "ask": ("partner",)}.get(act) or ACTS.get(act, ())
    if problem is None or problem.code == "expired" or not fields:
        return ""
    if problem.code != "required":
        return f"{act}-{fields[-1]}"  # what is written stands last
    if act in ("call", "close", "decline"):  # the note is optional
        return f"{act}-{fields[0]}"
    return f"{act}-{next((field for field in fields if not form.one(field).strip()), fields[0])}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _links(asked: Asked) -> Callable[..., str]:
    """The queue's address with something changed and the other filters kept; another page only when asked for."""

    def link(**changes: Any) -> str:
        values = {
            "tab": asked.tab,
            "municipality": asked.municipality,
            "days": asked.days or "",
            "partner": asked.partner,
            "review": "1" if asked.review else "",
            "wishes": "1" if asked.wishes else "",
        }
        kept = {name: value for name, value in (values | changes).items() if value}
        return f"/staff/?{urlencode(kept)}"

    return link
