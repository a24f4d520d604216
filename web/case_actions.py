"""What can be done with a case, a path operation each. What is refused, the case's page tells (`case_again`)."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from intake import NotAllowed
from web.case_page import CASE, FIELDS, act_of, case_again, choices
from web.forms import Form
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import Posted, StaffPage, told_on, way_to

router = APIRouter(prefix=CASE, route_class=PageRoute, dependencies=[told_on(case_again)])


@router.post("/pick_up")
async def pick_up(page: Posted) -> Response:
    return await _do(page, page.casework.pick_up)


@router.post("/take_over")
async def take_over(page: Posted) -> Response:
    return await _confirmed(page, page.casework.take_over)


@router.post("/release")
async def release(page: Posted) -> Response:
    return await _do(page, page.casework.release)


@router.post("/reopen")
async def reopen(page: Posted) -> Response:
    return await _do(page, page.casework.reopen)


@router.post("/note")
async def note(page: Posted) -> Response:
    return await _do(page, page.casework.note)


@router.post("/call")
async def call(page: Posted) -> Response:
    return await _do(page, page.casework.call)


@router.post("/decline")
async def decline(page: Posted) -> Response:
    return await _confirmed(page, page.casework.decline)


@router.post("/hand_over")
async def hand_over(page: Posted) -> Response:
    return await _confirmed(page, page.casework.hand_over)


@router.post("/close")
async def close(page: Posted) -> Response:
    return await _confirmed(page, page.casework.close)


@router.post("/decide")
async def decide(page: Posted) -> Response:
    return await _confirmed(page, page.casework.decide)


@router.post("/new_link")
async def new_link(page: Posted) -> Response:
    return await _do(page, page.casework.new_link)


async def _do(page: StaffPage, act: Callable[..., None]) -> Response:
    """Hands the fields of the form to the casework."""
    name = act_of(page)
    await page.run(act, page.staff, page.reference, *_given(page.form, name))
    return redirect(way_to(page.reference, name))


async def _confirmed(page: StaffPage, act: Callable[..., None]) -> Response:
    """The same, for what cannot simply be undone: asked about once more."""
    return await (_do(page, act) if page.form.one("confirm") == "yes" else _ask_once_more(page))


async def _ask_once_more(page: StaffPage) -> Response:
    """What would be refused is refused here. A no without a next step gets the usual one."""
    act, form, staff, language = act_of(page), page.form, page.staff, page.language
    case = await page.run(page.casework.see, staff, page.reference, language)
    if act not in case.can:
        raise NotAllowed("that cannot be done with it now")
    if act == "decide" and form.one("decision") == "no" and not form.one("next_step").strip():
        usual = page.casework.usual_step(staff, case.version, form.one("reason"), case.referral.language)
        form = Form([*((name, value) for name, value in form if name != "next_step"), ("next_step", usual)])
    page.casework.check(staff, case.version, act, _given(form, act))
    return page.html(
        "confirm.html", page.words("Is this right?"), act=act, form=form, fields=FIELDS[act], case=case,
        **page.same_key(), **choices(page, case.version),
    )  # fmt: skip


def _given(form: Form, act: str) -> list[str]:
    return [form.one(field) for field in FIELDS.get(act, ())]
