"""The coordinator's page of who is there: every partner, who can come to it, and pausing. (docs/coverage.md)

Whether somebody may see it `intake.referrals.coverage` says; signing in, the frame and the tokens are the staff view's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake import App, Problem, Staff, words_for
from web.forms import Form, read_form

PAGE = "/staff/coverage"
Trusted = Callable[[Request, Form], bool]


class CoveragePages:
    """`show` draws a staff page, `language` is the reader's, `trusted` knows this session's forms."""

    def __init__(
        self,
        app: App,
        show: Callable[..., Response],
        language: Callable[[Request, Staff], str],
        trusted: Trusted,
    ) -> None:
        self.app = app
        self.show = show
        self.language = language
        self.trusted = trusted

    async def page(self, request: Request, staff: Staff) -> Response:
        return await self._page(request, staff)

    async def pause(self, request: Request, staff: Staff) -> Response:
        return await self._change(request, staff, "pause")

    async def resume(self, request: Request, staff: Staff) -> Response:
        return await self._change(request, staff, "resume")

    async def _page(
        self, request: Request, staff: Staff, problem: Problem | None = None, status: int = 200
    ) -> Response:
        await asyncio.to_thread(self.app.coverage.who_comes, staff)  # the first time about a second, then kept
        language, done = self.language(request, staff), request.query_params.get("done", "")
        coverage, title = await self.app.run(self.app.coverage.seen, staff, language), words_for(language)("Coverage")
        return self.show(
            request, staff, "coverage.html", status, title=title, coverage=coverage, problem=problem, done=done
        )

    async def _change(self, request: Request, staff: Staff, act: str) -> Response:
        """Asked about once more, then done."""
        form, coverage = await read_form(request), self.app.coverage
        await asyncio.to_thread(coverage.who_comes, staff)
        language = self.language(request, staff)
        partner = await self.app.run(coverage.one, staff, form.one("partner"), language)
        if not self.trusted(request, form):
            return await self._page(request, staff, Problem("expired"), 403)
        if form.one("confirm") != "yes":
            title = words_for(language)("Is this right?")
            return self.show(request, staff, "pause.html", title=title, act=act, partner=partner)
        await self.app.run(coverage.pause if act == "pause" else coverage.resume, staff, partner.id)
        return RedirectResponse(f"{PAGE}?done={act}", 303)
