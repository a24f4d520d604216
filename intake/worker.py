"""Background work until told to stop: letters every few seconds, deletion every hour. What it has begun it finishes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from intake.retention import purge

if TYPE_CHECKING:
    from intake.app import App

PAUSE = 1.0  # seconds between looks at the outbox
PURGE_EVERY = timedelta(hours=1)

log = structlog.get_logger()


async def run_worker(app: App, stop: asyncio.Event) -> None:
    """Work until `stop`. A database or mail server that is down is tried again; nothing ends the loop but `stop`."""
    purged: datetime | None = None
    while not stop.is_set():
        tried = 0
        try:
            tried = await asyncio.to_thread(app.outbox.work_once)
            now = app.clock()
            if purged is None or now - purged >= PURGE_EVERY:
                await asyncio.to_thread(purge, app.programmes, app.store, now)
                purged = now
        except Exception as error:
            log.error("worker_failed", error=type(error).__name__)
        if tried == 0:
            try:
                await asyncio.wait_for(stop.wait(), PAUSE)
            except TimeoutError:
                pass
