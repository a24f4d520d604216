"""`intake check --live`: whether every partner is ready for everybody who can be referred to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from intake.authoring.assessing import judge
from intake.operations.demo import staff_address
from intake.records import PartnerSettings
from intake.referrals.coverage import uncovered
from tests.cli.broken import Copy
from tests.cli.commands import Said, call
from tests.cli.conftest import Office as Commands
from tests.offices import Office, office
from tests.openings import KEYS
from tests.proof.test_reach import TODAY

Found = set[tuple[str, str]]
Check = Callable[..., Said]


@pytest.fixture
def at_work(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Everybody is there."""
    with office(sqlite_url, tmp_path / "office", secret_keys=KEYS) as opened:
        yield opened


@pytest.fixture
def check(at_work: Office, sqlite_url: str, tmp_path: Path) -> Check:
    env = {"INTAKE_DATABASE_URL": sqlite_url, "INTAKE_SECRET_KEYS": KEYS, "INTAKE_VAR": str(tmp_path / "var")}

    def run(*options: str, **more: str) -> Said:
        return call("check", "vastkraft", "--live", *options, **{**env, "INTAKE_DEMO": "1", **more})

    return run


def found(said: Said) -> Found:
    return {(one["code"], one["key"]) for one in said.json()["findings"]}


def finding(said: Said, key: str) -> dict[str, Any]:
    [one] = [one for one in said.json()["findings"] if one["key"] == key]
    return dict(one)


def test_everybody_there_is_nothing_found(check: Check) -> None:
    said = check("--strict")
    assert said.code == 0 and said.err == "" and "nothing found; proven in" in said.out
    assert said.lines[-1].endswith("19 of 19 partners are there")
    partners = check("--json").json()["partners"]
    assert len(partners) == 19 and all(one["kinds"] and one["staff"] for one in partners)


def test_an_empty_database_is_findings(office: Commands) -> None:
    said = office("check", "vastkraft", "--live", "--json")
    assert said.code == 1
    codes = {"partner_without_staff", "partner_without_address"}
    partners = {f"partner.{one['id']}" for one in said.json()["partners"]}
    assert found(said) == {(code, partner) for code in codes for partner in partners} and len(partners) == 19
    assert {one["severity"] for one in said.json()["findings"]} == {"error"}
    said = office("check", "vastkraft", "--live")
    assert said.code == 1 and said.lines[-1].startswith("vastkraft: 38 findings; proven in")
    assert said.lines[-1].endswith("; 0 of 19 partners are there")


def test_a_partner_without_staff_says_whom_it_concerns(at_work: Office, check: Check) -> None:
    at_work.app.accounts.disable_staff(staff_address("brg"))
    said = check("--json")
    assert said.code == 1 and found(said) == {("partner_without_staff", "partner.brg")}
    one = finding(said, "partner.brg")
    assert one["kinds"] == len(one["cells"]) == 28
    assert "28 kinds of persons can come to it: by place (14 answers to home_municipality), group (B)" in one["message"]
    assert {"place": "1480", "group": "B", "language": "en", "decided": False} in one["cells"]
    assert {cell["place"] for cell in one["cells"] if cell["decided"]} == {"other"}
    example, programme = one["example"], at_work.app.programmes["vastkraft"]
    assert example["lead"] == "brg"
    judged = judge(programme, example["answers"], datetime.fromisoformat(example["today"]).date())
    assert (judged["lead"], judged["group"], judged["offers"]) == ("brg", "B", example["offers"])
    [line] = [line for line in check().lines if "[partner_without_staff]" in line]
    assert line.startswith("database: partner.brg: nobody who can sign in works there; 28 kinds of persons")


def test_a_paused_partner_and_one_without_an_address(at_work: Office, check: Check) -> None:
    at_work.app.accounts.pause("trr", "vastkraft")
    settings = PartnerSettings("vastkraft", "unionen", staff_address("unionen"), None, None)
    at_work.app.store.people.set_partner(settings, at_work.clock())
    said = check("--json")
    expected = {("partner_paused", "partner.trr"), ("partner_without_address", "partner.unionen")}
    assert said.code == 1 and found(said) == expected
    assert "it is paused since 2026-11-23" in finding(said, "partner.trr")["message"]
    assert "it has no notify address;" in finding(said, "partner.unionen")["message"]
    at_work.app.accounts.resume("trr", "vastkraft")
    assert found(check("--json")) == expected - {("partner_paused", "partner.trr")}


def test_outside_demo_a_placeholder_is_no_address(check: Check) -> None:
    """Nobody could sign in: the link would go nowhere."""
    said = check("--json", INTAKE_DEMO="")
    assert len(found(said)) == 38 and {one["staff"] for one in said.json()["partners"]} == {0}


def test_a_partner_that_nobody_comes_to_needs_nobody(at_work: Office, check: Check, copy: Copy) -> None:
    """What is checked is the folder: here no route leads to BRG any more. That is the proof's finding, not this."""
    at_work.app.accounts.disable_staff(staff_address("brg"))
    copy.replace('lead = "brg"\noffer = ["af", "gr"]', 'lead = "gr"\noffer = ["af"]')
    database = at_work.app.settings.database_url
    env = {"INTAKE_DEMO": "1", "INTAKE_DATABASE_URL": database, "INTAKE_SECRET_KEYS": KEYS}
    said = call("check", copy.folder, "--live", "--json", **env)
    assert ("partner_unreached", "partner.brg") in found(said)
    assert ("partner_without_staff", "partner.brg") not in found(said)
    assert next(one for one in said.json()["partners"] if one["id"] == "brg")["kinds"] == 0


@pytest.mark.usefixtures("without_solver")
def test_without_the_solver_nothing_is_green(at_work: Office, check: Check) -> None:
    said = check()
    assert "not proven: the proof needs its solver" in said.err and "not proven" in said.out and said.code == 0
    assert check("--strict").code == 1
    at_work.app.accounts.disable_staff(staff_address("brg"))
    said = check("--json")
    one = finding(said, "partner.brg")
    assert said.code == 1 and one["kinds"] is None and one["cells"] is None and "example" not in one
    assert one["message"].endswith("how many kinds of persons it concerns cannot be told without the solver")


def test_a_programme_that_cannot_be_read_is_not_compared(check: Check, copy: Copy, sqlite_url: str) -> None:
    copy.replace('lead = "trr"', 'lead = "ttr"')
    said = call("check", copy.folder, "--live", INTAKE_DATABASE_URL=sqlite_url, INTAKE_SECRET_KEYS=KEYS)
    assert said.code == 1 and said.lines[-1].endswith(
        "; not compared with the database: the files have to be right first"
    )


def test_without_settings_it_is_one_line(tmp_path: Path) -> None:
    assert "INTAKE_SECRET_KEYS is not set" in call("check", "vastkraft", "--live", INTAKE_VAR=str(tmp_path)).refusal()


def test_what_publishing_asks(database_url: str, tmp_path: Path) -> None:
    """The same findings, for whoever has a programme and a database at hand; both databases know them."""
    with office(database_url, tmp_path) as there:
        programme, store = there.app.programmes["vastkraft"], there.app.store
        assert uncovered(programme, store, TODAY, demo=True) == []
        there.app.accounts.pause("trr", "vastkraft")
        there.app.accounts.disable_staff(staff_address("brg"))
        assert [(one.code, one.key) for one in uncovered(programme, store, TODAY, demo=True)] == [
            ("partner_without_staff", "partner.brg"), ("partner_paused", "partner.trr"),
        ]  # fmt: skip
        assert len(uncovered(programme, store, TODAY)) > 38  # outside a demo made-up addresses are none
