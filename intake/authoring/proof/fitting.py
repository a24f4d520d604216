"""Which routes fit, by the answers or once staff have decided a group: who leads, who is offered, what is advised.

`intake.engine.routing` computes this for one set of answers, the formulas here express it for all. They do not say
whether anybody gets that far (a no, gaps, the verdict): the walk does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import z3

from intake.authoring.proof.conditions_z3 import TRUE, ConditionFormulas, Formula, all_of, any_of
from intake.engine.conditions import And, Condition, InGroup, Not, Or
from intake.engine.programme import Programme, Route


def placed_by(template: str) -> str | None:
    """Returns the question whose answer completes the name of a partner (`board:{county}`)."""
    placed = re.search(r"{(\w+)}", template)
    return placed[1] if placed is not None else None


def is_last_resort(route: Route) -> bool:
    return route.otherwise and route.when is None


class Fitting:
    """Formulas of routing. `group`: decided by staff (`intake.engine.routing.routes_as`); None: by the answers."""

    def __init__(self, programme: Programme, reading: ConditionFormulas, group: str | None = None) -> None:
        self.programme, self.reading = programme, reading

        def certain(when: Condition | None) -> Formula:
            if when is None:
                return TRUE
            return reading.true(when if group is None else _decided(when, group))

        self.fits = {route.id: certain(route.when) for route in programme.routes if route.when is not None}
        self.advised = {advice.id: certain(advice.when) for advice in programme.advice}  # whatever the verdict
        none = z3.Not(any_of(self.fits.values()))
        self.fits |= {route.id: none for route in programme.routes if is_last_resort(route)}

    @cached_property
    def leads(self) -> Mapping[str, Formula]:
        """When each route gives the lead: the first that fits and names a partner, else the last resort."""
        leads: dict[str, Formula] = {}
        has_led: list[Formula] = []
        for route in self.in_turn():
            able = any_of(formula for _, formula in self.meant(route.lead))
            fit = TRUE if is_last_resort(route) else self.fits[route.id]
            leads[route.id] = all_of([fit, able, z3.Not(any_of(has_led))])
            has_led.append(z3.And(fit, able))
        return leads

    def in_turn(self) -> Iterator[Route]:
        """Yields the routes that may lead, in order."""
        yield from (route for route in self.programme.routes if route.when is not None)
        yield from (route for route in self.programme.routes if is_last_resort(route))

    def meant(self, template: str) -> Iterator[tuple[str, Formula]]:
        """Yields the partners that a lead or offer may name, each with its formula."""
        programme, placed = self.programme, placed_by(template)
        if placed is None:
            if template in programme.partners and programme.partners[template].takes_persons:
                yield template, TRUE
            return
        question = programme.by_id.get(placed)
        for choice in question.choices if question is not None else ():
            id = template.replace(f"{{{placed}}}", choice.id)
            if id in programme.partners and programme.partners[id].takes_persons and not choice.dont_know:
                yield id, self.reading.said[placed, choice.id]

    def leading_to(self, partner: str) -> Iterator[Formula]:
        """Yields when each route leads to a partner."""
        for route in self.in_turn():
            meant = (formula for id, formula in self.meant(route.lead) if id == partner)
            yield from (all_of([self.leads[route.id], formula]) for formula in meant)

    def naming(self, partner: str) -> Iterator[tuple[str, Formula]]:
        """Yields the routes that name a partner, as lead or offer, each with its formula."""
        for route in self.in_turn():
            for template in (route.lead, *route.offer):
                for id, formula in self.meant(template):
                    if id == partner:
                        yield route.id, all_of([self.fits[route.id], formula])

    def given(self, partner: str) -> Formula:
        """A fitting route names the partner; or none has a lead, and the last resort leads to the partner."""
        return any_of([*(named for _, named in self.naming(partner)), self.last_resort(partner)])

    def last_resort(self, partner: str) -> Formula:
        """The last resort leads to the partner, whether or not another route fits."""
        last = ((self.leads[route.id], self.meant(route.lead)) for route in self.in_turn() if is_last_resort(route))
        return any_of(all_of([led, able]) for led, meant in last for id, able in meant if id == partner)

    def telling(self, organisation: str) -> Formula:
        """Somebody is told about this organisation."""
        return any_of(self.fits[route.id] for route in self.in_turn() if organisation in route.tell)


def _decided(condition: Condition, group: str) -> Condition:
    """Returns the condition with the group replaced by the decided one."""
    match condition:
        case InGroup(id, _):
            return And(()) if id == group else Or(())
        case Not(part):
            return Not(_decided(part, group))
        case And(members):
            return And(tuple(_decided(member, group) for member in members))
        case Or(members):
            return Or(tuple(_decided(member, group) for member in members))
    return condition
