"""`intake graph`: draws a picture of a programme."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from intake.authoring.catalog import find_folder, load
from intake.authoring.picture import mermaid, picture, svg
from intake.authoring.proof import adds_only, installed
from intake.cli.output import fail, write_out
from intake.cli.programmes import Folder, Named
from intake.config import PACKAGED
from intake.engine.findings import did_you_mean
from intake.sweden import day_in_sweden


class Format(StrEnum):
    SVG = "svg"
    MERMAID = "mermaid"


def graph_command(
    programme: Named,
    format: Annotated[Format, typer.Option(help="svg opens in a browser; mermaid is text that GitHub draws.")] = (
        Format.SVG
    ),
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to; replaced if it is there. Default: standard output.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="One of the programme's languages. Default: its first.", show_default=False)
    ] = None,
    programmes: Folder = PACKAGED,
) -> None:
    """Draw a programme: what is asked when, how it is judged, who leads and who is offered.

    Which routes never lead but only add is proven first; without the solver the picture says that it is not.

    Example: intake graph vastkraft --language en --out vastkraft.svg
    """
    loaded = load(find_folder(programme, programmes))
    language = language or loaded.languages[0]
    if language not in loaded.languages:
        raise fail(f'{loaded.id} is not written in "{language}"{did_you_mean(language, loaded.languages)}')
    today = day_in_sweden(datetime.now(UTC))
    shown = picture(loaded, language, adds_only(loaded, today) if installed() else None)
    text = svg(shown) if format is Format.SVG else mermaid(shown)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_out(out, text)
    typer.echo(f"{out}: {loaded.id}, version {loaded.version}, in {language}")
