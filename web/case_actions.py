"""The path operations of moves, created from the rows of `STAFF_MOVES`, except those with pages of their own.
Refusals are shown on the page of the case (`case_again`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.responses import Response

from intake import ACTS, STAFF_MOVES, Case, NotAllowed, StaffMove
from web.case_page import CASE, case_again
from web.forms import Form
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import Posted, StaffPage, told_on, way_to

router = APIRouter(prefix=CASE, route_class=PageRoute, dependencies=[told_on(case_again)])


def operation(move: StaffMove) -> Callable[[Posted], Awaitable[Response]]:
    """Returns the path operation of a move. A move with `confirm` is confirmed first."""

    async def asked_for(page: Posted) -> Response:
        if not move.confirm or page.form.one("confirm") == "yes":
            return await _do(page, move)
        case = await _able(page, move)
        page.casework.check(page.staff, case.version, move.name, _given(page, move))
        return _ask_once_more(page, move, case)

    return asked_for


for _move in STAFF_MOVES.values():
    if not _move.own_page:
        router.post(f"/{_move.name}", name=_move.name)(operation(_move))


@router.post("/decide")
async def decide(page: Posted) -> Response:
    """Decides a case, after confirmation. A no without a next step gets the programme's."""
    move, form, staff = STAFF_MOVES["decide"], page.form, page.staff
    if form.one("confirm") == "yes":
        return await _do(page, move)
    case = await _able(page, move)
    if form.one("decision") == "no" and not form.one("next_step").strip():
        usual = page.casework.usual_step(staff, case.version, form.one("reason"), case.referral.language)
        page.form = Form([*((name, value) for name, value in form if name != "next_step"), ("next_step", usual)])
    page.casework.check_decision(staff, case.version, *_given(page, move))
    return _ask_once_more(page, move, case)


async def _do(page: StaffPage, move: StaffMove) -> Response:
    await page.run(ACTS[move.name], page.casework, page.staff, page.reference, *_given(page, move))
    return redirect(way_to(page.reference, move.name))


async def _able(page: StaffPage, move: StaffMove) -> Case:
    """Returns the case. Raises NotAllowed if the move is impossible, before it is confirmed."""
    case = await page.run(page.casework.see, page.staff, page.reference, page.language)
    if move.name not in case.can:
        raise NotAllowed("that cannot be done with it now")
    return case


def _ask_once_more(page: StaffPage, move: StaffMove, case: Case) -> Response:
    return page.html(
        "confirm.html", page.words("Is this right?"), move=move, form=page.form, case=case, **page.same_key(),
        choices=page.casework.choices(page.staff, case.version, move.name, page.language),
    )  # fmt: skip


def _given(page: StaffPage, move: StaffMove) -> list[str]:
    return [page.form.one(field.name) for field in move.fields]
