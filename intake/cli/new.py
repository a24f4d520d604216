"""`intake new`: creates the folder of a new programme."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.authoring.skeleton import begin
from intake.cli.output import fail
from intake.cli.programmes import Folder
from intake.config import PACKAGED


def new_command(
    programme: Annotated[str, typer.Argument(metavar="ID", help="The new programme's id; its folder is called so.")],
    name: Annotated[str, typer.Option(help="What people call the programme.")],
    owner: Annotated[str, typer.Option(metavar="ID", help="The id of the partner that owns it.")],
    owner_name: Annotated[str, typer.Option(help="What people call that partner.")],
    phone: Annotated[str, typer.Option(help="A number where a human answers; it stands on every page.")],
    reference: Annotated[str, typer.Option(help="How references begin: 2 to 4 capital letters.")],
    language: Annotated[list[str] | None, typer.Option(help="A language of its texts; may be given again.")] = None,
    programmes: Folder = PACKAGED,
) -> None:
    """Begin a programme: a folder with what most programmes share, and empty texts for you to write.

    `intake check` then lists everything that is missing. Existing files are never changed.

    Example: intake new summer --name Summer --owner town --owner-name Norrby --phone "010-000 00 00" --reference SU
    """
    said = {"name": name, "owner": owner, "owner_name": owner_name, "phone": phone, "reference": reference}
    try:
        written = begin(programmes, programme, language or ["sv"], said)
    except OSError as error:
        raise fail(f"{error.filename} cannot be written: {error.strerror}") from None
    typer.echo(f"{programmes / programme}: {len(written)} files. What is missing: intake check {programme}")
