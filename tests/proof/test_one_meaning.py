"""Evaluation, sentence and formula of a condition agree for everybody, at every place of the walk.

With random programmes and persons, three-valued. The walk as formulas agrees with `travel`; an early no is the no at
the end; and written conditions are parsed back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import z3
from hypothesis import event, given
from hypothesis import strategies as st

from intake.authoring.proof.conditions_z3 import Formula
from intake.authoring.proof.walk import Walk
from intake.engine.advising import advised
from intake.engine.conditions import Condition, Facts, InGroup, Value
from intake.engine.journey import Journey, travel
from intake.engine.parsing import ConditionScope, parse
from intake.engine.programme import Programme, Question
from intake.engine.sentences import phrased
from intake.engine.written import written
from tests.engine.second_evaluation import holds
from tests.proof.random_programmes import DAYS, answers, conditions, programmes, walked

Answers = dict[str, Value | None]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Programme, date, list[Answers]]:
    programme, today = draw(programmes()), draw(st.sampled_from(DAYS))
    return programme, today, draw(st.lists(answers(programme, today), min_size=1, max_size=3))


class Fixed:
    """The formulas of a walk, with the answers of one person put in."""

    def __init__(self, walk: Walk, journey: Journey) -> None:
        self.walk = walk
        solver = z3.SolverFor("QF_LIA")
        solver.add(*(law.formula for law in walk.laws))
        for question in walk.programme.questions:
            solver.add(*self._answer(question, journey))
        assert solver.check() == z3.sat, f"the laws of the walk rule out {dict(journey.answers)}"
        self.model = solver.model()

    def _answer(self, question: Question, journey: Journey) -> Iterator[Formula]:
        reading, step = self.walk.reading, journey.step(question.id)
        value: Any = step.value if step is not None and step.asked else None
        if question.choices:
            said = {value} if isinstance(value, str) else set(value or ())
            for choice in question.choices:
                one = reading.said[question.id, choice.id]
                yield one if choice.id in said else z3.Not(one)
            return
        yield reading.has[question.id] if value is not None else z3.Not(reading.has[question.id])
        if value is not None and question.id in reading.amount:
            yield reading.amount[question.id] == amount(value, journey.today)

    def true(self, formula: Formula) -> bool:
        return bool(z3.is_true(self.model.eval(formula, model_completion=True)))

    def among(self, formulas: dict[str, Formula]) -> set[str]:
        return {id for id, formula in formulas.items() if self.true(formula)}


def amount(value: Any, today: date) -> int:
    if isinstance(value, int):
        return value
    if len(value) == 10:
        return (date.fromisoformat(value) - today).days
    year, month = value.split("-")
    return int(year) * 12 + int(month) - 1


def facts_at(journey: Journey, place: int) -> Facts:
    """What was certain when the walk came to this place."""
    facts = Facts(journey.today)
    for step in journey.steps[:place]:
        if step.status == "known" and step.value is not None:
            facts.values[step.question.id] = step.value
        else:
            facts.settled.add(step.question.id)
    return facts


@given(cases())
def test_three_readings_of_every_condition_agree_at_every_place(case: tuple[Programme, date, list[Answers]]) -> None:
    programme, today, everybody = case
    walk, meanings = Walk(programme, today), meanings_of(programme)
    for said in everybody:
        journey = walked(programme, said, today)
        fixed = Fixed(walk, journey)
        for place in range(len(programme.questions) + 1):
            facts = facts_at(journey, place)
            for key, whole in conditions(programme):
                for condition in whole.parts():
                    truth = condition.holds(facts)
                    event(f"{truth}")
                    told = f"{key}: {written(condition)} at place {place} of {dict(journey.answers)}"
                    assert holds(phrased(condition), facts, meanings) is truth, told
                    certain = fixed.true(walk.reading.true(condition, place))
                    impossible = fixed.true(walk.reading.false(condition, place))
                    assert (certain, impossible) == (truth is True, truth is False), told


def meanings_of(programme: Programme) -> dict[str, Condition]:
    parts = (part for _, condition in conditions(programme) for part in condition.parts())
    return {part.group: part.meaning for part in parts if isinstance(part, InGroup)}


@given(cases())
def test_the_walk_of_everybody_is_the_walk_of_each(case: tuple[Programme, date, list[Answers]]) -> None:
    programme, today, everybody = case
    walk = Walk(programme, today)
    for said in everybody:
        journey = walked(programme, said, today)
        assert told_by(walk, Fixed(walk, journey)) == told_by_engine(journey), dict(journey.answers)


def told_by(walk: Walk, person: Fixed) -> dict[str, object]:
    verdict = [name for name in ("no", "eligible", "ask_staff") if person.true(getattr(walk, name))]
    [told] = verdict  # exactly one
    return {
        "verdict": told,
        "asked": person.among(walk.asked),
        "gaps": person.among(walk.gap),
        "reason": person.among(walk.reason_of),
        "group": set() if told == "no" else person.among(walk.group),
        "leads": person.among(walk.leads),
        "partners": person.among(walk.named),
        "information": {id for id in walk.programme.organisations if person.true(walk.informs(id))},
        "advice": person.among(walk.by_answers.advised),
    }


def told_by_engine(journey: Journey) -> dict[str, object]:
    assessment, routing = journey.assessment, journey.routing
    event(assessment.verdict)
    event(f"led by {routing.route}" if len(journey.steps) == len(journey.programme.questions) else "not to the end")
    return {
        "verdict": "no" if assessment.verdict == "not_eligible" else assessment.verdict,
        "asked": {step.question.id for step in journey.asked()},
        "gaps": {step.question.id for step in journey.steps if step.gap},
        "reason": {journey.judged.no.id} if journey.judged.no else set(),
        "group": {assessment.group} - {None},
        "leads": {routing.route} - {None} if assessment.verdict == "eligible" else set(),
        "partners": set(routing.partners()),
        "information": set(routing.information),
        "advice": {one.id for one in advised(journey.programme, journey.judged.facts)},
    }


@given(cases())
def test_a_no_that_is_found_early_is_the_no_at_the_end(case: tuple[Programme, date, list[Answers]]) -> None:
    programme, today, everybody = case
    for said in everybody:
        no = walked(programme, said, today).judged.no
        for place in range(len(programme.questions)):
            met = [question.id for question in programme.questions[:place]]
            early = travel(programme, {id: said[id] for id in met if id in said}, today).judged.no
            assert early in (None, no), f"{early} after {met} of {said}, in the end {no}"


@given(programmes())
def test_what_is_written_is_read_back(programme: Programme) -> None:
    scope = ConditionScope(programme.by_id, {}, {}, meanings_of(programme))
    for key, condition in conditions(programme):
        assert parse(written(condition), scope) == condition, key


