"""Pages behind a secret link: a case's status, withdrawing, consents after a decision, continuing from a chat.

The secret in the address identifies the person; no cookie is needed. A form's token is that secret, encrypted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intake import Handle, NotAllowed, NotFound, Problem, Prompt, QuestionPrompt, StartPrompt, StatusPrompt, Turn
from web.forms import ASKED, Form, read_form
from web.pages import redirect
from web.paths import path_of
from web.programme_pages import ProgrammePages
from web.security import TOKEN_FIELD

_EVERYTHING = "everything"
# Our own fields, with a dash to keep them apart from ids of questions.
_STEP, _SAID_YES, _VISITOR = "said-step", "said-yes", "said-visitor"


class StatusPages(ProgrammePages):
    """The pages behind a link, for one programme."""

    def routes(self) -> list[Route]:
        return [
            Route("/status/{token}", self.status, methods=["GET"]),
            Route("/status/{token}/withdraw", self.withdrawing, methods=["GET"]),
            Route("/status/{token}/withdraw", self.withdraw, methods=["POST"]),
            Route("/consent/{token}", self.consents, methods=["GET"]),
            Route("/consent/{token}", self.consent, methods=["POST"]),
            Route("/continue/{token}", self.continuing, methods=["GET"]),
            Route("/continue/{token}", self.go_on, methods=["POST"]),
        ]

    # The case

    async def status(self, request: Request) -> Response:
        turn = await self._case(request)
        return self._page(request, "participant/status.html", turn, done=request.query_params.get("done", ""))

    async def withdrawing(self, request: Request) -> Response:
        """Redirects to the case: only the form says whom it is about, so opened anew it begins there."""
        turn = await self._case(request)
        return redirect(f"/{self.programme.id}/status/{request.path_params['token']}?lang={turn.language}")

    def _withdrawing(self, request: Request, turn: Turn, partner: str, problem: Problem | None = None) -> Response:
        prompt = turn.prompt
        legs = prompt.legs if isinstance(prompt, StatusPrompt) else ()
        leg = next((leg for leg in legs if leg.partner == partner and leg.can_withdraw), None)
        if leg is None and partner != _EVERYTHING:
            raise NotFound("nothing to take back there")
        status = 200 if problem is None else 403
        return self._page(request, "participant/withdraw.html", turn, status, leg=leg, partner=partner, problem=problem)

    async def withdraw(self, request: Request) -> Response:
        token = request.path_params["token"]
        form = await read_form(request)
        partner = form.one("partner")
        turn = await self._case(request)
        if not self.visitors.trusted(request, token, form.one(TOKEN_FIELD)):
            return self._withdrawing(request, turn, partner, Problem("expired"))
        if form.one("confirm") != "yes":
            return self._withdrawing(request, turn, partner)
        everything = partner == _EVERYTHING
        await self.app.run(self.desk.withdraw, self.programme.id, token, None if everything else partner)
        return redirect(f"/{self.programme.id}/status/{token}?done=yes&lang={turn.language}")

    async def _case(self, request: Request) -> Turn:
        return await self.behind_link(request, self.desk.status, self.opened_at(request))

    # Consents after staff have decided

    async def consents(self, request: Request) -> Response:
        turns = await self._questions(request)
        return self._asked(request, turns, 0, ())

    async def consent(self, request: Request) -> Response:
        """Handles one screen per question; the ticks of the first are carried in the form of the second."""
        try:
            return await self._answered(request) or await self._consent(request)
        except NotFound:  # it may have been sent from another tab just now
            if (sent := await self._answered(request)) is None:
                raise
            return sent

    async def _answered(self, request: Request) -> Response | None:
        """Redirects to the case if the answers were sent before, else returns None."""
        answered = await self.app.run(self.desk.answered, self.programme.id, request.path_params["token"])
        return None if answered is None else self._to_case(answered)

    async def _consent(self, request: Request) -> Response:
        token = request.path_params["token"]
        form = await read_form(request)
        turns = await self._questions(request)
        step = int(form.one(_STEP)) if re.fullmatch("[0-9]{1,2}", form.one(_STEP)) else 0
        step = min(step, max(len(turns) - 1, 0))
        before = form.all(_SAID_YES)
        if not self.visitors.trusted(request, token, form.one(TOKEN_FIELD)):
            return self._asked(request, turns, step, before, Problem("expired"), 403)
        language, asked = turns[0].language if turns else "", form.all(ASKED)
        if asked != _asked_about(turns):
            return self._asked(request, turns, 0, (), Problem("asked_anew"), 422)
        if turns:
            prompt = turns[step].prompt
            said = self._said(prompt, form) if isinstance(prompt, QuestionPrompt) else ()
            if said is None:
                return self._asked(request, turns, step, before, Problem("required"), 422)
            before = (*before, *said)
            if step + 1 < len(turns):
                return self._asked(request, turns, step + 1, before)
        try:
            turn = await self.app.run(self.desk.send_consents, self.programme.id, token, before, language, asked)
        except NotAllowed:  # the partners have changed since they were read
            return self._asked(request, await self._questions(request), 0, (), Problem("asked_anew"), 422)
        return self._to_case(turn, "&done=sent")

    def _to_case(self, turn: Turn, done: str = "") -> Response:
        path = turn.prompt.status_path if isinstance(turn.prompt, StatusPrompt) else f"/{self.programme.id}/"
        return redirect(f"{path}?lang={turn.language}{done}")

    def _said(self, prompt: QuestionPrompt, form: Form) -> tuple[str, ...] | None:
        """Returns the partners with a yes. None: a yes or no is missing."""
        raw = form.all(prompt.question)
        offered = [option.id for option in prompt.options]
        if len(offered) == 1:
            if len(set(raw)) != 1 or raw[0] not in ("no", *offered):
                return None
            return () if raw[0] == "no" else tuple(offered)
        return tuple(id for id in offered if id in raw)

    async def _questions(self, request: Request) -> Sequence[Turn]:
        return await self.behind_link(request, self.desk.consent_questions)

    def _asked(
        self,
        request: Request,
        turns: Sequence[Turn],
        step: int,
        before: tuple[str, ...],
        problem: Problem | None = None,
        status: int = 200,
    ) -> Response:
        language = turns[0].language if turns else self.pages.spoken(request, self.programme)
        return self.pages.page(
            request, "participant/consent.html", self.programme, language, status,
            prompt=turns[step].prompt if turns else None,
            title=getattr(turns[step].prompt, "text", "") if turns else "",
            of_unions=bool(turns) and self._of_unions(turns[step].prompt), step=step, steps=len(turns), before=before,
            asked=_asked_about(turns), problem=problem, token=self.visitors.token(request.path_params["token"]),
        )  # fmt: skip

    # Continuing from a chat

    async def continuing(self, request: Request) -> Response:
        return await self._continuing(request)

    async def _continuing(self, request: Request, problem: Problem | None = None, status: int = 200) -> Response:
        token, language = request.path_params["token"], self.pages.spoken(request, self.programme)
        open_still = await self.app.run(self.desk.can_continue, self.programme.id, token)
        if not open_still:
            await self.guessed(request)
            status = 404
        return self.pages.page(
            request, "participant/continue.html", self.programme, language, status, open_still=open_still,
            problem=problem, token=self.visitors.token(token), visitor=self.visitors.token(self.visitors.new()),
        )  # fmt: skip

    async def go_on(self, request: Request) -> Response:
        token = request.path_params["token"]
        form = await read_form(request)
        if not self.visitors.trusted(request, token, form.one(TOKEN_FIELD)):
            return await self._continuing(request, Problem("expired"), 403)
        # The form carries the next cookie, so that a repeated post is the same browser. A cookie used here before gives
        # no access to this interview (`desk.begin`).
        before, cookie = self.visitors.cookie(request), self.visitors.owner(form.one(_VISITOR)) or self.visitors.new()
        handle = Handle("web", cookie)
        turn = await self.app.run(self.desk.continue_with, self.programme.id, token, handle)
        if turn is None:
            turn = await self.app.run(self.desk.now, handle, self.programme.id)
            if isinstance(turn.prompt, StartPrompt):
                return await self._continuing(request)
        if before and before != cookie:
            await self.app.run(self.desk.take_along, Handle("web", before), handle, self.programme.id)
        response = redirect(path_of(self.programme.id, turn.place))
        self.visitors.keep(response, cookie)
        return response

    def _page(self, request: Request, template: str, turn: Turn, status: int = 200, **shown: object) -> Response:
        title = self.pages.words(turn.language)("Your case")
        return self.page_behind_link(request, template, turn, title, status, **shown)

    def _of_unions(self, prompt: Prompt) -> bool:
        unions = self.app.programmes.unions(self.id)
        return isinstance(prompt, QuestionPrompt) and any(option.id in unions for option in prompt.options)


def _asked_about(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Returns the partners about whom all screens together ask."""
    prompts = [turn.prompt for turn in turns if isinstance(turn.prompt, QuestionPrompt)]
    return tuple(option.id for prompt in prompts for option in prompt.options)
