"""`intake person export|erase`: a copy of everything about one person, or its erasure, by case number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.app import App
from intake.cli.opening import opened
from intake.cli.output import fail, show_help, write_out
from intake.engine.personal import looks_like_personal_number
from intake.errors import NotFound, SomebodyElse
from intake.ids import as_reference
from intake.records import Submission
from intake.words import words_for

commands = typer.Typer(
    help="Give a copy of everything about one person, or erase it (docs/person-data.md).", no_args_is_help=False
)
commands.callback(invoke_without_command=True)(show_help)
Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="A case number, as VK-7F3K-2M9Q.")]


@commands.command("export")
def export_command(
    reference: Reference,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JSON to this file instead.")] = None,
) -> None:
    """Export all answers, contact details and the history of the case, with the owner's notes and letters; nothing of
    other organisations. The export is recorded in the access log.

    Example: intake person export VK-7F3K-2M9Q --out copy.json
    """
    if out is not None and out.exists():
        raise fail(f"{out} is there already: choose another file")
    with opened() as app:
        submission = _case(app, reference)
        stored = app.rights.of_owner(submission, submission.language, None)
    text = json.dumps(stored, ensure_ascii=False, indent=2)
    if out is not None:
        _write(out, text + "\n")
        typer.echo(f"{out}: everything about {submission.reference}")
    else:
        typer.echo(text if as_json else "\n".join(_lines(stored)))


@commands.command("erase")
def erase_command(
    reference: Reference,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Although somebody has the case in hand.")] = False,
    reason: Annotated[str, typer.Option(help="Why, with --force. It is kept, sealed; name nobody.")] = "",
) -> None:
    """Erase everything about one person, everywhere in this database; a restored backup will not bring it back.

    Refused while somebody has the case in hand, unless --force with a --reason. It cannot be undone.

    Example: intake person erase VK-7F3K-2M9Q --force --reason "decision 2026-14 of the authority"
    """
    if force and not reason.strip():
        raise fail('--force needs a reason: --reason "why"')
    if looks_like_personal_number(reason):
        raise fail("--reason: this looks like a personal identity number; leave it out")
    with opened() as app:
        submission = _case(app, reference)
        if not force and (holder := app.rights.holder(submission)):
            raise fail(_in_hand(submission, holder))
        if not yes:
            typer.confirm(f"Erase everything about {submission.reference}? It cannot be undone.", abort=True)
        try:
            app.rights.erase(submission, why=reason.strip() if force else None)
        except SomebodyElse as error:
            raise fail(_in_hand(submission, error.who)) from None
    typer.echo(f"{submission.reference}: erased")


def _write(file: Path, text: str) -> None:
    """Writes to a new file that only this user can read."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}") from None
    write_out(file, text)


def _in_hand(submission: Submission, holder: str) -> str:
    why = '--force --reason "why"'
    return f"{submission.reference} is in hand at {holder}: let them close or release it first, or give {why}"


def _case(app: App, reference: str) -> Submission:
    """Returns the submission. Raises NotFound for a union's own number as for an unknown one."""
    submission = app.store.submissions.by_reference(as_reference(reference))
    if submission is None or submission.programme not in app.programmes:
        raise NotFound(f"{reference}: there is no such case number")
    return submission


def _lines(stored: dict[str, Any]) -> list[str]:
    """Formats what is stored for the terminal."""
    words = words_for(stored["case"]["language"])
    lines = [f"{stored['case']['reference']}, {stored['case']['sent']}"]
    lines += [f"  {name}: {value}" for name, value in stored["contact"].items() if value]
    lines += [stored["result"]["title"], *(f"  {one['text']}" for one in stored["result"]["why"])]
    lines += [f"  {one['text']} {one['answer'] or words('No answer')}" for one in stored["answers"]]
    for one in stored["partners"]:
        lines.append(f"{one['name']}: {one['status']} {one['changed']}")
        lines += [f"  {event['at']} {event['what']}" for event in one["happened"]]
    for one in stored["letters"]:
        lines += [f"{one['written']} {one['subject']} ({one['state']})", one["text"]]
    lines += [f"{one['at']} {one['what']}: {one['text']}" for one in stored.get("notes", ())]
    return lines
