"""`intake chat`: the conversation in the terminal, and its recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from intake.app import App, open_app
from intake.chat.recording import RecordingDesk
from intake.cli.opening import opened
from intake.cli.output import fail, write_out
from intake.config import load_settings
from intake.store import migrate

Language = Annotated[str, typer.Option(help="The language to begin in.")]
Programme = Annotated[str, typer.Option(metavar="ID", help="Begin in this programme; else one is asked for it.")]
Record = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write what is done as a transcript for the tests. Whatever is typed ends up in FILE, names too: "
        "play with made-up persons.",
    ),
]
Play = Callable[[App, bool], None]  # whether the answers are stored beyond this run


def chat(play: Play, record: Path | None) -> None:
    """Plays on the configured database; to record, on a temporary one, so that nobody gets anything."""
    if record is None:
        with opened() as app:
            play(app, True)
        return
    _may_be_written(record)
    with TemporaryDirectory() as var:
        written = _recorded(play, Path(var))
    if not written:
        typer.echo(f"nothing was done, so {record} is not written", err=True)
        return
    write_out(record, written)
    typer.echo(f"{record}: play it by putting it into tests/transcripts/")


def _recorded(play: Play, var: Path) -> str:
    """Plays, and returns the transcript."""
    settings = load_settings(
        demo=True, var=var, database_url="", base_url="", host="127.0.0.1", smtp_url="", telegram_bot_token=""
    )
    migrate(settings.database)
    app = open_app(settings)
    try:
        app.desk = desk = RecordingDesk(app.desk.parts)
        play(app, False)
        return desk.transcript()
    finally:
        app.close()


def _may_be_written(file: Path) -> None:
    """Fails, or asks about replacing the file, before anybody plays in vain."""
    if not file.parent.is_dir():
        raise fail(f"{file} cannot be written: {file.parent} is no folder")
    if file.exists() and not typer.confirm(f"{file} is there already. Replace it?", err=True):
        raise typer.Exit(1)
