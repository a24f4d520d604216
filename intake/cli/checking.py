"""`intake check`: all faults of a programme, with an example person for each finding of the proof."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.authoring.catalog import FILE, UNREADABLE, find_folder
from intake.authoring.catalog.cases import example_persons
from intake.authoring.catalog.files import Files
from intake.authoring.proof import Examined, examine, lacking
from intake.authoring.reading_time import sent_in, usual_and_longest
from intake.cli.opening import stored
from intake.cli.output import fail
from intake.cli.programmes import AsJson, Folder, Named, day_of
from intake.config import PACKAGED
from intake.engine.findings import Finding
from intake.referrals.coverage import WHERE, PartnerStatus, standings, who_comes
from intake.sweden import STOCKHOLM

LOOK_EVERY = 0.3  # seconds between two checks of the files


def check_command(
    programme: Named,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too, and what is not proven.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Also whether every partner is there now, by the database of the settings.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a file changes, until Ctrl-C.")] = False,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to prove for (default: today in Sweden).")
    ] = None,
    programmes: Folder = PACKAGED,
) -> None:
    """Prove a programme: everybody gets a partner or a next step, everything can be reached. Whatever does not hold is
    shown with an example person.

    With --live a partner that somebody can be referred to is a finding if it has no active staff, no address or is
    paused, with the number of kinds of persons it concerns.

    Exit code 0: nothing found (or warnings only, without --strict), 1: findings, 2: it cannot be read.

    Example: intake check vastkraft --strict --live
    """
    day = day_of(today)
    folder = find_folder(programme, programmes)
    asked = CheckOptions(folder, day, as_json, strict, live, watch)
    if watch:
        _watch(asked)
    ended = _check(asked)
    if ended:
        raise typer.Exit(ended)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options of a check."""

    folder: Path
    day: date
    as_json: bool
    strict: bool
    live: bool
    watch: bool


def _check(asked: CheckOptions) -> int:
    """Prints all findings; returns the exit code."""
    folder, day, strict = asked.folder, asked.day, asked.strict
    examined, there = _examined(asked)
    unreadable = [one for one in examined.findings if one.file == FILE and one.code in UNREADABLE]
    if asked.as_json:
        figures = _as_json(folder.name, day, examined, there)
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=None if asked.watch else 2))  # watching: one a line
    elif not unreadable:
        together = groupby(examined.findings, key=lambda one: one.example)
        said = [line for example, findings in together for line in _lines(example, findings)]
        typer.echo("\n".join([*said, *_read(folder, examined), _summed(folder, examined) + _there(asked, there)]))
    if unreadable:
        return int(fail(f"{folder}: {unreadable[0]}").exit_code)
    if why := lacking():
        typer.echo(f"intake: not proven: {why}", err=True)
    failing = examined.findings if strict else examined.errors()
    return 1 if failing or (strict and not examined.proven) else 0


def _examined(asked: CheckOptions) -> tuple[Examined, tuple[PartnerStatus, ...] | None]:
    """Returns the findings, with what the database lacks. Without a programme there is nothing to compare it with."""
    examined = examine(Files.of(asked.folder), asked.day)
    if not asked.live or examined.programme is None:
        return examined, None
    with stored(reading=True) as (settings, store):
        reached = who_comes(examined.programme, asked.day)
        there = standings(examined.programme, store, reached, settings.demo)
    lacking = (finding for partner in there for finding in partner.findings())
    return replace(examined, findings=(*examined.findings, *lacking)), there


def _watch(asked: CheckOptions) -> None:
    """Checks again at every change, until Ctrl-C. A file read while it is written is read again when complete."""
    folder, seen = asked.folder, object()
    try:
        while True:
            now = sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file())
            if now != seen:
                if not asked.as_json:
                    typer.echo(f"\n{datetime.now(STOCKHOLM):%H:%M:%S}")
                _check(asked)
                seen = now
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    except OSError as error:
        raise fail(f"{folder} cannot be read any more: {error.strerror}") from None


def _as_json(name: str, day: date, examined: Examined, there: tuple[PartnerStatus, ...] | None) -> dict[str, Any]:
    """With --live the result has `partners`, and a partner's finding `kinds` and `cells`."""
    concerned = {f"partner.{one.partner}": _concerned(one) for one in there or ()}
    return {
        "programme": name,
        "today": day.isoformat(),
        "proven": examined.proven,
        "seconds": round(examined.seconds, 3),
        "findings": [
            {"code": one.code, "severity": one.severity, "file": one.file, "key": one.key, "message": one.message}
            | (concerned[one.key] if one.file == WHERE else {})
            | ({"example": one.example} if one.example is not None else {})
            for one in examined.findings
        ],
    } | ({} if there is None else {"partners": [_standing(one) for one in there]})


def _standing(one: PartnerStatus) -> dict[str, Any]:
    return {
        "id": one.partner,
        "staff": one.staff,
        "paused_at": one.paused_at.isoformat() if one.paused_at is not None else None,
        "lacks": list(one.lacks),
        "kinds": None if one.cells is None else one.kinds(),
    }


def _concerned(one: PartnerStatus) -> dict[str, Any]:
    """Returns the kinds of persons that can be referred to a partner; None if that is unknown."""
    if one.cells is None:
        return {"kinds": None, "cells": None}
    cells = [
        {"place": cell.place, "group": cell.group, "language": language, "decided": cell.decided}
        for cell in one.cells
        for language in one.programme.languages
    ]
    return {"kinds": one.kinds(), "cells": cells}


def _lines(example: Mapping[str, Any] | None, findings: Iterable[Finding]) -> Iterator[str]:
    """Yields a line per finding; below them the person that all concern, in the format of `intake assess`."""
    for finding in findings:
        yield f"{'warning: ' if finding.severity == 'warning' else ''}{finding}"
    if example is not None:
        yield f"    for example {json.dumps(example['answers'], ensure_ascii=False)}"
        became = f"{example['verdict']} ({example['reason']}), led by {example['lead'] or 'nobody'}"
        yield f"    on {example['today']} asked {', '.join(example['journey'])}: {became}"


def _read(folder: Path, examined: Examined) -> Iterator[str]:
    """Yields how long the usual and the longest journey of an example person take to read, if there are no errors."""
    programme = examined.programme
    if programme is None or examined.errors():
        return
    journeys = sent_in(programme, example_persons(Files.of(folder)))
    for language in programme.languages:
        if measured := usual_and_longest(journeys, language):
            said = (f"{one.pages} pages, {one.words} words, {one.minutes} minutes" for one in measured)
            usual, longest = said
            yield f"{folder.name}: in {language} the usual journey has {usual}; the longest {longest}"


def _summed(folder: Path, examined: Examined) -> str:
    errors, all_found = len(examined.errors()), len(examined.findings)
    counts = [(errors, "finding"), (all_found - errors, "warning")]
    said = ", ".join(f"{count} {what}{'s' * (count > 1)}" for count, what in counts if count) or "nothing found"
    proof = f"; proven in {examined.seconds:.1f} s" if examined.proven else "; not proven"
    return f"{folder.name}: {said}{proof}"


def _there(asked: CheckOptions, there: tuple[PartnerStatus, ...] | None) -> str:
    if not asked.live:
        return ""
    if there is None:
        return "; not compared with the database: the files have to be right first"
    return f"; {sum(one.is_there() for one in there)} of {len(there)} partners are there"
