"""Conditions as typed trees: what holds, what does not, what is unknown. `intake.engine.parsing` makes them from text.

A condition holds (True), does not hold (False) or is unknown (None). On the walk a question is
*pending* (neither in `Facts.values` nor in `Facts.settled`), *off* or *blank* (settled, no value) or *known* (a value).
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
    """What is certain so far. `settled` holds questions that are off or blank: met, and without a value.

    `decided` is the group staff decided on; it stands above what the answers say.
    """

    today: date
    values: dict[str, Value] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    decided: str | None = None

    def pending(self, question: str) -> bool:
        """Whether the walk has not come to this question (yet)."""
        return question not in self.values and question not in self.settled


OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Is:
    """A single choice is one of `choices`."""

    question: str
    choices: frozenset[str]

    def holds(self, facts: Facts) -> Truth:
        value = facts.values.get(self.question)
        return None if value is None else value in self.choices

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Has:
    """`choice` is among several chosen."""

    question: str
    choice: str

    def holds(self, facts: Facts) -> Truth:
        value = facts.values.get(self.question)
        return None if value is None else isinstance(value, list) and self.choice in value

    def parts(self) -> Iterator[Condition]:
        yield self


@dataclass(frozen=True, slots=True)
class Compare:
    """A number drawn from an answer, compared: calendar days, completed years, how many chosen, the number itself."""

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
    """The question has a value. Off or blank: certainly not; pending: unknown."""

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
class All:
    """Certainly true when every member is; certainly false when one is certainly false."""

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
class Either:
    """Certainly true when one member is; certainly false when every member is."""

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
    """`group == id`. `meaning` is: `when` of the group, and of no earlier one."""

    group: str
    meaning: Condition

    def holds(self, facts: Facts) -> Truth:
        return self.meaning.holds(facts) if facts.decided is None else facts.decided == self.group

    def parts(self) -> Iterator[Condition]:
        yield self
        yield from self.meaning.parts()


Condition = Is | Has | Compare | Known | Not | All | Either | InGroup


def questions_of(condition: Condition) -> tuple[str, ...]:
    """The questions a condition reads, each once, in the order they are named."""
    named = (part.question for part in condition.parts() if isinstance(part, Is | Has | Compare | Known))
    return tuple(dict.fromkeys(named))


def measured(measure: str, value: Value, today: date) -> int:
    """The number a measure draws from a known value. Completed years count a 29 February birthday from 1 March."""
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
