"""The example persons of a programme (cases.toml), run as a test of it."""

from __future__ import annotations

from collections.abc import Iterator

from intake.assessing import WrongAnswers, judge
from intake.catalog.format import CasesTable
from intake.engine.findings import Finding
from intake.engine.programme import Programme


def case_findings(programme: Programme, table: CasesTable) -> Iterator[Finding]:
    """A finding for every expectation of a case that does not come true."""
    for case in table.case:
        try:
            result = judge(programme, case.answers, case.today)
        except WrongAnswers as error:
            for fault in error.errors:
                message = f"{fault['value']!r} is not permitted (permitted: {fault['permitted']})"
                yield Finding("case_unreadable", "cases.toml", f"case {case.id}.answers.{fault['question']}", message)
            continue
        for key, expected in case.expect.model_dump(exclude_unset=True).items():
            wanted = None if expected == "null" else expected
            if result[key] != wanted:
                message = f"expected {wanted!r}, the programme gives {result[key]!r}"
                yield Finding("case_failed", "cases.toml", f"case {case.id}.expect.{key}", message)
