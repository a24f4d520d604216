"""The coordinator's pages about all data of one person: to read, download, erase, or refuse erasure.

`intake.referrals.erasure` decides who may use them.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from intake import Problem
from web.case_page import CASE
from web.own_data_pages import json_file
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, Looking, Posted, Refusal, StaffPage, refused, told_on, way_to

router = APIRouter(prefix=CASE, route_class=PageRoute)


@router.get("/person")
async def person(page: Looking) -> Response:
    stored = await page.run(page.casework.export_person, page.staff, page.reference, page.language)
    title = page.words("What we have about this person")
    return page.html("person.html", title, stored=stored)


@router.get("/person.json")
async def file(page: Looking) -> Response:
    stored = await page.run(page.casework.export_person, page.staff, page.reference, page.language)
    return json_file(stored, stored["case"]["reference"])


async def erase_again(page: StaffPage, refusal: Refusal) -> Response:
    """Asks again; for a reason, if somebody else has the case in hand."""
    if refusal.text:
        return await refused(page, refusal)
    if refusal.who is not None:
        return await _erase(page, Refusal(422, Problem("required"), refusal.who))
    return await _erase(page, refusal)


@router.post("/erase", dependencies=[told_on(erase_again)])
async def erase(page: Posted) -> Response:
    """Asks for confirmation, then erases; with a reason if somebody else has the case in hand."""
    if page.form.one("confirm") != "yes":
        return await _erase(page)
    await page.run(page.casework.erase, page.staff, page.reference, page.form.one("why"))
    return redirect("/staff/?done=erase")


async def _erase(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    holder = refusal.who
    if holder is None:
        holder = await page.run(page.casework.holder, page.staff, page.reference)
    title, why = page.words("Erase everything about this person?"), page.form.one("why")
    return page.html("erase.html", title, refusal, holder=holder, why=why)


async def keep_again(page: StaffPage, refusal: Refusal) -> Response:
    return await (refused if refusal.problem is None else _keep)(page, refusal)


@router.post("/keep", dependencies=[told_on(keep_again)])
async def keep(page: Posted) -> Response:
    """Shows the programme's answer about what must be kept, to be edited; then sends it."""
    if "text" not in page.form:
        return await _keep(page)
    await page.run(page.casework.keep, page.staff, page.reference, page.form.one("text"))
    return redirect(way_to(page.reference, "keep"))


async def _keep(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    usual = await page.run(page.casework.usual_answer, page.staff, page.reference)
    text = page.form.one("text") if "text" in page.form else usual
    title = page.words("Answer what must be kept, and why")
    return page.html("keep.html", title, refusal, text=text, **page.same_key())
