"""Errors of commands: one line that says what is wrong, where and what to do, and exit code 2."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from intake.errors import IntakeError


class CommandGroup(TyperGroup):
    """The command group. Prints errors, of usage too, as one line."""

    def main(self, *args: Any, **named: Any) -> Any:
        try:
            ended = super().main(*args, **{**named, "standalone_mode": False})
        except typer.TyperException as error:
            path = getattr(getattr(error, "ctx", None), "command_path", "intake")
            ended = fail(f"{error.format_message().rstrip('.')}; see: {path} --help").exit_code
        except IntakeError as error:
            ended = fail(str(error)).exit_code
        except typer.Abort:
            ended = 1
        sys.exit(ended)


def fail(message: str) -> typer.Exit:
    """Prints `message` on standard error; returns an exception to raise."""
    typer.echo(f"intake: {' '.join(message.split())}", err=True)
    return typer.Exit(2)


def write_out(file: Path, text: str) -> None:
    """Writes the output of a command to a file. Raises an exit with a message if it cannot."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}") from None


def show_json(shown: object) -> None:
    """Prints JSON."""
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def show_help(context: typer.Context) -> None:
    """Prints the help of a command group called without a command."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
