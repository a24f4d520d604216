"""`intake assess`: judges plain answers by a programme, without database or person."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.authoring.assessing import judge_documents
from intake.authoring.catalog import find_folder, load, load_draft
from intake.cli.output import fail
from intake.config import PACKAGED
from intake.sweden import day_in_sweden

Named = Annotated[str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or its folder.")]
Folder = Annotated[
    Path,
    typer.Option(
        "--programmes", envvar="INTAKE_PROGRAMMES", help="The folder of programmes.", show_default="the packaged ones"
    ),
]
YEARS = range(1900, 2200)  # leaves room before and after for every comparison
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def assess_command(
    programme: Named,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON object, or JSON Lines; - reads standard input.")],
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to judge on (default: today in Sweden).")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Also by a programme with findings, as far as it says what is meant.")
    ] = False,
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Judge answers by a programme: who is eligible, and which partners can help.

    Each object, or each line, gives one line. Exit code 2 if some answers could not be read; their lines say why.

    Example: intake assess vastkraft answers.json --today 2026-11-23 --json
    """
    day = day_of(today)
    try:
        folder = find_folder(programme, programmes)
        loaded = load_draft(folder) if draft else load(folder)
        source = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise fail(f"{file} cannot be read: {error.strerror}") from None
    said = wrong = 0
    for result in judge_documents(loaded, source, day):
        said += 1
        wrong += "errors" in result
        sys.stdout.write((json.dumps(result, ensure_ascii=False) if as_json else _in_words(result)) + "\n")
    if not said:
        raise fail(f"{'standard input' if file == '-' else file} holds no answers: write a JSON object, or one a line")
    if wrong:
        raise typer.Exit(2)


def day_of(today: str | None) -> date:
    """Returns the given day, else today in Sweden. Fails with one line if it is no date."""
    try:
        day = date.fromisoformat(today) if today else day_in_sweden(datetime.now(UTC))
    except ValueError:
        raise fail(f"--today {today} is no date: write it as 2026-11-23") from None
    if day.year not in YEARS:
        raise fail(f"--today {today} is too far off: give a day from {YEARS[0]} to {YEARS[-1]}")
    return day


def _in_words(result: dict[str, Any]) -> str:
    if "errors" in result:
        return f"line {result['line']}: " + "; ".join(_wrong(**error) for error in result["errors"])
    parts = [f"{result['verdict']} ({result['reason']})"]
    for key in ("group", "route", "lead", "offers", "information", "missing", "ignored"):
        value = result[key]
        if value:
            parts.append(f"{key} {', '.join(value) if isinstance(value, list) else value}")
    if result["settle"]:
        parts.append("settled if " + " and ".join(map(_fact, result["settle"])))
    return "; ".join(parts)


def _fact(fact: dict[str, Any]) -> str:
    """Formats a fact: `industry is teknik or supplier_or_staffing`, `age is met from 2027-03-01`."""
    if "from" in fact:
        return f"{fact['rule']} is met from {fact['from']}"
    return f"{fact['question']} is {' or '.join(map(str, fact['values']))}"


def _wrong(question: str | None, value: Any, permitted: Any) -> str:
    """Formats one error as a clause: `needs: "nine" is not permitted (permitted: none)`."""
    said = "this" if value is None else json.dumps(value, ensure_ascii=False)
    if question is None:
        return f"{said} should be {permitted}"
    words = permitted if isinstance(permitted, list) else [permitted]
    return f"{question}: {said} is not permitted (permitted: {', '.join(map(str, words))})"
