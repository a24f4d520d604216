"""The command line: `intake COMMAND` (or `python -m intake COMMAND`). The top of everything: only here are web and bot started."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from intake.cli import occupations, partners, programmes, staff
from intake.cli.running import Serving, prepared, serve
from intake.cli.saying import fail
from intake.errors import IntakeError

cli = typer.Typer(
    name="intake",
    help="VästKraft intake: self-assessment by chat and form, referrals to partners, a staff view.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
cli.command("assess")(programmes.assess_command)
cli.command("check")(programmes.check_command)
cli.add_typer(partners.commands, name="partner")
cli.add_typer(staff.commands, name="staff")
cli.command("import-occupations")(occupations.import_command)
