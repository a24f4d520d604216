"""Runs the example persons of a programme (cases.toml) as its tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.authoring.assessing import WrongAnswers, judge, read_answers
from intake.authoring.catalog.files import CASES as FILE
from intake.authoring.catalog.files import Files, read_toml
from intake.authoring.catalog.format import CasesTable, CaseTable
from intake.authoring.catalog.load import LoadResult
from intake.authoring.catalog.shape import UNSAID, shaped
from intake.engine.advising import advised, last_day
from intake.engine.findings import Finding
from intake.engine.journey import travel
from intake.engine.programme import Programme


def case_findings(files: Files, reading: LoadResult) -> list[Finding]:
    """Returns the faults of cases.toml, and the expectations that fail."""
    findings: list[Finding] = []
    values = read_toml(files, FILE, findings)
    if values is None:
        return findings
    table, wrong = shaped(values, CasesTable, FILE)
    return findings + wrong + (list(_tried(reading, table)) if table is not None and reading.programmes else [])


def example_persons(files: Files) -> list[tuple[dict[str, Any], date]]:
    """Returns the answers and the day of every example person; empty if cases.toml cannot be read."""
    values = read_toml(files, FILE, [])
    table = None if values is None else shaped(values, CasesTable, FILE)[0]
    return [] if table is None else [(_given(case), case.today) for case in table.case]


def _given(case: CaseTable) -> dict[str, Any]:
    """TOML dates need no quotes."""
    return {id: said.isoformat() if isinstance(said, date) else said for id, said in case.answers.items()}


def _tried(reading: LoadResult, table: CasesTable) -> Iterator[Finding]:
    """Yields a finding for every expectation that fails.

    Expectations met in one reading of a broken programme may hold once it is mended: one finding names those cases.
    """
    ids = [case.id for case in table.case]
    undecided = []
    for case in table.case:
        key = f"case.{case.id}"
        if ids.index(case.id) != table.case.index(case):
            yield Finding("double_id", FILE, key, "this id is there more than once")
        expected = {
            name: None if said == "null" else said for name, said in case.expect.model_dump(exclude_unset=True).items()
        }
        if not expected:
            yield Finding("missing_key", FILE, f"{key}.expect", "a case that expects nothing can never fail")
        try:
            results = list(_results(reading, case))
        except WrongAnswers as error:
            for fault in error.errors:
                message = f"{fault['value']!r} is not permitted (permitted: {fault['permitted']})"
                yield Finding("case_unreadable", FILE, f"{key}.answers.{fault['question']}", message)
            continue
        if not results or any(_comes_true(expected, result) for result in results):
            continue
        certain = reading.all_tried or all(result == results[0] for result in results)
        possible = [name for name in expected if any(_comes_true({name: expected[name]}, one) for one in results)]
        failed = [name for name in expected if certain and name not in possible]
        for name in failed:
            message = f"expected {expected[name]!r}, the programme gives {results[0][name]!r}"
            yield Finding("case_failed", FILE, f"{key}.expect.{name}", message)
        if not failed:
            undecided.append(case.id)
    if undecided:
        message = f"cannot be tried before the rest is mended: {', '.join(undecided)}"
        yield Finding("case_undecided", FILE, "case", message)


def _comes_true(expected: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    return all(result[name] in (wanted, UNSAID) for name, wanted in expected.items())


def _results(reading: LoadResult, case: CaseTable) -> Iterator[dict[str, Any]]:
    answers = _given(case)
    for programme in reading.programmes:
        try:
            yield {**judge(programme, answers, case.today), **_met(programme, answers, case.today)}
        except (LookupError, StopIteration):
            if not reading.findings:
                raise  # a programme without findings can always be walked


def _met(programme: Programme, answers: Mapping[str, Any], today: date) -> dict[str, list[str]]:
    """Returns the questions that the person is asked before the result, the notes shown there, and the advice."""
    journey = travel(programme, read_answers(programme, answers), today)
    asked = [step.question for step in journey.asked() if not step.question.after_result]
    notes = [note.text for question in asked for note in question.notes if note.when.holds(journey.facts)]
    facts = journey.judged.facts
    days = ((one.id, one.by and last_day(one.by, facts)) for one in advised(programme, facts))
    advice = [f"{id} {day}" if day else id for id, day in days]
    return {"asked": [question.id for question in asked], "notes": notes, "advice": advice}
