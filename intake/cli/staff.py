"""`intake staff add`, `disable`, `link` and `list`."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli.opening import opened, stored
from intake.cli.output import show_help, show_json

commands = typer.Typer(help="Staff: who may sign in, and for whom.")
commands.callback(invoke_without_command=True)(show_help)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address that sign-in links go to.")]


@commands.command("add")
def add_command(
    email: Email,
    partner: Annotated[str, typer.Option(metavar="ID", help="The partner this person works for.")],
    coordinator: Annotated[
        bool, typer.Option("--coordinator", help="Sees that nothing is stuck; owner's staff only.")
    ] = False,
    name: Annotated[str, typer.Option(help="The name that letters are signed with.")] = "",
    programme: Annotated[str | None, typer.Option(help="The programme's id, when there are several.")] = None,
) -> None:
    """Let somebody sign in for a partner. Known members of staff are moved there. They get a letter that says so.

    \b
    Example: intake staff add anna@example.org --partner gr --coordinator --name "Anna"
    """
    with opened() as app:
        member = app.accounts.invite(email, partner, programme=programme, coordinator=coordinator, name=name)
    role = "coordinator" if member.coordinator else "staff"
    typer.echo(f"{member.email}: {role} at {member.partner}; signs in at {app.settings.base}/staff/")


@commands.command("disable")
def disable_command(email: Email) -> None:
    """End somebody's access now, in every session.

    Example: intake staff disable anna@example.org
    """
    with opened() as app:
        app.accounts.disable_staff(email)
    typer.echo(f"{email.strip().lower()}: disabled; open sessions have ended")


@commands.command("link")
def link_command(email: Email, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print a sign-in link, for somebody who does not get the letters. It works once, within 10 minutes, in any
    browser: give it to nobody else. It is recorded in the access log.

    \b
    Example: intake staff link anna@example.org
    """
    with opened() as app:
        link, until = app.accounts.sign_in_link(email)
    if as_json:
        shown = {"email": email.strip().lower(), "link": link, "until": until.isoformat(timespec="seconds")}
        show_json(shown)
        return
    typer.echo(link)


@commands.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List everybody who can or could sign in.

    Example: intake staff list
    """
    with stored(reading=True) as (_, store):
        members = store.people.all_staff()
    if as_json:
        shown = [
            {"email": one.email, "name": one.name, "programme": one.programme, "partner": one.partner,
             "coordinator": one.coordinator, "disabled": one.disabled_at is not None}
            for one in members
        ]  # fmt: skip
        show_json(shown)
        return
    for one in members:
        role = "coordinator" if one.coordinator else "staff"
        typer.echo(f"{one.email:<40} {one.partner:<20} {role}{'  (disabled)' if one.disabled_at else ''}")
    if not members:
        typer.echo("nobody yet: intake staff add EMAIL --partner ID")
