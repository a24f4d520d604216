"""A programme for another country, written from the documentation alone: proven, fast, and its faults are found.

It is in tests/programmes/munster and is never served.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from intake.authoring.catalog import checked
from intake.authoring.catalog.files import Files
from intake.authoring.proof import examine
from intake.config import PACKAGED
from intake.engine.programme import Programme
from tests.cli.commands import call
from tests.proof.faults import Fault, edited
from tests.proof.test_faults import replays

MUNSTER = Path(__file__).parents[1] / "programmes" / "munster"
TODAY = date(2026, 11, 23)
SECONDS = 5.0  # of work, everything read, its persons tried and all of it proven


@pytest.fixture(scope="module")
def munster() -> Programme:
    programme = checked(Files.of(MUNSTER))[1]
    assert programme is not None
    return programme


def test_it_is_as_large_as_it_is_said_to_be(munster: Programme) -> None:
    assert len(munster.before_result) == 25
    assert len(munster.groups) == 3
    assert len(munster.routes) == 20
    assert len([one for one in munster.partners if one.startswith("board:")]) == 6
    assert len(munster.languages) == 2
    assert sum(partner.union for partner in munster.partners.values()) == 2
    kinds = {question.kind for question in munster.before_result}
    assert kinds == {"choice", "choices", "date", "month", "year", "number", "search"}


def test_it_has_its_example_persons() -> None:
    cases = (MUNSTER / "cases.toml").read_text(encoding="utf-8")
    assert cases.count("[[case]]") >= 15
    assert all(f'"{verdict}"' in cases for verdict in ("eligible", "not_eligible", "ask_staff"))


def test_nothing_is_found_and_that_is_proven_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Its example persons are tried too: one that got something else would be a finding."""
    began = process_time()
    examined = examine(Files.of(MUNSTER), TODAY)
    took = process_time() - began
    assert examined.proven and [str(finding) for finding in examined.findings] == []
    assert took < SECONDS
    with capsys.disabled():
        print(
            f"\n25 questions, 3 groups, 20 routes: checked and proven in {took:.2f} s of work (at most {SECONDS:.0f})"
        )


def test_the_command_says_so_and_the_picture_is_drawn() -> None:
    said = call("check", str(MUNSTER), "--strict", "--today", TODAY.isoformat())
    assert (said.code, said.lines[-1].startswith("munster: nothing found; proven in")) == (0, True), said.out
    assert "Munster Forward" in call("graph", str(MUNSTER), "--format", "mermaid", "--language", "en").out


NOTICE: Mapping[str, Any] = {
    "situation": "on_notice", "reason": "redundancy", "birth_year": 1985, "county": "kerry", "sector": "food",
    "weekly_hours": 20, "started": "2025-03", "english": "fluent", "needs": ["new_job", "retrain"],
}  # fmt: skip
SECTORS = ["manufacturing", "food", "pharma", "software", "retail", "hospitality"]


@pytest.mark.parametrize(
    ("answers", "settle"),
    [
        ({"situation": "at_risk", "birth_year": 2009}, [{"rule": "too_young", "from": "2027-01-01"}]),
        (NOTICE, [{"rule": "service", "from": "2027-03-01"}]),
        (
            {**NOTICE, "sector": "unclear"},
            [{"question": "sector", "values": SECTORS}, {"rule": "service", "from": "2027-03-01"}],
        ),
        ({**NOTICE, "needs": ["new_job"]}, []),  # what somebody needs is never suggested
    ],
)
def test_what_would_settle_it_can_be_found_out_or_comes_in_time(
    answers: Mapping[str, Any], settle: list[dict[str, Any]]
) -> None:
    said = call("assess", str(MUNSTER), "-", "--json", "--today", TODAY.isoformat(), given=json.dumps(answers))
    assert json.loads(said.out)["settle"] == settle


def test_one_person_stands_below_all_that_concerns_them(tmp_path: Path) -> None:
    shutil.copytree(MUNSTER, tmp_path / "munster")
    texts = tmp_path / "munster" / "texts" / "en.toml"
    texts.write_text(
        texts.read_text(encoding="utf-8").replace("[outcome.new_job]", "[outcome.new_jobs]"), encoding="utf-8"
    )
    said = call("check", str(tmp_path / "munster"))
    assert said.code == 1 and said.out.count("[missing_text]") == 2
    assert said.out.count("[unknown_key]") == 2 and said.out.count("for example") == 1, said.out


def test_it_is_not_served() -> None:
    assert not (PACKAGED / "munster").exists()


P = "programme.toml"
Example = Mapping[str, Any]


def fault(id: str, old: str, new: str, code: str, key: str, shows: Callable[[Example], bool]) -> Fault:
    return Fault(id, ((P, old, new),), code, key, shows)


def _said(example: Example, question: str) -> Any:
    return example["answers"].get(question)


FAULTS = (
    fault(
        "both ages are the same way round",
        "years_since(birth_year) > 66", "years_since(birth_year) >= 18",
        "text_unreached", "result.eligible_risk", lambda one: one["verdict"] != "eligible",
    ),
    fault(
        "an age nobody has",
        "years_since(birth_year) > 66", "years_since(birth_year) > 660",
        "condition_never", "rule.pension_age.no_if", lambda one: one["reason"] != "pension_age",
    ),
    fault(
        "an age that hides the other",
        "years_since(birth_year) > 66", "years_since(birth_year) < 16",
        "rule_unreached", "rule.pension_age",
        lambda one: one["reason"] == "too_young" and _said(one, "birth_year") > 2010,
    ),
    fault(
        "more needs than there are",
        "count(needs) >= 2", "count(needs) >= 6",
        "condition_never", "rule.needs.yes_if", lambda one: 1 <= len(_said(one, "needs")) <= 5,
    ),
    fault(
        "any need is enough, and none is one",
        "count(needs) >= 2", "count(needs) >= 1",
        "yes_and_no", "rule.needs", lambda one: _said(one, "needs") == ["none"],
    ),
    fault(
        "a county without a partner",
        '[[partner]]\nid = "board:clare"\n\n', "",
        "partner_missing", "route.R5.lead",
        lambda one: _said(one, "county") == "clare" and "english" in _said(one, "needs")
        and "gateway" in (one["lead"], *one["offers"]),  # whoever needs English is sent there too, whoever leads
    ),
    fault(
        "weeks of notice that cannot be",
        "days_until(last_day) > 56 and", "days_until(last_day) > 56 and days_until(last_day) <= 14 and",
        "condition_never", "route.R11.when", lambda one: one["route"] != "R11",
    ),
    fault(
        "hours that contradict each other",
        'no_if = "weekly_hours < 8"', 'no_if = "weekly_hours < 8"\nyes_if = "weekly_hours > 5"',
        "yes_and_no", "rule.few_hours", lambda one: _said(one, "weekly_hours") in (6, 7),
    ),
    fault(
        "hours fewer than none",
        "weekly_hours < 8", "weekly_hours < 0",
        "condition_never", "rule.few_hours.no_if", lambda one: one["reason"] != "few_hours",
    ),
    fault(
        "two groups for one person",
        "'situation == \"left\" and reason in job_goes_away'", "'reason in job_goes_away'",
        "groups_overlap", "group.left.when", lambda one: _said(one, "situation") == "on_notice",
    ),
    fault(
        "asked only after the end",
        "ask_if = 'county == \"elsewhere\"'", "ask_if = 'situation == \"resigned\"'",
        "question_unreached", "question.work_county", lambda one: "work_county" not in one["journey"],
    ),
    fault(
        "hidden from everybody",
        "hide_if = 'english == \"fluent\"'", "hide_if = 'english in [\"fluent\", \"some\", \"little\"]'",
        "choice_unreached", "question.needs.choices.english",
        lambda one: "needs" in one["journey"] and "english" not in _said(one, "needs"),
    ),
    fault(
        "a union for two trades at once",
        'role == "hands" and', 'role == "hands" and role == "office" and',
        "partner_unreached", "partner.makers_union", lambda one: "makers_union" not in one["offers"],
    ),
    fault(
        "no route for the rest",
        'id = "R19"\nlead = "gateway"\notherwise = true', 'id = "R19"\nlead = "gateway"\nwhen = \'group == "risk"\'',
        "no_partner", "route", lambda one: one["verdict"] == "eligible" and one["lead"] is None,
    ),
    fault(
        "a union that reads answers",
        'sees = ["name", "email"', 'sees = ["needs", "name", "email"',
        "union_reads", "partner.makers_union.sees", lambda one: "makers_union" in one["offers"],
    ),
    fault(
        "a union that reads all",
        'union = true\nsees = ["name", "email", "phone", "interpreter", "interpreter_language"]', "union = true",
        "union_reads", "partner.makers_union.sees", lambda one: "makers_union" in one["offers"],
    ),
    fault(
        "a union nobody is asked about",
        'kind = "consents"\nsection = "consent"\nof = "unions"',
        'kind = "consents"\nsection = "consent"\nof = "unions"\nask_if = \'interpreter == "yes"\'',
        "consent_missing", "partner.makers_union",
        lambda one: "makers_union" in one["offers"] and "consent_union" not in one["journey"],
    ),
    Fault(
        "an address and a number that may both be skipped",
        ((P, 'one_of = "reach"', "optional = true"), (P, 'one_of = "reach"', "optional = true")),
        "contact_missing", "question", lambda one: not {"email", "phone"} & set(one["answers"]),
    ),
    fault(
        "a number only some are asked for, after an address that may be skipped",
        'kind = "phone"\nsection = "contact"', 'kind = "phone"\nsection = "contact"\nask_if = \'county == "cork"\'',
        "contact_missing", "question", lambda one: "phone" not in one["journey"] and "email" in one["journey"],
    ),
    fault(
        "a name that may be skipped",
        'id = "name"\nkind = "text"', 'id = "name"\noptional = true\nkind = "text"',
        "contact_missing", "question.name", lambda one: "name" in one["journey"] and not _said(one, "name"),
    ),
    fault(
        "a promise one question short",
        "questions = 24", "questions = 23",
        "journey_too_long", "limits.questions",
        lambda one: one["journey"].index("want_referral") == 24,
    ),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_slip_is_found_and_shown(fault: Fault) -> None:
    files = edited(fault, MUNSTER)
    found = examine(files, TODAY).findings
    finding = next((one for one in found if (one.code, one.key) == (fault.code, fault.key)), None)
    assert finding is not None, [str(one) for one in found]
    assert finding.example is not None and fault.shows(finding.example), finding.example
    assert replays(files, finding.example)
