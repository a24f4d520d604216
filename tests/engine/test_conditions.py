"""Conditions: what is permitted, what is refused and how, and their three truths."""

from __future__ import annotations

import time
from datetime import date

import pytest

from intake.engine.conditions import Facts, questions_of
from intake.engine.parsing import NotACondition, Scope, parse
from tests.engine.small import small

TODAY = date(2026, 11, 23)
PROGRAMME = small()
SCOPE = Scope(
    PROGRAMME.by_id,
    {"near": ["here", "nearby"]},
    {},
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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('statis == "left"', 'did you mean "status"'),
        ('status == "lefd"', 'did you mean "left"'),
        ('place == "unsure"', "write not known(place)"),
        ('"left" in status', "status == "),
        ('wishes == "job"', '"id" in wishes'),
        ("status", "compare it with something"),
        ("wrking", "unknown condition"),
        ("count(wishes) + 1 > 2", "cannot be compared"),
        ("days_until(status) < 3", "takes a date"),
        ("days_untl(last_day) < 3", 'did you mean "days_until"'),
        ("days_until(last_day)", "is a number"),
        ("days_until(last_day) < 1.5", "whole number"),
        ("status == place", "write a choice in quotes"),
        ("status < 3", "compares numbers"),
        ('status is "left"', "write =="),
        ('group == "C"', "unknown group"),
        ('group in ["A"]', "group is tested by"),
        ("status.upper() == 'X'", "is not permitted"),
        ("__import__('os').system('true')", "is not permitted"),
        ("lambda: 1", "is not permitted here"),
        ("[1 for x in y]", "is not permitted here"),
        ("1 / 0", "is not permitted here"),
        ("known(status, place)", "takes one question"),
        ("known(status) == 1", "is true or false already"),
        ("place in nearr", "unknown set"),
        ("place in []", "a set or a list"),
        ("", "not an expression"),
        ("status ==", "not an expression"),
        ('status == "left"\x00', "not an expression"),
    ],
)
def test_refused_with_the_place_and_the_nearest(text: str, says: str) -> None:
    with pytest.raises(NotACondition) as caught:
        parse(text, SCOPE)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'status == "left" and ' * 3000 + 'status == "left"',
        "not " * 480 + "known(status)",
        "(" * 190 + "known(status)" + ")" * 190,
        "(" * 900 + "known(status)" + ")" * 900,
        "or ".join(['place=="far" '] * 130),
        "x" * 50_000,
    ],
)
def test_too_long_or_deep_is_refused_in_milliseconds(text: str) -> None:
    start = time.perf_counter()
    if text.startswith("(" * 190) and len(text) < 500:
        parse(text, SCOPE)  # brackets alone are no levels
    else:
        with pytest.raises(NotACondition):
            parse(text, SCOPE)
    assert time.perf_counter() - start < 0.1
