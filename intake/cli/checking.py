"""`intake check`: everything that is wrong with a programme, with a person for each finding of the proof."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from intake.catalog import FILE, UNREADABLE, find_folder
from intake.catalog.files import Files
from intake.cli.programmes import AsJson, Folder, Named, day_of
from intake.cli.saying import fail
from intake.config import PACKAGED
from intake.engine.findings import Finding
from intake.errors import IntakeError
from intake.proof import Examined, examine, installed

LOOK_EVERY = 0.3  # seconds between two looks at the files


def check_command(
    programme: Named,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too, and what is not proven.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file changes, until Ctrl-C.")] = False,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to prove for (default: today in Sweden).")
    ] = None,
    programmes: Folder = PACKAGED,
) -> None:
    """Prove a programme: everybody gets a partner or a next step, everything can be reached. What does not hold is
    shown with a person whom it concerns.

    Exit code 0: nothing found (or warnings only, without --strict), 1: findings, 2: it cannot be read.

    Example: intake check vastkraft --strict
    """
    day = day_of(today)
    try:
        folder = find_folder(programme, programmes)
    except IntakeError as error:
        raise fail(str(error)) from None
    if watch:
        _watch(folder, day, strict)
    ended = _check(folder, day, as_json, strict)
    if ended:
        raise typer.Exit(ended)


def _check(folder: Path, day: date, as_json: bool, strict: bool) -> int:
    """Say everything; the exit code."""
    examined = examine(Files.of(folder), day)
    unreadable = [one for one in examined.findings if one.file == FILE and one.code in UNREADABLE]
    if as_json:
        typer.echo(json.dumps(_as_json(folder.name, day, examined), ensure_ascii=False, indent=2))
    elif not unreadable:
        typer.echo("\n".join([*(line for one in examined.findings for line in _said(one)), _summed(folder, examined)]))
    if unreadable:
        return int(fail(f"{folder}: {unreadable[0]}").exit_code)
    if not installed():
        typer.echo("intake: not proven: the proof needs its solver (make setup, or the extra intake[proof])", err=True)
    failing = examined.findings if strict else examined.errors()
    return 1 if failing or (strict and not examined.proven) else 0


def _watch(folder: Path, day: date, strict: bool) -> None:
    """Until Ctrl-C: again at every change. A file that is being written is read again when it is whole."""
    seen: object = None
    try:
        while True:
            now = sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file())
            if now != seen:
                typer.echo(f"\n{datetime.now(ZoneInfo('Europe/Stockholm')):%H:%M:%S}")
                _check(folder, day, as_json=False, strict=strict)
                seen = now
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except OSError as error:
        raise fail(f"{folder} cannot be read any more: {error.strerror}") from None


def _as_json(name: str, day: date, examined: Examined) -> dict[str, Any]:
    return {
        "programme": name,
        "today": day.isoformat(),
        "proven": examined.proven,
        "seconds": round(examined.seconds, 3),
        "findings": [
            {"code": one.code, "severity": one.severity, "file": one.file, "key": one.key, "message": one.message}
            | ({"example": one.example} if one.example is not None else {})
            for one in examined.findings
        ],
    }


def _said(finding: Finding) -> list[str]:
    """The finding on a line; below it the person, as `intake assess` takes one."""
    lines = [f"{'warning: ' if finding.severity == 'warning' else ''}{finding}"]
    example = finding.example
    if example is not None:
        lines.append(f"    for example {json.dumps(example['answers'], ensure_ascii=False)}")
        asked = ", ".join(map(str, example["journey"])) if isinstance(example["journey"], list) else ""
        became = f"{example['verdict']} ({example['reason']}), led by {example['lead'] or 'nobody'}"
        lines.append(f"    on {example['today']} asked {asked}: {became}")
    return lines


def _summed(folder: Path, examined: Examined) -> str:
    errors, all_found = len(examined.errors()), len(examined.findings)
    counts = [(errors, "finding"), (all_found - errors, "warning")]
    said = ", ".join(f"{count} {what}{'s' * (count > 1)}" for count, what in counts if count) or "nothing found"
    proof = f"; proven in {examined.seconds:.1f} s" if examined.proven else "; not proven"
    return f"{folder.name}: {said}{proof}"
