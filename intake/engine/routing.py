"""Finds the leading partner, the offered partners and the organisations only told about. (docs/rules.md, "Routing")"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.engine.assessment import Assessment, group_of
from intake.engine.conditions import Facts
from intake.engine.programme import Programme, Route


@dataclass(frozen=True, slots=True)
class Routing:
    """The routing of one person. `route` gave the `lead`.

    `offers`: leads and offers of all fitting routes, in order; `information`: organisations only told about. `fitted`
    are all fitting routes and `considered` every partner that they named; both are kept to explain a submission.
    """

    route: str | None = None
    lead: str | None = None
    offers: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    fitted: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()

    def partners(self) -> tuple[str, ...]:
        return ((self.lead,) if self.lead else ()) + self.offers


def fitting(programme: Programme, facts: Facts) -> list[Route]:
    """Returns the routes that certainly fit, in order; `otherwise` fits if no other does."""
    if facts.decided is None and (group := group_of(programme, facts)):  # certain: found once for all conditions
        facts = Facts(facts.today, facts.values, facts.settled, group)
    fits = [route for route in programme.routes if route.when is not None and route.when.holds(facts)]
    return fits or _fallback(programme)


def find_routes(programme: Programme, facts: Facts, assessment: Assessment) -> Routing:
    """Returns the routing of a verdict. For ask_staff, the marked route leads; all that fit still give information."""
    if assessment.verdict == "not_eligible":
        return Routing()
    fits = fitting(programme, facts)
    told = _told(fits)
    if assessment.verdict == "eligible":
        return _routed(programme, facts, fits, told)
    asking = next((route for route in programme.routes if route.ask_staff), None)
    if asking is None:  # a hole, reported by the catalogue and the proof
        return told
    return replace(told, route=asking.id, lead=asking.lead, fitted=(asking.id, *told.fitted), considered=(asking.lead,))


def routes_as(programme: Programme, facts: Facts, group: str) -> Routing:
    """Returns the routing after staff have decided the group. (docs/rules.md, "When staff decide")"""
    facts = replace(facts, decided=group)
    fits = fitting(programme, facts)
    return _routed(programme, facts, fits, _told(fits))


def _fallback(programme: Programme) -> list[Route]:
    return [route for route in programme.routes if route.otherwise and route.when is None]


def _told(fits: Iterable[Route]) -> Routing:
    fits = list(fits)
    information = _unique(id for route in fits for id in route.tell)
    return Routing(information=information, fitted=tuple(route.id for route in fits))


def _routed(programme: Programme, facts: Facts, fits: list[Route], told: Routing) -> Routing:
    named = _unique(
        partner
        for route in fits
        for template in (route.lead, *route.offer)
        if (partner := _partner(programme, facts, template))
    )
    leading = (route for route in (*fits, *_fallback(programme)) if _partner(programme, facts, route.lead))
    route = next(leading, None)  # None: a hole, reported by the catalogue and the proof
    lead = None if route is None else _partner(programme, facts, route.lead)
    named = named if lead is None else _unique((*named, lead))  # the last resort leads if no fitting route can
    offers = tuple(partner for partner in named if partner != lead)
    return Routing(route.id if route else None, lead, offers, told.information, told.fitted, named)


def _partner(programme: Programme, facts: Facts, template: str) -> str | None:
    """Returns the partner that a lead or offer names, or None if there is none (`municipality:other`)."""
    id = template
    if "{" in template:
        id = re.sub(r"{(\w+)}", lambda found: str(facts.values.get(found[1], "")), template)
    partner = programme.partners.get(id)
    return id if partner is not None and partner.takes_persons else None


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
