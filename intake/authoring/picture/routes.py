"""The routes in their order: for whom each is, and beside it who leads, who is offered, what the person is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from intake.authoring.picture.boxes import Box, BoxSection
from intake.authoring.picture.telling import Telling
from intake.engine.programme import Route


def routes(telling: Telling, adds_only: Collection[str] | None) -> BoxSection:
    """`adds_only`: the routes that are proven never to lead; None when nothing was proven."""
    words = telling.words
    about = words("The first route that fits gives the partner that leads. Every other that fits adds its partners.")
    if any(telling.programme.unions()):
        about += " " + words("A union is asked about on a page of its own; nobody else sees the answer.")
    if adds_only is None:
        about += " " + words("It is not proven here which routes never lead: the solver is not installed.")
    boxes = [_route(telling, route, route.id in (adds_only or ())) for route in telling.programme.routes]
    return BoxSection(words("Routes"), tuple(boxes), about)


def _route(telling: Telling, route: Route, adds: bool) -> Box:
    words = telling.words
    if route.when is not None:
        when = telling.when(route.when)
    else:
        when = words("staff decide") if route.ask_staff else words("no other route fits")
    lead, partners = telling.meant(route.lead), tuple(_given(telling, route))
    if adds:
        beside = Box(words("Also offered: {partner}", partner=lead), partners, tone="partner")
    else:
        beside = Box(words("Leads: {partner}", partner=lead), partners, tone="partner")
    marks = (words("never leads, only adds"),) if adds else ()
    title = words("Route {route}", route=route.id)
    return Box(title, ((words("When"), when),), marks, "staff" if route.ask_staff else "plain", (beside,))


def _given(telling: Telling, route: Route) -> Iterator[tuple[str, str]]:
    words, programme = telling.words, telling.programme
    if route.offer:
        yield words("Offers"), telling.partners(route.offer)
    if route.tell:
        yield words("Tells about"), ", ".join(telling.say("organisation", id, "name") or id for id in route.tell)
    hints = [*route.hint, *(hint for id in route.tell for hint in programme.organisations[id].hint)]
    named = [programme.partners[id] for id in (route.lead, *route.offer) if id in programme.partners]
    hints += [hint for partner in named for hint in partner.hint]
    if hints:
        yield words("Says"), telling.hints(hints)
