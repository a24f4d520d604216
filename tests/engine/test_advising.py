"""Advice: who reads it, until when, and what is said when no day is known or it has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intake.authoring.catalog import load
from intake.config import PACKAGED
from intake.engine.advising import advice_for, facts_since, last_day
from intake.engine.conditions import Facts
from intake.engine.journey import Answers, travel
from intake.engine.programme import LastDay

VASTKRAFT = load(PACKAGED / "vastkraft")
TODAY = date(2026, 12, 1)
LAID_OFF: Answers = {
    "employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist", "last_employment_date": "2027-01-31",
    "home_municipality": "1480", "industry": "teknik", "collar": "white", "collective_agreement": "yes",
}  # fmt: skip


def told(answers: Answers, today: date = TODAY, group: str | None = None) -> list[tuple[str, date | None]]:
    """The advice as (the first words, its day)."""
    facts = facts_since(VASTKRAFT, answers, TODAY, group, today)
    return [(" ".join(one.text.split()[:3]), one.day) for one in advice_for(VASTKRAFT, facts, "en")]


def test_the_days_are_counted_from_the_last_day_of_employment() -> None:
    assert told(LAID_OFF) == [("Register at the", date(2027, 2, 1)), ("You may be", date(2029, 1, 31))]


def test_without_a_day_the_text_names_none() -> None:
    undated = {**LAID_OFF, "last_employment_date": None}
    assert told(undated) == [("Register at the", None), ("You may be", None)]
    journey = travel(VASTKRAFT, undated, TODAY)
    assert not any("{" in one.text for one in advice_for(VASTKRAFT, journey.judged.facts, "en"))


def test_a_day_that_has_passed_says_so() -> None:
    assert told(LAID_OFF, date(2027, 2, 1))[0][0] == "Register at the", "on the day itself there is still time"
    assert told(LAID_OFF, date(2027, 2, 2))[0][0] == "Are you without"
    assert told(LAID_OFF, date(2029, 2, 1))[1][0] == "The time to"


@pytest.mark.parametrize("left_out", ["industry", "home_municipality", "collar", "collective_agreement"])
def test_everybody_in_group_b_reads_of_the_first_day(left_out: str) -> None:
    assert told({id: said for id, said in LAID_OFF.items() if id != left_out})[0][1] == date(2027, 2, 1)


def test_a_no_does_not_take_the_first_day_away() -> None:
    elsewhere: Answers = {"home_municipality": "other", "work_municipality": "no"}
    noes: tuple[Answers, ...] = ({"industry": "other"}, elsewhere, {"needs": ["none"]})
    for no in noes:
        answers = {**LAID_OFF, **no}
        assert travel(VASTKRAFT, answers, TODAY).assessment.verdict == "not_eligible"
        assert told(answers)[0] == ("Register at the", date(2027, 2, 1))


def test_whoever_keeps_the_job_reads_none_of_it() -> None:
    assert told({**LAID_OFF, "employment_status": "employed_at_risk"}) == []


def test_what_staff_decided_counts() -> None:
    personal = {**LAID_OFF, "termination_reason": "personal"}
    assert len(told(personal)) == 1
    assert told(personal, group="B") == told(LAID_OFF)


@pytest.mark.parametrize(
    ("by", "day", "expected"),
    [
        (LastDay("q", days=1), "2026-12-31", date(2027, 1, 1)),
        (LastDay("q", months=1), "2027-01-31", date(2027, 2, 28)),
        (LastDay("q", months=13), "2026-12-31", date(2028, 1, 31)),
        (LastDay("q", years=2), "2028-02-29", date(2030, 2, 28)),
        (LastDay("q", years=10), "9995-01-01", None),
        (LastDay("q", days=2), "9999-12-30", None),
    ],
)
def test_a_last_day_is_counted_by_the_calendar(by: LastDay, day: str, expected: date | None) -> None:
    assert last_day(by, Facts(TODAY, {"q": day})) == expected
    assert last_day(replace(by, question="other"), Facts(TODAY, {"q": day})) is None


def test_no_advice_tells_of_an_answer_that_may_not_be_read() -> None:
    facts = travel(VASTKRAFT, LAID_OFF, TODAY).judged.facts
    few = advice_for(VASTKRAFT, facts, "en", lambda question: question != "collar")
    assert [one.day for one in few] == [date(2027, 2, 1)]
