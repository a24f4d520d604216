"""Conditions: permitted forms, and their three truth values. Refused ones: test_refused_conditions.py."""

from __future__ import annotations

from datetime import date

import pytest

from intake.engine.conditions import Facts, questions_of
from intake.engine.parsing import ConditionScope, parse
from tests.engine.small import small

TODAY = date(2026, 11, 23)
PROGRAMME = small()
SCOPE = ConditionScope(
    PROGRAMME.by_id,
    {"near": ["here", "nearby"]},
    {"working": PROGRAMME.groups[0].when},
    {group.id: group.when for group in PROGRAMME.groups},
)


def truth(text: str, values: dict[str, object], settled: tuple[str, ...] = ()) -> bool | None:
    facts = Facts(TODAY, dict(values), set(settled))  # type: ignore[arg-type]
    return parse(text, SCOPE).holds(facts)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ('status == "left"', {"status": "left"}, True),
        ('status == "left"', {"status": "working"}, False),
        ('status == "left"', {}, None),
        ('status != "left"', {}, None),
        ('status != "left"', {"status": "working"}, True),
        ("place in near", {"place": "nearby"}, True),
        ("place not in near", {"place": "nearby"}, False),
        ('place in ["far"]', {"place": "here"}, False),
        ('"job" in wishes', {"wishes": ["course", "job"]}, True),
        ('"job" not in wishes', {"wishes": ["course"]}, True),
        ('"job" in wishes', {}, None),
        ("count(wishes) >= 2", {"wishes": ["course", "job"]}, True),
        ("count(wishes) >= 2", {"wishes": ["course"]}, False),
        ("days_until(last_day) <= 30", {"last_day": "2026-12-23"}, True),
        ("days_until(last_day) <= 30", {"last_day": "2026-12-24"}, False),
        ("days_until(last_day) <= 30", {"last_day": "2020-01-01"}, True),
        ("0 <= days_until(last_day) <= 30", {"last_day": "2020-01-01"}, False),
        ("years_since(last_day) >= 2", {"last_day": "2024-11-23"}, True),
        ("years_since(last_day) >= 2", {"last_day": "2024-11-24"}, False),
        ('group == "A"', {"status": "working"}, True),
        ('group == "A"', {}, None),
        ('group != "B"', {"status": "working"}, True),
        ('status == "left" and place == "far"', {"place": "here"}, False),
        ('status == "left" and place == "far"', {"place": "far"}, None),
        ('status == "left" or place == "far"', {"place": "far"}, True),
        ('status == "left" or place == "far"', {"place": "here"}, None),
        ('not (status == "left")', {}, None),
    ],
)
def test_truth(text: str, values: dict[str, object], expected: bool | None) -> None:
    assert truth(text, values) is expected


def test_known_is_true_false_or_pending() -> None:
    assert truth("known(place)", {"place": "here"}) is True
    assert truth("known(place)", {}, ("place",)) is False
    assert truth("known(place)", {}) is None
    assert truth("not known(place)", {}, ("place",)) is True


def test_questions_of_names_each_once_in_order() -> None:
    condition = parse('place in near and group == "B" and place != "far"', SCOPE)
    assert questions_of(condition) == ("place", "status")
