"""Who can be referred to each partner: every kind of person there is, with an example of each.

A kind is a place (the answer that names a local partner: `Programme.placed_by`), a group and a language. The language
changes nobody's referral, so it multiplies the kinds and is not searched.
Covered are rules and routes: persons sent to the partner as lead or offer who said yes to it; for the owner, everybody;
and persons who may be sent there once staff have decided a group (`routes_as`), counted under that group. Not covered
is what staff do by hand: they can hand a case over to any partner that is no union.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from intake.authoring.proof.conditions_z3 import FALSE, TRUE, Formula, all_of, any_of
from intake.authoring.proof.example_persons import Person, Wrong
from intake.authoring.proof.explain import Proof
from intake.authoring.proof.walk import Walk
from intake.engine.journey import CHECK
from intake.engine.programme import Programme
from intake.engine.routing import routes_as

Kind = tuple[str | None, str | None]  # place and group


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody of this place and group can be referred to the partner, in any language.

    `place` is None if it is not answered, `group` if staff have to decide; `decided`: only once staff have decided that
    group.
    """

    partner: str
    place: str | None
    group: str | None
    decided: bool
    person: Person


def reach(programme: Programme, today: date) -> Mapping[str, tuple[Cell, ...]]:
    """Returns, for every partner that takes persons, the kinds that can reach it, verified by the engine.

    Raises Wrong if the engine disagrees.
    """
    reaching = _Reaching(Proof(programme, today))
    return {id: tuple(reaching.cells(id)) for id, partner in programme.partners.items() if partner.takes_persons}


class _Reaching:
    """The formulas shared by all partners: the kinds, who is sent in, and the routes once staff have decided."""

    def __init__(self, proof: Proof) -> None:
        self.people, self.walk, self.programme = proof.people, proof.walk, proof.programme
        self.places, self.sent_in = _places(self.walk), _sent_in(self.walk)
        groups: dict[str | None, Formula] = {
            id: z3.And(self.walk.eligible, held) for id, held in self.walk.group.items()
        }
        groups[None] = self.walk.ask_staff
        self.kinds: dict[Kind, Formula] = {
            (place, group): z3.And(there, judged)
            for place, there in self.places.items()
            for group, judged in groups.items()
        }

    def cells(self, partner: str) -> Iterator[Cell]:
        """Yields persons by the rules, rather led than offered; then those whom staff place in a group."""
        walk, to_say_yes = self.walk, _may_say_yes(self.walk, partner)
        gets = TRUE if partner == self.programme.owner else walk.by_answers.given(partner)
        asked = all_of([walk.ask_staff, _asked_of(self.programme, partner)])
        found = self.people.each(self.kinds, self.sent_in, to_say_yes, any_of([walk.leading_to(partner), asked]))
        others = {kind: formula for kind, formula in self.kinds.items() if kind not in found}
        found |= self.people.each(others, self.sent_in, to_say_yes, all_of([walk.eligible, gets]))
        for (place, group), person in _in_order(self.kinds, found):
            yield Cell(partner, place, group, False, _sure(person, partner, group))
        for group, fitting in walk.by_staff.items():
            left: dict[Kind, Formula] = {(place, group): there for place, there in self.places.items()}
            left = {kind: there for kind, there in left.items() if kind not in found}
            given = self.people.each(left, self.sent_in, walk.ask_staff, fitting.given(partner))
            for (place, _), person in _in_order(left, given):
                yield Cell(partner, place, group, True, _sure(person, partner, group, decided=True))


def _in_order(kinds: Mapping[Kind, Formula], found: Mapping[Kind, Person]) -> Iterator[tuple[Kind, Person]]:
    """Yields in the order of the programme's places and groups, not of the solver."""
    return ((kind, found[kind]) for kind in kinds if kind in found)


def _places(walk: Walk) -> dict[str | None, Formula]:
    """Returns every answer to the question of the place, and its absence."""
    question = walk.programme.by_id.get(walk.programme.placed_by or "")
    if question is None or not question.choices:
        return {None: TRUE}
    said: dict[str | None, Formula] = {
        choice.id: walk.reading.said[question.id, choice.id] for choice in question.choices
    }
    return {**said, None: z3.Not(any_of(said.values()))}


def _sent_in(walk: Walk) -> Formula:
    """Everything is answered, and no answer ends the journey before it is sent in."""
    ends = [(one, choice) for one in walk.programme.after_result for choice in one.choices if choice.ends]
    ended = any_of(walk.reading.said[question.id, choice.id] for question, choice in ends)
    return all_of([z3.Not(walk.no), z3.Not(any_of(walk.gap.values())), z3.Not(ended)])


def _may_say_yes(walk: Walk, partner: str) -> Formula:
    """Persons for whom a partner is named are asked about it; the owner needs no yes."""
    programme, reading = walk.programme, walk.reading
    if partner == programme.owner:
        return TRUE
    of = "unions" if programme.partners[partner].union else "partners"
    asking = [one for one in programme.after_result if one.of == of]
    return any_of(
        all_of([reading.met[one.id], TRUE if one.ask_if is None else reading.true(one.ask_if)]) for one in asking
    )


def _asked_of(programme: Programme, partner: str) -> Formula:
    """Whether the partner gets those about whom staff have to decide."""
    asking = next((route.lead for route in programme.routes if route.ask_staff), None)
    return TRUE if partner in (programme.owner, asking) else FALSE


def _sure(person: Person, partner: str, group: str | None, decided: bool = False) -> Person:
    """Returns the person. Raises Wrong if the engine does not refer them to the partner."""
    journey = person.journey
    routing = routes_as(person.programme, journey.facts, group or "") if decided else journey.routing
    yes = decided or partner == person.programme.owner or journey.consented().get(partner)
    judged = journey.assessment.group if journey.assessment.verdict == "eligible" else None
    named = partner == person.programme.owner or partner in routing.partners()
    if not (journey.place == CHECK and named and yes and judged == (None if decided else group)):
        raise Wrong(f"the engine does not agree that {person.example()} comes to {partner}")
    return person
