"""`intake partner set`, `pause`, `resume` and `list`."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from intake.cli.opening import opened
from intake.cli.output import fail, show_help, show_json

commands = typer.Typer(help="Partners: who answers, who is told, which phone, and whether they take persons now.")
commands.callback(invoke_without_command=True)(show_help)
Partner = Annotated[str, typer.Argument(metavar="ID", help="A partner's id, for example trr or municipality:1480.")]
Programme = Annotated[str | None, typer.Option(help="The programme's id, when there are several.")]


@commands.command("set")
def set_command(
    partner: Partner,
    reply_to: Annotated[str | None, typer.Option(help="The monitored address that persons' answers go to.")] = None,
    notify: Annotated[str | None, typer.Option(help="The address told when a referral is waiting.")] = None,
    phone: Annotated[str | None, typer.Option(help="The partner's phone number.")] = None,
    programme: Programme = None,
) -> None:
    """Set a partner's addresses; those not given stay. Letters that waited for an address are sent.

    \b
    Example: intake partner set trr --reply-to inkorg@example.org --notify inkorg@example.org --phone "08-000 00 00"
    """
    if reply_to is None and notify is None and phone is None:
        raise fail("give at least one of --reply-to, --notify, --phone")
    if phone and not re.fullmatch(r"[+(]?[0-9][0-9 ()./-]{4,38}", phone.strip()):
        raise fail(f'"{phone}" is not a phone number; it looks like 031-368 00 00')
    with opened() as app:
        released = app.accounts.set_partner(partner, programme=programme, reply_to=reply_to, notify=notify, phone=phone)
    typer.echo(f"{partner}: set" + (f"; {released} stopped letters will go out now" if released else ""))


@commands.command("pause")
def pause_command(partner: Partner, programme: Programme = None) -> None:
    """Pause a partner, so that it takes no new cases. Those go to the next partner in turn, or the owner; its staff
    keep the cases they have.

    Example: intake partner pause trr
    """
    with opened() as app:
        done = app.accounts.pause(partner, programme)
    typer.echo(f"{partner}: {'paused; new cases go to the next in turn' if done else 'was paused already'}")


@commands.command("resume")
def resume_command(partner: Partner, programme: Programme = None) -> None:
    """Let a paused partner take persons again.

    Example: intake partner resume trr
    """
    with opened() as app:
        done = app.accounts.resume(partner, programme)
    typer.echo(f"{partner}: {'takes persons again' if done else 'was not paused'}")


@commands.command("list")
def list_command(
    programme: Programme = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """List every partner that takes persons, and what it lacks before it can work.

    Example: intake partner list
    """
    with opened(reading=True) as app:
        rows = app.accounts.partners(programme)
    if as_json:
        shown = [
            {"id": row.settings.partner, "name": row.name, "reply_to": row.settings.reply_to,
             "notify": row.settings.notify, "phone": row.settings.phone, "staff": row.staff, "lacks": list(row.lacks),
             "paused_at": row.settings.paused_at.isoformat() if row.settings.paused_at else None}
            for row in rows
        ]  # fmt: skip
        show_json(shown)
        return
    for row in rows:
        paused_at = row.settings.paused_at
        said = [f"paused since {paused_at:%Y-%m-%d}"] if paused_at else []
        said += [f"lacks {', '.join(row.lacks)}"] if row.lacks else []
        typer.echo(f"{row.settings.partner:<20} {row.staff:>3} staff   {row.name:<40} {'; '.join(said) or 'ready'}")
