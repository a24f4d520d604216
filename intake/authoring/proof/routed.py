"""Checks that everybody gets a partner, and that every route has an effect."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from intake.authoring.proof.conditions_z3 import TRUE, Formula, all_of, any_of
from intake.authoring.proof.example_persons import Person
from intake.authoring.proof.explain import Proof, found
from intake.authoring.proof.fitting import Fitting, is_last_resort, placed_by
from intake.engine.findings import Finding
from intake.engine.programme import Route


def unrouted(proof: Proof) -> Iterator[Finding]:
    """Yields persons without a partner, missing partners, and routes without an effect."""
    yield from _holes(proof)
    yield from _missing(proof)
    for route in proof.programme.routes:
        if route.id in proof.walk.by_answers.fits:
            yield from _idle(proof, route)


def adds_only(proof: Proof) -> frozenset[str]:
    """Returns the routes that never lead by the answers. (Once staff have decided a group, they may.)"""
    walk = proof.walk
    return frozenset(id for id, leads in walk.leads.items() if not proof.anybody(leads))


def _holes(proof: Proof) -> Iterator[Finding]:
    """Every verdict but a no has a partner: by a route that leads if eligible, else by the one for staff."""
    walk, programme = proof.walk, proof.programme
    hole = z3.And(walk.eligible, z3.Not(any_of(walk.leads.values())))
    if person := proof.somebody(hole, sure=_has_no_lead):
        message = "somebody who is eligible gets no partner: no route fits, and there is none that fits otherwise"
        yield found("no_partner", "route", message, person)
    if not any(route.ask_staff for route in programme.routes) and (person := proof.somebody(walk.ask_staff)):
        message = "somebody for whom staff must decide gets no partner: no route has ask_staff = true"
        yield found("no_partner", "route", message, person)


def _has_no_lead(person: Person) -> bool:
    return person.journey.assessment.verdict == "eligible" and person.journey.routing.lead is None


def _missing(proof: Proof) -> Iterator[Finding]:
    """A partner named by an answer (`board:{county}`) exists for all choices but the last (docs/rules.md, 7)."""
    walk, fitting = proof.walk, proof.walk.by_answers
    for route in fitting.in_turn():
        for key, template in (("lead", route.lead), *(("offer", one) for one in route.offer)):
            question = proof.programme.by_id.get(placed_by(template) or "")
            if question is None:
                continue
            named = {id for id, _ in fitting.meant(template)}
            by_choice = {
                choice.id: template.replace(f"{{{question.id}}}", choice.id)
                for choice in [one for one in question.choices if not one.dont_know][:-1]
            }
            lacking = {choice: id for choice, id in by_choice.items() if id not in named}
            lost = any_of(walk.reading.said[question.id, choice] for choice in lacking)
            if lacking and (person := proof.somebody(walk.eligible, fitting.fits[route.id], lost, sure=_is_eligible)):
                message = f"names no partner for somebody it fits: there is no {', '.join(lacking.values())}"
                yield found("partner_missing", f"route.{route.id}.{key}", message, person)


def _is_eligible(person: Person) -> bool:
    return person.journey.assessment.verdict == "eligible"


def _idle(proof: Proof, route: Route) -> Iterator[Finding]:
    """A route that never leads must add something that no other gives, by the answers or by decision of staff."""
    walk = proof.walk
    if any(proof.anybody(does) for does in (walk.leads[route.id], any_of(_added(proof, route)))):
        return
    waiting = z3.And(walk.ask_staff, walk.complete)
    for fitting in walk.by_staff.values():
        if proof.anybody(waiting, any_of([fitting.leads[route.id], *_adds(fitting, route, TRUE)])):
            return
    fits_somebody = all_of([z3.Not(walk.no), walk.complete, walk.by_answers.fits[route.id]])
    person = proof.somebody(walk.eligible, fits_somebody) or proof.somebody(fits_somebody)
    if person is None and route.when is not None:
        return  # its condition is never true, which is another finding
    leads = person.journey.routing.route if person is not None else None
    others = f": whoever it fits is led by another (here {leads}), and is given all it would give" if leads else ""
    yield found("route_idle", f"route.{route.id}", f"never leads, and adds nothing{others}", person)


def _added(proof: Proof, route: Route) -> Iterator[Formula]:
    """Yields what only this route adds, by the answers alone."""
    walk = proof.walk
    adds = _adds(walk.by_answers, route, walk.eligible)
    return (all_of([z3.Not(walk.no), walk.complete, gives]) for gives in adds)


def _adds(fitting: Fitting, route: Route, offering: Formula) -> Iterator[Formula]:
    """Yields an offer or information that no other fitting route gives. `offering`: when offers are made."""
    for partner in fitting.programme.partners:
        naming = list(fitting.naming(partner))
        by = [formula for id, formula in naming if id == route.id]
        if not by:
            continue
        else_by = [formula for id, formula in naming if id != route.id]
        if not is_last_resort(route):
            else_by.append(fitting.last_resort(partner))
        yield all_of([offering, any_of(by), z3.Not(any_of(else_by))])
    others = [one for one in fitting.in_turn() if one is not route]
    for id in route.tell:
        others_too = any_of(fitting.fits[one.id] for one in others if id in one.tell)
        yield all_of([fitting.fits[route.id], z3.Not(others_too)])
