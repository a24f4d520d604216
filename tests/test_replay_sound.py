"""A replay agrees with judging everybody anew: one by one, and by classes of equivalent answers.

With random single edits of VästKraft and random persons. The reference judges the original answers, without classes or
stored results.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from intake.authoring.assessing import read_answers
from intake.authoring.catalog import load
from intake.authoring.replay import Report, changes_anyone, replay
from intake.authoring.replay.batches import replay_batch
from intake.authoring.replay.judging import Result, judged
from intake.authoring.replay.many import JudgingAlike
from intake.authoring.replay.report import OutcomeChange
from intake.engine.conditions import Value
from intake.engine.journey import Answers, Journey
from intake.engine.programme import Programme
from intake.records import SentIn
from tests.edits import edits
from tests.random_people import TODAY, random_answers
from tests.sent_people import sent_in, sent_people

FOLDER = Path("intake/programmes/vastkraft")
PERSONS, EDITS = 150, 120
pytestmark = pytest.mark.timeout(600)  # half a minute of work, on a machine that may have other work


@cache
def vastkraft() -> tuple[Programme, dict[str, Any]]:
    return load(FOLDER), tomllib.loads((FOLDER / "programme.toml").read_text(encoding="utf-8"))


def as_given(journey: Journey) -> dict[str, Value | None]:
    """The answers of somebody who sent in. Whether an optional question was skipped or answered by "I don't know" is
    kept nowhere that a replay reads.
    """
    return {
        step.question.id: step.value if step.status == "known" or not step.question.optional else None
        for step in journey.steps
        if step.asked and not step.question.after_result
    }


def taken_over(answers: Answers, old: Programme, new: Programme) -> Answers:
    """An answer to a question of another kind is none."""
    kept = (id for id in answers if id not in new.by_id or new.by_id[id].kind == old.by_id[id].kind)
    return {id: answers[id] for id in kept}


Everybody = Sequence[tuple[SentIn, Answers]]


def by_old(old: Programme, everybody: Everybody) -> list[Result]:
    return [judged(old, answers, TODAY.fromisoformat(row.judged_on)) for row, answers in everybody]


def afresh(old: Programme, new: Programme, everybody: Everybody, judged_before: list[Result]) -> Report:
    """The report with everybody judged by both; by the old one once for all edits."""
    report = Report(old, new)
    for (row, answers), before in zip(everybody, judged_before, strict=True):
        after = judged(new, taken_over(answers, old, new), TODAY.fromisoformat(row.judged_on))
        report.never_asked.update({*after.missing} - {*before.missing})
        if before.outcome != after.outcome:
            change = OutcomeChange(before.outcome, after.outcome, row.municipality, row.decided)
            report.changes[change] += 1
            report.persons.append((row.reference, change))
    return report


def found(report: Report) -> tuple[object, ...]:
    """Everything that a report knows about people, with no number hidden."""
    return +report.changes, +report.never_asked, report.persons


def alike(old: Programme, new: Programme, rows: list[SentIn]) -> Report:
    """As `replay`, but who answered alike is judged once: what each process of `replay_many` does."""
    report, judging = Report(old, new), JudgingAlike(old, new)
    report.add(replay_batch(judging, rows, persons=True))
    return report


def test_replays_find_what_judging_afresh_finds(effort: int) -> None:
    old, table = vastkraft()
    chance = Random(20261125)
    people = sent_people(old, chance)
    walked = [next(people) for _ in range(PERSONS)]
    rows = [sent_in(journey, f"VK-{place}") for place, journey in enumerate(walked)]
    given = [as_given(journey) for journey in walked]
    everybody = list(zip(rows, given, strict=True))
    before = by_old(old, everybody)
    once = changing = 0
    every = edits(old, table, chance)
    for _ in range(EDITS * effort):
        done, new = next(every)
        report, shared = replay(old, new, [rows], persons=True), alike(old, new, rows)
        assert found(report) == found(shared) == found(afresh(old, new, everybody, before)), done
        assert report.touched == report.judged == len(rows)
        once += shared.judged
        changing += report.changing
    # The test means something: many are judged with others, and many change.
    assert once < 0.9 * EDITS * effort * PERSONS
    assert changing > 0.02 * EDITS * effort * PERSONS


def test_rows_without_a_readable_result_are_judged_again(effort: int) -> None:
    old, table = vastkraft()
    chance = Random(7)
    people = sent_people(old, chance)
    walked = [next(people) for _ in range(PERSONS)]
    given = [as_given(journey) for journey in walked]
    whole = [sent_in(journey, f"VK-{place}") for place, journey in enumerate(walked)]
    older = [row._replace(offers=None, meaning=None) for row in whole]
    everybody = list(zip(whole, given, strict=True))
    before = by_old(old, everybody)
    others = [row._replace(meaning="another", verdict="eligible", lead="af", group=None) for row in whole]
    every = edits(old, table, chance)
    for _ in range(EDITS * effort // 5):
        done, new = next(every)
        expected = found(afresh(old, new, everybody, before))
        by_label = replay(old, replace(new, version="2"), [older], persons=True)
        by_another = replay(old, new, [others[:50], others[50:]], persons=True)
        assert found(by_label) == expected == found(by_another) == found(alike(old, new, others)), done
        assert by_label.read_back == by_another.read_back == PERSONS


def test_anybodys_answers_are_judged_as_by_the_engine_itself(effort: int) -> None:
    """Of a file: unfinished, odd and not eligible ones too."""
    old, table = vastkraft()
    chance = Random(11)
    answers = [read_answers(old, random_answers(chance)) for _ in range(PERSONS)]
    said = [{id: value for id, value in one.items() if value is not None} for one in answers]
    nothing = SentIn(None, "", None, TODAY.isoformat(), None, None, None, None, None, False, {})
    homes = (values.get("home_municipality") for values in said)
    places = [None if home is None else str(home) for home in homes]
    rows = [nothing._replace(coded=values, municipality=place) for values, place in zip(said, places, strict=True)]
    everybody: Everybody = list(zip(rows, said, strict=True))
    before = by_old(old, everybody)
    counted: Counter[bool] = Counter()
    every = edits(old, table, chance)
    for _ in range(EDITS * effort // 2):
        done, new = next(every)
        expected = afresh(old, new, everybody, before)
        report = replay(old, new, [rows], persons=True)
        assert found(report) == found(alike(old, new, rows)) == found(expected), done
        assert changes_anyone(old, new, said, TODAY) is expected.anyone_changes, done
        counted[expected.anyone_changes] += 1
    assert min(counted[True], counted[False]) > 0.1 * counted.total()
