"""Kind `year`, as for a birth year: its age is the one reached during the year."""

from __future__ import annotations

from datetime import date

import pytest

from intake.engine.conditions import Compare, Facts
from intake.engine.kinds import KINDS, Refused
from intake.engine.programme import Question
from tests.engine.small import small

BORN = Question("born", "year", "situation")
SMALL = small()


@pytest.mark.parametrize("said", ["1979", " 1979 "])
def test_four_digits_are_a_year(said: str) -> None:
    assert KINDS["year"].read(SMALL, BORN, (), [said]) == 1979


@pytest.mark.parametrize(
    ("said", "code"),
    [("79", "not_a_year"), ("1979-01", "not_a_year"), ("nineteen", "not_a_year"), ("1850", "date_out_of_range")]
    + [("19790101-1234", "personal_number"), ("١٩٧٩", "not_a_year")],
)
def test_what_is_no_year_is_refused(said: str, code: str) -> None:
    refused = KINDS["year"].read(SMALL, BORN, (), [said])
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(("today", "age"), [(date(2026, 1, 1), 47), (date(2026, 12, 31), 47), (date(2027, 1, 1), 48)])
def test_the_age_is_the_one_reached_this_year(today: date, age: int) -> None:
    facts = Facts(today, {"born": 1979})
    assert Compare("years_since", "born", "==", age).holds(facts) is True
    assert Compare("value", "born", "<", 1980).holds(facts) is True
