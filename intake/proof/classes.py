"""Every way through a programme, as far as the result: what is asked, and what comes of it; a person for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import z3

from intake.engine.programme import Programme
from intake.proof.persons import Person
from intake.proof.saying import Proof


@dataclass(frozen=True)
class PathClass:
    """All who are asked the same questions before the result, and come to the same reason, group and leading route."""

    asked: tuple[str, ...]
    reason: str
    group: str | None
    route: str | None
    person: Person


def path_classes(programme: Programme, today: date) -> Iterator[PathClass]:
    """The classes of everybody who answers what they must, each once; the engine says what a person's class is."""
    proof = Proof(programme, today)
    walk, people = proof.walk, proof.people
    looked_at = [
        *(walk.asked[question.id] for question in programme.before_result),
        *walk.reason_of.values(),
        walk.eligible,
        *(z3.And(z3.Not(walk.no), held) for held in walk.group.values()),
        *walk.leads.values(),
    ]
    people.solver.push()
    people.solver.add(*(z3.Not(walk.gap[question.id]) for question in programme.before_result))
    people.solver.add(*(z3.Not(walk.said_to(question)) for question in programme.after_result))
    try:
        while people.solver.check() == z3.sat:
            model = people.solver.model()
            same = [one if z3.is_true(model.eval(one, model_completion=True)) else z3.Not(one) for one in looked_at]
            yield _class_of(people.person(model))
            people.solver.add(z3.Not(z3.And(same)))
    finally:
        people.solver.pop()


def _class_of(person: Person) -> PathClass:
    journey = person.journey
    asked = tuple(step.question.id for step in journey.asked() if not step.question.after_result)
    return PathClass(asked, journey.assessment.reason, journey.assessment.group, journey.routing.route, person)
