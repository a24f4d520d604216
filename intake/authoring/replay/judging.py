"""Judges typed answers by the old and by the new version, with the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from intake.authoring.replay.damage import is_sound
from intake.engine.conditions import Facts, Value
from intake.engine.journey import SAID, Answers, judgement
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question
from intake.errors import Damaged

Values = Mapping[str, Any]
day_of = cache(date.fromisoformat)


class Outcome(NamedTuple):
    """The outcome that a replay compares."""

    verdict: str
    group: str | None
    lead: str | None
    offers: tuple[str, ...]


class Result(NamedTuple):
    """An outcome with the required questions that have no answer (`missing`)."""

    outcome: Outcome
    missing: tuple[str, ...]


class Judging:
    """Judges by two programmes. `judged` counts the judgements of the engine."""

    def __init__(self, old: Programme, new: Programme) -> None:
        self.old, self.new = old, new
        self.judged = 0
        # What a person who passed a question without a value has answered: nothing, or "I don't know".
        self._unsaid = [(one, _unsure(one)) for one in old.before_result if one.optional or _unsure(one) is not None]
        self._before_result = {question.id for question in old.before_result}
        self._otherwise = {id(one): _of_other_kind(old, one) for one in (old, new)}

    def by_old(self, values: Values, day: str, complete: bool) -> Result:
        """Judges by the old version. `complete`: whether this person finished the old programme."""
        return self.by(self.old, values, day, complete)

    def by_new(self, values: Values, day: str, complete: bool) -> Result:
        return self.by(self.new, values, day, complete)

    def by(self, programme: Programme, values: Values, day: str, complete: bool) -> Result:
        """Returns the engine's judgement. Raises Damaged for values that are not valid."""
        if not is_sound(day, values, (self.old, self.new)):
            raise Damaged("coded")
        self.judged += 1
        today = day_of(day)
        return judged(programme, self._answers(programme, values, today, complete), today)

    def _answers(self, programme: Programme, values: Values, day: date, complete: bool) -> Answers:
        """Returns values as answers, without those to a question of another kind.

        If the person finished the old programme, a question without a value was skipped or answered "I don't know".
        """
        answers: dict[str, Value | None] = dict(values)
        if complete:
            ids = self._before_result
            facts = Facts(day, {id: value for id, value in values.items() if id in ids}, ids - values.keys())
            for question, unsure in self._unsaid:
                if question.id not in values and (question.ask_if is None or question.ask_if.holds(facts)):
                    answers[question.id] = None if question.optional else unsure
        for other in self._otherwise[id(programme)]:
            answers.pop(other, None)
        return answers


def _unsure(question: Question) -> Value | None:
    id = next((choice.id for choice in question.choices if choice.dont_know), None)
    return [id] if id is not None and KINDS[question.kind].lists else id


def _of_other_kind(old: Programme, programme: Programme) -> list[str]:
    """Returns the questions that have another kind in this programme."""
    there = programme.by_id
    return [one.id for one in old.before_result if one.id in there and there[one.id].kind != one.kind]


def judged(programme: Programme, answers: Answers, today: date) -> Result:
    """Returns the engine's judgement in the form that replays compare."""
    found = judgement(programme, answers, today)
    assessment, routing = found.assessment, found.routing
    return Result(Outcome(assessment.verdict, assessment.group, routing.lead, routing.offers), found.missing())


def unpacked(coded: Values) -> Values:
    """Returns coded answers with a placeholder for each free-text answer, of which only the fact is stored."""
    said = coded.get(SAID)
    if said is None:
        return coded
    return {**{id: value for id, value in coded.items() if id != SAID}, **dict.fromkeys(said, SAID)}
