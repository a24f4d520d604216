"""The baseline: a bare ASGI application over sqlite3, with one SELECT and one UPDATE per step, then the page.

It serves the pages that ours showed, byte for byte and by the same server code, so that the difference is the cost of
our code alone. Started as `PORT=8001 python -m bench.bare FILE`, FILE a JSON list of pages; its database is put beside
it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import sys
from pathlib import Path
from typing import Any

import uvloop
from starlette.types import Receive, Scope, Send

from intake.cli.running import listen, serve, web_service
from intake.config import load_settings

TYPE = (b"content-type", b"text/html; charset=utf-8")


class Bare:
    """`/N` shows page N; a post to it stores the answer and redirects to the next."""

    def __init__(self, pages: list[bytes], database: Path) -> None:
        self.pages = pages
        self.database = sqlite3.connect(database, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=NORMAL")
        self.database.execute("CREATE TABLE visits (id TEXT PRIMARY KEY, step INTEGER NOT NULL, answers TEXT NOT NULL)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        step = int(scope["path"][1:] or 0)
        headers: list[tuple[bytes, bytes]]
        if scope["method"] == "POST":
            status, body = 303, b""
            answer = (await receive())["body"].decode()
            headers = [(b"location", b"/%d" % (step + 1)), *self.keep(scope, step, answer)]
        else:
            status, body, headers = 200, self.pages[step], [TYPE]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def keep(self, scope: Scope, step: int, answer: str) -> list[tuple[bytes, bytes]]:
        visit = next((value[6:].decode() for name, value in scope["headers"] if name == b"cookie"), "")
        row: Any = self.database.execute("SELECT answers FROM visits WHERE id = ?", (visit,)).fetchone()
        if row is None:
            visit = secrets.token_urlsafe(18)
            self.database.execute("INSERT INTO visits VALUES (?, ?, ?)", (visit, step, "[]"))
            return [(b"set-cookie", f"visit={visit}; Path=/; HttpOnly; SameSite=Lax".encode())]
        answers = json.dumps([*json.loads(row[0]), answer])
        self.database.execute("UPDATE visits SET step = ?, answers = ? WHERE id = ?", (step, answers, visit))
        return []


if __name__ == "__main__":
    file = Path(sys.argv[1])
    application = Bare([page.encode() for page in json.loads(file.read_text())], file.with_suffix(".sqlite"))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve([web_service(application, listen(load_settings()))]))
