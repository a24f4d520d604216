"""How long it takes to read and answer: pages and words of whole journeys, from the start page to the receipt.

What stands in a part that has to be opened is not counted. 130 words a minute is slow reading, with time to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median_low
from typing import Any

from intake.authoring.assessing import read_answers
from intake.engine.conditions import Value
from intake.engine.journey import CHECK, END, RESULT, SEEN, Journey, travel
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme
from intake.engine.prompting import prompt_for
from intake.engine.prompts import CheckPrompt, EndPrompt, PartnerCard, Prompt, QuestionPrompt, ResultPrompt
from intake.engine.steps import Step

WORDS_A_MINUTE = 130
MOST = 100  # pages; more is a journey that leads nowhere

Answers = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """One journey: its pages, their words, and the minutes to read them."""

    pages: int
    words: int

    @property
    def minutes(self) -> int:
        return ceil(self.words / WORDS_A_MINUTE)


def sent_in(programme: Programme, persons: Iterable[tuple[Mapping[str, Any], date]]) -> list[Journey]:
    """Returns the journeys of the example persons (answers and day) that are sent in."""
    journeys = (to_the_check(programme, read_answers(programme, answers), today) for answers, today in persons)
    return [journey for journey in journeys if journey is not None]


def usual_and_longest(journeys: Sequence[Journey], language: str) -> tuple[Reading, Reading] | None:
    """Returns the usual (the middle one by words) and the longest of these journeys; None if there are none."""
    known: dict[tuple[str, tuple[str, ...]], int] = {}  # questions counted before, by what they offer
    sent = sorted((reading(one, language, known) for one in journeys), key=lambda one: (one.words, one.pages))
    if not sent:
        return None
    middle = median_low(one.words for one in sent)
    return next(one for one in sent if one.words == middle), sent[-1]


def to_the_check(programme: Programme, answers: Answers, today: date) -> Journey | None:
    """Returns the whole journey of somebody who says yes to everything after the result; None if nothing is sent."""
    said, journey = dict(answers), None
    for _ in range(MOST):
        journey = travel(programme, dict(said), today, journey)
        if journey.place == END or journey.assessment.verdict == "not_eligible":
            return None
        if journey.place == CHECK:
            return journey
        if journey.place == RESULT:
            said[SEEN] = journey.seen()
        elif (step := journey.step(journey.place)) is not None:
            said[journey.place] = _example(journey, step)
    return None


def reading(
    journey: Journey, language: str, known: dict[tuple[str, tuple[str, ...]], int] | None = None
) -> Reading:
    """Returns what is read from the start page to the receipt. `known`: words of questions counted before; added to."""
    known, programme = {} if known is None else known, journey.programme
    counted = [_words(_start(programme, language)), _words(_receipt(programme, language))]
    counted += [_words(_shown(prompt_for(journey, place, language))) for place in (RESULT, CHECK)]
    for step in journey.asked():
        same = step.question.id, step.offered
        if same not in known:
            known[same] = _words(_shown(prompt_for(journey, step.question.id, language)))
        counted.append(known[same])
    return Reading(len(counted), sum(counted))


def _words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _example(journey: Journey, step: Step) -> Value | None:
    """An answer with which it goes on; what an example person leaves out is skipped if it may be."""
    question = step.question
    if question.optional and not question.after_result:
        return None
    going_on = [choice.id for choice in question.choices if not choice.ends and choice.id in step.offered]
    return KINDS[question.kind].example(question, going_on or step.offered)


def _start(programme: Programme, language: str) -> Iterator[str]:
    texts = programme.texts
    yield from (texts.say(language, "programme", key) for key in ("title", "lead", "time"))
    yield from (texts.say(language, "start", key) for key in ("who_title", "who", "how_title", "store_title"))
    yield from texts.lines(language, "start", "who_points")
    for table in ("how_steps", "store"):
        yield from (text for pair in texts.pairs(language, "start", table) for text in pair)
    yield from (texts.say(language, "start", key) for key in ("protected_title", "protected_text"))


def _receipt(programme: Programme, language: str) -> Iterator[str]:
    yield from (programme.texts.say(language, "receipt", key) for key in ("title", "next", "keep_link"))


def _shown(prompt: Prompt) -> Iterator[str]:
    """Yields the programme's texts on a page that are read without opening anything."""
    match prompt:
        case QuestionPrompt():
            yield from (prompt.title, prompt.text, prompt.help, *prompt.gets, *prompt.gets_not)
            yield from (text for one in prompt.options for text in (one.text, one.help))
        case ResultPrompt():
            yield from (prompt.title, prompt.text, *prompt.steps)
            yield from (one.text for one in prompt.why)
            yield from (one.text for one in (*prompt.settling, *prompt.advice))
            cards = (prompt.lead, *prompt.offers, *prompt.information)
            yield from (text for one in cards if isinstance(one, PartnerCard) for text in (one.name, one.about))
        case CheckPrompt():
            yield from (text for row in prompt.rows for text in (row.label, row.shown))
            yield from (*prompt.recipients, *prompt.unions)
        case EndPrompt():
            yield from (prompt.title, prompt.text)
