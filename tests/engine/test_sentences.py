"""A phrase has the truth of its condition for all answers, settled and pending questions, and sentence form."""

from __future__ import annotations

import pytest
from hypothesis import event, given

from intake.engine.conditions import And, Compare, Condition, Facts, Has, InGroup, Is, Known, Not, Or
from intake.engine.sentences import Joined, Part, Phrase, parts_of, phrased
from tests.engine.random_conditions import MEANINGS, conditions, facts
from tests.engine.second_evaluation import holds


@given(conditions, facts())
def test_the_phrase_holds_when_the_condition_does(condition: Condition, known: Facts) -> None:
    truth = condition.holds(known)
    event(f"condition is {truth}")
    assert holds(phrased(condition), known, MEANINGS) is truth
    opposite = phrased(condition, negated=True)
    assert holds(opposite, known, MEANINGS) is (None if truth is None else not truth)


@given(conditions)
def test_the_form_is_that_of_a_sentence(condition: Condition) -> None:
    def look(phrase: Phrase, above: str | None) -> None:
        if isinstance(phrase, Joined):
            assert phrase.join in ("all", "any") and phrase.join != above, "nested only where they alternate"
            assert len(phrase.members) >= 2 and len(set(phrase.members)) == len(phrase.members)
            for member in phrase.members:
                look(member, phrase.join)

    phrase = phrased(condition)
    look(phrase, None)
    for part in parts_of(phrase):
        assert not (part.operator and part.negated), "a comparison is turned round instead"
        assert part.operator in ("", "<=", ">=", "==", "!=")


@pytest.mark.parametrize(
    ("condition", "phrase"),
    [
        (Not(Is("q1", frozenset("ba"))), Part("is", "q1", ("a", "b"), negated=True)),
        (Not(Not(Known("q1"))), Part("known", "q1")),
        (Not(Compare("count", "m1", ">=", 2)), Part("count", "m1", operator="<=", number=1)),
        (Compare("days_until", "d1", "<", 0), Part("days_until", "d1", operator="<=", number=-1)),
        (Or((Has("m1", "b"), Has("m1", "a"))), Part("has", "m1", ("a", "b"))),
        (And((Has("m1", "b"), Has("m1", "a"))), Joined("all", (Part("has", "m1", ("b",)), Part("has", "m1", ("a",))))),
        (Not(Or((Has("m1", "b"), Has("m1", "a")))), Part("has", "m1", ("a", "b"), negated=True)),
        (
            Or((InGroup("B", MEANINGS["B"]), InGroup("A", MEANINGS["A"]))),
            Part("group", "group", ("A", "B")),
        ),
        (
            And((And((Known("q1"), Known("q2"))), Not(Or((Known("d1"), Not(Known("q1"))))))),
            Joined("all", (Part("known", "q1"), Part("known", "q2"), Part("known", "d1", negated=True))),
        ),
    ],
)
def test_what_becomes_of(condition: Condition, phrase: Phrase) -> None:
    assert phrased(condition) == phrase
