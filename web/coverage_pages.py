"""The coordinator's coverage page: every partner, who can be referred to it, and pausing. (docs/coverage.md)

`intake.referrals.coverage` decides who may see it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from intake import Staff
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, Looking, Posted, Refusal, StaffPage, told_on

PAGE = "/staff/coverage"


async def coverage_page(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    await asyncio.to_thread(page.app.coverage.who_comes, page.staff)  # takes about a second the first time, then cached
    shown = await page.run(page.app.coverage.seen, page.staff, page.language)
    return page.html("coverage.html", page.words("Coverage"), refusal, coverage=shown, done=page.done)


router = APIRouter(prefix=PAGE, route_class=PageRoute, dependencies=[told_on(coverage_page)])


@router.get("")
async def coverage(page: Looking) -> Response:
    return await coverage_page(page)


@router.post("/pause")
async def pause(page: Posted) -> Response:
    return await _change(page, "pause", page.app.coverage.pause)


@router.post("/resume")
async def resume(page: Posted) -> Response:
    return await _change(page, "resume", page.app.coverage.resume)


async def _change(page: StaffPage, act: str, change: Callable[[Staff, str], None]) -> Response:
    """Asks for confirmation, then pauses or resumes."""
    await asyncio.to_thread(page.app.coverage.who_comes, page.staff)
    partner = await page.run(page.app.coverage.one, page.staff, page.form.one("partner"), page.language)
    if page.form.one("confirm") != "yes":
        return page.html("pause.html", page.words("Is this right?"), act=act, partner=partner)
    await page.run(change, page.staff, partner.id)
    return redirect(f"{PAGE}?done={act}")
