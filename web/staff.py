"""The staff view: the queue, one case, and what can be done with it. Who may see what is decided in
`intake.casework`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intake import CALLS, TABS, TEMPLATES, App, Asked, NotAllowed, Problem, SomebodyElse, Staff, WrongText
from web.forms import Form, read_form
from web.pages import Pages
from web.security import TOKEN_FIELD, Visitors
from web.signin import Sessions, SignIn
from web.staff_words import called

Handler = Callable[[Request, Staff], Awaitable[Response]]
AGES = (3, 7, 14, 30)

# What is done -> the fields it takes, in the order of the casework's arguments. Some are asked about once more.
ACTS: dict[str, tuple[str, ...]] = {
    "pick_up": (),
    "release": (),
    "reopen": (),
    "note": ("text",),
    "call": ("result", "note"),
    "decline": ("reason", "note"),
    "hand_over": ("partner", "note"),
    "close": ("outcome", "note"),
    "decide": ("decision", "reason", "next_step"),
}
CONFIRMED = frozenset({"decline", "hand_over", "close", "decide"})


class StaffPages:
    """Pages for those who are signed in; anybody else is sent to sign in."""

    def __init__(self, app: App, pages: Pages, visitors: Visitors) -> None:
        self.app = app
        self.pages = pages
        self.visitors = visitors
        self.sessions = Sessions(app, visitors)
        pages.env.globals["called"] = called

    def routes(self) -> Sequence[BaseRoute]:
        here = "/staff/referrals/{reference}"
        return [
            *SignIn(self.app, self.pages, self.visitors, self.sessions).routes(),
            Route("/staff", self._to_queue, methods=["GET"]),
            Route("/staff/", self._guarded(self.queue), methods=["GET"]),
            Route("/staff/letters", self._guarded(self.letters), methods=["GET"]),
            Route("/staff/letters/{id}", self._guarded(self.send_again), methods=["POST"]),
            Route(here, self._guarded(self.case), methods=["GET"]),
            Route(here + "/letter", self._guarded(self.letter), methods=["POST"]),
            Route(here + "/telephone", self._guarded(self.telephone), methods=["POST"]),
            *(Route(f"{here}/{act}", self._guarded(self._acting(act)), methods=["POST"]) for act in ACTS),
        ]

    async def queue(self, request: Request, staff: Staff) -> Response:
        query, language = request.query_params, self._language(request, staff)
        days = query.get("days", "")
        asked = Asked(
            tab=query.get("tab", "open") if query.get("tab", "open") in TABS else "open",
            municipality=query.get("municipality", "")[:40],
            days=int(days) if days.isdecimal() and len(days) < 4 else 0,
            partner=query.get("partner", "")[:40],
            review=query.get("review", "") == "1",
        )
        queue = await self.app.run(self.app.casework.queue, staff, asked, language)
        words = self.pages.words(language)
        return self._page(
            request, staff, "queue.html", title=words("Referrals"), queue=queue, asked=asked, tabs=tuple(TABS),
            ages=AGES, link=_links(asked),
        )  # fmt: skip

    async def case(self, request: Request, staff: Staff) -> Response:
        return await self._case(request, staff)

    async def letters(self, request: Request, staff: Staff) -> Response:
        """Letters that did not go out. A partner has its own on each case; here the coordinator sees all there are."""
        troubled = await self.app.run(self.app.casework.troubled, staff)
        title = self.pages.words(self._language(request, staff))("Letters that did not go out")
        return self._page(request, staff, "letters.html", title=title, troubled=troubled)

    async def send_again(self, request: Request, staff: Staff) -> Response:
        form = await read_form(request)
        if not self._trusted(request, form):
            return RedirectResponse("/staff/letters", 303)
        await self.app.run(self.app.casework.send_again, staff, request.path_params["id"])
        reference = form.one("reference")
        there = f"/staff/referrals/{reference}" if reference else "/staff/letters"
        return RedirectResponse(f"{there}?{urlencode({'done': 'send_again'})}", 303)

    def _acting(self, act: str) -> Handler:
        async def acting(request: Request, staff: Staff) -> Response:
            form, reference = await read_form(request), request.path_params["reference"]
            if not self._trusted(request, form):
                return await self._case(request, staff, act, form, Problem("expired"), status=403)
            given = [form.one(field) for field in ACTS[act]]
            try:
                if act in CONFIRMED and form.one("confirm") != "yes":
                    return await self._confirm(request, staff, act, form)
                await self.app.run(getattr(self.app.casework, act), staff, reference, *given)
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
        casework = self.app.casework
        case = await self.app.run(casework.see, staff, reference, language)
        casework.check(staff, act, [form.one(field) for field in ACTS[act]])
        title = self.pages.words(language)("Is this right?")
        return self._page(
            request, staff, "confirm.html", title=title, act=act, form=form, fields=ACTS[act], case=case,
            declines=casework.declines(staff, language), outcomes=casework.outcomes(staff, language),
            targets=casework.targets(staff, language), reasons=casework.reasons(staff, language),
        )  # fmt: skip

    async def letter(self, request: Request, staff: Staff) -> Response:
        """A letter from a template: first as it would be, to be changed, then seen, then sent."""
        form, reference = await read_form(request), request.path_params["reference"]
        if not self._trusted(request, form):
            return await self._case(request, staff, "letter", form, Problem("expired"), status=403)
        template, casework = form.one("template"), self.app.casework
        problem: Problem | None = None
        try:
            draft = await self.app.run(casework.draft, staff, reference, template, form.one("time")[:200])
            if form.one("send"):
                await self.app.run(casework.write, staff, reference, template, form.one("text"), form.one("once"))
                return self._there(reference, "letter")
            if form.one("seen"):
                casework.check(staff, "letter", [form.one("text")])
        except WrongText as error:
            problem = Problem(error.code, error.params)
        except NotAllowed as error:
            return await self._case(request, staff, "letter", form, refusal=str(error), status=409)
        title = self.pages.words(self._language(request, staff))("Letter")
        return self._page(
            request, staff, "letter.html", 422 if problem else 200, title=title, reference=reference, chosen=template,
            subject=draft.subject, text=form.one("text") or draft.text, seen=bool(form.one("seen")) and problem is None,
            once=form.one("once") or self.app.chance.id(), problem=problem,
        )  # fmt: skip

    async def telephone(self, request: Request, staff: Staff) -> Response:
        """The answers a person gave on the phone: one yes or no for each partner."""
        form, reference = await read_form(request), request.path_params["reference"]
        language = self._language(request, staff)
        if not self._trusted(request, form):
            return await self._case(request, staff, "telephone", form, Problem("expired"), status=403)
        try:
            asked = await self.app.run(self.app.casework.telephone_questions, staff, reference, language)
            answers = {partner: form.one(f"answer-{partner}") for partner, _, _ in asked}
            if any(answer not in ("yes", "no") for answer in answers.values()):
                return await self._case(request, staff, "telephone", form, Problem("required"), status=422)
            yes = [partner for partner, answer in answers.items() if answer == "yes"]
            await self.app.run(self.app.casework.consents_by_telephone, staff, reference, yes, language)
        except NotAllowed as error:
            return await self._case(request, staff, "telephone", form, refusal=str(error), status=409)
        return self._there(reference, "telephone")

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
            declines=casework.declines(staff, language), outcomes=casework.outcomes(staff, language),
            targets=casework.targets(staff, language), reasons=casework.reasons(staff, language),
            templates=TEMPLATES, questions=questions, groups=casework.groups(staff, language),
        )  # fmt: skip

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            staff = await self.sessions.who(request)
            return RedirectResponse("/staff/signin", 303) if staff is None else await handler(request, staff)

        return guarded

    def _page(self, request: Request, staff: Staff, template: str, status: int = 200, **shown: Any) -> Response:
        programme = self.app.programmes[staff.programme]
        language = self._language(request, staff)
        token = self.visitors.token(self.sessions.secret(request))
        mine = programme.texts.say(language, "partner", staff.partner, "name")
        page = self.pages.draw(
            f"staff/{template}", programme, language, **{"staff": staff, "mine": mine, "token": token, **shown}
        )
        return self.pages.html(request, page, status)

    def _language(self, request: Request, staff: Staff) -> str:
        return self.pages.spoken(request, self.app.programmes[staff.programme])

    def _trusted(self, request: Request, form: Form) -> bool:
        return self.visitors.trusted(request, self.sessions.secret(request), form.one(TOKEN_FIELD))

    @staticmethod
    def _there(reference: str, done: str) -> Response:
        return RedirectResponse(f"/staff/referrals/{reference}?{urlencode({'done': done})}", 303)

    @staticmethod
    async def _to_queue(request: Request) -> Response:
        return RedirectResponse("/staff/", 308)


def _links(asked: Asked) -> Callable[..., str]:
    """The queue's address with something changed and the other filters kept."""

    def link(**changes: Any) -> str:
        values = {
            "tab": asked.tab,
            "municipality": asked.municipality,
            "days": asked.days or "",
            "partner": asked.partner,
        }
        kept = {name: value for name, value in (values | changes).items() if value}
        return f"/staff/?{urlencode(kept)}"

    return link
