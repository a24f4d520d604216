"""Answers under another version: kept if the question means the same, else asked again."""

from __future__ import annotations

from datetime import date

import pytest

from intake.engine.journey import RETURNED, SEEN, returned, travel
from intake.engine.moving import carried, means_the_same
from intake.engine.prompting import prompt_for
from tests.engine.small import SMALL, build, small

TODAY = date(2026, 11, 23)
SAID = {"status": "left", "last_day": "2027-01-01", "place": "here", "wishes": ["job"], "trade": None}

PLACE = '{id = "here"}, {id = "nearby"}, {id = "far"}'
SAME = [
    ("""ask_if = 'status == "left"'\n""", ""),  # the walk takes care of conditions
    ('{id = "here"}, {id = "nearby"}', '{id = "nearby"}, {id = "here"}'),
    ("days_until(last_day) > 0", "days_until(last_day) > 9"),
    ("text = 40", "text = 41"),
    ("yes_if = 'place in near'", """yes_if = 'place == "here"'"""),
]
OTHER = [
    (PLACE, f'{PLACE}, {{id = "abroad"}}', "place"),
    ('{id = "unsure", dont_know = true}', '{id = "unsure"}', "place"),
    ('{id = "none", alone = true}', '{id = "none"}', "wishes"),
    ('id = "place"\nkind = "choice"', 'id = "place"\nkind = "choices"', "place"),
    ('id = "last_day"\nkind = "date"', 'id = "last_day"\nkind = "date"\none_of = "day"', "last_day"),
    ('list = "trades"\nsection = "about"\noptional = true', 'list = "trades"\nsection = "about"', "trade"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_what_means_the_same_is_kept(old: str, new: str) -> None:
    assert old in SMALL
    assert carried(small(), build(SMALL.replace(old, new, 1))[0], SAID) == SAID


@pytest.mark.parametrize(("old", "new", "question"), OTHER)
def test_what_means_something_else_comes_back(old: str, new: str, question: str) -> None:
    assert old in SMALL
    now, _ = build(SMALL.replace(old, new, 1))
    answers = carried(small(), now, SAID)
    assert answers == {id: said for id, said in SAID.items() if id != question} | {RETURNED: [question]}


def test_only_the_changed_question_says_so_until_answered() -> None:
    now, _ = build(SMALL.replace(PLACE, f'{PLACE}, {{id = "abroad"}}', 1))
    journey = travel(now, carried(small(), now, SAID), TODAY)
    assert journey.place == "place"
    prompts = [prompt_for(journey, place, "en") for place in ("place", "status")]
    assert [getattr(one, "returned", None) for one in prompts] == [True, False]
    again = prompt_for(travel(now, {**SAID, "place": "here"}, TODAY), "place", "en")
    assert getattr(again, "returned", None) is False


def test_a_question_that_is_gone_is_forgotten_in_silence() -> None:
    now, _ = build(SMALL.replace('[[question]]\nid = "trade"', '[[question]]\nid = "craft"', 1))
    assert carried(small(), now, {**SAID, "trade": "7212:welder"}) == {
        id: said for id, said in SAID.items() if id != "trade"
    }


def test_facts_go_along_and_a_question_comes_back_once() -> None:
    later, _ = build(SMALL.replace(PLACE, f'{PLACE}, {{id = "abroad"}}', 1))
    last, _ = build(SMALL.replace(PLACE, PLACE.replace('{id = "far"}', '{id = "far"}, {id = "moon"}'), 1))
    once = carried(small(), later, {**SAID, SEEN: "eligible_B/school"})
    assert once[SEEN] == "eligible_B/school"
    twice = carried(later, last, {**once, "place": "here"})
    assert returned(twice) == ("place",) and "place" not in twice
    gone, _ = build(SMALL.replace('[[question]]\nid = "trade"', '[[question]]\nid = "craft"', 1))
    assert RETURNED not in carried(small(), gone, {"status": "left", RETURNED: ["trade"]})


def test_a_question_means_the_same_as_itself() -> None:
    assert all(means_the_same(one, one) for one in small().questions)
