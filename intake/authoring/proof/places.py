"""All conditions of a programme with their places, and what is known to hold when the walk reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from intake.authoring.proof.conditions_z3 import Formula, all_of
from intake.authoring.proof.walk import Law, Walk
from intake.engine.conditions import Condition, Not
from intake.engine.programme import Programme


@dataclass(frozen=True)
class Place:
    """One condition with its place (`key`) in programme.toml.

    `context`: what holds of everybody who reaches it having answered all before; `wide`: also of those who skipped
    some. `ends`: it ends walks itself, so whether it is always true shows only if nothing does. `no_if`: must not
    overlap.
    """

    key: str
    condition: Condition
    context: tuple[Law, ...] = ()
    wide: tuple[Law, ...] = ()
    ends: bool = False
    no_if: Condition | None = None

    @property
    def here(self) -> Formula:
        return all_of(law.formula for law in self.context)

    @property
    def anyhow(self) -> Formula:
        return all_of(law.formula for law in self.wide)


def places(walk: Walk) -> Iterator[Place]:
    """Yields the places in the order of the file. Everything before a question is answered when it is reached."""
    programme = walk.programme
    for question in programme.questions:
        key, asked = f"question.{question.id}", tuple(walk.ways[question.id])
        answered = Law("everything asked before is answered", walk.no_gap_before(question.id))
        if question.ask_if is not None:
            own = f"{question.id} is asked only if"
            # Repeating that nobody is asked after an end is a valid guard of sensitive questions, not a fault.
            before = tuple(law for law in asked if not law.ends and not law.says.startswith(own))
            yield _read_there(f"{key}.ask_if", question.ask_if, before, answered)
        for choice in question.choices:
            if choice.hide_if is not None:
                yield _read_there(f"{key}.choices.{choice.id}.hide_if", choice.hide_if, asked, answered)
        here = Law("it is answered itself", z3.Not(walk.gap[question.id]))  # a note is shown only after an answer
        for number, note in enumerate(question.notes, 1):
            yield _read_there(f"{key}.note.{number}.when", note.when, asked, answered, here)
    complete = Law("everything asked is answered", walk.complete)
    to_the_end = Law("a rule ends the interview before", z3.Not(walk.no))
    for group in programme.groups:
        yield _read_there(f"group.{group.id}.when", group.when, (), complete)
    for rule in programme.rules:
        if rule.no_if is not None:
            yield Place(f"rule.{rule.id}.no_if", rule.no_if, (complete,), ends=True)
        if rule.yes_if != (None if rule.no_if is None else Not(rule.no_if)):
            come = (complete, to_the_end)
            yield Place(f"rule.{rule.id}.yes_if", rule.yes_if, come, (to_the_end,), ends=True, no_if=rule.no_if)
    for route in programme.routes:
        if route.when is not None:
            yield _read_there(f"route.{route.id}.when", route.when, (to_the_end,), complete)
    for advice in programme.advice:
        if advice.when is not None:
            yield _read_there(f"advice.{advice.id}.when", advice.when, (), complete)


def _read_there(key: str, condition: Condition, wide: tuple[Law, ...], *answered: Law) -> Place:
    return Place(key, condition, (*wide, *answered), wide)


def named_parts(programme: Programme) -> dict[int, str]:
    """Returns the keys of parts of named conditions by identity; the whole belongs to the place that names it."""
    return {
        id(part): f"conditions.{name}"
        for name, condition in reversed(list(programme.named.items()))
        for part in condition.parts()
        if part is not condition
    }
