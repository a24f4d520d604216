"""Turns conditions into phrases: "not" only at the leaves, "and" and "or" nested only if they alternate.

`intake.authoring.wording` has the words. A phrase is true, false and unknown where its condition is; tests check this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intake.engine.conditions import And, Compare, Condition, Has, InGroup, Is, Known, Not, Or


@dataclass(frozen=True, slots=True)
class Part:
    """One statement about one question.

    `relation`: "is" (the answer is one of `choices`), "has" (at least one of `choices` is chosen), "group" (the same of
    groups; the question is "group"), "known" (there is an answer), or a number that is compared: "value", "count",
    "days_until", "years_since", with the operator <=, >=, == or !=. A comparison is never `negated`.
    """

    relation: str
    question: str
    choices: tuple[str, ...] = ()
    operator: str = ""
    number: int = 0
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """`join` is "all" or "any"; each member is a part, or joined the other way. At least two members."""

    join: str
    members: tuple[Phrase, ...]


Phrase = Part | Joined

OPPOSITE: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def phrased(condition: Condition, negated: bool = False) -> Phrase:
    """Returns the phrase of a condition; if `negated`, of its opposite."""
    match condition:
        case Is(question, choices):
            return Part("is", question, tuple(sorted(choices)), negated=negated)
        case Has(question, choice):
            return Part("has", question, (choice,), negated=negated)
        case InGroup(group, _):
            return Part("group", "group", (group,), negated=negated)
        case Known(question):
            return Part("known", question, negated=negated)
        case Compare(measure, question, operator, number):
            return _compared(measure, question, OPPOSITE[operator] if negated else operator, number)
        case Not(part):
            return phrased(part, not negated)
        case And(members):
            return _joined("any" if negated else "all", [phrased(member, negated) for member in members])
        case Or(members):
            return _joined("all" if negated else "any", [phrased(member, negated) for member in members])


def parts_of(phrase: Phrase) -> tuple[Part, ...]:
    """The leaves of a phrase, from left to right."""
    if isinstance(phrase, Part):
        return (phrase,)
    return tuple(part for member in phrase.members for part in parts_of(member))


def _compared(measure: str, question: str, operator: str, number: int) -> Part:
    """A comparison with < and > replaced: of whole numbers, "less than 3" is "at most 2"."""
    match operator:
        case "<":
            return Part(measure, question, operator="<=", number=number - 1)
        case ">":
            return Part(measure, question, operator=">=", number=number + 1)
    return Part(measure, question, operator=operator, number=number)


def _joined(join: str, phrases: Sequence[Phrase]) -> Phrase:
    """Joins phrases: flattened, without duplicates, and with parts about one question merged where possible."""
    flat = [one for phrase in phrases for one in _members(phrase, join)]
    said: dict[object, Phrase] = {}
    for one in flat:
        key = _subject(one, join) or one
        before = said.get(key)
        if isinstance(one, Part) and isinstance(before, Part):
            said[key] = replace(before, choices=tuple(sorted({*before.choices, *one.choices})))
        else:
            said[key] = one
    members = tuple(said.values())
    return members[0] if len(members) == 1 else Joined(join, members)


def _members(phrase: Phrase, join: str) -> tuple[Phrase, ...]:
    return phrase.members if isinstance(phrase, Joined) and phrase.join == join else (phrase,)


def _subject(one: Phrase, join: str) -> tuple[str, str] | None:
    """Returns the key under which parts merge: "is x" or "is y" into "is x or y", two denials into "not x or y"."""
    if isinstance(one, Part) and one.choices and one.negated == (join == "all"):
        return one.relation, one.question
    return None
