"""The coordinator's page of letters that were not sent, and sending them again.

Partners see their own on each case, the coordinator all of them here; `intake.referrals` decides which these are.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from intake import NotAllowed, NotFound
from web.case_page import case_page
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, REFERENCE, Looking, Posted, Refusal, StaffPage, told_on, way_to

PAGE, TITLE = "/staff/letters", "Letters that did not go out"
ON_ITS_WAY = "this letter is not given up"  # the casework's refusal that staff need not see


async def letters_page(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    if not page.staff.coordinator:
        raise NotFound("no such page")
    troubled = await page.run(page.casework.troubled, page.staff)
    again = page.request.query_params.get("again", "")
    return page.html(
        "letters.html", page.words(TITLE), refusal, troubled=troubled, done=page.done,
        given_up=sum(one.message.status == "given_up" for one in troubled),
        again=int(again) if again.isascii() and again.isdigit() and len(again) < 5 else None,
        away=await page.run(page.casework.mail_away, page.staff),
    )  # fmt: skip


async def letter_again(page: StaffPage, refusal: Refusal) -> Response:
    """Shows a refusal on the page that had the button: a case, or the list of all letters."""
    page.reference = _reference(page)
    return await (case_page(page, "send_again", refusal) if page.reference else letters_page(page, refusal))


router = APIRouter(prefix=PAGE, route_class=PageRoute)


@router.get("")
async def letters(page: Looking) -> Response:
    return await letters_page(page)


@router.post("", dependencies=[told_on(letters_page)])
async def send_all_again(page: Posted) -> Response:
    count = await page.run(page.casework.send_all_again, page.staff)
    return redirect(f"{PAGE}?again={count}")


@router.post("/{id}", dependencies=[told_on(letter_again)])
async def send_again(page: Posted, id: str) -> Response:
    """Sends a letter again, from a case's page (`reference`) or from the list of all."""
    try:
        await page.run(page.casework.send_again, page.staff, id)
    except NotAllowed as error:
        if str(error) != ON_ITS_WAY:
            raise
    reference = _reference(page)
    return redirect(way_to(reference, "send_again") if reference else f"{PAGE}?done=send_again")


def _reference(page: StaffPage) -> str:
    reference = page.form.one("reference")
    return reference if REFERENCE.fullmatch(reference) else ""
