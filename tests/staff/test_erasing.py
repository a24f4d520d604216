"""Erasing a person: nothing is left, at a union neither, and no backup restores them. On both databases."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from intake import NotAllowed, NotFound, SomebodyElse, StatusPrompt, open_app
from intake.engine.prompts import QuestionPrompt
from intake.operations.backup import backup, restore
from intake.operations.worker import run_worker
from intake.records import Submission
from intake.store.tables import versions
from tests.databases import on_sqlite
from tests.everything import everything
from tests.houses import only_vastkraft
from tests.offices import PROGRAMME, WHITE, Office, office

NAME, EMAIL = "Sanna Försvunnen", "sanna@example.net"


def sends(there: Office, union: bool = True, name: str = NAME, email: str = EMAIL) -> Submission:
    return there.sends(WHITE, ("trr",), union=union, name=name, email=email)


def left(there: Office, case: Submission, union_row: str = "") -> dict[str, list[str]]:
    """{table: rows} in which something of the person stands."""
    traces = [case.id, case.interview_id, case.reference, NAME, EMAIL, case.sealed["status_token"]]
    traces += [case.sealed["letter_token"], *([union_row] if union_row else [])]
    rows = everything(there.app)
    found = {name: [row for row in some if any(trace in row for trace in traces)] for name, some in rows.items()}
    return {name: some for name, some in found.items() if some}


def test_after_erasing_no_table_holds_anything_of_the_person(there: Office) -> None:
    case, other = sends(there), there.sends(WHITE, ("trr",), union=True)
    trr, union = there.staff("trr"), there.staff("unionen")
    there.app.casework.pick_up(trr, case.reference)
    there.app.casework.see(trr, case.reference, "sv")
    there.app.casework.note(trr, case.reference, f"{NAME} ringde")
    there.app.casework.release(trr, case.reference)
    at_union = there.at(case, "unionen")
    there_before = {"interviews", "submissions", "contacts", "referrals", "events", "messages"}
    assert there_before <= left(there, case, at_union.id).keys() and _read(there, "trr")
    there.app.rights.erase(case)
    with pytest.raises(NotFound):
        there.app.casework.see(union, at_union.reference, "sv")
    with pytest.raises(NotFound):
        there.app.desk.status(PROGRAMME, case.sealed["status_token"])
    there.app.unions.work_once()
    assert left(there, case, at_union.id) == {}
    assert len(everything(there.app)["erased"]) == 2
    assert there.standing(other) == {"trr": "waiting*", "gr": "watching", "unionen": "waiting"}, "nobody else's"
    assert _read(there, "trr"), "that somebody read a contact stays logged, not whose"
    with pytest.raises(NotFound, match="erased already"):
        there.app.rights.erase(case)


def _read(there: Office, partner: str) -> list[str]:
    staff = there.staff(partner).id
    return [row for row in everything(there.app)["access_log"] if "read_contact" in row and staff in row]


def test_a_union_wish_that_still_waits_makes_nothing(there: Office) -> None:
    case = waits_with_a_wish(there)
    before = everything(there.app)["referrals"]
    assert not any("unionen" in row for row in before)
    there.app.rights.erase(case)
    there.tick(days=4)
    there.app.unions.work_once()
    assert left(there, case) == {} and not any("unionen" in row for row in everything(there.app)["referrals"])


@on_sqlite
def test_a_wish_that_comes_after_the_erasing_makes_nothing(there: Office) -> None:
    """Its note was not readable in that batch, or a clock was set back."""
    case = waits_with_a_wish(there)
    [note] = there.app.store.union_notes.of_submission(case.id)
    there.app.rights.erase(case)
    there.app.unions.work_once()
    with there.app.store.transaction():
        there.app.store.union_notes.add(there.app.chance.id(), note)
    there.app.unions.work_once()
    assert not any("unionen" in row for row in everything(there.app)["referrals"])


def waits_with_a_wish(there: Office) -> Submission:
    """Sent in with a union, before the batch."""
    there.app.unions.at_once = False
    try:
        return sends(there)
    finally:
        there.app.unions.at_once = True


def test_what_is_written_while_erasing_is_a_plain_answer(there: Office) -> None:
    case, trr = sends(there, union=False), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    referral = there.at(case, "trr")
    there.app.rights.erase(case, why="beslut 14")
    event = there.app.casework.parts.moves.event(referral, "note", there.app.casework.actor(trr), there.clock())
    with pytest.raises(NotFound), there.app.store.transaction():
        there.app.store.referrals.note(referral, event)


def test_two_erasures_amid_other_acts_get_plain_answers(there: Office) -> None:
    for _ in range(3):
        case, trr = sends(there), there.staff("trr")
        token, app = case.sealed["letter_token"], there.app
        erase = partial(app.rights.erase, case, why="x")
        acts: list[Callable[[], object]] = [
            erase,
            partial(app.casework.pick_up, trr, case.reference),
            partial(app.casework.see, trr, case.reference, "sv"),
            partial(app.desk.withdraw, PROGRAMME, token),
            partial(app.desk.wish_erased, PROGRAMME, token),
            partial(app.desk.export, PROGRAMME, token),
            erase,
        ]
        with ThreadPoolExecutor(len(acts)) as pool:
            answers = [*pool.map(answered, acts)]
        assert set(answers) <= {"done", "NotFound", "NotAllowed", "SomebodyElse", "TryLater"}
        assert "done" in (answers[0], answers[-1])
        app.unions.work_once()
        assert left(there, case) == {}


def answered(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # which, is what is asked here
        return type(error).__name__
    return "done"


def test_a_case_in_hand_is_erased_only_for_a_reason(there: Office) -> None:
    case, trr = sends(there), there.staff("trr")
    there.app.casework.pick_up(trr, case.reference)
    with pytest.raises(SomebodyElse) as refused:
        there.app.rights.erase(case)
    assert "TRR" in refused.value.who and there.at(case, "trr").status == "accepted"
    there.app.rights.erase(case, why="beslut 14")
    there.app.unions.work_once()
    assert left(there, case) == {} and any("beslut 14" in row for row in everything(there.app)["erased"])


@on_sqlite
def test_a_unions_hand_is_nobodys(there: Office) -> None:
    case, union = sends(there), there.staff("unionen")
    there.app.casework.pick_up(union, there.at(case, "unionen").reference)
    assert there.app.rights.holder(case) == ""
    there.app.rights.erase(case)


def test_a_backup_of_before_brings_nobody_back(there: Office, tmp_path: Path) -> None:
    case, other = sends(there), there.sends(WHITE, ("trr",), union=True)
    waiting = waits_with_a_wish(there)
    at_union = there.at(case, "unionen").id
    begun = _begins(there)
    file = tmp_path / "before.gz"
    assert any(waiting.id in row for row in everything(there.app)["union_notes"])
    backup(there.app.settings, file)
    sent_later = _sends_what_was_begun(there, begun)
    for one in (case, waiting, sent_later):
        there.app.rights.erase(one)
    there.app.unions.work_once()
    restore(there.app.settings, file, replace=True)
    for one in (case, waiting, sent_later):
        assert left(there, one, at_union) == {}, one.reference
    there.tick(days=4)
    there.app.unions.work_once()
    assert left(there, waiting) == {}
    assert there.standing(other) == {"trr": "waiting*", "gr": "watching", "unionen": "waiting"}


def _begins(there: Office) -> Any:
    there.persons += 1
    turn = there.app.desk.start(there.browser, PROGRAMME, "sv")
    assert isinstance(turn.prompt, QuestionPrompt)
    return there.browser


def _sends_what_was_begun(there: Office, browser: Any) -> Submission:
    there.persons -= 1
    case = sends(there)
    assert there.browser == browser
    return case


def wishes(there: Office, case: Submission) -> StatusPrompt:
    turn = there.app.desk.wish_erased(PROGRAMME, case.sealed["letter_token"])
    assert isinstance(turn.prompt, StatusPrompt)
    return turn.prompt


def test_a_wish_takes_everything_back_and_the_coordinator_erases(there: Office) -> None:
    case, staff = sends(there), there.coordinator
    prompt = wishes(there, case)
    assert prompt.erasing == ("wished", "") and wishes(there, case).erasing == ("wished", "")
    assert set(there.standing(case).values()) == {"withdrawn"}
    assert [one.reference for one in there.app.casework.wishes(staff)] == [case.reference]
    assert {"erase", "keep"} <= there.app.casework.see(staff, case.reference, "sv").can
    events = there.app.store.referrals.events(there.at(case, "gr").id)
    assert [event.what for event in events].count("erase_wished") == 1
    for partner in ("trr", "gr"):
        assert "erase" not in there.app.casework.see(there.staff(partner), case.reference, "sv").can
        with pytest.raises(NotAllowed):
            there.app.casework.erase(there.staff(partner), case.reference)
    there.app.casework.erase(staff, case.reference)
    there.app.unions.work_once()
    assert left(there, case) == {} and there.app.casework.wishes(staff) == []
    assert any("person_erase" in row and staff.id in row for row in everything(there.app)["access_log"])


@on_sqlite
def test_or_answers_what_must_be_kept_and_why(there: Office) -> None:
    case, staff = sends(there), there.coordinator
    wishes(there, case)
    usual = there.app.casework.usual_answer(staff, case.reference)
    assert "allmän handling" in usual
    there.app.casework.keep(staff, case.reference, usual + "\n\nTill 2030.")
    with pytest.raises(NotAllowed):
        there.app.casework.keep(staff, case.reference, usual)
    [letter] = there.letters(case, "erase_answer")
    assert "Till 2030." in letter and case.sealed["status_token"] not in letter
    turn = there.app.desk.status(PROGRAMME, case.sealed["letter_token"])
    assert isinstance(turn.prompt, StatusPrompt) and turn.prompt.erasing is not None
    assert turn.prompt.erasing[0] == "kept" and "Till 2030." in turn.prompt.erasing[1]
    assert there.app.casework.wishes(staff) == []
    assert wishes(there, case).erasing == ("wished", ""), "it can be wished again"


@on_sqlite
def test_a_version_without_the_erasure_letter_is_answered_too(there: Office) -> None:
    case = sends(there)
    wishes(there, case)
    with there.app.store.transaction() as connection:
        stored = json.loads(connection.execute(select(versions.c.files)).scalar_one())
        old = {name: text for name, text in stored.items() if "erase_answer" not in name}
        old |= {name: text.replace("[erase]", "[erased]") for name, text in old.items() if name.startswith("texts/")}
        assert len(old) == len(stored) - 2
        connection.execute(update(versions).values(files=json.dumps(old), wording="of then"))
    for_real = there.app.settings.model_copy(update={"demo": False})  # a demo serves the draft
    app = open_app(for_real, clock=there.clock)
    try:
        assert not [letter for letter, _ in app.programmes[PROGRAMME].letters if letter == "erase_answer"]
        assert app.casework.usual_answer(there.coordinator, case.reference) == ""
        app.casework.keep(there.coordinator, case.reference, "Till 2030.")
    finally:
        app.close()
    [letter] = there.letters(case, "erase_answer")
    assert letter.startswith("Till 2030.") and case.sealed["letter_token"] in letter


def kept_for(tmp_path: Path, **days: int) -> Path:
    """A folder of programmes of which the one keeps cases for so many days."""
    folder = tmp_path / "programmes"
    copied = shutil.copytree(only_vastkraft() / PROGRAMME, folder / PROGRAMME) / "programme.toml"
    said = "".join(f"{name} = {number}\n" for name, number in days.items())
    copied.write_text(copied.read_text(encoding="utf-8").replace("[limits]\n", f"[limits]\n{said}"), encoding="utf-8")
    return folder


def ended(there: Office) -> dict[str, Submission]:
    """A case for each way it can end, and one that goes on."""
    trr, cases = there.staff("trr"), {}
    for outcome in ("not_reached", "new_job", "goes on"):
        cases[outcome] = sends(there)
        there.app.casework.pick_up(trr, cases[outcome].reference)
        if outcome == "not_reached":
            there.app.casework.call(trr, cases[outcome].reference, "no_answer")
        if outcome != "goes on":
            there.app.casework.close(trr, cases[outcome].reference, outcome)
    no = cases["no"] = there.sends({**WHITE, "industry": "unknown"}, name=NAME, email=EMAIL)
    there.app.casework.pick_up(there.coordinator, no.reference)
    reason = there.app.casework.see(there.coordinator, no.reference, "sv").noes[0][0]
    there.app.casework.decide(there.coordinator, no.reference, "no", reason, "Ring oss.")
    back = cases["taken back"] = sends(there)
    there.app.desk.withdraw(PROGRAMME, back.sealed["letter_token"])
    return cases


def test_the_worker_erases_by_how_a_case_ended(database_url: str, tmp_path: Path) -> None:
    days = {"keep_no_contact_days": 100, "keep_not_for_us_days": 200, "keep_closed_days": 300}
    with office(database_url, tmp_path, programmes=kept_for(tmp_path, **days)) as there:
        cases, still = ended(there), {"not_reached", "no", "new_job", "taken back", "goes on"}
        there.tick(days=99)
        assert there.app.rights.erase_old() == 0
        for gone in ({"not_reached"}, {"no"}, {"new_job", "taken back"}, set()):
            there.tick(days=2)
            assert there.app.rights.erase_old() == len(gone)
            still -= gone
            assert {how for how, case in cases.items() if there.app.store.submissions.by_id(case.id)} == still
            there.app.unions.work_once()
            rows = str(everything(there.app))
            assert {how for how, case in cases.items() if case.reference in rows or case.id in rows} == still
            there.tick(days=98)


@on_sqlite
async def test_the_worker_does_it_by_itself_and_logs_a_number(
    database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with office(database_url, tmp_path, programmes=kept_for(tmp_path, keep_no_contact_days=100)) as there:
        case = ended(there)["not_reached"]
        there.tick(days=101)
        stop = asyncio.Event()
        working = asyncio.create_task(run_worker(there.app, stop))
        while there.app.store.submissions.by_id(case.id) is not None:
            done, _ = await asyncio.wait([working], timeout=0.02)
            assert not done, "it ended by itself"
        stop.set()
        await working
    [line] = [line for line in capfd.readouterr().out.splitlines() if "persons_erased" in line]
    assert "number=1" in line and case.reference not in line and case.id not in line


@on_sqlite
def test_nothing_is_erased_by_itself_until_days_are_set(there: Office) -> None:
    ended(there)
    there.tick(days=4000)
    assert there.app.rights.erase_old() == 0


@on_sqlite
def test_an_export_behind_a_link_has_no_union_in_any_form(there: Office) -> None:
    """The same shape as of somebody who was asked and said no."""
    exports = []
    for union in (True, False):
        case, trr = sends(there, union=union), there.staff("trr")
        if union:
            there.app.casework.pick_up(there.staff("unionen"), there.at(case, "unionen").reference)
        there.app.casework.pick_up(trr, case.reference)
        there.app.casework.note(trr, case.reference, "en anteckning")
        for token, browser in (("letter_token", there.browser), ("status_token", None)):
            stored = there.app.desk.export(PROGRAMME, case.sealed[token], handle=browser)
            assert "union" not in json.dumps(stored).lower() and "facket" not in json.dumps(stored).lower()
            exports.append(stored)
        exports.append(there.app.rights.of_owner(case, "sv", None))
        assert "anteckning" not in json.dumps(exports[-1], ensure_ascii=False)
    half = len(exports) // 2
    for one, other in zip(exports[:half], exports[half:], strict=True):
        assert shape(one) == shape(other)
    own = there.app.desk.export(PROGRAMME, case.sealed["status_token"], handle=there.browser)
    assert "consent_union" in json.dumps(own) and own["contact"]["name"] == NAME


@on_sqlite
def test_the_own_export_has_all_that_was_given_and_sent(there: Office) -> None:
    case = sends(there)
    stored = there.app.desk.export(PROGRAMME, case.sealed["status_token"], handle=there.browser)
    assert {one["partner"] for one in stored["partners"]} == {"trr", "gr", "unionen"}
    assert {one["partner"]: one["yes"] for one in stored["consents"]}["unionen"] is True
    assert stored["contact"]["email"] == EMAIL and "notes" not in stored
    assert [one["letter"] for one in stored["letters"]] == ["receipt"] and NAME in stored["letters"][0]["text"]
    assert {one["question"] for one in stored["answers"]} >= {"employment_status", "name", "consent_partner"}


def shape(value: Any) -> Any:
    """The keys of what is exported, without the values."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__
