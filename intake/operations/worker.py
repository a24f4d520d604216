"""Background work: letters every second, deletion every hour. Stops only after the current step."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from intake.errors import IntakeError
from intake.operations.retention import purge

if TYPE_CHECKING:
    from intake.app import App

PAUSE = 1.0  # seconds between checks of the outbox
LONGEST_PAUSE = 5.0  # while the database is away, so that its return is noticed soon
PURGE_EVERY = timedelta(hours=1)
LOOK_EVERY = 5.0  # seconds between checks for published versions

log = structlog.get_logger()


async def run_worker(app: App, stop: asyncio.Event) -> None:
    """Works until `stop`. Waits for a mail server or database that is away, and logs once when each goes and returns.

    Raises BadSetting if the mail server, checked at start, can never work with these settings.
    """
    await asyncio.to_thread(app.outbox.greet)
    purged: datetime | None = None
    pause, failing = PAUSE, ""
    while not stop.is_set():
        try:
            tried = await asyncio.to_thread(app.outbox.work_once, stop.is_set)
            tried += await asyncio.to_thread(app.unions.work_once)
            now = app.clock()
            if purged is None or now - purged >= PURGE_EVERY:
                await asyncio.to_thread(purge, app.programmes, app.store, now)
                await asyncio.to_thread(app.rights.erase_old)
                purged = now
        except Exception as error:
            why = str(error) if isinstance(error, IntakeError) else type(error).__name__
            if why != failing:
                failing = why
                log.error("worker_waits", why=why)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            if failing:
                log.warning("worker_goes_on")
            pause, failing = PAUSE, ""
            if tried:
                continue
        await _rest(stop, pause)


async def follow_versions(app: App, stop: asyncio.Event, every: float = LOOK_EVERY) -> None:
    """Serves versions published while this process runs. While the database is away the served version stays."""
    failing = ""
    while not stop.is_set():
        try:
            await app.run(app.programmes.refresh)
            failing = ""
        except Exception as error:
            why = str(error) if isinstance(error, IntakeError) else type(error).__name__
            if why != failing:
                failing = why
                log.error("version_stays", why=why)
        await _rest(stop, every)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
