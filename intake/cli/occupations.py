"""`intake import-occupations`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.opening import opened
from intake.occupations import read_occupations


def import_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with concept_id, label_sv, ssyk_code, ssyk_label_en.")
    ],
) -> None:
    """Put the open JobTech taxonomy's occupations in place of the short list. A running server takes them at its next
    start.

    Example: intake import-occupations occupations.csv
    """
    with opened() as app:
        entries = read_occupations(file)
        typer.echo(f"{file}: {len(entries)} occupations read")
        number = app.store.lists.replace("occupations", entries)
    typer.echo(f"{number} occupations stored; restart the server to use them")
