"""Moves of staff: each move, lost races, and refusals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from intake import Asked, NotAllowed, NotFound, SomebodyElse, WrongText
from intake.engine.moves import MOVES
from intake.engine.referral import STATUSES
from intake.records import Staff, Submission
from tests.offices import WHITE, Office


def test_two_staff_at_once_one_wins_and_the_other_is_told_who(there: Office, effort: int) -> None:
    colleague = there.app.accounts.add_staff("kollega@example.org", "trr", name="KOLLEGA")
    for _ in range(50 * effort):
        case = there.sends(WHITE, ("trr",))
        rivals = (there.staff("trr"), colleague)
        results = race(partial(picks_up, there, case), *rivals)
        assert sorted(word for word, _ in results) == ["lost to", "won"]
        assert len({name for _, name in results}) == 1  # the loser was told the winner's name


def picks_up(there: Office, case: Submission, who: Staff) -> None:
    there.app.casework.pick_up(who, case.reference)


def takes_over(there: Office, case: Submission, holder: Staff, who: Staff) -> None:
    there.app.casework.take_over(who, case.reference, holder.id)


def race(act: Callable[[Staff], None], *staff: Staff) -> list[tuple[str, str]]:
    """Each of them does it at the same moment: how it ended for whom."""
    results: list[tuple[str, str]] = []
    start = threading.Barrier(len(staff))

    def tries(who: Staff) -> None:
        start.wait()
        try:
            act(who)
            results.append(("won", who.name))
        except SomebodyElse as error:
            results.append(("lost to", error.who))

    threads = [threading.Thread(target=tries, args=(who,)) for who in staff]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def test_pressing_twice_is_one_pick_up(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.pick_up(trr, case.reference)
    events = there.app.store.referrals.events(there.at(case, "trr").id)
    assert [event.what for event in events] == ["created", "pick_up"]


def test_a_released_case_hides_the_name_and_can_be_picked_up(there: Office) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.release(trr, case.reference)
    assert there.app.casework.see(trr, case.reference, "sv").contact is None
    colleague = there.app.accounts.add_staff("kollega@example.org", "trr")
    there.app.casework.pick_up(colleague, case.reference)
    assert there.app.casework.see(colleague, case.reference, "sv").contact is not None


@pytest.mark.parametrize("gone", ["disabled", "works elsewhere now", "ill"])
def test_what_somebody_away_has_in_hand_is_taken_over(there: Office, gone: str) -> None:
    case, trr = there.sends(WHITE, ("trr",)), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    colleague = there.app.accounts.add_staff("kollega@example.org", "trr", name="KOLLEGA")
    if gone == "disabled":
        there.app.accounts.disable_staff(trr.email)
    elif gone == "works elsewhere now":
        there.app.accounts.add_staff(trr.email, "brg", name=trr.name)
    assert there.app.casework.see(colleague, case.reference, "sv").can == {"take_over"}
    there.app.casework.take_over(colleague, case.reference, trr.id)
    there.app.casework.take_over(colleague, case.reference, trr.id)  # pressed twice
    there.app.casework.close(colleague, case.reference, "new_job")
    seen = there.app.casework.see(colleague, case.reference, "sv")
    [taken] = [event for event in seen.timeline if event.what == "take_over"]
    assert taken.who == "KOLLEGA" and taken.code == trr.name


def test_two_who_take_over_at_once_one_gets_it(there: Office, effort: int) -> None:
    trr = there.staff("trr")
    rivals = [there.app.accounts.add_staff(f"{name}@example.org", "trr", name=name) for name in ("kim", "kaj")]
    for _ in range(10 * effort):
        case = there.sends(WHITE, ("trr",))
        there.app.casework.pick_up(trr, case.reference)
        results = race(partial(takes_over, there, case, trr), *rivals)
        assert sorted(word for word, _ in results) == ["lost to", "won"]
        assert len({name for _, name in results}) == 1


def test_nothing_is_done_with_a_case_somebody_else_has(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    colleague = here.app.accounts.add_staff("kollega@example.org", "trr")
    given = {"note": ["text"], "call": ["spoke"], "close": ["new_job"], "write": ["reminder", "Hej"]}
    for act, arguments in {"release": [], **given}.items():
        with pytest.raises(NotAllowed):
            getattr(here.app.casework, act)(colleague, case.reference, *arguments)


def test_another_partners_case_is_not_found_whatever_is_tried(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    for act, given in {
        "pick_up": [], "take_over": ["x"], "release": [], "decline": ["no_capacity"], "hand_over": ["gr", "De kan mer"],
        "note": ["x"], "call": ["spoke"], "close": ["new_job"], "reopen": [], "draft": ["reminder"],
    }.items():  # fmt: skip
        for reference in (case.reference, "VK-NONE-NONE"):
            with pytest.raises(NotFound):
                getattr(here.app.casework, act)(here.staff("brg"), reference, *given)


def test_free_text_is_bounded_and_holds_no_personal_number(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    here.app.casework.pick_up(trr, case.reference)
    for text, code in (("800101-1234 ringde", "personal_number"), ("x" * 2001, "too_long"), ("  ", "required")):
        with pytest.raises(WrongText) as caught:
            here.app.casework.note(trr, case.reference, text)
        assert caught.value.code == code
    here.app.casework.note(trr, case.reference, "Vill ha kvällskurs")
    assert [event.note for event in here.app.casework.see(trr, case.reference, "sv").timeline][
        -1
    ] == "Vill ha kvällskurs"


def test_a_person_with_only_a_phone_is_called_and_it_is_noted(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",), email="", phone="031-123 45 67"), here.staff("trr")
    [row] = here.app.casework.queue(trr, Asked(), "sv").rows
    assert row.by_phone
    here.app.casework.pick_up(trr, case.reference)
    here.app.casework.call(trr, case.reference, "no_answer", "Ringer i morgon")
    last = here.app.casework.see(trr, case.reference, "sv").timeline[-1]
    assert (last.what, last.code, last.note) == ("call", "Inget svar", "Ringer i morgon")
    with pytest.raises(NotAllowed):
        here.app.casework.write(trr, case.reference, "reminder", "Hej")


def test_the_table_of_moves_only_knows_the_statuses() -> None:
    assert {status for status, _ in MOVES} | set(MOVES.values()) <= set(STATUSES)
    assert not [move for status, move in MOVES if status == "withdrawn"]  # withdrawn is for good
