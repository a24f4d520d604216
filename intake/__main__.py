"""The command line: `intake COMMAND`, or `python -m intake COMMAND`. Only here are web and bot started."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from intake.app import App
from intake.cli import (
    chatting,
    checking,
    diff_versions,
    drawing,
    import_occupations,
    new,
    partners,
    person,
    previewing,
    programmes,
    publishing,
    receipt,
    replaying,
    staff,
)
from intake.cli.opening import opened, renewing
from intake.cli.output import CommandGroup, fail, show_help

cli = typer.Typer(
    name="intake",
    cls=CommandGroup,
    help="VästKraft intake: self-assessment by chat and form, referrals to partners, a staff view.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
cli.callback(invoke_without_command=True)(show_help)
cli.command("new")(new.new_command)
cli.command("assess")(programmes.assess_command)
cli.command("check")(checking.check_command)
cli.command("graph")(drawing.graph_command)
cli.command("publish")(publishing.publish_command)
cli.command("diff")(diff_versions.diff_command)
cli.command("preview")(previewing.preview_command)
cli.command("versions")(diff_versions.versions_command)
cli.command("receipt")(receipt.receipt_command)
cli.command("replay")(replaying.replay_command)
cli.add_typer(partners.commands, name="partner")
cli.add_typer(staff.commands, name="staff")
cli.add_typer(person.commands, name="person")
cli.command("import-occupations")(import_occupations.import_command)


@cli.command("run")
def run_command() -> None:
    """Run everything in one process: web, background work, and the bot if TELEGRAM_BOT_TOKEN is set.

    Example: INTAKE_DEMO=1 PORT=8123 intake run
    """
    _serve(web=True, worker=True, bot=True)


@cli.command("web")
def web_command() -> None:
    """Run the form and the staff view only.

    Example: PORT=8000 intake web
    """
    _serve(web=True)


@cli.command("worker")
def worker_command() -> None:
    """Run background work only: letters, deletion.

    Example: intake worker
    """
    _serve(worker=True)


@cli.command("bot")
def bot_command() -> None:
    """Run the Telegram bot only. Exactly one may run.

    Example: TELEGRAM_BOT_TOKEN=... intake bot
    """
    _serve(bot=True, bot_needed=True)


@cli.command("chat")
def chat_command(
    language: chatting.Language = "sv", programme: chatting.Programme = "", record: chatting.Record = None
) -> None:
    """Play the conversation in the terminal.

    Example: intake chat --language en --programme vastkraft --record tests/transcripts/laid_off.toml
    """
    from intake.chat import play_terminal

    def play(app: App, kept: bool) -> None:
        if programme:
            app.accounts.programme(programme)  # or fails with one line that lists them
        play_terminal(app, language, kept=kept, programme=programme)

    chatting.chat(play, record)


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database to this version's schema, and with INTAKE_SECRET_KEYS also the encrypted data in it.

    Example: intake migrate
    """
    from intake.config import load_settings
    from intake.store import migrate

    settings = load_settings()
    migrate(settings.database)
    typer.echo("the database has this version's shape")
    if settings.demo or settings.secret_keys:
        for line in renewing(settings):
            typer.echo(line)
    else:
        typer.echo("INTAKE_SECRET_KEYS is not set: what is sealed is brought to it at the next start", err=True)


@cli.command("new-key")
def new_key_command(id: Annotated[str, typer.Option(help="A name for the key: letters and digits.")] = "k1") -> None:
    """Make a key for INTAKE_SECRET_KEYS. Keep it apart from backups; without it nothing can be read.

    Example: intake new-key --id k2
    """
    from intake.keys import Keys

    if not id.isalnum() or len(id) > 16:
        raise fail("--id: up to 16 letters and digits")
    typer.echo(Keys.new_text(id))


@cli.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; must not be there yet.")],
) -> None:
    """Write everything to one file, while serving. It does not contain the keys: keep them apart.

    Example: intake backup backup-2026-11-24.gz
    """
    from intake.config import load_settings
    from intake.operations.backup import backup

    counted = backup(load_settings(), file)
    typer.echo(f"{file}: {sum(counted.values())} rows, {counted['submissions']} submissions")


@cli.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="Lose what is in the database now.")] = False,
) -> None:
    """Restore a backup into an empty database: all of it or nothing.

    Example: intake restore backup-2026-11-24.gz
    """
    from intake.config import load_settings
    from intake.operations.backup import restore

    counted = restore(load_settings(), file, replace=replace)
    typer.echo(f"{file}: {sum(counted.values())} rows, {counted['submissions']} submissions restored")


def _serve(*, web: bool = False, worker: bool = False, bot: bool = False, bot_needed: bool = False) -> None:
    from intake.cli.running import Service, listen, serve, web_service
    from intake.logs import configure_logs
    from intake.operations.worker import follow_versions, run_worker

    with opened() as app:
        configure_logs(logging.WARNING if app.settings.demo else logging.INFO)
        for notice in (*app.notices, *(app.settings.warnings if web else ())):
            typer.echo(notice, err=True)
        services: list[Service] = [lambda stop: follow_versions(app, stop)]
        if web:
            from web import build_web

            trusted = app.settings.trusted_proxy
            services.append(web_service(build_web(app), listen(app.settings), trusted_proxy=trusted))
        if worker:
            services.append(lambda stop: run_worker(app, stop))
        if bot and app.settings.telegram_bot_token:
            from bot import run_bot

            services.append(lambda stop: run_bot(app, stop))
        elif bot_needed:
            raise fail("TELEGRAM_BOT_TOKEN is not set: take the token that @BotFather gave, or play `intake chat`")
        if web and app.settings.demo:
            from intake.operations.demo import fill_demo, what_to_open

            fill_demo(app)
            typer.echo(what_to_open(app))
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # half the cost of asyncio's own loop
            runner.run(serve(services))


def main() -> None:
    """Runs the installed command. Output is UTF-8, whatever the terminal's setting."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli()


if __name__ == "__main__":
    main()
