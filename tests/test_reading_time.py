"""What is said about the time it takes is what is measured; progress is over the whole journey."""

from __future__ import annotations

import re

import pytest

from intake.authoring.catalog import load
from intake.authoring.catalog.cases import example_persons
from intake.authoring.catalog.files import Files
from intake.authoring.reading_time import reading, sent_in, to_the_check, usual_and_longest
from intake.config import PACKAGED
from intake.engine.journey import SEEN, Answers, travel
from intake.engine.prompting import prompt_for
from intake.engine.prompts import QuestionPrompt
from tests.cli.commands import call
from tests.players import TODAY

PROGRAMMES = ("vastkraft", "vaxla")
LAID_OFF: Answers = {
    "employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist", "home_municipality": "1480",
    "industry": "teknik", "collar": "white", "collective_agreement": "yes", "needs": ["reemployment"],
}  # fmt: skip


@pytest.mark.parametrize("id", PROGRAMMES)
def test_the_minutes_that_are_said_are_measured(id: str) -> None:
    programme = load(PACKAGED / id)
    journeys = sent_in(programme, example_persons(Files.of(PACKAGED / id)))
    for language in programme.languages:
        measured = usual_and_longest(journeys, language)
        assert measured is not None
        usual, longest = measured
        for path in (("programme", "time"), ("chat", "hello")):
            [(least, most)] = re.findall(r"(\d+) (?:till|to) (\d+) minut", programme.texts.say(language, *path))
            assert int(least) <= usual.minutes <= longest.minutes <= int(most) <= longest.minutes + 2, (language, path)


def test_a_journey_is_counted_from_the_start_to_the_receipt() -> None:
    journey = to_the_check(load(PACKAGED / "vastkraft"), LAID_OFF, TODAY)
    assert journey is not None
    found = reading(journey, "sv")
    before, after = 11, 11  # all questions but those of a varsel, another municipality, subjects, an own business
    assert found.pages == len(("start", "result", "check", "receipt")) + before + after
    assert found.minutes == -(-found.words // 130)


def test_who_is_not_sent_in_is_not_counted() -> None:
    assert to_the_check(load(PACKAGED / "vastkraft"), {"employment_status": "resigned"}, TODAY) is None


def test_it_is_printed_with_the_check() -> None:
    lines = call("check", "vastkraft").lines
    assert re.fullmatch(r"vastkraft: in sv the usual journey has \d+ pages, \d+ words, \d+ minutes; .*", lines[0])


def test_the_parts_count_on_after_the_result() -> None:
    programme = load(PACKAGED / "vastkraft")
    skipped = dict.fromkeys(("last_employment_date", "occupation", "education_level", "training_forms"))
    said: Answers = {**LAID_OFF, **skipped}
    said = {**said, SEEN: travel(programme, said, TODAY).seen()}
    parts = []
    for question in ("employment_status", "needs", "goal"):
        prompt = prompt_for(travel(programme, said, TODAY), question, "sv")
        assert isinstance(prompt, QuestionPrompt)
        parts.append((prompt.part, prompt.parts))
    assert parts == [(1, 7), (4, 7), (5, 7)]
