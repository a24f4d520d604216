"""What the coordinator does with all about one person: reads it, has it as a file, erases it, or answers why not.

Who may is said by `intake.referrals.erasure`; signing in, the frame and the tokens are the staff view's.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake import App, NotAllowed, Problem, SomebodyElse, Staff, WrongText, words_for
from web.forms import Form, read_form
from web.own_data_pages import json_file


class ErasingPages:
    """`show` draws a staff page, `language` is the reader's, `trusted` knows this session's forms."""

    def __init__(
        self,
        app: App,
        show: Callable[..., Response],
        language: Callable[[Request, Staff], str],
        trusted: Callable[[Request, Form], bool],
    ) -> None:
        self.app = app
        self.casework = app.casework
        self.show = show
        self.language = language
        self.trusted = trusted

    async def person(self, request: Request, staff: Staff) -> Response:
        reference, language = request.path_params["reference"], self.language(request, staff)
        try:
            stored = await self.app.run(self.casework.export_person, staff, reference, language)
        except NotAllowed as error:
            return self._refused(request, staff, error)
        title = words_for(language)("What we have about this person")
        return self.show(request, staff, "person.html", title=title, stored=stored, reference=reference)

    async def file(self, request: Request, staff: Staff) -> Response:
        reference, language = request.path_params["reference"], self.language(request, staff)
        try:
            stored = await self.app.run(self.casework.export_person, staff, reference, language)
        except NotAllowed as error:
            return self._refused(request, staff, error)
        return json_file(stored, stored["case"]["reference"])

    async def erase(self, request: Request, staff: Staff) -> Response:
        """Asked about once more, then done; with a reason when somebody else has the case in hand."""
        form, reference = await read_form(request), request.path_params["reference"]
        problem, status = (None, 200) if self.trusted(request, form) else (Problem("expired"), 403)
        given, once = (staff, reference, form.one("why")), form.one("once")
        try:
            try:
                if problem is None and form.one("confirm") == "yes":
                    await self.app.run(self.casework.erase, *given, once=once)
                    return RedirectResponse("/staff/?done=erase", 303)
            except WrongText as error:
                problem, status = Problem(error.code, error.params), 422
            holder = await self.app.run(self.casework.holder, staff, reference)
        except SomebodyElse as error:
            holder, problem, status = error.who, Problem("required"), 422
        except NotAllowed as error:
            return self._refused(request, staff, error)
        title = words_for(self.language(request, staff))("Erase everything about this person?")
        return self.show(
            request, staff, "erase.html", status, title=title, reference=reference, holder=holder,
            why=form.one("why"), problem=problem,
        )  # fmt: skip

    async def keep(self, request: Request, staff: Staff) -> Response:
        """What must be kept and why: the programme's words, edited, then sent."""
        form, reference, usual = await read_form(request), request.path_params["reference"], ""
        problem, status = (None, 200) if self.trusted(request, form) else (Problem("expired"), 403)
        try:
            if problem is None and "text" in form:
                await self.app.run(self.casework.keep, staff, reference, form.one("text"), form.one("once"))
                return RedirectResponse(f"/staff/referrals/{reference}?done=keep", 303)
            usual = await self.app.run(self.casework.usual_answer, staff, reference)
        except WrongText as error:
            problem, status = Problem(error.code, error.params), 422
        except NotAllowed as error:
            return self._refused(request, staff, error)
        title = words_for(self.language(request, staff))("Answer what must be kept, and why")
        return self.show(
            request, staff, "keep.html", status, title=title, reference=reference, problem=problem,
            text=form.one("text") if "text" in form else usual, once=form.one("once") or self.app.chance.id(),
        )  # fmt: skip

    def _refused(self, request: Request, staff: Staff, error: NotAllowed) -> Response:
        reference = request.path_params["reference"]
        title = words_for(self.language(request, staff))("That was not done")
        return self.show(request, staff, "refused.html", 409, title=title, reference=reference, refusal=str(error))
