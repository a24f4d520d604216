"""The coordinator's page of letters that did not go out, and trying them again.

A partner has its own on each case; here the coordinator sees all there are. Which that is `intake.referrals` says;
signing in, the frame, the tokens and the case's page are the staff view's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake import App, NotAllowed, NotFound, Problem, Staff, words_for
from web.forms import Form, read_form
from web.signin import REFERENCE, way_to

PAGE, TITLE = "/staff/letters", "Letters that did not go out"
ON_ITS_WAY = "this letter is not given up"  # what the casework says: nothing that staff need to hear


class LetterPages:
    """`show` draws a staff page, `language` is the reader's, `trusted` knows this session's forms, `case` draws the
    page of the case whose reference stands in the path.
    """

    def __init__(
        self,
        app: App,
        show: Callable[..., Response],
        language: Callable[[Request, Staff], str],
        trusted: Callable[[Request, Form], bool],
        case: Callable[..., Awaitable[Response]],
    ) -> None:
        self.app = app
        self.show = show
        self.language = language
        self.trusted = trusted
        self.case = case

    async def page(self, request: Request, staff: Staff) -> Response:
        return await self._page(request, staff)

    async def send_again(self, request: Request, staff: Staff) -> Response:
        """From a case's page (`reference`), or from the list of all."""
        form = await read_form(request)
        reference = form.one("reference") if REFERENCE.fullmatch(form.one("reference")) else ""
        problem = None if self.trusted(request, form) else Problem("expired")
        refusal, status = "", 403
        if problem is None:
            try:
                await self.app.run(self.app.casework.send_again, staff, request.path_params["id"])
            except NotAllowed as error:
                refusal, status = str(error), 409
            if refusal in ("", ON_ITS_WAY):
                return RedirectResponse(f"{way_to(reference) if reference else PAGE}?done=send_again", 303)
        if reference:
            request.path_params["reference"] = reference
            return await self.case(request, staff, "send_again", form, problem, refusal=refusal, status=status)
        return await self._page(request, staff, problem, refusal, status)

    async def send_all_again(self, request: Request, staff: Staff) -> Response:
        if not self.trusted(request, await read_form(request)):
            return await self._page(request, staff, Problem("expired"), status=403)
        count = await self.app.run(self.app.casework.send_all_again, staff)
        return RedirectResponse(f"{PAGE}?again={count}", 303)

    async def _page(
        self, request: Request, staff: Staff, problem: Problem | None = None, refusal: str = "", status: int = 200
    ) -> Response:
        if not staff.coordinator:
            raise NotFound("no such page")
        troubled = await self.app.run(self.app.casework.troubled, staff)
        again = request.query_params.get("again", "")
        return self.show(
            request, staff, "letters.html", status, title=words_for(self.language(request, staff))(TITLE),
            troubled=troubled, given_up=sum(one.message.status == "given_up" for one in troubled), problem=problem,
            refusal=refusal, done=request.query_params.get("done", ""),
            again=int(again) if again.isascii() and again.isdigit() and len(again) < 5 else None,
            away=await self.app.run(self.app.casework.mail_away, staff),
        )  # fmt: skip
