"""What a person comes to by a programme, from typed answers: judged by the engine, once for all who are alike."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from intake.authoring.replay.answer_classes import Places, Values, all_classes, day_of
from intake.engine.conditions import Facts, Value
from intake.engine.journey import SAID, Answers, judgement
from intake.engine.programme import Programme, Question


class Outcome(NamedTuple):
    """What a replay compares."""

    verdict: str
    group: str | None
    lead: str | None
    offers: tuple[str, ...]


class Result(NamedTuple):
    """`missing`: required questions that have no answer."""

    outcome: Outcome
    missing: tuple[str, ...]


# By key: what a person of some place came to, and what persons of other places come to.
Known = dict[tuple[object, ...], tuple[dict[object, "Result"], object, "Result"]]


class Judging:
    """Judges by two programmes. What was judged before is not judged again."""

    def __init__(self, old: Programme, new: Programme) -> None:
        self.old, self.new = old, new
        self._places = Places(old, new)
        self._classes = all_classes(old, new, self._places)
        self._by_old: Known = {}
        self._by_new: Known = {}
        # What somebody has said who came past a question and has no value: nothing, or "I don't know".
        self._unsaid = [(one, _unsure(one)) for one in old.before_result if one.optional or _unsure(one) is not None]
        self._otherwise = {id(one): _of_other_kind(old, one) for one in (old, new)}

    def by_old(self, values: Values, day: str, complete: bool) -> Result:
        return self._judged(self.old, self._by_old, values, day, complete)

    def by_new(self, values: Values, day: str, complete: bool) -> Result:
        return self._judged(self.new, self._by_new, values, day, complete)

    @property
    def judged(self) -> int:
        """How many were really judged: one for each way to answer that makes a difference."""
        return len(self._by_old) + len(self._by_new)

    def _judged(
        self, programme: Programme, known: Known, values: Values, day: str, complete: bool
    ) -> Result:
        key = (complete, *self._classes.key(values, day))
        there = known.get(key)
        if there is None:
            answers = self._answers(programme, values, day_of(day), complete)
            there = known[key] = ({}, self._place(values), judged(programme, answers, day_of(day)))
        by_place, judged_at, result = there
        place = self._place(values)
        if place == judged_at:
            return result
        moved = by_place.get(place)
        if moved is None:
            moved = by_place[place] = self._moved(result, judged_at, place)
        return moved

    def _place(self, values: Values) -> object:
        return None if self._places.question is None else values.get(self._places.question)

    def _moved(self, result: Result, there: object, here: object) -> Result:
        """What somebody of another place comes to, who is alike otherwise."""
        other = dict(zip(self._places.ids(there), self._places.ids(here), strict=True))
        verdict, group, lead, offers = result.outcome
        offers = tuple(other.get(id, id) for id in offers)
        return Result(Outcome(verdict, group, other.get(lead, lead) if lead else None, offers), result.missing)

    def _answers(self, programme: Programme, values: Values, day: date, complete: bool) -> Answers:
        """Values as answers. Of somebody who came to the end by the old programme, a question that was asked and has
        no value was skipped, or answered with "I don't know". An answer to a question of another kind is none.
        """
        answers: dict[str, Value | None] = dict(values)
        if complete:
            facts = facts_of(self.old, values, day)
            for question, unsure in self._unsaid:
                if question.id not in values and (question.ask_if is None or question.ask_if.holds(facts)):
                    answers[question.id] = None if question.optional else unsure
        for other in self._otherwise[id(programme)]:
            answers.pop(other, None)
        return answers


def _unsure(question: Question) -> str | None:
    return next((choice.id for choice in question.choices if choice.dont_know), None)


def _of_other_kind(old: Programme, programme: Programme) -> list[str]:
    """The questions that are of another kind here than they were."""
    there = programme.by_id
    return [one.id for one in old.before_result if one.id in there and there[one.id].kind != one.kind]


def judged(programme: Programme, answers: Answers, today: date) -> Result:
    """What the engine says."""
    found = judgement(programme, answers, today)
    assessment, routing = found.assessment, found.routing
    return Result(Outcome(assessment.verdict, assessment.group, routing.lead, routing.offers), found.missing())


def facts_of(programme: Programme, values: Values, today: date) -> Facts:
    """The facts of somebody who came to the result with these values: whatever else there is, is settled."""
    ids = {question.id for question in programme.before_result}
    return Facts(today, {id: value for id, value in values.items() if id in ids}, ids - values.keys())


def unpacked(coded: Values) -> Values:
    """Coded answers with a word in place of each that was given in own words: they were answered, no more is kept."""
    said = coded.get(SAID)
    if said is None:
        return coded
    return {**{id: value for id, value in coded.items() if id != SAID}, **dict.fromkeys(said, SAID)}
