"""All paths through a programme, with an example person for each: to the result, and from there to the end.

The two parts are enumerated apart, because their product would say nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import z3

from intake.authoring.proof.conditions_z3 import any_of
from intake.authoring.proof.example_persons import Person
from intake.authoring.proof.explain import Proof
from intake.engine.programme import Programme


@dataclass(frozen=True)
class PathClass:
    """All who are asked the same questions before the result and get the same reason, group and leading route."""

    asked: tuple[str, ...]
    reason: str
    group: str | None
    route: str | None
    person: Person


@dataclass(frozen=True)
class AfterClass:
    """All who are asked the same questions after the result and get the same end text. `end` None: they send in."""

    asked: tuple[str, ...]
    end: str | None
    person: Person


def path_classes(programme: Programme, today: date) -> Iterator[PathClass]:
    """Yields the classes of everybody who answers what is required, each once; the engine names the class."""
    proof = Proof(programme, today)
    walk = proof.walk
    looks = [
        *(walk.asked[question.id] for question in programme.before_result),
        *walk.reason_of.values(),
        walk.eligible,
        *(z3.And(z3.Not(walk.no), held) for held in walk.group.values()),
        *walk.leads.values(),
    ]
    silent = (z3.Not(walk.said_to(question)) for question in programme.after_result)
    for person in proof.people.apart(looks, walk.complete, *silent):
        judged = person.journey.judged
        asked = _asked(person, after_result=False)
        yield PathClass(asked, judged.assessment.reason, judged.assessment.group, judged.routing.route, person)


def after_classes(programme: Programme, today: date) -> Iterator[AfterClass]:
    """Yields the classes of everybody who goes on from the result and answers what is required, each once."""
    proof = Proof(programme, today)
    walk = proof.walk
    ends = [(one.id, choice) for one in programme.after_result for choice in one.choices if choice.ends]
    looks = [
        *(walk.asked[question.id] for question in programme.after_result),
        *(walk.reading.said[question, choice.id] for question, choice in ends),
    ]
    for person in proof.people.apart(looks, z3.Not(walk.no), z3.Not(any_of(walk.gap.values()))):
        yield AfterClass(_asked(person, after_result=True), person.journey.end, person)


def _asked(person: Person, after_result: bool) -> tuple[str, ...]:
    questions = (step.question for step in person.journey.asked())
    return tuple(question.id for question in questions if question.after_result is after_result)
