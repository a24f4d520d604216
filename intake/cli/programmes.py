"""`intake assess` and `intake check`: a programme and plain answers, no database, no person."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from intake.assessing import judge_lines
from intake.catalog import check, find_folder, load
from intake.cli.saying import fail
from intake.config import PACKAGED
from intake.errors import IntakeError

Named = Annotated[str, typer.Argument(metavar="PROGRAMME", help="A programme's id, or its folder.")]
Folder = Annotated[Path, typer.Option("--programmes", envvar="INTAKE_PROGRAMMES", help="The folder of programmes.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def assess_command(
    programme: Named,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JSON object, or JSON Lines; - reads standard input.")],
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to judge on (default: today in Sweden).")
    ] = None,
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Judge answers by a programme: who is eligible, and which partners can help.

    Example: intake assess vastkraft answers.json --today 2026-11-23 --json
    """
    try:
        loaded = load(find_folder(programme, programmes))
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        day = date.fromisoformat(today) if today else datetime.now(ZoneInfo("Europe/Stockholm")).date()
    except IntakeError as error:
        raise fail(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from None
    except ValueError:
        raise fail(f"--today {today} is no date: write it as 2026-11-23") from None
    wrong = 0
    out = []
    for result, right in judge_lines(loaded, text, day):
        wrong += not right
        out.append(json.dumps(result, ensure_ascii=False) if as_json else _in_words(result))
    if not out:
        raise fail(f"{file} holds no answers: write a JSON object, or one a line")
    sys.stdout.write("\n".join(out) + "\n")
    if wrong:
        raise typer.Exit(2)


def check_command(programme: Named, as_json: AsJson = False, programmes: Folder = PACKAGED) -> None:
    """Say everything that is wrong with a programme. Exit code 0: nothing, 1: findings, 2: it cannot be read.

    Example: intake check vastkraft
    """
    try:
        folder = find_folder(programme, programmes)
    except IntakeError as error:
        raise fail(str(error)) from None
    findings = check(folder)
    if as_json:
        shown = [{"code": one.code, "file": one.file, "key": one.key, "message": one.message} for one in findings]
        typer.echo(json.dumps({"programme": folder.name, "findings": shown}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(f"{folder.name}: {len(findings)} findings" if findings else f"{folder.name}: nothing found")
    if findings:
        unreadable = {"not_toml", "missing_file"} & {
            finding.code for finding in findings if finding.file == "programme.toml"
        }
        raise typer.Exit(2 if unreadable else 1)


def _in_words(result: dict[str, Any]) -> str:
    if "errors" in result:
        return "\n".join(
            f"line {result['line']}: {one['question']}: {one['value']!r} is wrong (permitted: {one['permitted']})"
            for one in result["errors"]
        )
    parts = [f"{result['verdict']} ({result['reason']})"]
    for key in ("group", "route", "lead", "offers", "information", "missing", "ignored"):
        value = result[key]
        if value:
            parts.append(f"{key} {', '.join(value) if isinstance(value, list) else value}")
    return "; ".join(parts)
