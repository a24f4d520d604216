"""`intake publish`: checks, proves and replays a draft, and publishes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from intake.authoring.catalog import draft_in, find_folder
from intake.authoring.catalog.files import Files
from intake.authoring.differences import as_json as changes_as_json
from intake.authoring.differences import told
from intake.authoring.proof import NoProof, examine, lacking
from intake.authoring.replay import Report
from intake.cli.diff_versions import english
from intake.cli.difference_example import Differing, differing
from intake.cli.opening import stored
from intake.cli.output import fail, show_json
from intake.cli.programmes import AsJson, Folder, Named, day_of
from intake.cli.replaying import replayed
from intake.config import PACKAGED
from intake.engine.programme import Programme
from intake.publishing.versions import Programmes, is_stamped, next_version, publish, shown, stamp
from intake.records import Version
from intake.referrals.coverage import uncovered
from intake.store import Store


@dataclass(frozen=True, slots=True)
class Compared:
    """A draft compared with the served version: what would change, and for whom."""

    served: Programme
    report: Report
    someone: Differing

    def lines(self, draft: Programme) -> list[str]:
        return [*told(self.served, draft, english(draft)), *self.someone.lines(), "", *self.report.lines()]

    def figures(self, draft: Programme) -> dict[str, Any]:
        changes = changes_as_json(self.served, draft) | self.someone.figures()
        return {"changes": changes, "replay": self.report.figures()}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proven draft. `compared` None: it is the first version."""

    draft: Programme
    compared: Compared | None

    @property
    def anyone_changes(self) -> bool:
        return self.compared is not None and self.compared.report.anyone_changes

    def lines(self) -> list[str]:
        if self.compared is None:
            return [f"{self.draft.id}: the first version, {len(self.draft.questions)} questions; nobody has met it yet"]
        return self.compared.lines(self.draft)

    def figures(self) -> dict[str, Any]:
        return {
            "programme": self.draft.id,
            "version": self.draft.version,
            "meaning": self.draft.meaning,
            "wording": self.draft.wording,
            **({"changes": None, "replay": None} if self.compared is None else self.compared.figures(self.draft)),
        }


def publish_command(
    programme: Named,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, whoever changes.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Refuse while a partner that somebody can come to is not there.")
    ] = False,
    stamped: Annotated[
        bool, typer.Option("--stamp", help="Only prove it, and say so in its folder: for a programme that is shipped.")
    ] = False,
    as_json: AsJson = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Publish a programme: it is checked, proven, and compared with the results of those who have sent in.

    Interviews under way move to it at their next step; what was sent in keeps its version. If it changes the result of
    somebody who has sent in, it asks first; without a terminal it refuses unless --yes is given.

    Exit code 0: published, or published already; 2: refused. With --json the figures are printed either way.

    Example: intake publish vastkraft
    """
    day = day_of(None)
    folder = find_folder(programme, programmes)
    draft, files = _proven(folder, day)
    if stamped:
        if not is_stamped(draft_in(folder)):  # keep the day while nothing changed
            stamp(folder, draft, day)
        typer.echo(f"{draft.id}: version {shown(draft.version, draft.meaning)} is proven, and its folder says so")
        return
    with stored() as (settings, store):
        if live:
            _covered(draft, store, day, settings.demo)
        now = datetime.now(UTC)
        if next_version(store.versions.all(draft.id), draft, now) is None:
            _say(as_json, {"programme": draft.id, "published": False}, f"{draft.id}: this is what is served already")
            return
        proposed = _proposed(draft, store, day)
        if not as_json:
            typer.echo("\n".join(proposed.lines()))
        if proposed.anyone_changes and not yes and (refused := _refused(draft)):
            if as_json:
                show_json({**proposed.figures(), "published": False})
            raise fail(refused)
        done = publish(store, draft, files.texts, datetime.now(UTC))
    _say(as_json, {**proposed.figures(), "published": True, "number": done.number}, _done(done, proposed))


def _proven(folder: Path, day: date) -> tuple[Programme, Files]:
    """Returns the draft if nothing is wrong with it, else prints the findings and exits. Raises NoProof."""
    if why := lacking():
        raise NoProof(f"nothing is published without its proof: {why}")
    files = Files.of(folder)
    examined = examine(files, day)
    for finding in examined.findings:
        typer.echo(str(finding), err=True)
    errors = len(examined.errors())
    if errors or not examined.proven or examined.programme is None:
        counted = f"{errors} finding{'s' * (errors != 1)}" if errors else "it could not be proven"
        raise fail(f"{folder.name} is not published: {counted}; see: intake check {folder.name}")
    return examined.programme, files


def _covered(draft: Programme, store: Store, day: date, demo: bool) -> None:
    lacking = uncovered(draft, store, day, demo)
    for finding in lacking:
        typer.echo(str(finding), err=True)
    if lacking:
        raise fail(
            f"{draft.id} is not published: {len(lacking)} of its partners lack something; see: intake partner list"
        )


def _proposed(draft: Programme, store: Store, day: date) -> Proposed:
    served = Programmes(store).get(draft.id)
    if served is None:
        return Proposed(draft, None)
    return Proposed(draft, Compared(served, replayed(store, served, draft), differing(served, draft, day)))


def _refused(draft: Programme) -> str:
    """Returns why it is not published: the answer is not yes, or nobody can be asked. Empty: publish."""
    if not sys.stdin.isatty():
        return f"{draft.id} is not published: it changes the result of some who sent in; look, then give --yes"
    if not typer.confirm("\nThis changes results of people who have sent in. Publish it?", err=True):
        return f"{draft.id} is not published"
    return ""


def _done(version: Version, proposed: Proposed) -> str:
    label = f"{version.programme}: version {shown(version.version, version.meaning)}"
    served = None if proposed.compared is None else proposed.compared.served
    if served is not None and (served.version, served.meaning) == (version.version, version.meaning):
        return f"{label} has other words now; what runs serves them within seconds"
    return f"{label} is published; what runs serves it within seconds"


def _say(as_json: bool, figures: dict[str, Any], line: str) -> None:
    if as_json:
        show_json(figures)
    else:
        typer.echo(line)
