"""Differences between versions in plain words, as shown before publishing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.authoring.differences import as_json, told
from intake.engine.programme import Texts
from tests.engine.small import SMALL, build, small

TEXTS = Texts(
    {
        "en": {
            "question": {"status": {"short": "Situation"}, "place": {"short": "Place"}, "wishes": {"short": "Needs"}},
            "choice": {"status": {"working": "I work", "left": "I left"}, "place": {"far": "Far away"}},
            "partner": {"school": {"name": "The School"}},
        }
    }
)

SITUATION, PLACE = "question “Situation” (status)", "question “Place” (place)"
SAID = [
    (
        """ask_if = 'status == "left"'\n""", "",
        "question “last_day” (last_day) is asked always (before: when “Situation” is “I left”)",
    ),
    (', {id = "unsure", dont_know = true}', "", f"{PLACE}: choice “unsure” (unsure) is gone"),
    ('{id = "unsure"', '{id = "abroad"}, {id = "unsure"', f"{PLACE}: choice “abroad” (abroad) is new"),
    (
        '{id = "working"}, {id = "left"}', '{id = "left"}, {id = "working"}',
        f"{SITUATION}: choices stand in another order: left, working, neither (before: working, left, neither)",
    ),
    (
        '{id = "none", alone = true}', '{id = "none"}',
        "question “Needs” (wishes): choice “none” (none): alone is no (before: yes)",
    ),
    ('lead = "school"', 'lead = "office"', "route R1: lead is office (before: school)"),
    ('offer = ["union"]\n', "", "route R1: offer is nothing (before: union)"),
    ('id = "school"', 'id = "school"\nsees = []', "partner “The School” (school): sees is nothing (before: nothing)"),
]  # fmt: skip


def lines(old: str, new: str) -> list[str]:
    assert old in SMALL
    before, after = (replace(one, texts=TEXTS) for one in (small(), build(SMALL.replace(old, new, 1))[0]))
    return told(before, after, "en")


@pytest.mark.parametrize(("old", "new", "said"), SAID)
def test_each_change_is_one_line(old: str, new: str, said: str) -> None:
    assert lines(old, new) == [said]


def test_what_follows_from_another_change_is_not_said_again() -> None:
    """A rule's yes that is all but its no; conditions that name a group whose own condition changed."""
    [rule] = lines("""no_if = 'status == "neither"'""", """no_if = 'status != "working"'""")
    assert rule.startswith("rule layoff is a no when ")
    [group] = lines("working = 'status == \"working\"'", "working = 'status != \"neither\"'")
    assert group.startswith("group A holds when ")


def test_texts_are_counted_and_some_named() -> None:
    many = Texts({"en": {"question": {f"q{number}": {"short": "x"} for number in range(7)}}})
    [line] = told(replace(small(), texts=Texts({"en": {}})), replace(small(), texts=many), "en")
    assert line.startswith("7 texts have other words: en question.q0.short, ") and line.endswith(", ...")
    assert told(small(), small(), "en") == []


def test_for_programs_conditions_are_as_they_are_written() -> None:
    after = build(SMALL.replace("yes_if = 'place in near'", """yes_if = 'place == "here"'""", 1))[0]
    [change] = as_json(small(), after)["changes"]
    assert change == {
        "place": "rule.place.yes_if",
        "what": "condition",
        "old": 'place in ["here", "nearby"]',
        "new": 'place == "here"',
    }
