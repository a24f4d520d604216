"""`intake import-occupations`: imports the open list of occupations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.authoring.catalog import fits_a_button
from intake.cli.opening import opened
from intake.cli.output import fail
from intake.operations.occupations import read_occupations

LIST = "occupations"


def import_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with concept_id, label_sv, ssyk_code, ssyk_label_en.")
    ],
) -> None:
    """Replace the short list by the open JobTech taxonomy's occupations. A running server uses them after a restart.

    Example: intake import-occupations occupations.csv
    """
    with opened() as app:
        asking = [
            question.id
            for programme in app.programmes.values()
            for question in programme.questions
            if question.list == LIST
        ]
        if not asking:
            raise fail(f"no programme here searches a list called {LIST}")
        entries = read_occupations(file, lambda id: all(fits_a_button(question, id) for question in asking))
        number = app.store.lists.replace(LIST, entries)
    typer.echo(f"{file}: {number} occupations stored; restart the server to use them")
