"""The queue of the staff view. `intake.referrals` decides who may see what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from intake import TABS, Asked, Staff
from web.site import PageRoute
from web.staff_page import Looking

AGES = (3, 7, 14, 30)
router = APIRouter(route_class=PageRoute)


@router.get("/staff/")
async def queue(page: Looking) -> Response:
    query = page.request.query_params
    asked = _asked(query, page.staff)
    shown = await page.run(page.casework.queue, page.staff, asked, page.language)
    return page.html(
        "queue.html", page.words("Referrals"), queue=shown, asked=asked, tabs=tuple(TABS), ages=AGES,
        link=_links(asked), owner=page.programme.owner, still=query.get("still", "") == "1", done=page.done,
    )  # fmt: skip


def _asked(query: Any, staff: Staff) -> Asked:
    return Asked(
        tab=query.get("tab", "open") if query.get("tab", "open") in TABS else "open",
        municipality=query.get("municipality", "")[:40],
        days=_number(query.get("days", ""), 0),
        partner=query.get("partner", "")[:40] if staff.coordinator else "",
        review=query.get("review", "") == "1" and staff.coordinator,
        wishes=query.get("wishes", "") == "1" and staff.coordinator,
        page=max(_number(query.get("page", ""), 1), 1),
    )


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _links(asked: Asked) -> Callable[..., str]:
    """Returns a function that builds the queue's URL with changes, keeping all filters but the page."""

    def link(**changes: Any) -> str:
        values = asdict(asked) | {"page": 0} | changes
        kept = {name: "1" if value is True else value for name, value in values.items() if value}
        return f"/staff/?{urlencode(kept)}"

    return link
