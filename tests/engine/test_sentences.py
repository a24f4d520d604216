"""A phrase says what its condition says, whatever is answered, settled or pending, and says it in sentence form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import event, given

from intake.engine.conditions import All, Compare, Condition, Either, Facts, Has, InGroup, Is, Known, Not, Truth
from intake.engine.sentences import Joined, Part, Phrase, parts_of, phrased
from tests.engine.random_conditions import MEANINGS, conditions, facts


def holds(phrase: Phrase, known: Facts) -> Truth:
    """A second evaluation, by the words of a sentence; written without the engine's own."""
    if isinstance(phrase, Joined):
        truths = [holds(member, known) for member in phrase.members]
        deciding = phrase.join == "any"
        return deciding if deciding in truths else None if None in truths else not deciding
    truth = says(phrase, known)
    return None if truth is None else truth != phrase.negated


def says(part: Part, known: Facts) -> Truth:
    value = known.values.get(part.question)
    if part.relation == "group":
        if known.decided is not None:
            return known.decided in part.choices
        truths = [MEANINGS[group].holds(known) for group in part.choices]
        return True if True in truths else None if None in truths else False
    if part.relation == "known":
        return None if value is None and part.question not in known.settled else value is not None
    if value is None:
        return None
    if part.relation == "is":
        return value in part.choices
    if part.relation == "has":
        return isinstance(value, list) and any(choice in part.choices for choice in value)
    number = drawn(part.relation, value, known.today)
    return {
        "<=": number <= part.number,
        ">=": number >= part.number,
        "==": number == part.number,
        "!=": number != part.number,
    }[part.operator]


def drawn(relation: str, value: object, today: date) -> int:
    if relation == "count":
        assert isinstance(value, list)
        return len(value)
    if relation == "value":
        return int(str(value))
    if isinstance(value, int):
        return today.year - value
    text = str(value)
    then = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    if relation == "days_until":
        return then.toordinal() - today.toordinal()
    years = today.year - then.year
    return years if (today.month, today.day) >= (then.month, then.day) else years - 1


@given(conditions, facts())
def test_the_phrase_holds_when_the_condition_does(condition: Condition, known: Facts) -> None:
    truth = condition.holds(known)
    event(f"condition is {truth}")
    assert holds(phrased(condition), known) is truth
    opposite = phrased(condition, negated=True)
    assert holds(opposite, known) is (None if truth is None else not truth)


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
        (Either((Has("m1", "b"), Has("m1", "a"))), Part("has", "m1", ("a", "b"))),
        (All((Has("m1", "b"), Has("m1", "a"))), Joined("all", (Part("has", "m1", ("b",)), Part("has", "m1", ("a",))))),
        (Not(Either((Has("m1", "b"), Has("m1", "a")))), Part("has", "m1", ("a", "b"), negated=True)),
        (
            Either((InGroup("B", MEANINGS["B"]), InGroup("A", MEANINGS["A"]))),
            Part("group", "group", ("A", "B")),
        ),
        (
            All((All((Known("q1"), Known("q2"))), Not(Either((Known("d1"), Not(Known("q1"))))))),
            Joined("all", (Part("known", "q1"), Part("known", "q2"), Part("known", "d1", negated=True))),
        ),
    ],
)
def test_what_becomes_of(condition: Condition, phrase: Phrase) -> None:
    assert phrased(condition) == phrase
