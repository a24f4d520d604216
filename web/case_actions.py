"""The path operations of moves: created from the rows of `STAFF_MOVES`, then those with pages of their own.

Refusals are shown on the page of the case (`case_again`), problems with a text or an answer beside it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.responses import Response

from intake import ACTS, STAFF_MOVES, Case, LetterDraft, NotAllowed, Staff, StaffMove, WrongText
from web.case_page import CASE, case_again
from web.forms import Form
from web.pages import redirect
from web.site import PageRoute
from web.staff_page import NO_REFUSAL, Posted, Refusal, StaffPage, told_on, way_to

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
    """Decides a case, after confirmation with the letter. A no without a next step gets the programme's."""
    move, form, staff = STAFF_MOVES["decide"], page.form, page.staff
    if form.one("confirm") == "yes" and not form.one("again"):
        return await _do(page, move)
    case = await _able(page, move)
    if form.one("decision") == "no" and not form.one("next_step").strip():
        usual = page.casework.usual_step(staff, case.version, form.one("reason"), case.referral.language)
        page.form = Form([*((name, value) for name, value in form if name != "next_step"), ("next_step", usual)])
    page.casework.check_decision(staff, case.version, *_given(page, move))
    letter = await page.run(page.casework.decision_letter, staff, page.reference, *_given(page, move))
    return _ask_once_more(page, move, case, letter)


async def _do(page: StaffPage, move: StaffMove) -> Response:
    await page.run(ACTS[move.name], page.casework, page.staff, page.reference, *_given(page, move))
    return redirect(way_to(page.reference, move.name))


async def _able(page: StaffPage, move: StaffMove) -> Case:
    """Returns the case. Raises NotAllowed if the move is impossible, before it is confirmed."""
    case = await page.run(page.casework.see, page.staff, page.reference, page.language)
    if move.name not in case.can:
        raise NotAllowed("that cannot be done with it now")
    return case


def _ask_once_more(page: StaffPage, move: StaffMove, case: Case, letter: LetterDraft | None = None) -> Response:
    return page.html(
        "confirm.html", page.words("Is this right?"), move=move, form=page.form, case=case, letter=letter,
        **page.same_key(),
        choices=page.casework.choices(page.staff, case.version, move.name, page.language),
    )  # fmt: skip


def _given(page: StaffPage, move: StaffMove) -> list[str]:
    return [page.form.one(field.name) for field in move.fields]


# moves with pages of their own: a letter, consents by telephone, asking about one more partner


async def letter_again(page: StaffPage, refusal: Refusal) -> Response:
    """Shows a problem with the text beside it, other refusals on the page of the case."""
    expired = refusal.problem is not None and refusal.problem.code == "expired"
    beside = expired or (refusal.problem is not None and "text" in page.form)
    return await (_letter if beside else case_again)(page, refusal)


@router.post("/letter", dependencies=[told_on(letter_again)])
async def letter(page: Posted) -> Response:
    """Sends a letter from a template: first it is edited, then previewed, then sent."""
    form, casework = page.form, page.casework
    if "text" in form:
        await page.run(casework.draft, *_chosen(page))
        await page.run(casework.check_letter, form.one("text"), form.one("last_day"))
        if form.one("send"):
            given = (form.one("template"), form.one("text"), form.one("last_day"))
            await page.run(casework.write, page.staff, page.reference, *given)
            return redirect(way_to(page.reference, "letter"))
    return await _letter(page)


async def _letter(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    form, draft = page.form, await page.run(page.casework.draft, *_chosen(page))
    return page.html(
        "letter.html", page.words("Letter"), refusal, chosen=form.one("template"),
        subject=draft.subject, of=draft.language, text=form.one("text") if "text" in form else draft.text,
        seen=bool(form.one("seen")) and refusal.problem is None, last_day=form.one("last_day"), **page.same_key(),
    )  # fmt: skip


def _chosen(page: StaffPage) -> tuple[Staff, str, str, str, bool]:
    """Returns the arguments of a draft."""
    begun = "text" in page.form
    return page.staff, page.reference, page.form.one("template"), "" if begun else page.form.one("time"), begun


@router.post("/telephone")
async def telephone(page: Posted) -> Response:
    """Records the answers given on the phone: yes or no for each partner."""
    given = (_answering(page.form, "yes"), page.language, _answering(page.form, "no"))
    await page.run(page.casework.consents_by_telephone, page.staff, page.reference, *given)
    return redirect(way_to(page.reference, "telephone"))


def _answering(form: Form, answer: str) -> tuple[str, ...]:
    """Returns the partners with this answer; the fields are named answer-PARTNER."""
    return tuple(name.removeprefix("answer-") for name, value in form if name.startswith("answer-") and value == answer)


async def ask_again(page: StaffPage, refusal: Refusal) -> Response:
    """Shows a problem with the way of asking beside it, other refusals on the page of the case."""
    beside = refusal.problem is not None and page.form.one("partner")
    return await (_question if beside else case_again)(page, refusal)


@router.post("/ask", dependencies=[told_on(ask_again)])
async def ask(page: Posted) -> Response:
    """Asks the person about one more partner: first shows what to tell them, then records how they were asked."""
    form, casework, partner, way = page.form, page.casework, page.form.one("partner"), page.form.one("way")
    if not partner or (("read" in form or way) and way not in ("letter", "yes", "no")):
        raise WrongText("required")
    if not way:
        return await _question(page)
    if way == "letter":
        await page.run(casework.ask_by_letter, page.staff, page.reference, partner)
    else:
        given = (partner, way == "yes", page.language)
        await page.run(casework.answered_by_telephone, page.staff, page.reference, *given)
    return redirect(way_to(page.reference, f"ask_{way}"))


async def _question(page: StaffPage, refusal: Refusal = NO_REFUSAL) -> Response:
    given = (page.staff, page.reference)
    question = await page.run(page.casework.asking_about, *given, page.form.one("partner"), page.language)
    case = await page.run(page.casework.see, *given, page.language)
    title = page.words("Ask the person about one more partner")
    return page.html("ask.html", title, refusal, case=case, question=question)
