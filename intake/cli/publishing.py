"""`intake publish`: a draft that was checked, proven and replayed becomes what is served."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from intake.catalog import find_folder
from intake.catalog.files import Files
from intake.cli.programmes import Folder, Named, day_of
from intake.cli.saying import fail
from intake.config import PACKAGED
from intake.engine.programme import Programme
from intake.errors import IntakeError
from intake.proof import NoProof, examine, installed
from intake.publishing import shown, stamp


def publish_command(
    programme: Named,
    stamped: Annotated[
        bool, typer.Option("--stamp", help="Only prove it, and say so in its folder: for a programme that is shipped.")
    ] = False,
    programmes: Folder = PACKAGED,
) -> None:
    """Let people meet a programme: checked, proven, and shown for whom it changes something.

    Example: intake publish vastkraft
    """
    try:
        folder = find_folder(programme, programmes)
        proven, files = _proven(folder, day_of(None))
    except IntakeError as error:
        raise fail(str(error)) from None
    if stamped:
        stamp(folder, proven, day_of(None))
        typer.echo(f"{proven.id}: version {shown(proven.version, proven.meaning)} is proven, and says so")


def _proven(folder: Path, day: date) -> tuple[Programme, Files]:
    """The draft, when nothing is wrong with it. Raises NoProof without the solver; findings are shown."""
    if not installed():
        raise NoProof("nothing is published without its proof: pip install 'vastkraft-intake[proof]', or make setup")
    files = Files.of(folder)
    examined = examine(files, day)
    for finding in examined.findings:
        typer.echo(str(finding), err=True)
    if examined.errors() or not examined.proven or examined.programme is None:
        raise fail(
            f"{folder.name} is not published: {len(examined.errors())} findings; see: intake check {folder.name}"
        )
    return examined.programme, files
