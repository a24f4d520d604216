"""The walk of any person as formulas: what is asked, what ends it, the verdict, who leads and who is offered.

`intake.engine.journey`, `assessment` and `routing` compute these for one set of answers, the formulas express them for
all. Answers that the journey does not use are left out: they change nothing (docs/rules.md, "Journey").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import z3

from intake.authoring.proof.conditions_z3 import FALSE, ConditionFormulas, Formula, all_of, any_of, last_place
from intake.authoring.proof.fitting import Fitting
from intake.engine.conditions import Condition
from intake.engine.programme import Programme, Question
from intake.engine.written import written


@dataclass(frozen=True)
class Law:
    """A constraint that holds of every person, with its reason. `ends`: a choice after the result ends there."""

    says: str
    formula: Formula
    ends: bool = False


class Walk:
    """The formulas of a walk. `stops=False`: as if no rule ended it, to check conditions further down."""

    def __init__(self, programme: Programme, today: date, stops: bool = True) -> None:
        self.programme = programme
        self.today = today
        self.reading = ConditionFormulas(programme, today)
        self.stops = stops
        self.asked: dict[str, Formula] = {}
        self.gap: dict[str, Formula] = {}  # required, asked and not answered
        self.laws: list[Law] = []
        self.ways: dict[str, list[Law]] = {}  # what is required to be asked a question
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
        """A rule was certainly a no at this place or before; once certain, it remains so."""
        if not self.stops:
            return FALSE
        return any_of(self._no_at(number, place) for number in range(len(self.programme.rules)))

    def _no_at(self, number: int, place: int) -> Formula:
        no_if = self.programme.rules[number].no_if
        return FALSE if no_if is None else self.reading.true(no_if, place + 1)

    def _before_any_no(self, place: int) -> list[Law]:
        """The laws that no rule has ended the walk before this place."""
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
        if question.of is not None and not question.after_result:
            ways.append(Law(f"{id} stands before the result, where nobody is named yet", FALSE))
        elif question.of is not None:
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
        # Only the last of them is required; "I don't know" counts as an answer to it.
        return z3.And(asked, none, z3.Not(said)) if question.id == ways[-1] else FALSE

    def said_to(self, question: Question) -> Formula:
        """There is an answer, "I don't know" included."""
        if question.choices:
            return any_of(self.reading.said[question.id, choice.id] for choice in question.choices)
        return self.reading.has[question.id]

    def no_gap_before(self, question: str) -> Formula:
        """Everything asked before this question is answered, as in the form and the chat."""
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
        """The rule gives the reason: it is the first, at the first place where any rule is a no."""
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
        programme, self.by_answers = self.programme, Fitting(self.programme, self.reading)
        self.leads = {route: all_of([self.eligible, first]) for route, first in self.by_answers.leads.items()}
        asking = next((route.lead for route in programme.routes if route.ask_staff), None)
        self.named = {
            partner: any_of(
                [
                    z3.And(self.eligible, self.by_answers.given(partner)),
                    self.ask_staff if partner == asking else FALSE,  # final, because staff decide about these
                ]
            )
            for partner in programme.partners
        }

    @cached_property
    def by_staff(self) -> Mapping[str, Fitting]:
        """By group: which routes fit once staff have decided it."""
        return {group: Fitting(self.programme, self.reading, group) for group in self.group}

    def leading_to(self, partner: str) -> Formula:
        """Somebody eligible is led to a partner."""
        return all_of([self.eligible, any_of(self.by_answers.leading_to(partner))])

    def _consenting(self, question: Question) -> list[str]:
        """Returns the partners that a consent question may ask about."""
        unions = question.of == "unions"
        partners = self.programme.partners.values()
        return [one.id for one in partners if one.union == unions and one.id != self.programme.owner]

    def informs(self, organisation: str) -> Formula:
        """Somebody is told about this organisation."""
        return z3.And(z3.Not(self.no), self.by_answers.telling(organisation))
