"""Whether the database answers and takes writes, for `/readyz`: tried for real, at most once a second.

While another process holds SQLite's write lock for a moment, writes wait and nothing is wrong: until a try has failed,
or taken longer than requests wait, what was found before is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from intake.errors import IntakeError
from intake.store.engines import PATIENCE

FRESH = 1.0  # seconds for which what was found is told again
SOON = 0.3  # seconds after which a try that still goes on is not waited for
SILENT = "the database does not answer"

log = structlog.get_logger()


class Readiness:
    """Call it for what is wrong; an empty string when nothing is. It is logged once when it begins and once when it
    ends.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]]) -> None:
        self._probe = probe
        self._trying: asyncio.Task[None] | None = None
        self._begun = self._ended = 0.0
        self._why = ""

    async def __call__(self) -> str:
        now = monotonic()
        if self._trying is None or (self._trying.done() and now - self._ended >= FRESH):
            self._trying, self._begun = asyncio.create_task(self._try()), now
        await asyncio.wait({self._trying}, timeout=SOON)
        if not self._trying.done() and now - self._begun > PATIENCE:
            self._found(SILENT)
        return self._why

    async def _try(self) -> None:
        try:
            await self._probe()
        except Exception as error:  # whatever is wrong with it: not ready
            self._found(str(error) if isinstance(error, IntakeError) else SILENT)
        else:
            self._found("")
        finally:
            self._ended = monotonic()

    def _found(self, why: str) -> None:
        if why and not self._why:
            log.error("not_ready", why=why)
        elif self._why and not why:
            log.warning("ready_again")
        self._why = why
