"""A second evaluation of conditions, by the parts of their sentences and independent of the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intake.engine.conditions import Condition, Facts, Truth
from intake.engine.sentences import Joined, Part, Phrase, phrased

Meanings = Mapping[str, Condition]


def holds(phrase: Phrase, known: Facts, meanings: Meanings) -> Truth:
    """`meanings`: what it takes to belong to each group."""
    if isinstance(phrase, Joined):
        truths = [holds(member, known, meanings) for member in phrase.members]
        deciding = phrase.join == "any"
        return deciding if deciding in truths else None if None in truths else not deciding
    truth = _says(phrase, known, meanings)
    return None if truth is None else truth != phrase.negated


def _says(part: Part, known: Facts, meanings: Meanings) -> Truth:
    value = known.values.get(part.question)
    if part.relation == "group":
        if known.decided is not None:
            return known.decided in part.choices
        truths = [holds(phrased(meanings[group]), known, meanings) for group in part.choices]
        return True if True in truths else None if None in truths else False
    if part.relation == "known":
        return None if value is None and part.question not in known.settled else value is not None
    if value is None:
        return None
    if part.relation == "is":
        return value in part.choices
    if part.relation == "has":
        return isinstance(value, list) and any(choice in part.choices for choice in value)
    number = _drawn(part.relation, value, known.today)
    return {
        "<=": number <= part.number,
        ">=": number >= part.number,
        "==": number == part.number,
        "!=": number != part.number,
    }[part.operator]


def _drawn(relation: str, value: object, today: date) -> int:
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
