"""Computes the journey from a programme and answers: which questions are asked, where the person is, what is settled.

Answers are `{question id: value}` with the values of the kinds; a skipped question has None. Three more keys, which no
question can have, are `@result` (the result the person has seen and continued from), `@changing` (the question the
person asked to change) and `@returned` (the questions to answer again because a new version of the programme changed
them, see `intake.engine.moving`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from intake.engine.assessment import Assessment, Judged, assess, first_no, trace
from intake.engine.conditions import Facts, Value
from intake.engine.kind import MENDED, Raw, Refused, spoken
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question, Rule
from intake.engine.routing import Routing, find_routes
from intake.engine.steps import Step as Step
from intake.engine.steps import Stop

RESULT, CHECK, END = "result", "check", "end"
SEEN, CHANGING, RETURNED = "@result", "@changing", "@returned"
SAID = "@said"  # beside coded answers: the questions answered with free text

Answers = Mapping[str, Value | None]


_NOTHING: Any = object()


@dataclass(frozen=True)
class Judgement:
    """The outcome of the answers before the result; it is kept while later questions are answered.

    The assessment and the routing are computed on first use.
    """

    programme: Programme
    facts: Facts
    no: Rule | None
    steps: tuple[Step, ...]

    @cached_property
    def assessment(self) -> Assessment:
        return assess(self.programme, self.facts, self.no, any(step.gap for step in self.steps))

    @cached_property
    def routing(self) -> Routing:
        return find_routes(self.programme, self.facts, self.assessment)

    def missing(self) -> tuple[str, ...]:
        return tuple(step.question.id for step in self.steps if step.gap)

    def seen(self) -> str:
        """Returns the value of `@result` once the person has continued from this result."""
        return f"{self.assessment.reason}/{self.routing.lead}"


@dataclass(slots=True)  # not frozen, which is slower: created several times for each answer
class Journey:
    """The result of a walk. `place` is where the person is: a question id, "result", "check" or "end"."""

    programme: Programme
    today: date
    steps: tuple[Step, ...]
    facts: Facts
    place: str
    end: str | None
    answers: Answers
    judged: Judgement

    @property
    def assessment(self) -> Assessment:
        return self.judged.assessment

    @property
    def routing(self) -> Routing:
        return self.judged.routing

    def trace(self) -> tuple[Judged, ...]:
        """Returns every rule with its outcome."""
        return trace(self.programme, self.facts)

    def step(self, question: str) -> Step | None:
        place = self.programme.place_of.get(question)
        return self.steps[place] if place is not None and place < len(self.steps) else None

    def asked(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.asked)

    def missing(self) -> tuple[str, ...]:
        return tuple(step.question.id for step in self.steps if step.gap and not step.question.after_result)

    def ignored(self) -> tuple[str, ...]:
        """Returns the questions before the result whose answer was not used in full."""
        used = {step.question.id for step in self.steps if step.asked and step.used}
        said = (question.id for question in self.programme.before_result if self.answers.get(question.id) is not None)
        return tuple(id for id in said if id not in used)

    def complete(self) -> bool:
        """Whether everything is answered and the result may be acted on."""
        return self.place == CHECK

    def seen(self) -> str:
        return self.judged.seen()

    def consented(self) -> dict[str, bool]:
        """Returns every consent answer on this journey as {partner: yes or no}."""
        return {
            partner: yes
            for step in self.steps
            if step.question.of is not None and isinstance(step.value, dict)
            for partner, yes in step.value.items()
        }

    def kept(self) -> dict[str, Value]:
        """Returns the answers to judge and send: those on the journey, "I don't know" too. Others are dropped."""
        return {step.question.id: step.value for step in self.steps if step.asked and step.value is not None}


def travel(programme: Programme, answers: Answers, today: date, earlier: Journey | None = None) -> Journey:
    """Walks the questions in order (docs/rules.md, "Journey").

    `earlier`: another walk of the same day, whose steps are reused as far as the answers are the same.
    """
    known = () if earlier is None else _as_before(earlier, answers)
    before = len(programme.before_result)
    if earlier is not None and len(known) >= before:
        judged = earlier.judged
    else:
        judged = judgement(programme, answers, today, known)
    steps, facts = list(judged.steps), judged.facts
    reached = RESULT if judged.no is not None else _open(steps)
    end = None
    if reached is None:
        seen = judged.seen()
        facts = replace(facts, values=dict(facts.values), settled=set(facts.settled))
        _walk(programme, programme.stops, answers, facts, steps, known, judged.routing)
        after = steps[before:]
        end = next((step.end for step in after if step.end is not None), None)
        reached = RESULT if answers.get(SEEN) != seen else _open(after) or (END if end else CHECK)
    changing = answers.get(CHANGING)
    if changing is not None and any(step.asked and step.question.id == changing for step in steps):
        reached = str(changing)
    return Journey(programme, today, tuple(steps), facts, reached, end, answers, judged)


def judgement(programme: Programme, answers: Answers, today: date, known: tuple[Step, ...] = ()) -> Judgement:
    """Returns the judgement of the answers before the result. `known`: the first steps, from an earlier walk."""
    facts, steps = Facts(today), list[Step]()
    stops = programme.stops[: len(programme.before_result)]
    no = _walk(programme, stops, answers, facts, steps, known[: len(stops)])
    return Judgement(programme, facts, no, tuple(steps))


def _as_before(earlier: Journey, answers: Answers) -> tuple[Step, ...]:
    """Returns the first steps of an earlier walk that had the same answers, except the step that ended it.

    Conditions refer to earlier questions only, so their outcomes are the same.
    """
    then, steps = earlier.answers, earlier.steps
    if earlier.judged.no is not None or earlier.end is not None:
        steps = steps[:-1]
    for place, step in enumerate(steps):
        id = step.question.id
        if then.get(id, _NOTHING) != answers.get(id, _NOTHING):
            return steps[:place]
    return steps


def returned(answers: Answers) -> tuple[str, ...]:
    """Returns the questions that a new version changed and that were not answered again."""
    ids = answers.get(RETURNED)
    return tuple(ids) if isinstance(ids, list) else ()


def _open(steps: Iterable[Step]) -> str | None:
    """Returns the first question that is still to be answered."""
    return next((step.question.id for step in steps if not step.settled and step.asked), None)


def accept(journey: Journey, question: str, raw: Raw) -> Value | Refused | None:
    """Reads the raw answer to a question on this journey; None if it is empty and no answer is required."""
    step = journey.step(question)
    if step is None or not step.asked:
        return Refused("not_asked")
    kind = KINDS[step.question.kind]
    if kind.corrects and isinstance(step.value, str) and spoken(raw) == [MENDED]:
        raw = (step.value, MENDED)
    value = kind.read(journey.programme, step.question, step.offered, raw)
    if value is None and step.required:
        return Refused("contact_needed" if step.question.one_of else "required", {"question": question})
    return value


def coded(journey: Journey) -> dict[str, Value]:
    """Returns the coded answers before the result: ids, dates and numbers, never text, as the kinds define them.

    `@said` lists the questions answered with free text, so that judging the coded answers again has the same outcome.
    """
    values: dict[str, Value] = {}
    said: list[str] = []
    for step in journey.steps:
        question, value = step.question, step.value
        if question.after_result or value is None or step.status != "known":
            continue
        kept = KINDS[question.kind].coded(journey.programme, question, value)
        if kept is None:
            said.append(question.id)
        else:
            values[question.id] = kept
    return {**values, SAID: said} if said else values


def _walk(
    programme: Programme,
    stops: Sequence[Stop],
    answers: Answers,
    facts: Facts,
    steps: list[Step],
    known: tuple[Step, ...],
    routing: Routing | None = None,
) -> Rule | None:
    """Adds a step for each question, from where `steps` end, until a rule is certainly a no: only rules that read the
    question just added can have become one. `known`: the first steps, from an earlier walk that continued after them.
    """
    values, settled = facts.values, facts.settled
    for step in known[len(steps) :]:
        steps.append(step)
        if step.status != "known" or step.value is None:
            settled.add(step.question.id)
        else:
            values[step.question.id] = step.value
    for stop in stops[len(steps) :]:
        if stop.ask_if is not None and not stop.ask_if.holds(facts):
            step = stop.off
        elif stop.blank is not None and stop.id not in answers:
            step = stop.blank
        else:
            step = _meet(programme, stop, answers, facts, steps, routing)
        steps.append(step)
        if step.status != "known" or step.value is None:
            settled.add(stop.id)
        else:
            values[stop.id] = step.value
            if stop.rules and (no := first_no(stop.rules, facts)):
                return no
        if step.end is not None:
            return None
    return None


def _meet(
    programme: Programme, stop: Stop, answers: Answers, facts: Facts, steps: list[Step], routing: Routing | None
) -> Step:
    question = stop.question
    offered = _offered(programme, question, facts, routing) if stop.offered is None else stop.offered
    if question.of is not None and not offered:
        return stop.off
    said = answers.get(question.id)
    value = None if said is None else KINDS[question.kind].keep(question, offered, said)
    required = not question.optional
    if question.one_of is not None:
        required = stop.last_way and not any(
            step.status == "known" and step.question.one_of == question.one_of for step in steps
        )
    used = value is not None and value == said
    if value is None:
        skipped = said is None and question.id in answers
        return Step(question, "blank", None, offered, skipped, required, False)
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value  # "I don't know" stands alone
    turning = programme.turning.get((question.id, alone)) if isinstance(alone, str) else None
    if turning is None:
        return Step(question, "known", value, offered, True, required, used)
    status = "blank" if turning.dont_know else "known"
    ends = turning.ends if question.after_result else None  # before the result only a rule ends the journey
    return Step(question, status, value, offered, True, required, used, ends)


def _offered(programme: Programme, question: Question, facts: Facts, routing: Routing | None) -> tuple[str, ...]:
    if question.of is not None:
        return () if routing is None else offered_partners(programme, question, routing)
    return tuple(choice.id for choice in question.choices if choice.hide_if is None or not choice.hide_if.holds(facts))


def offered_partners(programme: Programme, question: Question, routing: Routing) -> tuple[str, ...]:
    """Returns the partners a consent question asks about: unions or the others, never the owner."""
    unions = question.of == "unions"
    partners = (id for id in routing.partners() if id != programme.owner)
    return tuple(id for id in partners if programme.partners[id].union == unions)
