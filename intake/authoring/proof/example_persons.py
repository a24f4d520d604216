"""Example persons: solutions of the solver turned into answers and verified by the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import z3

from intake.authoring.assessing import judged, traced
from intake.authoring.proof.conditions_z3 import TRUE, Formula, any_of
from intake.authoring.proof.walk import Walk
from intake.engine.conditions import Value
from intake.engine.domains import Amount
from intake.engine.journey import SEEN, Journey, travel
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question

NEAR = 400  # preferred range of dates in examples, in days from today
Answers = dict[str, Value | None]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Person:
    """One set of answers, walked by the engine on one day."""

    programme: Programme
    answers: Mapping[str, Value | None]
    today: date

    @cached_property
    def journey(self) -> Journey:
        """Returns the whole journey: past the result if the person can continue from it."""
        seen = travel(self.programme, self.answers, self.today).seen()
        return travel(self.programme, {**self.answers, SEEN: seen}, self.today)

    def example(self) -> dict[str, Any]:
        """Returns the result of `intake assess` for these answers, and the questions asked."""
        journey = self.journey
        return {
            "answers": {id: value for id, value in self.answers.items() if value is not None},
            "today": self.today.isoformat(),
            "journey": [step.question.id for step in journey.asked()],
            **judged(journey),
            "trace": traced(journey),
        }


class Wrong(AssertionError):
    """Solver and engine disagree: a fault of the proof, never of a programme."""


class ExamplePersons:
    """Finds persons of a walk."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.solver = z3.SolverFor("QF_LIA")
        for law in walk.laws:
            self.solver.add(law.formula)

    def any(self, *wanted: Formula) -> bool:
        """Whether there is such a person."""
        self.solver.push()
        self.solver.add(*wanted)
        answer = self.solver.check()
        self.solver.pop()
        return _decided(answer)

    def find(self, *wanted: Formula, sure: Callable[[Person], bool] | None = None) -> Person | None:
        """Returns one such person, or None. Prefers one who answers all that is required and little else.

        Raises Wrong if the engine disagrees (`sure` is false).
        """
        self.solver.push()
        self.solver.add(*wanted)
        try:
            for wish in (*self._wishes, []):
                self.solver.push()
                self.solver.add(*wish)
                found = _decided(self.solver.check())
                person = self.person(self.solver.model()) if found else None
                self.solver.pop()
                if person is not None:
                    if sure is not None and not sure(person):
                        raise Wrong(f"the engine does not agree about {person.example()}")
                    return person
            return None
        finally:
            self.solver.pop()

    def each(self, kinds: Mapping[Kind, Formula], *wanted: Formula) -> dict[Kind, Person]:
        """Returns one person of every kind that exists. Each solution excludes its kind, so there are few checks."""
        found: dict[Kind, Person] = {}
        self.solver.push()
        self.solver.add(*wanted, any_of(kinds.values()))
        for wish in (*self._wishes, []):
            before = set(found)
            self.solver.push()
            self.solver.add(*wish)
            while _decided(self.solver.check()):
                model = self.solver.model()
                kind = next(one for one, formula in kinds.items() if one not in found and _true(model, formula))
                found[kind] = self.person(model)
                self.solver.add(z3.Not(kinds[kind]))
            self.solver.pop()
            self.solver.add(*(z3.Not(kinds[kind]) for kind in found.keys() - before))
        self.solver.pop()
        return found

    def apart(self, looks: Sequence[Formula], *wanted: Formula) -> Iterator[Person]:
        """Yields one person for every combination of outcomes of `looks`."""
        self.solver.push()
        self.solver.add(*wanted)
        try:
            while _decided(self.solver.check()):
                model = self.solver.model()
                same = [look if _true(model, look) else z3.Not(look) for look in looks]
                yield self.person(model)
                self.solver.add(z3.Not(z3.And(same)))
        finally:
            self.solver.pop()

    @cached_property
    def _wishes(self) -> Sequence[list[Formula]]:
        """Preferences for an example: first up to the result and short, then complete."""
        walk, programme = self.walk, self.walk.programme
        to_the_result = [z3.Not(walk.gap[question.id]) for question in programme.before_result]
        complete = [z3.Not(gap) for gap in walk.gap.values()]
        silent = [z3.Not(walk.said_to(question)) for question in programme.after_result]
        short = [z3.Not(walk.reading.has[question.id]) for question in programme.questions if question.optional]
        near = [
            z3.And(amount >= -NEAR, amount <= NEAR)
            for id, amount in walk.reading.amount.items()
            if KINDS[programme.by_id[id].kind].domain.unit == "day"
        ]
        return (
            [*to_the_result, *silent, *short, *near], [*to_the_result, *silent], [*complete, *short, *near], complete,
        )  # fmt: skip

    def person(self, model: Any) -> Person:
        answers = {
            question.id: self._answer(model, question)
            for question in self.walk.programme.questions
            if question.of is None
        }
        given = {id: said for id, said in answers.items() if said is not None or self._skips(id, answers)}
        return _consenting(Person(self.walk.programme, given, self.walk.today))

    def _skips(self, id: str, answers: Answers) -> bool:
        """Whether leaving this out is valid: optional, or not the last way of contact, or another way is given."""
        question, questions = self.walk.programme.by_id[id], self.walk.programme.questions
        if question.one_of is None:
            return question.optional
        ways = [one.id for one in questions if one.one_of == question.one_of]
        return id != ways[-1] or any(answers.get(way) is not None for way in ways)

    def _answer(self, model: Any, question: Question) -> Value | None:
        reading, kind = self.walk.reading, KINDS[question.kind]
        if question.choices:
            said = (one.id for one in question.choices if _true(model, reading.said[question.id, one.id]))
            return list(said) or None if kind.lists else next(said, None)
        if not _true(model, reading.has[question.id]):
            return None
        if isinstance(kind.domain, Amount):
            amount = model.eval(reading.amount[question.id], model_completion=True).as_long()
            return kind.domain.value(amount + reading.zero(kind.domain))
        return kind.example(question, ())


def _consenting(person: Person) -> Person:
    """Adds a yes to every partner the person is asked about; the routing decides which these are."""
    asked = [step for step in person.journey.asked() if step.question.of is not None]
    consents: Answers = {step.question.id: dict.fromkeys(step.offered, True) for step in asked}
    return replace(person, answers={**person.answers, **consents}) if consents else person


def _true(model: Any, formula: Formula) -> bool:
    return bool(model.eval(formula, model_completion=True).eq(TRUE))


def _decided(answer: Any) -> bool:
    if answer == z3.unknown:
        raise Wrong("the solver gave up")
    return bool(answer == z3.sat)
