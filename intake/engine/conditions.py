"""Conditions as typed trees, evaluated to true, false or unknown. `intake.engine.parsing` builds them from text.

A condition holds (True), does not hold (False) or is unknown (None). On the walk a question is *pending* (neither in
`Facts.values` nor in `Facts.settled`), *off* or *blank* (settled, no value) or *known* (a value).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

Value = str | int | list[str] | dict[str, bool]
Truth = bool | None


@dataclass(slots=True)
class Facts:
    """What is certain so far. `settled` holds the questions that the walk has passed without a value: off or blank.

    `decided` is the group that staff decided on; it overrides the answers.
    """

    today: date
    values: dict[str, Value] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    decided: str | None = None

    def pending(self, question: str) -> bool:
        """Whether the walk has not reached this question yet."""
        return question not in self.values and question not in self.settled


OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Is:
    """The answer to a single choice is one of `choices`."""

    question: str
    choices: frozenset[str]

    def holds(self, facts: Facts) -> Truth:
        value = facts.values.get(self.question)
        return None if value is None else value in self.choices

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Has:
    """`choice` is among the choices of a multiple choice."""

    question: str
    choice: str

    def holds(self, facts: Facts) -> Truth:
        value = facts.values.get(self.question)
        return None if value is None else isinstance(value, list) and self.choice in value

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of a number derived from an answer: days until, completed years, a count of choices, the value."""

    measure: str
    question: str
    operator: str
    number: int

    def holds(self, facts: Facts) -> Truth:
        value = facts.values.get(self.question)
        return (
            None if value is None else OPERATORS[self.operator](measured(self.measure, value, facts.today), self.number)
        )

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Known:
    """The question has a value: True. Off or blank: False; pending: unknown."""

    question: str

    def holds(self, facts: Facts) -> Truth:
        return True if self.question in facts.values else False if self.question in facts.settled else None

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, facts: Facts) -> Truth:
        truth = self.part.holds(facts)
        return None if truth is None else not truth

    def parts(self) -> Iterator[Condition]:
        yield self
        yield from self.part.parts()


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction: True if every member is, False if any is, else unknown."""

    members: tuple[Condition, ...]

    def holds(self, facts: Facts) -> Truth:
        result: Truth = True
        for member in self.members:
            truth = member.holds(facts)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def parts(self) -> Iterator[Condition]:
        yield self
        for member in self.members:
            yield from member.parts()


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction: True if any member is, False if every member is, else unknown."""

    members: tuple[Condition, ...]

    def holds(self, facts: Facts) -> Truth:
        result: Truth = False
        for member in self.members:
            truth = member.holds(facts)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    def parts(self) -> Iterator[Condition]:
        yield self
        for member in self.members:
            yield from member.parts()


@dataclass(frozen=True, slots=True)
class InGroup:
    """`group == id`. `meaning` is the group's `when`, and not that of any earlier group."""

    group: str
    meaning: Condition

    def holds(self, facts: Facts) -> Truth:
        return self.meaning.holds(facts) if facts.decided is None else facts.decided == self.group

    def parts(self) -> Iterator[Condition]:
        yield self
        yield from self.meaning.parts()


Condition = Is | Has | Compare | Known | Not | And | Or | InGroup


def questions_of(condition: Condition) -> tuple[str, ...]:
    """The questions that a condition reads, each once, in the order in which they are named."""
    named = (part.question for part in condition.parts() if isinstance(part, Is | Has | Compare | Known))
    return tuple(dict.fromkeys(named))


def measured(measure: str, value: Value, today: date) -> int:
    """Returns the number that a measure derives from a known value; a year from 29 February is completed on 1 March."""
    if measure == "count":
        return len(value) if isinstance(value, list) else 0
    if measure == "value":
        return int(value) if isinstance(value, int) else 0
    if isinstance(value, int):  # a year alone
        return today.year - value
    then = date.fromisoformat(str(value) if len(str(value)) > 7 else f"{value}-01")
    if measure == "days_until":
        return (then - today).days
    return today.year - then.year - ((today.month, today.day) < (then.month, then.day))
