"""`intake preview`: serves the draft in a folder on this computer only. Nothing is stored or sent."""

from __future__ import annotations

import asyncio
import html
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from intake.app import App, open_app
from intake.authoring.catalog import checked, find_folder
from intake.authoring.catalog.files import Files
from intake.cli.programmes import Folder, Named
from intake.cli.running import listen, serve, web_service
from intake.config import PACKAGED, Settings, load_settings
from intake.engine.findings import Finding
from intake.engine.programme import Programme
from intake.keys import Keys
from intake.publishing.versions import longer, publish
from intake.store import migrate, open_store

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}: findings</title>'
    "<h1>{name} cannot be walked yet</h1><p>Preview of a draft: nothing is saved and nothing is sent. "
    "Mend this and load the page again.</p><ul>{findings}</ul></html>"
)


def preview_command(
    programme: Named,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this computer.")] = 8001,
    programmes: Folder = PACKAGED,
) -> None:
    """Walk through the draft in a folder as participants will see it, on this computer only.

    Every page says that it is a preview. Nothing is stored, no letter is sent. Changes in the folder show on the next
    page, and answers are kept where their question means the same. Findings are listed while there is no way through.

    Example: intake preview vastkraft --port 8001
    """
    folder = find_folder(programme, programmes)
    settings = _settings(folder, port)
    listening = listen(settings)
    preview = Preview(folder, settings)
    try:
        typer.echo(f"{folder.name}, as it lies in {folder}: {settings.base}/  (Ctrl-C stops; nothing is kept)")
        asyncio.run(serve([web_service(preview, listening)]))
    finally:
        preview.close()


def _settings(folder: Path, port: int) -> Settings:
    """Returns settings independent of the environment: loopback, in memory, temporary keys, no way to send letters."""
    return load_settings(
        host="127.0.0.1", port=port, base_url="", demo=False, smtp_url="", mail_from="", trusted_proxy="",
        telegram_bot_token="", secret_keys=Keys.new_text("preview"), rate=100_000,
        database_url=f"sqlite:///{quote(f'file:preview-{port}')}?mode=memory&cache=shared&uri=true",
        programmes=folder,  # has no programmes within, so only the one published below is served
    )  # fmt: skip


class Preview:
    """An ASGI application that reads the folder again before each page. Its database is this process's memory."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.seen: object = None
        self.findings: Sequence[Finding] = ()
        self.app: App | None = None
        self.web: Any = None
        # The in-memory database exists as long as a connection is open.
        self.kept = sqlite3.connect(f"file:preview-{settings.port}?mode=memory&cache=shared", uri=True)
        migrate(settings.database)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.look()
            if self.web is None:
                await self._list(send)
                return
        await self.web(scope, receive, send)

    def look(self) -> None:
        """Loads what changed in the folder since the last page."""
        now = sorted((str(path), path.stat().st_mtime_ns) for path in self.folder.rglob("*") if path.is_file())
        if now == self.seen:
            return
        self.seen = now
        files = Files.of(self.folder)
        found, programme = checked(files)
        self.findings = found
        for finding in found:
            typer.echo(str(finding), err=True)
        if programme is None:
            self.web = None
        else:
            self._serve(programme, files)

    def _serve(self, programme: Programme, files: Files) -> None:
        from web import build_web

        store = open_store(self.settings.database, self.settings.keys()) if self.app is None else self.app.store
        publish(store, longer(programme), files.texts, datetime.now(UTC))
        if self.app is None:
            store.close()
            self.app = open_app(self.settings)
        self.app.programmes.refresh()
        self.web = build_web(self.app, preview=True)

    async def _list(self, send: Send) -> None:
        findings = "".join(f"<li>{html.escape(str(one))}</li>" for one in self.findings)
        body = PAGE.format(name=html.escape(self.folder.name), findings=findings).encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def close(self) -> None:
        if self.app is not None:
            self.app.close()
        self.kept.close()
