"""The page of a case in the staff view. `intake.referrals` decides who may see what."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from intake import OWN_WORDS, STAFF_MOVES, TEMPLATES, Problem
from web.forms import Form
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, Looking, Refusal, StaffPage

CASE = "/staff/referrals/{reference}"
router = APIRouter(route_class=PageRoute)


@router.get(CASE)
async def case(page: Looking) -> Response:
    return await case_page(page)


async def case_page(page: StaffPage, act: str = "", refusal: Refusal = NO_REFUSAL) -> Response:
    """Shows a case; with the form of `act` as it was filled in, if it was refused."""
    partner = page.request.query_params.get("partner", "")[:64] or None
    seen = await page.run(page.casework.see, page.staff, page.reference, page.language, partner)
    questions: Any = ()
    if "telephone" in seen.can:
        questions = await page.run(page.casework.telephone_questions, page.staff, page.reference, page.language)
    return page.html(
        "case.html", page.reference, refusal, case=seen, act=act, form=page.form, done=page.done,
        faulty=faulty(act, page.form, refusal.problem), templates=TEMPLATES, questions=questions,
        groups=page.casework.groups(page.staff, seen.version, page.language),
        moves=[move for move in STAFF_MOVES.values() if move.name in seen.can],
        choices={one: page.casework.choices(page.staff, seen.version, one, page.language) for one in STAFF_MOVES},
        written=next((page.form.one(name) for name in OWN_WORDS if page.form.one(name)), ""),
    )  # fmt: skip


async def case_again(page: StaffPage, refusal: Refusal) -> Response:
    """Shows a refusal on the page of the case, at the form that was posted."""
    return await case_page(page, act_of(page), refusal)


def act_of(page: StaffPage) -> str:
    """Returns the move that was posted: the last segment of the path."""
    return str(page.request.scope["path"]).rpartition("/")[2]


def faulty(act: str, form: Form, problem: Problem | None) -> str:
    """Returns the id of the field that a problem is about; empty if it is about none."""
    fields = STAFF_MOVES[act].fields if act in STAFF_MOVES else ()
    if problem is None or problem.code == "expired" or not fields:
        return ""
    if asked := problem.params.get("question"):
        return f"{act}-{asked}"
    if problem.code != "required":
        return f"{act}-{fields[-1].name}"  # free text is the last field
    empty = (field for field in fields if field.required and not form.one(field.name).strip())
    return f"{act}-{next(empty, fields[0]).name}"
