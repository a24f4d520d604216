"""What is stored about a person, on the pages behind their link: to read, to keep as a file, to have erased."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from intake import Handle, NotFound, Problem, TryLater, Turn
from web.forms import read_form
from web.pages import Sent
from web.programme_pages import ProgrammePages
from web.security import TOKEN_FIELD, Visitors


class OwnDataPages(ProgrammePages):
    """A copy and erasure, for one programme. Unions stand there only in the browser that sent in."""

    def routes(self) -> list[Route]:
        root = "/status/{token}"
        return [
            Route(f"{root}/data", self.data, methods=["GET"]),
            Route(f"{root}/data.json", self.file, methods=["GET"]),
            Route(f"{root}/erase", self.erasing, methods=["GET"]),
            Route(f"{root}/erase", self.erase, methods=["POST"]),
        ]

    async def data(self, request: Request) -> Response:
        turn, stored = await self._turn(request), await self._export(request)
        title = self.pages.words(turn.language)("What we have about you")
        return self._draw(request, "participant/data.html", turn, title, stored=stored)

    async def file(self, request: Request) -> Response:
        stored = await self._export(request)
        return json_file(stored, stored["case"]["reference"])

    async def erasing(self, request: Request) -> Response:
        return await self._erasing(request)

    async def _erasing(self, request: Request, problem: Problem | None = None, status: int = 200) -> Response:
        turn = await self._turn(request)
        title = self.pages.words(turn.language)("Ask us to erase everything about you?")
        return self._draw(request, "participant/erase.html", turn, title, status, problem=problem)

    async def erase(self, request: Request) -> Response:
        token, form = request.path_params["token"], await read_form(request)
        if not self.visitors.trusted(request, token, form.one(TOKEN_FIELD)):
            return await self._erasing(request, Problem("expired"), 403)
        language = request.query_params.get("lang", "")
        turn = await self._guarded(request, self.desk.wish_erased, language)
        return RedirectResponse(f"/{self.id}/status/{token}?done=erase&lang={turn.language}", 303)

    async def _turn(self, request: Request) -> Turn:
        turn: Turn = await self._guarded(request, self.desk.status, request.query_params.get("lang", ""))
        return turn

    async def _export(self, request: Request) -> dict[str, Any]:
        stored: dict[str, Any] = await self._guarded(request, self.desk.export, request.query_params.get("lang", ""))
        return stored

    async def _guarded(self, request: Request, act: Any, language: str) -> Any:
        """Only what leads nowhere is counted, as for the own page."""
        token = request.path_params["token"]
        try:
            return await self.app.run(act, self.id, token, language, opened_at(self.visitors, request))
        except NotFound:
            if not await self.app.run(self.app.limits.allow, "link_guess", self.visitors.address(request)):
                raise TryLater("too many links that do not exist were tried from here: wait a minute") from None
            raise

    def _draw(
        self, request: Request, template: str, turn: Turn, title: str, status: int = 200, **shown: object
    ) -> Response:
        token = self.visitors.token(request.path_params["token"])
        shown = {"prompt": turn.prompt, "token": token, **shown}
        page = self.pages.draw(template, self.programme, turn.language, title=title, **shown)
        return self.pages.html(request, page, status)


def opened_at(visitors: Visitors, request: Request) -> Handle | None:
    """The browser that opens a link, when we know it."""
    cookie = visitors.cookie(request)
    return Handle("web", cookie) if cookie else None


def json_file(stored: dict[str, Any], reference: str) -> Response:
    """What is stored as a file to keep; nothing is guessed from it, and nobody on the way keeps it."""
    body = json.dumps(stored, ensure_ascii=False, indent=2).encode() + b"\n"
    return Sent(
        200,
        [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-disposition", f'attachment; filename="{reference}.json"'.encode("ascii")),
            (b"content-length", b"%d" % len(body)),
        ],
        body,
    )
