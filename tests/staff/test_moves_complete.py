"""Every move of staff is complete: what its row says has an act, words in every language, a form and a row on the page,
and it is played on the web from a case it can start from.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from intake import NotAllowed, SomebodyElse, WrongText
from intake.engine.moves import FACTS, STAFF_MOVES, STATUS_MOVES, Confirm, MoveField, StaffMove, changes, possible
from intake.engine.referral import STATUSES
from intake.records import Staff, Submission
from intake.referrals import ACTS
from intake.words import LOCALE, words_for
from tests.offices import Office
from tests.staff.test_at_once import (
    at_trr,
    closed_by_trr,
    in_the_owners_hands,
    in_trrs_hands,
    to_be_asked_about,
    to_be_decided,
    waiting_for_consents,
)
from tests.staff.working import Worker, at_work
from web import case_actions
from web.case_page import CASE
from web.environment import environment

PAGE = (Path(__file__).parents[2] / "docs/referral-life.md").read_text(encoding="utf-8")
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
PLAYED = [move for move in STAFF_MOVES.values() if not move.own_page]


def lacking(move: StaffMove) -> list[str]:
    """What a move lacks, each in a few words; nothing when it is complete."""
    found = [f"says no {part}" for part in ("means", "button", "done", "events") if not getattr(move, part)]
    found += [f"needs {need}, which is no fact" for need in move.needs if need not in FACTS]
    if not any(move.starts_from(status) for status in STATUSES):
        found.append("starts from no status")
    if move.name not in STATUS_MOVES and not {"mine", "held", "colleague"} & set(move.needs):
        found.append("needs nobody to have it in hand: it could be done with what is withdrawn")
    if move.name in STATUS_MOVES and move.name not in move.events:
        found.append("its event has no words")
    return [*found, *_act(move), *_fields(move), *_words(move), *_drawn(move), *_page(move)]


def _act(move: StaffMove) -> Iterator[str]:
    if move.name not in ACTS:
        yield "it has no act"
    elif not move.own_page:
        taken = list(inspect.signature(ACTS[move.name]).parameters)[3:]
        if taken != [field.name for field in move.fields]:
            yield f"its act takes {taken}"


def _fields(move: StaffMove) -> Iterator[str]:
    for field in move.fields:
        if field.kind == "choice" and not field.choices:
            yield f"{field.name} has nothing to choose"
        if field.kind in ("choice", "partner", "text") and not field.label and move.form == "form":
            yield f"{field.name} has no label"
        if field.kind == "line" and move.form == "form":
            yield f"{field.name} is a line, which the common form does not draw: it needs a form of its own"
    if any(field.kind == "text" for field in move.fields[:-1]):
        yield "what is written does not stand last"
    if move.confirm and not move.confirm.title:
        yield "its confirmation has no title"


def _words(move: StaffMove) -> Iterator[str]:
    """Its words are in every language."""
    said = [move.button, move.intro, *move.all_done().values(), *move.events.values()]
    for field in move.fields:
        said += [field.label, field.hint, *(() if field.texts else field.choices.values())]
    said += [move.confirm.title, move.confirm.text, move.confirm.call] if move.confirm else []
    for language in LANGUAGES:
        yield from (f"“{text}” is not in locale/{language}" for text in said if text == words_for(language)(text) != "")


def _drawn(move: StaffMove) -> Iterator[str]:
    try:
        environment().get_template(f"staff/moves/{move.form}.html")
    except TemplateNotFound:
        yield "its form has no template"
    routes = case_actions.router.routes
    if f"{CASE}/{move.name}" not in {getattr(route, "path", "") for route in routes}:
        yield "it has no address"


def _page(move: StaffMove) -> Iterator[str]:
    if f"\n| `{move.name}` | {', '.join(FACTS[one][0] for one in move.needs if one in FACTS) or 'staff'} |" not in PAGE:
        yield "it has no row in docs/referral-life.md: run make docs"


@pytest.mark.parametrize("move", STAFF_MOVES.values(), ids=STAFF_MOVES)
def test_every_move_is_complete(move: StaffMove) -> None:
    assert lacking(move) == []


def test_every_act_with_a_row_is_a_move() -> None:
    assert set(ACTS) - set(STAFF_MOVES) == {"keep"}, "an act without a row is guarded by itself"


NOTE, CALL = STAFF_MOVES["note"], STAFF_MOVES["call"]
ODD = MoveField("text", "text", "An odd label")


@pytest.mark.parametrize(
    ("move", "what"),
    [
        (replace(NOTE, name="made_up"), "it has no act"),
        (replace(NOTE, name="made_up"), "it has no address"),
        (replace(NOTE, name="made_up"), "it has no row in docs/referral-life.md: run make docs"),
        (replace(NOTE, needs=("coordinator", "mine")), "it has no row in docs/referral-life.md: run make docs"),
        (replace(NOTE, needs=("nobody",)), "needs nobody, which is no fact"),
        (replace(NOTE, needs=()), "needs nobody to have it in hand: it could be done with what is withdrawn"),
        (replace(NOTE, means=""), "says no means"),
        (replace(NOTE, button=""), "says no button"),
        (replace(NOTE, done=""), "says no done"),
        (replace(NOTE, events={}), "says no events"),
        (replace(STAFF_MOVES["release"], events={"released": "Released"}), "its event has no words"),
        (replace(NOTE, fields=()), "its act takes ['text']"),
        (replace(NOTE, fields=(replace(NOTE.fields[0], label=""),)), "text has no label"),
        (replace(NOTE, fields=(ODD,)), "“An odd label” is not in locale/sv"),
        (replace(NOTE, button="Make it up"), "“Make it up” is not in locale/sv"),
        (replace(NOTE, done="It is made up."), "“It is made up.” is not in locale/sv"),
        (replace(NOTE, events={"made_up": "Made up"}), "“Made up” is not in locale/sv"),
        (replace(NOTE, confirm=Confirm("")), "its confirmation has no title"),
        (replace(NOTE, confirm=Confirm("Made up")), "“Made up” is not in locale/sv"),
        (replace(NOTE, form="made_up"), "its form has no template"),
        (
            replace(NOTE, fields=(replace(NOTE.fields[0], kind="line"),)),
            "text is a line, which the common form does not draw: it needs a form of its own",
        ),
        (replace(CALL, fields=CALL.fields[::-1]), "what is written does not stand last"),
        (replace(CALL, fields=(replace(CALL.fields[0], choices={}),)), "result has nothing to choose"),
    ],
)
def test_a_half_done_move_is_noticed(move: StaffMove, what: str) -> None:
    assert what in lacking(move)


def test_a_move_that_starts_from_no_status_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.engine.moves.STATUS_MOVES", {"note"})
    assert "starts from no status" in lacking(NOTE)


# played

Made = Callable[[Office], Submission]
# (who looks, a case): the first from which a move can start is the one it is played on
SITUATIONS: tuple[tuple[str, Made], ...] = (
    ("trr", at_trr),
    ("trr", in_trrs_hands),
    ("trr", closed_by_trr),
    ("colleague", in_trrs_hands),
    ("gr", to_be_decided),
    ("gr", waiting_for_consents),
    ("gr", to_be_asked_about),
    ("gr", in_the_owners_hands),
)


def members(here: Office) -> Mapping[str, Staff]:
    colleague = here.app.accounts.add_staff("kollega@example.org", "trr", name="Kollegan")
    return {"trr": here.staff("trr"), "gr": here.coordinator, "colleague": colleague}


async def filled_in(worker: Worker, move: StaffMove) -> dict[str, str]:
    """An answer to every field of its form."""
    form = worker.form(move.name)
    said = {field.name: "Ringer på fredag" for field in move.fields if field.kind == "text"}
    chosen = {field.name: next(iter(field.choices)) for field in move.fields if field.kind == "choice"}
    partners = {field.name: "af" for field in move.fields if field.kind == "partner"}
    assert {name for name, _ in form.as_it_is()} >= {"once", "csrf-token"}
    return {**said, **chosen, **partners}


@pytest.mark.parametrize("move", PLAYED, ids=[move.name for move in PLAYED])
async def test_every_move_is_played_from_its_form(here: Office, move: StaffMove) -> None:
    """Its button is there; done, the page says so and the timeline has it; sent again it is done once."""
    by_name, words = members(here), words_for("sv")
    for who, made in SITUATIONS:
        staff, case = by_name[who], made(here)
        if move.name in here.app.casework.see(staff, case.reference, "sv").can:
            break
    else:
        pytest.fail("no case it can start from: add one to SITUATIONS")
    async with at_work(here, staff.email) as worker:
        await worker.sees(case.reference)
        answers = await filled_in(worker, move)
        if move.confirm:
            page = await worker.asks_to(move.name, **answers)
            assert page.h1 == "Stämmer det här?" and words(move.confirm.title) in page.text
            answers = {}
        form = worker.form(move.name)
        pages = [await worker.posts(form.action, form.filled(answers)) for _ in range(2)]
    event = next(iter(move.events))
    for page in pages:
        assert page.status == 200 and words(str(move.done)) in page.text and words(move.events[event]) in page.text
    written = [one.what for one in here.app.store.referrals.events(here.at(case, staff.partner).id)]
    assert written.count(event) == 1 or event == "letter"


def test_what_a_move_needs_is_demanded_of_whoever_does_it(here: Office) -> None:
    """What `can` does not name, the act refuses, and changes nothing: in every situation, of everybody."""
    by_name, other = members(here), here.staff("gr")  # of the owner, and no coordinator
    for name, made in SITUATIONS:
        for staff in (by_name[name], *([other] if name == "gr" else [])):
            case = made(here)
            reference, before = case.reference, here.standing(case)
            can = here.app.casework.see(staff, reference, "sv").can
            for move in (one for one in PLAYED if one.name not in can and one.name not in ("pick_up", "take_over")):
                given = [next(iter(field.choices), "af") if field.kind != "text" else "Hej" for field in move.fields]
                with pytest.raises((NotAllowed, SomebodyElse)) as refused:
                    ACTS[move.name](here.app.casework, staff, reference, *given)
                assert not isinstance(refused.value, WrongText), move.name
            assert here.standing(case) == before


def test_nothing_can_be_done_with_what_is_withdrawn() -> None:
    assert possible("withdrawn", set(FACTS) - {"mine", "held", "colleague"}) == frozenset()


def test_one_form_does_nothing_twice_in_the_same_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name for name in STAFF_MOVES if changes(name)} == set(STAFF_MOVES) & STATUS_MOVES
    monkeypatch.setattr("intake.engine.moves.MOVES", {("accepted", "note"): "accepted"})
    assert not changes("note")
