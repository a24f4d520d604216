"""Finds a person for whom two versions differ, or proves that there is none, which no sample of people can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from intake.authoring.proof.conditions_z3 import FALSE, Formula, all_of, any_of
from intake.authoring.proof.example_persons import ExamplePersons, Person
from intake.authoring.proof.walk import Walk
from intake.engine.programme import Programme
from intake.engine.written import written

# Aspects that may differ, each as named formulas of a walk.
LOOKS: Mapping[str, Callable[[Walk], Mapping[str, Formula]]] = {
    "asked": lambda walk: {**walk.asked, **_hidden(walk)},
    "verdict": lambda walk: {"no": walk.no, "eligible": walk.eligible} | walk.reason_of,
    "group": lambda walk: {id: z3.And(z3.Not(walk.no), held) for id, held in walk.group.items()},
    "lead": lambda walk: {id: walk.leading_to(id) for id in walk.programme.partners},
    "offers": lambda walk: walk.named,
    "information": lambda walk: {id: walk.informs(id) for id in walk.programme.organisations},
    "advice": lambda walk: walk.by_answers.advised,
    "notes": lambda walk: {
        f"{question.id}.{written(note.when)}": z3.And(walk.asked[question.id], walk.reading.true(note.when))
        for question in walk.programme.questions
        for note in question.notes
    },
}


TELLING = ("verdict", "lead", "offers", "group", "information", "advice", "asked", "notes")  # the most telling first


@dataclass(frozen=True)
class Difference:
    """A person for whom `what` differs, with both versions."""

    what: str
    before: Person
    after: Person


def first_difference(
    old: Programme,
    new: Programme,
    today: date,
    looks: tuple[str, ...] = tuple(LOOKS),
    finished: Callable[[Iterable[Formula]], Formula] | None = None,
) -> Difference | None:
    """Returns a person who answers both versions alike and for whom they differ, or None.

    `finished`: only persons who have answered everything before the result, in both versions (`all_of`) or in one
    (`any_of`).
    Only answers valid in both versions are considered. That is enough: where the versions first diverge for a person,
    all earlier answers are valid in both, and they differ in what is asked there. Questions that only one version has,
    or with other kinds or choices, are a difference in themselves and not searched for.
    """
    was, now = Walk(old, today), Walk(new, today)
    people = ExamplePersons(was)
    people.solver.add([law.formula for law in now.laws])
    people.solver.add(*_not_taken(was, now), *_not_taken(now, was))
    if finished is not None:
        people.solver.add(finished([was.complete, now.complete]))
    for what in looks:
        before, after = LOOKS[what](was), LOOKS[what](now)
        parted = [z3.Xor(before.get(id, FALSE), after.get(id, FALSE)) for id in dict.fromkeys([*before, *after])]
        person = people.find(any_of(parted)) if parted else None
        if person is not None:
            return Difference(what, person, Person(new, person.answers, today))
    return None


def telling_difference(old: Programme, new: Programme, today: date) -> Difference | None:
    """Returns a difference to be shown: rather another outcome than more questions."""
    found = (first_difference(old, new, today, TELLING, finished) for finished in (all_of, any_of, None))
    return next((one for one in found if one is not None), None)


def _not_taken(walk: Walk, other: Walk) -> Iterator[Formula]:
    """Yields formulas that exclude answers valid in this version only."""
    for question in walk.programme.questions:
        there = other.programme.by_id.get(question.id)
        if there is None or there.kind != question.kind:
            yield z3.Not(walk.said_to(question))
            continue
        taken = {choice.id for choice in there.choices}
        yield from (
            z3.Not(walk.reading.said[question.id, choice.id]) for choice in question.choices if choice.id not in taken
        )


def _hidden(walk: Walk) -> dict[str, Any]:
    """Hidden choices of questions that are asked."""
    return {
        f"{question.id}:{choice.id}": z3.And(walk.asked[question.id], walk.reading.true(choice.hide_if))
        for question in walk.programme.questions
        for choice in question.choices
        if choice.hide_if is not None
    }
