"""The longest permitted values fit the columns of both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String

from intake import App, Handle, open_app
from intake.authoring.catalog import checked
from intake.authoring.catalog.files import Files
from intake.config import load_settings
from intake.engine import lengths
from intake.engine.prompts import StatusPrompt
from intake.engine.referral import DECLINES, OUTCOMES
from intake.keys import Keys, token_hash
from intake.records import Staff, Submission
from intake.referrals.actions import LONGEST_LETTER, LONGEST_NOTE
from intake.referrals.letters_to_person import LONGEST_TIME
from intake.store.tables import metadata
from tests import longest

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADDRESS = "@" + ".".join(("d" * 60,) * 2 + ("d" * 52, "example.org"))  # a whole address has 254 characters
NOTE, LETTER, TIME = "n" * LONGEST_NOTE, "l" * LONGEST_LETTER, "t" * LONGEST_TIME
TO_RESULT = {longest.PLACE: longest.HERE, longest.WISHES: longest.WISH, longest.TRADE: "o" * 2000}
AFTER_RESULT = {
    "name": "N" * 2000, longest.EMAIL: "k" * 64 + ADDRESS, longest.PHONE: "+358 40 123 4567",
    longest.UNIONS: "yes", longest.READ: "yes",
}  # fmt: skip


class House:
    """The longest programme, with staff at every partner."""

    def __init__(self, url: str, folder: Path) -> None:
        self.moment = NOW
        given = {"database_url": url, "var": folder, "secret_keys": Keys.new_text(), "demo": True}
        sender = {"mail_from": "VästKraft <" + "f" * 64 + ADDRESS + ">"}
        programmes = longest.write(folder / "programmes")
        self.app: App = open_app(load_settings(**given, **sender, programmes=programmes), clock=self.clock)
        self.staff: dict[str, Staff] = {}
        for number, partner in enumerate((longest.OWNER, longest.LEAD, longest.OFFERED, longest.UNION)):
            accounts, local = self.app.accounts, str(number) * 64
            accounts.set_partner(
                partner, reply_to=local + ADDRESS, notify=local + ADDRESS, phone="0" * lengths.PHONE,
            )  # fmt: skip
            name, coordinates = "S" * lengths.NAME, partner == longest.OWNER
            self.staff[partner] = accounts.add_staff(local + ADDRESS, partner, name=name, coordinator=coordinates)
        self.persons = 0

    def clock(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def sends(self, status: str, *yes: str) -> Submission:
        """Somebody who fills every field to its end."""
        self.persons += 1
        desk, programme, handle = self.app.desk, longest.PROGRAMME, Handle("web", f"browser {self.persons}")
        said = {longest.STATUS: status, **TO_RESULT, **AFTER_RESULT}
        turn = desk.start(handle, programme, "sv")
        while turn.place != "status":
            if turn.place == "result":
                turn = desk.go_on(handle, programme)
            elif turn.place == "check":
                turn = desk.submit(handle, programme)
            else:
                raw = yes if turn.place == longest.WHO else (said[turn.place],)
                before, turn = turn.place, desk.answer(handle, programme, turn.place, raw)
                if turn.place == before:  # a second look
                    turn = desk.answer(handle, programme, before, raw)
                assert turn.place != before, turn
        assert isinstance(turn.prompt, StatusPrompt)
        token = turn.prompt.status_path.rpartition("/")[2]
        found = self.app.store.submissions.by_link_hash(token_hash(token))
        assert found is not None
        return found


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    opened = House(database_url, tmp_path)
    yield opened
    opened.app.close()


def test_the_check_finds_nothing_to_shorten(tmp_path: Path) -> None:
    folder = longest.write(tmp_path) / longest.PROGRAMME
    assert checked(Files.of(folder))[0] == []


@pytest.mark.parametrize(
    ("file", "old", "code"),
    [
        ("programme.toml", longest.GROUP, "bad_id"),
        ("programme.toml", longest.ROUTE, "bad_id"),
        ("programme.toml", longest.REASON, "bad_id"),
        ("programme.toml", longest.VERSION, "wrong_type"),
        ("texts/sv.toml", longest.CONSENT, "wrong_type"),
    ],
)
def test_one_more_is_found(tmp_path: Path, file: str, old: str, code: str) -> None:
    path = longest.write(tmp_path) / longest.PROGRAMME / file
    path.write_text(path.read_text().replace(old, f"{old}z"))
    found = checked(Files.of(tmp_path / longest.PROGRAMME))[0]
    assert (file, code) in {(one.file, one.code) for one in found}


def test_the_longest_of_everything_goes_its_whole_way(house: House) -> None:
    """Answered, sent, picked up, written to, handed over, declined and closed."""
    case = house.sends(longest.YES, longest.LEAD)
    assert (case.group, case.route, case.lead, case.municipality) == (
        longest.GROUP, longest.ROUTE, longest.LEAD, longest.HERE,
    )  # fmt: skip
    work, lead, owner = house.app.casework, house.staff[longest.LEAD], house.staff[longest.OWNER]
    work.pick_up(lead, case.reference)
    work.note(lead, case.reference, NOTE)
    work.call(lead, case.reference, "spoke", NOTE)
    assert work.draft(lead, case.reference, "book_time", TIME).text
    work.write(lead, case.reference, "reminder", LETTER)
    work.hand_over(lead, case.reference, longest.OFFERED, NOTE)  # a wish: the owner asks
    work.pick_up(owner, case.reference)
    work.ask_by_letter(owner, case.reference, longest.OFFERED)
    work.answered_by_telephone(owner, case.reference, longest.OFFERED, True, "sv")
    offered = house.staff[longest.OFFERED]
    work.pick_up(offered, case.reference)
    work.close(offered, case.reference, max(OUTCOMES, key=len), NOTE)
    work.reopen(offered, case.reference)
    work.decline(offered, case.reference, max(DECLINES, key=len), NOTE)
    assert work.see(owner, case.reference, "sv").letters
    while house.app.outbox.work_once():
        pass


def test_what_staff_decide_is_kept_too(house: House) -> None:
    work, owner = house.app.casework, house.staff[longest.OWNER]
    yes, no = (house.sends(longest.MAYBE) for _ in range(2))
    assert (yes.verdict, yes.route, yes.reason) == ("ask_staff", longest.UNSURE, "review")
    for case in (yes, no):
        work.pick_up(owner, case.reference)
    work.decide(owner, yes.reference, longest.GROUP)
    work.new_link(owner, yes.reference)
    work.consents_by_telephone(owner, yes.reference, [longest.LEAD], "sv")
    work.decide(owner, no.reference, "no", longest.REASON, NOTE)
    decided = house.app.store.submissions.by_id(no.id)
    assert decided is not None and decided.decision_reason == longest.REASON


def test_what_is_checked_fits_its_column() -> None:
    """Every column that holds what a programme calls its parts, or what people and operators write."""
    widths = {
        (table.name, column.name): column.type.length
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.type.length is not None
    }
    named = {"programme", "version", "partner", "group", "route", "lead", "municipality", "reason", "decision", "code"}
    named |= {"reached", "decision_reason", "decline_reason", "outcome", "letter", "to_partner", "consent_version"}
    assert {width for (_, name), width in widths.items() if name in named} == {lengths.CODE}
    assert lengths.ID + len("+3fa2c1") <= lengths.CODE, "a label that a demo makes longer"
    assert widths["submissions", "language"] >= lengths.LANGUAGE
