"""Wishes about unions: noted for everybody alike, valid at once, carried out in separate batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake import Asked, Handle, NotAllowed
from intake.engine.prompts import StatusPrompt
from intake.records import Submission
from intake.store.tables import metadata
from intake.words import words_for
from tests.databases import on_sqlite
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office, office
from tests.store.inside import Row, ask, at_once, count, everything

BATCH = 10
LATER = ("messages", "events", "referrals", "union_notes")  # where a batch writes


@pytest.fixture
def real(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office that is no demonstration, so that people wait for others."""
    with office(database_url, tmp_path, demo=False) as opened:
        yield opened


def union_rows(url: str) -> list[Row]:
    return ask(url, "SELECT id, status FROM referrals WHERE partner = 'unionen'")


def own_page(here: Office, case: Submission, number: int = 1) -> dict[str, str]:
    """In the browser of that person, since unions are shown nowhere else."""
    browser = Handle("web", f"browser-{number:0>20}")
    turn = here.app.desk.status(PROGRAMME, case.sealed["status_token"], handle=browser)
    assert isinstance(turn.prompt, StatusPrompt)
    return {leg.partner: leg.status for leg in turn.prompt.legs}


def note_lengths(url: str) -> set[int]:
    return {length for (length,) in ask(url, "SELECT length(sealed) FROM union_notes")}


def versions(url: str) -> dict[str, list[Row]]:
    """Who wrote each row last, and who locked it: PostgreSQL keeps it beside the row. SQLite keeps the row's number."""
    hidden = "rowid" if url.startswith("sqlite") else "ctid, xmin, xmax"
    return {table: sorted(ask(url, f"SELECT {hidden} FROM {table}"), key=str) for table in metadata.tables}


def test_nothing_is_carried_out_before_ten_have_sent_in(real: Office, database_url: str) -> None:
    for number in range(BATCH - 1):
        real.sends(WHITE, ("trr",), union=number % 2 == 0)
    assert union_rows(database_url) == []
    assert count(database_url, "union_notes") == BATCH - 1
    real.sends(WHITE, (), union=False)
    assert len(union_rows(database_url)) == 5
    assert count(database_url, "union_notes") == 0
    assert len(ask(database_url, "SELECT id FROM messages WHERE to_partner = 'unionen'")) == 5
    assert real.app.unions.work_once() == 0


def test_who_presses_often_is_still_one_person(real: Office, database_url: str) -> None:
    case = real.sends(WHITE, ("trr", "af"), union=True)
    for partner in ("trr", "af"):
        real.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], partner)
    for _ in range(BATCH - 2):
        real.sends(WHITE, ())
    assert count(database_url, "union_notes") == BATCH + 1
    assert real.app.unions.work_once() == 0


def test_after_three_days_a_single_wish_is_carried_out(real: Office, database_url: str) -> None:
    real.sends(WHITE, ("trr",), union=True)
    real.tick(days=2, hours=23)
    assert real.app.unions.work_once() == 0
    real.tick(hours=1)
    assert real.app.unions.work_once() == 1
    assert len(union_rows(database_url)) == 1


def test_a_batch_is_made_in_an_order_of_its_own(real: Office) -> None:
    cases = [real.sends(WHITE, (), union=True) for _ in range(BATCH)]
    url, order = real.app.settings.database, "rowid" if real.app.store.db.embedded else "ctid"
    made = [id for (id,) in ask(url, f"SELECT id FROM referrals WHERE partner = 'unionen' ORDER BY {order}")]
    sent = [real.at(case, "unionen").id for case in cases]
    assert set(made) == set(sent)
    assert made != sent, "one in 3,628,800 by chance"


@on_sqlite
def test_every_note_has_one_length_whatever_it_says(real: Office, database_url: str) -> None:
    taken = real.sends(WHITE, ("trr", "af"), union=True)
    real.sends(WHITE, ("trr",), union=False, language="en")
    real.sends(WORKS_HERE, (), email="", phone="031-123 45 67")
    own = taken.sealed["status_token"]
    for partner in ("unionen", "trr", None):
        real.app.desk.withdraw(PROGRAMME, own, partner)
    assert count(database_url, "union_notes") == 6, "each left one"
    assert len(note_lengths(database_url)) == 1


@on_sqlite
def test_a_yes_and_a_no_are_sealed_in_one_length(real: Office, database_url: str) -> None:
    for union in (True, False):
        real.sends(WHITE, ("trr",), union=union)
    for table in ("submissions", "contacts"):
        assert len(ask(database_url, f"SELECT DISTINCT length(sealed) FROM {table}")) == 1, table


@on_sqlite
def test_open_answers_have_one_length_with_a_yes_and_a_no(real: Office, database_url: str) -> None:
    """Before sending, too: the answer to the screen of unions stands in the interview."""
    keys = real.app.keys
    for padded in ({"consent_union": {"unionen": True}}, {"consent_union": {"unionen": False}}):
        assert len(keys.seal_json(padded, "here", 64)) == len(keys.seal_json({"consent_union": None}, "here", 64))
    exactly = "x" * (64 - len('{"a":"","b":true}'))
    yes, no = (keys.seal_json({"a": exactly, "b": said}, "here", 64) for said in (True, False))
    assert len(yes) == len(no), "also where a yes would just fit"


@on_sqlite
def test_the_person_sees_the_union_at_once(real: Office) -> None:
    case = real.sends(WHITE, ("trr",), union=True)
    assert own_page(real, case) == {"trr": "waiting", "gr": "watching", "unionen": "waiting"}
    real.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], "unionen")
    assert own_page(real, case)["unionen"] == "withdrawn"


def test_taken_back_before_its_batch_nothing_is_made(real: Office, database_url: str) -> None:
    case = real.sends(WHITE, ("trr",), union=True)
    real.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], "unionen")
    real.tick(days=3)
    assert real.app.unions.work_once() == 2
    assert union_rows(database_url) == []
    assert ask(database_url, "SELECT id FROM messages WHERE to_partner = 'unionen'") == []


def test_taken_back_a_union_reads_nothing_more_at_once(real: Office, database_url: str) -> None:
    cases = [real.sends(WHITE, ("trr",), union=True) for _ in range(BATCH)]
    union, referral = real.staff("unionen"), real.at(cases[0], "unionen")
    real.app.casework.pick_up(union, referral.reference)
    assert real.app.casework.see(union, referral.reference, "sv").contact is not None
    real.app.desk.withdraw(PROGRAMME, cases[0].sealed["letter_token"], None)  # all, behind the link of a letter
    seen = real.app.casework.see(union, referral.reference, "sv")
    assert (seen.contact, seen.answers, seen.can) == (None, (), frozenset())
    row = next(
        row
        for row in real.app.casework.queue(union, Asked(tab="all"), "sv").rows
        if row.reference == referral.reference
    )
    assert row.status == "withdrawn"
    for act in (
        lambda: real.app.casework.note(union, referral.reference, "Ringer i morgon"),
        lambda: real.app.casework.draft(union, referral.reference, "first_contact"),
        lambda: real.app.casework.close(union, referral.reference, "new_job"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert ("accepted",) in ask(database_url, f"SELECT status FROM referrals WHERE id = '{referral.id}'"), "not yet"
    real.tick(days=3)
    assert real.app.unions.work_once() == 1
    assert ask(database_url, f"SELECT status FROM referrals WHERE id = '{referral.id}'") == [("withdrawn",)]
    letters = [one.letter for one in real.app.store.messages.of_referral(referral.id)]
    assert sorted(letters) == ["new_referral", "withdrawn"]


def test_taking_back_from_a_union_touches_no_row_of_the_person(real: Office, database_url: str) -> None:
    """Not even with a lock, which PostgreSQL would keep beside the row."""
    case = real.sends(WHITE, ("trr",), union=True)
    before, rows = everything(database_url), versions(database_url)
    real.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], "unionen")
    after, now = everything(database_url), versions(database_url)
    assert len(after.pop("union_notes")) == len(before.pop("union_notes")) + 1
    assert after == before
    assert {table for table in rows if rows[table] != now[table]} == {"union_notes"}


def test_a_batch_touches_no_row_of_a_person(real: Office, database_url: str) -> None:
    for number in range(BATCH - 1):
        real.sends(WHITE, ("trr",), union=number % 2 == 0)
    mine = "SELECT id FROM referrals WHERE partner <> 'unionen'"
    kept = {
        "submissions": "", "contacts": "", "interviews": "", "referrals": "WHERE partner <> 'unionen'",
        "events": f"WHERE referral_id IN ({mine})", "messages": f"WHERE referral_id IN ({mine})",
    }  # fmt: skip
    hidden = "rowid" if real.app.store.db.embedded else "ctid, xmin, xmax"

    def looked() -> dict[str, list[Any]]:
        return {table: sorted(ask(database_url, f"SELECT {hidden}, * FROM {table} {of}"), key=str)
                for table, of in kept.items()}  # fmt: skip

    before = looked()
    real.tick(days=4)
    assert real.app.unions.work_once() == BATCH - 1
    assert len(union_rows(database_url)) == 5
    assert looked() == before


@on_sqlite
def test_a_unions_row_has_nothing_personal_in_clear(real: Office, database_url: str) -> None:
    for number in range(BATCH):
        reached = {"phone": "031-123 45 67", "email": ""} if number % 3 == 0 else {}
        real.sends(WHITE, ("trr",), union=True, language=("sv", "en")[number % 2], **reached)
    same = "SELECT DISTINCT programme, submission_id, status, responsible, rank, language, by_phone, verdict, route, " \
           "consent_version, consent_language, consent_source, consent_at, created_at, changed_at, length(sealed) " \
           "FROM referrals WHERE partner = 'unionen'"  # fmt: skip
    assert len(ask(database_url, same)) == 1
    queue = real.app.casework.queue(real.staff("unionen"), Asked(), "sv")
    assert {row.language for row in queue.rows} == {"sv", "en"}, "who works there sees it"
    assert {row.by_phone for row in queue.rows} == {True, False}


def test_two_workers_carry_out_each_wish_once(real: Office, database_url: str) -> None:
    for _ in range(BATCH - 1):
        real.sends(WHITE, (), union=True)
    real.tick(days=3)
    moment = real.moment
    real.app.unions.clock = lambda: moment + timedelta(hours=1)
    carried = at_once(*[real.app.unions.work_once] * 4)
    assert sum(carried) == BATCH - 1
    assert len(union_rows(database_url)) == BATCH - 1


@on_sqlite
def test_a_note_that_cannot_be_read_stops_nobody(real: Office, database_url: str) -> None:
    cases = [real.sends(WHITE, ("trr",), union=True) for _ in range(2)]
    [(first,), _] = ask(database_url, "SELECT id FROM union_notes")
    damaged = "X'00'" if real.app.store.db.embedded else "'\\x00'"
    ask(database_url, f"UPDATE union_notes SET sealed = {damaged} WHERE id = '{first}'", "SELECT 1")
    real.tick(days=3)
    assert real.app.unions.work_once() == 1
    assert len(union_rows(database_url)) == 1
    assert count(database_url, "union_notes") == 1, "it stays for whoever has the key"
    assert sorted("unionen" in own_page(real, case, number) for number, case in enumerate(cases, 1)) == [False, True]


def test_consents_given_later_take_the_same_way(real: Office, database_url: str) -> None:
    case = real.sends(WORKS_HERE, ())
    coordinator = real.coordinator
    real.app.casework.pick_up(coordinator, case.reference)
    real.app.casework.decide(coordinator, case.reference, "A")
    real.app.desk.send_consents(PROGRAMME, case.sealed["status_token"], ["if_metall"])
    assert ask(database_url, "SELECT id FROM referrals WHERE partner = 'if_metall'") == []
    assert own_page(real, case)["if_metall"] == "waiting"
    assert (count(database_url, "union_notes"), len(note_lengths(database_url))) == (2, 1)
    real.tick(days=3)
    assert real.app.unions.work_once() == 2
    assert len(ask(database_url, "SELECT id FROM referrals WHERE partner = 'if_metall'")) == 1


def test_nobody_is_told_that_a_union_has_what_it_has_not(real: Office) -> None:
    case, said = real.sends(WHITE, ("trr",), union=True), words_for("en")

    def of_the_union() -> str:
        turn = real.app.desk.status(PROGRAMME, case.sealed["status_token"], handle=real.browser)
        assert isinstance(turn.prompt, StatusPrompt)
        [leg] = [one for one in turn.prompt.legs if one.union]
        return said.status(leg.status, leg.union, leg.coming)

    assert "within three days" in of_the_union()
    real.tick(days=3)
    real.app.unions.work_once()
    assert of_the_union() == "has received your name and how to reach you"
