"""One case as staff see it. Who may see what is decided in `intake.referrals`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from intake import CALLS, TEMPLATES, Problem
from web.forms import Form
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, Looking, Refusal, StaffPage

CASE = "/staff/referrals/{reference}"
# The fields of each form on a case's page, in the order of the casework's arguments.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "take_over": ("holder",),
    "note": ("text",),
    "call": ("result", "note"),
    "decline": ("reason", "note"),
    "hand_over": ("partner", "note"),
    "close": ("outcome", "note"),
    "decide": ("decision", "reason", "next_step"),
    "letter": ("time",),
    "ask": ("partner",),
}
router = APIRouter(route_class=PageRoute)


@router.get(CASE)
async def case(page: Looking) -> Response:
    return await case_page(page)


async def case_page(page: StaffPage, act: str = "", refusal: Refusal = NO_REFUSAL) -> Response:
    """The page, with what was written in the form of `act` when that was refused."""
    partner = page.request.query_params.get("partner", "")[:64] or None
    seen = await page.run(page.casework.see, page.staff, page.reference, page.language, partner)
    questions: Any = ()
    if "telephone" in seen.can:
        questions = await page.run(page.casework.telephone_questions, page.staff, page.reference, page.language)
    return page.html(
        "case.html", page.reference, refusal, case=seen, act=act, form=page.form, done=page.done, calls=CALLS,
        faulty=faulty(act, page.form, refusal.problem), templates=TEMPLATES, questions=questions,
        groups=page.casework.groups(page.staff, seen.version, page.language), **choices(page, seen.version),
    )  # fmt: skip


async def case_again(page: StaffPage, refusal: Refusal) -> Response:
    """The page of the case, at the form whose address this is."""
    return await case_page(page, act_of(page), refusal)


def act_of(page: StaffPage) -> str:
    """What a form asks for: the last part of its address."""
    return str(page.request.scope["path"]).rpartition("/")[2]


def choices(page: StaffPage, version: str) -> dict[str, Any]:
    """What can be chosen, in words."""
    return {
        "declines": page.casework.declines(page.staff, page.language),
        "outcomes": page.casework.outcomes(page.staff, page.language),
        "targets": page.casework.targets(page.staff, version, page.language),
    }


def faulty(act: str, form: Form, problem: Problem | None) -> str:
    """The id of the field that a problem is about; empty when it is about none."""
    fields = FIELDS.get(act, ())
    if problem is None or problem.code == "expired" or not fields:
        return ""
    if problem.code != "required":
        return f"{act}-{fields[-1]}"  # what is written stands last
    if act in ("call", "close", "decline"):  # the note is optional
        return f"{act}-{fields[0]}"
    return f"{act}-{next((field for field in fields if not form.one(field).strip()), fields[0])}"
