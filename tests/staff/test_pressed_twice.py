"""A form that is sent twice (double click, reload, Back) acts once, and shows the same page both times."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from intake.records import Staff, Submission
from intake.referrals import Casework
from tests.offices import WHITE, Office
from tests.staff.test_asking import wished
from tests.staff.test_at_once import (
    asked_by_letter,
    at_trr,
    closed_by_trr,
    end,
    in_the_owners_hands,
    in_trrs_hands,
    to_be_asked_about,
    to_be_decided,
    waiting_for_consents,
)
from tests.staff.working import Worker
from tests.store.inside import at_once
from tests.visitor import HtmlForm

Made = Callable[[Office], Submission]
Answers = Mapping[str, str]

NO = {"decision": "no", "reason": "no_municipality", "next_step": "Ring vägledningen."}
# who, a case, what is pressed and filled in, page by page: the last page's form is the one sent twice
FORMS: dict[str, tuple[str, Made, tuple[tuple[str, Answers], ...]]] = {
    "pick_up": ("trr", at_trr, (("pick_up", {}),)),
    "release": ("trr", in_trrs_hands, (("release", {}),)),
    "reopen": ("trr", closed_by_trr, (("reopen", {}),)),
    "note": ("trr", in_trrs_hands, (("note", {"text": "Ringer på fredag"}),)),
    "call": ("trr", in_trrs_hands, (("call", {"result": "no_answer", "note": "Ringer igen"}),)),
    "decline": ("trr", in_trrs_hands, (("decline", {"reason": "no_capacity", "note": "Fullt"}), ("decline", {}))),
    "close": ("trr", in_trrs_hands, (("close", {"outcome": "new_job", "note": ""}), ("close", {}))),
    "hand_over": ("trr", in_trrs_hands, (("hand_over", {"partner": "af", "note": "Kan mer"}), ("hand_over", {}))),
    "hand_over with a wish": (
        "trr", in_trrs_hands, (("hand_over", {"partner": "brg", "note": "Kan mer"}), ("hand_over", {})),
    ),
    "hand_over by the owner": (
        "gr", in_the_owners_hands, (("hand_over", {"partner": "af", "note": "Kan mer"}), ("hand_over", {})),
    ),
    "letter": (
        "trr", in_trrs_hands,
        (("letter", {"template": "reminder"}), ("letter", {"text": "Hej!", "seen": "1"}), ("letter", {"send": "1"})),
    ),
    "decide": ("gr", to_be_decided, (("decide", {"decision": "A"}), ("decide", {}))),
    "decide no": ("gr", to_be_decided, (("decide", NO), ("decide", {}))),
    "new_link": ("gr", waiting_for_consents, (("new_link", {}),)),
    "telephone": ("gr", waiting_for_consents, (("telephone", {"answer-trr": "yes", "answer-af": "no"}),)),
    "ask by letter": ("gr", wished, (("ask", {"partner": "af"}), ("ask", {"way": "letter"}))),
    "ask, by letter once more": ("gr", asked_by_letter, (("ask", {"partner": "af"}), ("ask", {"way": "letter"}))),
    "ask, yes on the phone": ("gr", wished, (("ask", {"partner": "af"}), ("ask", {"way": "yes"}))),
    "ask, no on the phone": ("gr", to_be_asked_about, (("ask", {"partner": "af"}), ("ask", {"way": "no"}))),
}  # fmt: skip


async def test_every_form_sent_three_times_acts_once(here: Office, trr: Worker, coordinator: Worker) -> None:
    for name, (who, made, pages) in FORMS.items():
        case, worker = made(here), trr if who == "trr" else coordinator
        fields = await filled_in(worker, case, *pages)
        before = end(here, case)
        seen, ends = [], []
        for _ in range(3):
            page = await worker.posts(f"/staff/referrals/{case.reference}/{pages[-1][0]}", fields)
            seen.append(([one.status_code for one in worker.response.history], page.url, page.status))
            ends.append(end(here, case))
        assert before != ends[0] == ends[1] == ends[2], name
        assert seen[0] == seen[1] == seen[2] == ([303], seen[0][1], 200) and "?done=" in seen[0][1], name


async def filled_in(worker: Worker, case: Submission, *pages: tuple[str, Answers]) -> list[tuple[str, str]]:
    """What the last of these pages would send."""
    await worker.sees(case.reference)
    for act, answers in pages[:-1]:
        await worker.asks_to(act, **answers)
    act, answers = pages[-1]
    form: HtmlForm = worker.form(act)
    assert [value for name, value in form.as_it_is() if name == "once" and len(value) == 32]
    return form.filled(answers)


async def test_what_was_changed_after_going_back_is_not_lost(here: Office, trr: Worker) -> None:
    """The same form with something else in it is another act."""
    case = in_trrs_hands(here)
    await trr.sees(case.reference)
    form = trr.form("note")
    for text in ("Ringer på fredag", "Ringer på måndag", "Ringer på fredag"):
        await trr.posts(form.action, form.filled({"text": text}))
    notes = [event.note for event in here.app.store.referrals.events(here.at(case, "trr").id) if event.what == "note"]
    assert notes == ["Ringer på fredag", "Ringer på måndag"]


async def test_another_page_is_another_act(here: Office, trr: Worker) -> None:
    case = in_trrs_hands(here)
    for _ in range(2):
        await trr.sees(case.reference)
        await trr.does("call", result="no_answer")
    assert [one for one in events(here, case, "trr") if one == "call"] == ["call", "call"]


async def test_a_page_from_before_keys_does_what_it_did(here: Office, trr: Worker) -> None:
    case = in_trrs_hands(here)
    await trr.sees(case.reference)
    form = trr.form("note")
    fields = [(name, value) for name, value in form.filled({"text": "Ringer"}) if name != "once"]
    for _ in range(2):
        assert (await trr.posts(form.action, fields)).status == 200
    assert events(here, case, "trr").count("note") == 2


async def test_what_was_refused_can_be_sent_again(here: Office, trr: Worker) -> None:
    """Only what was done is remembered: it failed, was made possible, and the same form goes through."""
    case = in_trrs_hands(here)
    await trr.sees(case.reference)
    note = trr.form("note")
    await trr.does("release")
    page = await trr.posts(note.action, note.filled({"text": "Ringer"}))
    assert page.status == 409 and "Ringer" in page.text
    await trr.sees(case.reference)
    await trr.does("pick_up")
    assert (await trr.posts(note.action, note.filled({"text": "Ringer"}))).status == 200
    assert events(here, case, "trr").count("note") == 1


async def test_a_move_from_an_old_page_is_done_if_it_is_allowed(here: Office, trr: Worker) -> None:
    """Nobody is told that a case is picked up when it is not."""
    case = at_trr(here)
    await trr.sees(case.reference)
    pick_up = trr.form("pick_up")
    await trr.does("pick_up")
    await trr.does("release")
    page = await trr.posts(pick_up.action, pick_up.as_it_is())
    assert page.status == 200 and here.at(case, "trr").status == "accepted"
    await trr.does("release")
    colleague = here.app.accounts.add_staff("kollega@example.org", "trr", name="Kollegan")
    here.app.casework.pick_up(colleague, case.reference)
    page = await trr.posts(pick_up.action, pick_up.as_it_is())
    assert page.status == 409 and "Kollegan har ärendet nu" in page.text


@pytest.mark.parametrize("partner", ["trr", "unionen"])
def test_two_presses_at_the_same_moment_are_one(there: Office, partner: str, effort: int) -> None:
    staff = there.staff(partner)
    for number in range(5 * effort):
        case = there.sends(WHITE, ("trr",), union=True)
        reference, casework = there.at(case, partner).reference, there.app.casework.pressed(f"page {number}")
        casework.pick_up(staff, reference)
        for what, act in _acts(casework, staff, reference):
            at_once(act, act, act)
            assert events(there, case, partner).count(what) == 1, what


def _acts(casework: Casework, staff: Staff, reference: str) -> tuple[tuple[str, Callable[[], None]], ...]:
    return (
        ("note", lambda: casework.note(staff, reference, "Ringer")),
        ("call", lambda: casework.call(staff, reference, "spoke")),
        ("letter", lambda: casework.write(staff, reference, "reminder", "Hej")),
        ("close", lambda: casework.close(staff, reference, "new_job")),
    )


def events(there: Office, case: Submission, partner: str) -> list[str]:
    return [event.what for event in there.app.store.referrals.events(there.at(case, partner).id)]
