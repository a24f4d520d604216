"""The walk of any one person as formulas: what is asked, what ends it, the verdict, who leads and who is offered.

What `intake.engine.journey`, `assessment` and `routing` compute for one set of answers is here said of all of them.
Answers that the journey does not use are left out: they change nothing (DESIGN section 5, step 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from intake.engine.conditions import All, Condition, Either, InGroup, Not
from intake.engine.programme import Programme, Question, Route
from intake.engine.written import written
from intake.proof.reading import FALSE, TRUE, Formula, Reading, all_of, any_of, last_place


@dataclass(frozen=True)
class Law:
    """One thing that holds of every person, and in words why. `ends`: because a choice after the result ends there."""

    says: str
    formula: Formula
    ends: bool = False


def placed_by(template: str) -> str | None:
    """The question whose answer completes the name of a partner (`board:{county}`)."""
    placed = re.search(r"{(\w+)}", template)
    return placed[1] if placed is not None else None


def is_last_resort(route: Route) -> bool:
    return route.otherwise and route.when is None


def decided(condition: Condition, group: str) -> Condition:
    """The condition with the group known."""
    match condition:
        case InGroup(id, _):
            return All(()) if id == group else Either(())
        case Not(part):
            return Not(decided(part, group))
        case All(members):
            return All(tuple(decided(member, group) for member in members))
        case Either(members):
            return Either(tuple(decided(member, group) for member in members))
    return condition


class Walk:
    """`stops=False`: as if no rule ended the walk, to see what holds together of what is said further down."""

    def __init__(self, programme: Programme, today: date, stops: bool = True) -> None:
        self.programme = programme
        self.today = today
        self.reading = Reading(programme, today)
        self.stops = stops
        self.asked: dict[str, Formula] = {}
        self.gap: dict[str, Formula] = {}  # required, asked and not answered
        self.laws: list[Law] = []
        self.ways: dict[str, list[Law]] = {}  # what it takes to be asked a question
        for place, question in enumerate(programme.before_result):
            self._meet(question, self._before_any_no(place))
        last = len(programme.before_result) - 1
        self.no = self.stopped(last)
        self.gaps = any_of(self.gap.values())
        self.complete = z3.Not(self.gaps)
        self._judge()
        self._route()
        on_the_way = [*self._before_any_no(last + 1), Law("everything before is answered", z3.Not(self.gaps))]
        for question in programme.after_result:
            self._meet(question, on_the_way)
            ends = [self.reading.said[question.id, choice.id] for choice in question.choices if choice.ends]
            if ends:
                says = f"an answer to {question.id} ends the journey"
                on_the_way = [*on_the_way, Law(says, z3.Not(any_of(ends)), ends=True)]

    # What is asked

    def stopped(self, place: int) -> Formula:
        """A rule was certainly a no at this place or before; what is once certain stays so."""
        if not self.stops:
            return FALSE
        return any_of(self._no_at(number, place) for number in range(len(self.programme.rules)))

    def _no_at(self, number: int, place: int) -> Formula:
        no_if = self.programme.rules[number].no_if
        return FALSE if no_if is None else self.reading.true(no_if, place + 1)

    def _before_any_no(self, place: int) -> list[Law]:
        """What it takes that no rule has ended the walk before this place."""
        if not self.stops:
            return []
        rules = [(rule, rule.no_if) for rule in self.programme.rules if rule.no_if is not None]
        ended = [(rule, self.reading.true(no_if, place)) for rule, no_if in rules]
        return [Law(f"rule {rule.id} ends the interview", z3.Not(no)) for rule, no in ended if no is not FALSE]

    def _meet(self, question: Question, on_the_way: list[Law]) -> None:
        reading, id = self.reading, question.id
        said = self.said_to(question)
        reading.met[id] = all_of(law.formula for law in on_the_way)
        ways = list(on_the_way)
        if question.ask_if is not None:
            ways.append(Law(f"{id} is asked only if {written(question.ask_if)}", reading.true(question.ask_if)))
        if question.kind == "consents":
            named = any_of(self.named[partner] for partner in self._consenting(question))
            ways.append(Law(f"{id} is asked only when there is somebody to ask about", named))
        self.ways[id] = ways
        self.asked[id] = asked = all_of(law.formula for law in ways)
        self.laws += [Law(law.says, z3.Implies(said, law.formula)) for law in ways]
        self.laws.append(Law(f"only certain answers to {id} are possible", reading.limits(question)))
        for choice in question.choices:
            if choice.hide_if is not None:
                hidden = z3.And(reading.said[id, choice.id], reading.true(choice.hide_if))
                self.laws.append(Law(f"{id}: {choice.id} is hidden if {written(choice.hide_if)}", z3.Not(hidden)))
        self.gap[id] = self._gap(question, asked, said)

    def _gap(self, question: Question, asked: Formula, said: Formula) -> Formula:
        if question.one_of is None:
            return FALSE if question.optional else z3.And(asked, z3.Not(said))
        ways = [one.id for one in self.programme.questions if one.one_of == question.one_of]
        none = z3.Not(any_of(self.reading.has[id] for id in ways))
        # Only the last of them is required; "I don't know" is an answer there too.
        return z3.And(asked, none, z3.Not(said)) if question.id == ways[-1] else FALSE

    def said_to(self, question: Question) -> Formula:
        """Anything is said, "I don't know" too."""
        if question.choices:
            return any_of(self.reading.said[question.id, choice.id] for choice in question.choices)
        return self.reading.has[question.id]

    def no_gap_before(self, question: str) -> Formula:
        """As in the form and the chat: everything asked before this question is answered."""
        place = self.programme.place_of[question]
        return z3.Not(any_of(gap for id, gap in self.gap.items() if self.programme.place_of[id] < place))

    # The verdict

    def _judge(self) -> None:
        programme, reading = self.programme, self.reading
        self.group: dict[str, Formula] = {}
        earlier: list[Condition] = []
        for group in programme.groups:
            held = [reading.true(group.when), *(reading.false(one) for one in earlier)]
            self.group[group.id] = all_of(held)
            earlier.append(group.when)
        self.yes = all_of([any_of(self.group.values()), *(reading.true(rule.yes_if) for rule in programme.rules)])
        self.eligible = z3.And(z3.Not(self.no), z3.Not(self.gaps), self.yes)
        self.ask_staff = z3.And(z3.Not(self.no), z3.Not(self.eligible))
        self.reason_of = {rule.id: self._gives_reason(number) for number, rule in enumerate(programme.rules)}

    def _gives_reason(self, number: int) -> Formula:
        """The first rule in order, at the first place where one is a no."""
        rule = self.programme.rules[number]
        if rule.no_if is None:
            return FALSE
        found = []
        for place in range(max(last_place(self.programme, rule.no_if), 0) + 1):
            earlier = [self._no_at(other, place) for other in range(number)]
            here = [self._no_at(number, place), z3.Not(self.stopped(place - 1)), z3.Not(any_of(earlier))]
            found.append(z3.And(here))
        return any_of(found)

    # Who helps

    def _route(self) -> None:
        programme = self.programme
        normal = [route for route in programme.routes if route.when is not None]
        self.fits = {route.id: self.reading.true(route.when) for route in normal if route.when is not None}
        none = z3.Not(any_of(self.fits.values()))
        self.fits |= {route.id: none for route in programme.routes if is_last_resort(route)}
        leads = self.leading(self.fits)
        self.leads = {route: all_of([self.eligible, first]) for route, first in leads.items()}
        asking = next((route.lead for route in programme.routes if route.ask_staff), None)
        self.named = {
            partner: any_of(
                [
                    z3.And(self.eligible, self.given(partner, self.fits)),
                    self.ask_staff if partner == asking else FALSE,  # for whom staff decide it is final
                ]
            )
            for partner in programme.partners
        }

    def leading(self, fits: Mapping[str, Formula]) -> dict[str, Formula]:
        """When each route gives the lead, of those that fit so: the first that names somebody; the last resort else."""
        leads: dict[str, Formula] = {}
        has_led: list[Formula] = []
        for route in self.in_turn():
            able = any_of(formula for _, formula in self.meant(route.lead))
            fit = TRUE if is_last_resort(route) else fits[route.id]
            leads[route.id] = all_of([fit, able, z3.Not(any_of(has_led))])
            has_led.append(z3.And(fit, able))
        return leads

    def fits_as(self, group: str) -> dict[str, Formula]:
        """When each route fits once staff have decided this group (`intake.engine.routing.routes_as`)."""
        normal = [(one.id, one.when) for one in self.in_turn() if one.when is not None]
        fits = {id: self.reading.true(decided(when, group)) for id, when in normal}
        none = z3.Not(any_of(fits.values()))
        return fits | {route.id: none for route in self.in_turn() if is_last_resort(route)}

    def in_turn(self) -> Iterator[Route]:
        """The routes that may lead, in the order they are looked at."""
        yield from (route for route in self.programme.routes if route.id in self.fits and route.when is not None)
        yield from (route for route in self.programme.routes if is_last_resort(route))

    def meant(self, template: str) -> Iterator[tuple[str, Formula]]:
        """The partners that a lead or offer may mean, each with when it does."""
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

    def given(self, partner: str, fits: Mapping[str, Formula]) -> Formula:
        """A route that fits names the partner; or none that fits has a lead, and the last resort leads to it."""
        return any_of([*(named for _, named in self.naming(partner, fits)), self.last_resort(partner, fits)])

    def last_resort(self, partner: str, fits: Mapping[str, Formula]) -> Formula:
        leads = self.leading(fits)
        last = ((leads[route.id], self.meant(route.lead)) for route in self.in_turn() if is_last_resort(route))
        return any_of(all_of([led, able]) for led, meant in last for id, able in meant if id == partner)

    def naming(self, partner: str, fits: Mapping[str, Formula]) -> Iterator[tuple[str, Formula]]:
        """The routes that name a partner, as lead or offer, each with when it does so."""
        for route in self.in_turn():
            for template in (route.lead, *route.offer):
                for id, formula in self.meant(template):
                    if id == partner:
                        yield route.id, all_of([fits[route.id], formula])

    def leading_to(self, partner: str) -> Iterator[Formula]:
        """When each route leads to a partner."""
        for route in self.in_turn():
            meant = (formula for id, formula in self.meant(route.lead) if id == partner)
            yield from (z3.And(self.leads[route.id], formula) for formula in meant)

    def _consenting(self, question: Question) -> list[str]:
        """Whom a consent question may ask about."""
        unions = question.of == "unions"
        partners = self.programme.partners.values()
        return [one.id for one in partners if one.union == unions and one.id != self.programme.owner]

    def informs(self, organisation: str) -> Formula:
        """Somebody is told about this organisation."""
        return z3.And(z3.Not(self.no), self.telling(organisation, self.fits))

    def telling(self, organisation: str, fits: Mapping[str, Formula]) -> Formula:
        return any_of(fits[route.id] for route in self.in_turn() if organisation in route.tell)

    def hinted(self, hint: str) -> Formula:
        """Somebody reads this hint."""
        hinting = (one.id for one in self.programme.partners.values() if hint in one.hint)
        partners = any_of(z3.And(self.eligible, self.named[id]) for id in hinting)
        return any_of([z3.And(z3.Not(self.no), self.hinting(hint, self.fits)), partners])

    def hinting(self, hint: str, fits: Mapping[str, Formula]) -> Formula:
        """A route that fits has this hint, or an organisation that it tells of."""
        routes = (fits[route.id] for route in self.in_turn() if hint in route.hint)
        told = (self.telling(one.id, fits) for one in self.programme.organisations.values() if hint in one.hint)
        return any_of([*routes, *told])
