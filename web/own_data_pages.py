"""Pages behind a person's link about their stored data: to read, download, or ask for erasure."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intake import Problem, Turn
from web.forms import read_form
from web.pages import Sent, redirect
from web.programme_pages import ProgrammePages
from web.security import TOKEN_FIELD


class OwnDataPages(ProgrammePages):
    """The pages of one programme. Unions are shown only in the browser that sent in."""

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
        return self.page_behind_link(request, "participant/data.html", turn, title, stored=stored)

    async def file(self, request: Request) -> Response:
        stored = await self._export(request)
        return json_file(stored, stored["case"]["reference"])

    async def erasing(self, request: Request) -> Response:
        return await self._erasing(request)

    async def _erasing(self, request: Request, problem: Problem | None = None, status: int = 200) -> Response:
        turn = await self._turn(request)
        title = self.pages.words(turn.language)("Ask us to erase everything about you?")
        return self.page_behind_link(request, "participant/erase.html", turn, title, status, problem=problem)

    async def erase(self, request: Request) -> Response:
        token, form = request.path_params["token"], await read_form(request)
        if not self.visitors.trusted(request, token, form.one(TOKEN_FIELD)):
            return await self._erasing(request, Problem("expired"), 403)
        turn = await self.behind_link(request, self.desk.wish_erased, self.opened_at(request))
        return redirect(f"/{self.id}/status/{token}?done=erase&lang={turn.language}")

    async def _turn(self, request: Request) -> Turn:
        return await self.behind_link(request, self.desk.status, self.opened_at(request))

    async def _export(self, request: Request) -> dict[str, Any]:
        return await self.behind_link(request, self.desk.export, self.opened_at(request))


def json_file(stored: dict[str, Any], reference: str) -> Response:
    """Returns stored data as a file to download."""
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
