"""How commands end when something is wrong: one line that says what, where and what to do, and exit code 2."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup


class Commands(TyperGroup):
    """The command line itself, which says what is wrong with a command in one line, too."""

    def main(self, *args: Any, **named: Any) -> Any:
        try:
            ended = super().main(*args, **{**named, "standalone_mode": False})
        except typer.TyperException as error:
            path = getattr(getattr(error, "ctx", None), "command_path", "intake")
            ended = fail(f"{error.format_message().rstrip('.')}; see: {path} --help").exit_code
        except typer.Abort:
            ended = 1
        sys.exit(ended)


def fail(message: str) -> typer.Exit:
    """Say `message` on standard error; raise what is returned."""
    typer.echo(f"intake: {' '.join(message.split())}", err=True)
    return typer.Exit(2)


def write_out(file: Path, text: str) -> None:
    """What a command made, to a file. Raises what ends the command when it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}") from None


def show_help(context: typer.Context) -> None:
    """What a group of commands does when none is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
