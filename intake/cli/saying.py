"""How commands end when something is wrong: one line that says what, where and what to do, and exit code 2."""

from __future__ import annotations

import typer


def fail(message: str) -> typer.Exit:
    """Say `message` on standard error; raise what is returned."""
    typer.echo(f"intake: {message}", err=True)
    return typer.Exit(2)
