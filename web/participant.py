"""The pages of an interview, up to sending: one question each.

GET never changes anything. A successful POST redirects to the next page; otherwise the page is shown again with what
was written: 422 if refused, 403 if the form is not proven to be ours.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intake import (
    CheckPrompt,
    EndPrompt,
    Handle,
    NotFound,
    Problem,
    Programme,
    Prompt,
    QuestionPrompt,
    ResultPrompt,
    StartPrompt,
    StatusPrompt,
    Turn,
)
from web.forms import ASKED, REVISION, Form, read_form
from web.pages import redirect, title_of
from web.paths import path_of
from web.programme_pages import ProgrammePages
from web.security import TOKEN_FIELD

_EXPIRED = Problem("expired")
_TO = ">"  # separates, in the token of the start page, the browser's cookie from its next one
PLACES = ("result", "check", "end", "receipt")


class Participant(ProgrammePages):
    """The pages of one programme's interviews."""

    def routes(self) -> list[Route]:
        return [
            Route("/q/{question}", self.question, methods=["GET"]),
            Route("/q/{question}", self.answer, methods=["POST"]),
            Route("/", self.start, methods=["GET"]),
            Route("/", self.begin, methods=["POST"]),
            *(Route(f"/{place}", self.look, methods=["GET"], name=place) for place in PLACES),
            Route("/result", self.go_on, methods=["POST"]),
            Route("/check", self.send, methods=["POST"]),
            Route("/language", self.set_language, methods=["POST"]),
            Route("/clear", self.clearing, methods=["GET"]),
            Route("/clear", self.clear, methods=["POST"]),
        ]

    # Looking

    async def start(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        turn = None
        if cookie:
            turn = await self.app.run(self.desk.now, Handle("web", cookie), programme.id, language)
        return self._start_page(request, turn, cookie, language)

    async def question(self, request: Request) -> Response:
        return await self._look(request, request.path_params["question"])

    async def look(self, request: Request) -> Response:
        return await self._look(request, request.scope["path"].rpartition("/")[2])

    async def _look(self, request: Request, place: str) -> Response:
        programme, cookie, language = self._met(request)
        if place not in programme.by_id and place not in PLACES:
            raise NotFound(f"no page {place[:40]!r}")
        if not cookie:
            gone = Turn(StartPrompt(Problem("gone")), "start", language, programme.id)
            return self._start_page(request, gone, "", language)
        handle = Handle("web", cookie)
        if place == "receipt":
            turn = await self.app.run(self.desk.now, handle, programme.id, language)
        else:
            turn = await self.app.run(self.desk.look, handle, programme.id, place, language)
        if isinstance(turn.prompt, StartPrompt):
            return self._start_page(request, replace(turn, prompt=StartPrompt(Problem("gone"))), cookie, language)
        if turn.place != ("status" if place == "receipt" else place):
            return redirect(path_of(programme.id, turn.place))
        return self._page(request, turn, cookie)

    # Posting

    async def begin(self, request: Request) -> Response:
        """Begins, continues, or begins again. The start page's form carries the next cookie; a GET sets none.

        A new interview has a new cookie even if the browser had one, so that a cookie planted there, or noted by
        somebody else at a shared computer, does not give access to it.
        """
        programme, cookie, language = self._met(request)
        form = await read_form(request)
        language = programme.negotiate_language(form.one("language") or language)
        before, ours, renewed = self.visitors.owner(form.one(TOKEN_FIELD)).rpartition(_TO)
        if not ours or not self.visitors.same_site(request) or (cookie and cookie not in (before, renewed)):
            return await self._unproven(request, programme, cookie, language)
        had, afresh = Handle("web", cookie or before or renewed), form.one("afresh") == "yes"
        turn, handle = await self.app.run(
            self.desk.begin, had, Handle("web", renewed), programme.id, language, afresh=afresh
        )
        if turn.language != language and turn.place != "status":
            turn = await self.app.run(self.desk.set_language, handle, programme.id, language)
        response = redirect(path_of(programme.id, turn.place))
        if cookie != handle.key:
            self.visitors.keep(response, handle.key)
        return response

    async def answer(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        question = request.path_params["question"]
        if question not in programme.by_id:
            raise NotFound(f"no question {question[:40]!r}")
        form = await read_form(request)
        raw = form.all(question)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return await self._again(request, programme, question, form)
        handle, skip = Handle("web", cookie), "skip" in form
        if programme.by_id[question].of is not None:
            asked = () if "yes" in raw else form.all(ASKED)  # a yes alone names nobody: a page of an earlier version
            revision = int(form.one(REVISION)) if re.fullmatch("[0-9]{1,10}", form.one(REVISION)) else -1
            turn = await self.app.run(
                self.desk.answer, handle, programme.id, question, raw, skip=skip, revision=revision, asked=asked,
                language=language, draw=False,
            )  # fmt: skip
        else:
            turn = await self.app.run(
                self.desk.answer, handle, programme.id, question, raw, skip=skip, language=language, draw=False
            )
        return self._then(request, turn, cookie)

    async def go_on(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        form = await read_form(request)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return await self._again(request, programme, "result", form)
        turn = await self.app.run(self.desk.go_on, Handle("web", cookie), programme.id, language=language)
        return self._then(request, turn, cookie)

    async def send(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        form = await read_form(request)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return await self._again(request, programme, "check", form)
        handle = Handle("web", cookie)
        turn = await self.app.run(self.desk.submit, handle, programme.id, language=language, draw=False)
        if turn.place == "status":
            return redirect(path_of(programme.id, "status"))
        return self._then(request, turn, cookie)

    async def set_language(self, request: Request) -> Response:
        """Changes the interview's language, from now on and in every channel."""
        programme, cookie, _ = self._met(request)
        form = await read_form(request)
        place = form.one("place")
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return await self._again(request, programme, place, form)
        await self.app.run(self.desk.set_language, Handle("web", cookie), programme.id, form.one("language"))
        known = place in programme.by_id or place in ("result", "check", "end", "status")
        return redirect(path_of(programme.id, place if known else "start"))

    # Leaving

    async def clearing(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        if not cookie:
            return redirect(path_of(programme.id, "start"))
        turn = await self.app.run(self.desk.now, Handle("web", cookie), programme.id, language)
        sent = isinstance(turn.prompt, StatusPrompt)
        back = path_of(programme.id, turn.place)
        return self._draw(request, "participant/clear.html", turn, cookie, sent=sent, back=back)

    async def clear(self, request: Request) -> Response:
        programme, cookie, language = self._met(request)
        form = await read_form(request)
        if not self.visitors.trusted(request, cookie, form.one(TOKEN_FIELD)):
            return await self._unproven(request, programme, cookie, language)
        await self.app.run(self.desk.forget, Handle("web", cookie), programme.id)
        response = redirect(f"/{programme.id}/?cleared=yes&lang={language}")
        self.visitors.drop(response)
        return response

    # After a post

    def _then(self, request: Request, turn: Turn, cookie: str) -> Response:
        """Redirects to the current place, or shows the page again with what was refused."""
        prompt = turn.prompt
        if turn.place == "start":
            return self._start_page(request, turn, cookie, turn.language, 422)
        if isinstance(prompt, QuestionPrompt | CheckPrompt) and prompt.problem is not None and not turn.stale:
            return self._page(request, turn, cookie, 422)
        return redirect(path_of(turn.programme, turn.place))

    async def _again(self, request: Request, programme: Programme, place: str, form: Form) -> Response:
        """Shows the page again for a form not proven to be of this browser; keeps what was written, does nothing.

        A lost cookie is restored if the form's token names it and one of our own pages sent the form.
        """
        _, cookie, language = self._met(request)
        given = not cookie and self.visitors.same_site(request)
        known = self.visitors.owner(form.one(TOKEN_FIELD)) if given else cookie
        if not known:
            return await self._unproven(request, programme, cookie, language)
        turn = await self.app.run(self.desk.look, Handle("web", known), programme.id, place, language)
        if isinstance(turn.prompt, StartPrompt):
            return self._start_page(request, replace(turn, prompt=StartPrompt(Problem("gone"))), known, language, 403)
        prompt = turn.prompt
        if isinstance(prompt, QuestionPrompt) and turn.place == place:
            turn = replace(turn, prompt=_kept(prompt, form.all(place)))
        elif isinstance(prompt, CheckPrompt):
            turn = replace(turn, prompt=replace(prompt, problem=_EXPIRED))
        response = self._page(request, turn, known, 403)
        if given:
            self.visitors.keep(response, known)
        return response

    async def _unproven(self, request: Request, programme: Programme, cookie: str, language: str) -> Response:
        """Shows the start page and the reason, if it is unknown whose form this was."""
        turn = Turn(StartPrompt(), "start", language, programme.id)
        if cookie:
            turn = await self.app.run(self.desk.now, Handle("web", cookie), programme.id, language)
        given = self.visitors.new() if not cookie and self.visitors.says_little(request) else ""
        response = self._start_page(request, turn, cookie or given, language, 403, _EXPIRED)
        if given:  # trusted the second time, if the browser returns it
            self.visitors.keep(response, given)
        return response

    # Pages

    def _page(self, request: Request, turn: Turn, cookie: str, status: int = 200) -> Response:
        prompt = turn.prompt
        if isinstance(prompt, QuestionPrompt):
            token = self.visitors.token(cookie)
            page = self.pages.question(self.programme, turn.language, prompt, token, turn.revision)
            return self.pages.html(request, page, status)
        return self._draw(request, _template(prompt), turn, cookie, status)

    def _draw(
        self, request: Request, template: str, turn: Turn, cookie: str, status: int = 200, **shown: object
    ) -> Response:
        token = self.visitors.token(cookie)
        if status == 200 and isinstance(turn.prompt, ResultPrompt | CheckPrompt | StatusPrompt) and not shown:
            known = {"prompt": turn.prompt, "title": title_of(turn), "place": turn.place, "in_interview": True}
            page: str | bytes = self.pages.framed(template, self.programme, turn.language, token, **known)
        else:
            page = self._drawn(template, turn, token, problem=_EXPIRED if status == 403 else None, **shown)
        return self.pages.html(request, page, status)

    def _drawn(self, template: str, turn: Turn, token: str, **shown: object) -> str:
        return self.pages.draw(
            template,
            self.programme,
            turn.language,
            **{"prompt": turn.prompt, "title": title_of(turn), "problem": None, "token": token, "place": turn.place,
               "in_interview": True, **shown},
        )  # fmt: skip

    def _start_page(
        self,
        request: Request,
        turn: Turn | None,
        cookie: str,
        language: str,
        status: int = 200,
        problem: Problem | None = None,
    ) -> Response:
        programme = self.programme
        going = "new"
        if turn is not None and isinstance(turn.prompt, StartPrompt):
            problem = problem or turn.prompt.problem
        elif turn is not None:
            going = "sent" if turn.place == "status" else "open"
        cleared = bool(request.scope["query_string"]) and request.query_params.get("cleared") == "yes"

        def draw(token: str) -> str:
            title = programme.texts.say(language, "programme", "title")
            shown = {"title": title, "going": going, "problem": problem, "cleared": cleared, "token": token}
            return self.pages.draw("participant/start.html", programme, language, **shown)

        token = self.visitors.token(f"{cookie}{_TO}{self.visitors.new()}")
        if problem is not None:
            return self.pages.html(request, draw(token), status)
        key = ("start", programme.fingerprint, language, going, cleared)
        return self.pages.html(request, self.pages.kept(key, token, draw), status)

    def _met(self, request: Request) -> tuple[Programme, str, str]:
        """Returns the programme, the browser's cookie, and the language before an interview has one."""
        return self.programme, self.visitors.cookie(request), self.pages.spoken(request, self.programme)


def _template(prompt: Prompt) -> str:
    if isinstance(prompt, ResultPrompt):
        return "participant/result.html"
    if isinstance(prompt, CheckPrompt):
        return "participant/check.html"
    if isinstance(prompt, EndPrompt):
        return "participant/end.html"
    return "participant/receipt.html"


def _kept(prompt: QuestionPrompt, raw: tuple[str, ...]) -> QuestionPrompt:
    """Returns the question with what was written instead of what is stored."""
    return replace(
        prompt,
        problem=_EXPIRED,
        typed=" ".join(raw),
        options=tuple(replace(option, chosen=option.id in raw) for option in prompt.options),
        suggestions=(),
    )
