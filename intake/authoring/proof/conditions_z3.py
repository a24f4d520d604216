"""Translates conditions into formulas: one for certainly true, one for certainly false (docs/rules.md, section 1).

`intake.engine.conditions` evaluates them and `intake.engine.sentences` words them; tests hold all three equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import z3

from intake.engine.conditions import And, Compare, Condition, Has, InGroup, Is, Known, Not, Or, questions_of
from intake.engine.domains import Amount, OneOf
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question

Formula = Any  # a z3 Boolean; z3 has no type hints
TRUE: Formula = z3.BoolVal(True)
FALSE: Formula = z3.BoolVal(False)
COMPARISONS: Mapping[str, Callable[[Any, int], Formula]] = {
    "<": lambda amount, number: amount < number,
    "<=": lambda amount, number: amount <= number,
    ">": lambda amount, number: amount > number,
    ">=": lambda amount, number: amount >= number,
    "==": lambda amount, number: amount == number,
    "!=": lambda amount, number: amount != number,
}


class ConditionFormulas:
    """The answers of any person as variables, and every condition as formulas over them.

    A choice is one Boolean per option; other kinds have a Boolean for whether there is a value, and an `Amount` also an
    integer: days from `today`, months, years, or the number. `met` says whether the walk reached a question; the
    creator of the formulas fills it in.
    """

    def __init__(self, programme: Programme, today: date, met: Mapping[str, Formula] | None = None) -> None:
        self.programme = programme
        self.today = today
        self.met: dict[str, Formula] = dict(met or {})
        self.said: dict[tuple[str, str], Formula] = {}
        self.has: dict[str, Formula] = {}
        self.amount: dict[str, Any] = {}
        self.place = programme.place_of
        for question in programme.questions:
            if question.choices:
                for choice in question.choices:
                    self.said[question.id, choice.id] = z3.Bool(f"{question.id}:{choice.id}")
                self.has[question.id] = any_of(
                    self.said[question.id, choice.id] for choice in question.choices if not choice.dont_know
                )
            else:
                self.has[question.id] = z3.Bool(question.id)
            if isinstance(KINDS[question.kind].domain, Amount):
                self.amount[question.id] = z3.Int(f"{question.id}#")
        self._formulas: dict[tuple[int, bool, int], Formula] = {}
        self._kept: list[Condition] = []  # keeps conditions alive, so that no id() is reused

    def limits(self, question: Question) -> Formula:
        """The constraint on any answer to a question."""
        domain = KINDS[question.kind].domain
        if isinstance(domain, Amount):
            amount, nothing = self.amount[question.id], self.zero(domain)
            return z3.And(amount >= domain.least - nothing, amount <= domain.most - nothing)
        said = [self.said[question.id, choice.id] for choice in question.choices]
        if isinstance(domain, OneOf):
            return z3.AtMost(*said, 1)
        alone = [choice.id for choice in question.choices if choice.alone]
        return all_of(z3.Implies(self.said[question.id, id], z3.AtMost(*said, 1)) for id in alone)

    def zero(self, domain: Amount) -> int:
        """The amount that is 0 in the formulas."""
        return self.today.toordinal() if domain.unit == "day" else 0

    def true(self, condition: Condition, upto: int | None = None) -> Formula:
        """Certainly true. `upto`: only questions before this place have been reached."""
        return self._read(condition, True, len(self.place) if upto is None else upto)

    def false(self, condition: Condition, upto: int | None = None) -> Formula:
        """Certainly false."""
        return self._read(condition, False, len(self.place) if upto is None else upto)

    def _read(self, condition: Condition, wanted: bool, upto: int) -> Formula:
        key = (id(condition), wanted, upto)
        if key not in self._formulas:
            self._kept.append(condition)
            self._formulas[key] = self._formula(condition, wanted, upto)
        return self._formulas[key]

    def _formula(self, condition: Condition, wanted: bool, upto: int) -> Formula:
        match condition:
            case Not(part):
                return self._read(part, not wanted, upto)
            case And(members) | Or(members):
                read = [self._read(member, wanted, upto) for member in members]
                return all_of(read) if isinstance(condition, And) is wanted else any_of(read)
            case InGroup(_, meaning):
                return self._read(meaning, wanted, upto)
        question = condition.question
        if self.place.get(question, upto) >= upto:
            return FALSE  # pending: neither true nor false
        has = self.has[question]
        match condition:
            case Known():
                return has if wanted else z3.And(z3.Not(has), self.met.get(question, TRUE))
            case Is(_, choices):
                holds = any_of(self.said[question, id] for id in sorted(choices) if (question, id) in self.said)
            case Has(_, choice):
                holds = self.said[question, choice]
            case Compare():
                holds = self._compared(condition)
        return z3.And(has, holds if wanted else z3.Not(holds))

    def _compared(self, condition: Compare) -> Formula:
        compare = COMPARISONS[condition.operator]
        question = self.programme.by_id[condition.question]
        if condition.measure == "count":
            chosen = [z3.If(self.said[question.id, choice.id], 1, 0) for choice in question.choices]
            return compare(z3.Sum(chosen), condition.number)
        amount = self.amount[question.id]
        if condition.measure in ("value", "days_until"):
            return compare(amount, condition.number)
        if KINDS[question.kind].domain.unit == "year":
            return compare(self.today.year - amount, condition.number)
        return self._years(question, condition.operator, condition.number)

    def _years(self, question: Question, operator: str, number: int) -> Formula:
        """Completed years since a date or a month, by the last day (or month) that is so many years ago."""
        at_least, more = self._since(question, number), self._since(question, number + 1)
        return {
            ">=": at_least, ">": more, "<": z3.Not(at_least), "<=": z3.Not(more),
            "==": z3.And(at_least, z3.Not(more)), "!=": z3.Or(z3.Not(at_least), more),
        }[operator]  # fmt: skip

    def _since(self, question: Question, years: int) -> Formula:
        amount, year = self.amount[question.id], self.today.year - years
        if not date.min.year <= year <= date.max.year:
            return TRUE if year > date.max.year else FALSE
        if KINDS[question.kind].domain.unit == "month":
            return amount <= year * 12 + self.today.month - 1
        try:
            last = self.today.replace(year=year)
        except ValueError:  # 29 February in a year without one
            last = date(year, 2, 28)
        return amount <= (last - self.today).days


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Conjunction, simplified where trivial."""
    found = [one for one in formulas if one is not TRUE]
    if any(one is FALSE for one in found):
        return FALSE
    return _joined(z3.Z3_mk_and, found) if found else TRUE


def any_of(formulas: Iterable[Formula]) -> Formula:
    """Disjunction, simplified where trivial."""
    found = [one for one in formulas if one is not FALSE]
    if any(one is TRUE for one in found):
        return TRUE
    return _joined(z3.Z3_mk_or, found) if found else FALSE


def _joined(make: Callable[..., Any], formulas: list[Formula]) -> Formula:
    """As `z3.And` and `z3.Or` do, without their look at the sort of every member: a seventh of a proof."""
    if len(formulas) == 1:
        return formulas[0]
    members = (z3.Ast * len(formulas))(*[one.as_ast() for one in formulas])
    return z3.BoolRef(make(TRUE.ctx.ref(), len(formulas), members), TRUE.ctx)


def replaced(condition: Condition, part: Condition, by: Condition) -> Condition:
    """Returns the condition with one part, found by identity, replaced."""
    if condition is part:
        return by
    match condition:
        case Not(inner):
            return Not(replaced(inner, part, by))
        case And(members):
            return And(tuple(replaced(member, part, by) for member in members))
        case Or(members):
            return Or(tuple(replaced(member, part, by) for member in members))
    return condition


def last_place(programme: Programme, condition: Condition) -> int:
    """Returns the place of the last question that a condition reads; -1 if it reads none."""
    return max((programme.place_of.get(id, -1) for id in questions_of(condition)), default=-1)


def parts_of(condition: Condition) -> Sequence[Condition]:
    """Returns the parts of a condition as written; the meaning of a group is not expanded."""
    match condition:
        case Not(part):
            return [condition, *parts_of(part)]
        case And(members) | Or(members):
            return [condition, *(inner for member in members for inner in parts_of(member))]
    return [condition]
