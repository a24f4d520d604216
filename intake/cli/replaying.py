"""`intake replay`: finds who would get another result from another version."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.authoring.replay import MANY, Report, replay, replay_many
from intake.authoring.replay.jsonl import read_lines
from intake.cli.naming import named, unsealed
from intake.cli.output import fail, show_json
from intake.cli.programmes import AsJson, Folder, day_of
from intake.config import PACKAGED
from intake.engine.programme import Programme
from intake.errors import NotFound
from intake.ids import Chance
from intake.store import Store

LISTED = "replayed_persons"  # in the access log
PROCESSES = min(os.cpu_count() or 1, 4)  # processes of a replay of more than MANY


def replay_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="What is judged by now: ID@VERSION, a folder, or an id.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What would be: a folder, an id, or ID@VERSION.")],
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Persons as JSON Lines, as `assess` takes them, instead of the database."),
    ] = None,
    persons: Annotated[
        bool,
        typer.Option(
            "--persons",
            help="List the references of those who change, without the figures. For the owner's coordinator only, who "
            "follows up by email; that it was asked for stands in the access log.",
        ),
    ] = False,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="With --file: the day to judge on (default: today).")
    ] = None,
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Show who would get another result: of everybody sent in, or of a file. Nothing is changed or decrypted.

    \b
    An id alone is the draft in the folder of programmes; ID@VERSION is what was published under that label.
    Example: intake replay vastkraft@1 vastkraft
    """
    if today and file is None:
        raise fail("--today goes with --file: whoever sent in is judged on the day they were judged on")
    try:
        report = _report((old, new), programmes, file, day_of(today), persons)
    except OSError as error:
        raise fail(f"{error.filename} cannot be read: {error.strerror}") from None
    if as_json:
        shown = report.about() | {"persons": [*_persons(report)]} if persons else report.figures()
        show_json(shown)
        return
    for line in _listed(report) if persons else report.lines():
        typer.echo(line)


def _report(names: tuple[str, str], programmes: Path, file: Path | None, day: date, persons: bool) -> Report:
    """Returns the replay of two named versions. Raises IntakeError, and OSError for the file."""
    with unsealed() as store:
        old, new = (named(name, programmes, store) for name in names)
        if old.id != new.id:
            raise NotFound(f"{names[0]} is {old.id}, {names[1]} is {new.id}: replay compares versions of one programme")
        if file is None:
            return replayed(store(), old, new, persons)
        return replay(old, new, read_lines(file.read_bytes(), old, new, day), persons=persons)


def replayed(store: Store, old: Programme, new: Programme, persons: bool = False) -> Report:
    """Replays everybody in the database, with a progress bar on a terminal. `persons` is recorded in the access log."""
    if persons:
        store.people.log(Chance().id(), datetime.now(UTC), LISTED, None)
    rows, number = store.replays.rows(old.id), store.replays.count(old.id)
    way = partial(replay_many, processes=PROCESSES) if number > MANY else replay
    everybody = partial(way, old, new, rows, persons=persons)
    if not sys.stderr.isatty():
        return everybody()
    with typer.progressbar(length=number, label="replaying", file=sys.stderr) as bar:
        return everybody(progress=lambda done: bar.update(done - bar.pos))


def _listed(report: Report) -> Iterator[str]:
    """Yields the list of persons without figures: both together would reveal what rounding hides."""
    yield report.head()
    for one in _persons(report):
        what = (f"{key} {_word(one['before'][key])} -> {_word(one['after'][key])}" for key in one["changes"])
        yield f"{one['reference'] or '-'}  {'; '.join(what)}{'  (decided by staff)' if one['decided'] else ''}"
    yield from report.damage()


def _persons(report: Report) -> Iterator[dict[str, Any]]:
    """Yields those whose result changes, for follow-up."""
    for reference, change in report.followed_up():
        before, after = change.before._asdict(), change.after._asdict()
        changes = [key for key, value in before.items() if value != after[key]]
        yield {
            "reference": reference, "changes": changes, "before": before, "after": after, "decided": change.decided,
        }  # fmt: skip


def _word(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, tuple) else value or "none"
