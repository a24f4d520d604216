"""`intake diff` and `intake versions`: the differences of two versions, and the published versions."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from intake.authoring.catalog import FILE
from intake.authoring.differences import as_json as changes_as_json
from intake.authoring.differences import told
from intake.cli.difference_example import differing
from intake.cli.naming import named, unsealed
from intake.cli.output import fail, show_json
from intake.cli.programmes import AsJson, Folder, day_of
from intake.config import PACKAGED
from intake.engine.findings import did_you_mean
from intake.engine.programme import Programme
from intake.errors import NotFound
from intake.publishing.versions import shown


def diff_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="ID@VERSION, a folder, or an id (its draft).")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A folder, an id (its draft), or ID@VERSION.")],
    language: Annotated[
        str | None,
        typer.Option(help="Whose words are used for questions and answers (default: en if it has them)."),
    ] = None,
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Describe in plain words what changed between two versions of a programme: its meaning, and how many texts.

    With the solver (intake[proof]): one made-up person for whom they differ, or that there is nobody.

    Exit code 0: nothing changed, 1: something did.

    Example: intake diff vastkraft@1 vastkraft
    """
    with unsealed() as store:
        before, after = (named(name, programmes, store) for name in (old, new))
    if before.id != after.id:
        raise fail(f"{old} is {before.id}, {new} is {after.id}: diff compares versions of one programme")
    spoken = language or english(after)
    if spoken not in set(before.languages) & set(after.languages):
        raise fail(f'"{spoken}" is not a language of both{did_you_mean(spoken, after.languages)}')
    lines, someone = told(before, after, spoken), differing(before, after, day_of(None))
    if as_json:
        show_json(changes_as_json(before, after) | someone.figures())
    else:
        same = "the meaning is the same" if before.meaning == after.meaning else "the meaning changed"
        names = " -> ".join(shown(one.version, one.meaning) for one in (before, after))
        typer.echo("\n".join([*lines, *someone.lines(), f"{after.id} {names}: {same if lines else 'nothing changed'}"]))
    if lines:
        raise typer.Exit(1)


def versions_command(
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="A programme's id.")],
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """List the published versions of a programme, the newest first; the newest is served.

    Example: intake versions vastkraft
    """
    with unsealed() as store:
        found = list(reversed(store().versions.all(programme)))
        if not found and not (programmes / programme / FILE).is_file():
            known = store().versions.newest()
            raise NotFound(f'no version of "{programme}" is published{did_you_mean(programme, known)}')
    if as_json:
        rows = [
            {"number": one.number, "version": one.version, "meaning": one.meaning, "wording": one.wording,
             "published_at": one.published_at.isoformat(), "served": one is found[0]}
            for one in found
        ]  # fmt: skip
        typer.echo(json.dumps(rows, indent=2))
        return
    if not found:
        typer.echo(f"{programme}: nothing is published yet; see: intake publish {programme}")
    for one in found:
        words = f"words {one.wording[:8]}"
        served = "   served" if one is found[0] else ""
        typer.echo(f"{shown(one.version, one.meaning):<24} {words}   {one.published_at:%Y-%m-%d %H:%M} UTC{served}")


def english(programme: Programme) -> str:
    """Returns the language for quotations: English, as the commands, if the programme has it."""
    return "en" if "en" in programme.languages else programme.languages[0]
