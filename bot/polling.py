"""Polls Telegram by a loop over getUpdates. The offset moves only past updates whose effect is stored.

Each token may have one poller; the server refuses a second. Logs never contain an address of the Bot API, because the
token is part of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.hearing import Hearing
from bot.request import TooMany

log = structlog.get_logger()

KINDS = ("message", "callback_query")
AT_ONCE = 20  # updates per call, at most as many ids as an interview remembers (desk.answering.KEEP_UPDATES)
LONG_POLL = 25  # seconds
FIRST_TRIES = 1.0  # seconds for which the next call waits for the first sends of this one
LONGEST_PAUSE = 60.0
PATIENCE = 5.0  # seconds to finish when stopped


class Poller:
    """Fetches updates and has each handled."""

    def __init__(self, hearing: Hearing, bot: Bot, address: str) -> None:
        self._hearing, self._bot, self._address = hearing, bot, address
        self._offset = 0
        self._done: set[int] = set()  # ids of the latest batch, to drop duplicates

    async def run(self, stop: asyncio.Event) -> None:
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                fetching = asyncio.create_task(self._fetch())
                if await finished(fetching, stopped, patience=0):
                    await finished(asyncio.create_task(self._hear_all(fetching.result())), stopped, PATIENCE)
        finally:
            stopped.cancel()
            await self._hearing.close(PATIENCE if stop.is_set() else 0)
            await asyncio.gather(stopped, return_exceptions=True)

    # Fetching

    async def _fetch(self) -> Sequence[Update]:
        """Returns the next updates. Waits for a server that cannot be reached; logs once when it goes and returns.

        It also waits if the token becomes unknown, because this process may be serving the form too.
        """
        pause, failing = 1.0, False
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=self._offset, limit=AT_ONCE, timeout=LONG_POLL, allowed_updates=KINDS
                )
            except TooMany as error:
                await asyncio.sleep(error.seconds)
            except TelegramError as error:
                if not failing:
                    log.warning("telegram_unreachable", why=_why(error), server=self._address)
                failing = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                if failing:
                    log.info("telegram_reached_again")
                return updates

    # Hearing

    async def _hear_all(self, updates: Sequence[Update]) -> None:
        """Handles one batch. When it returns, every effect is stored."""
        new = {update.update_id: update for update in updates if update.update_id not in self._done}
        heard = await asyncio.gather(*(self._hearing.hear(new[id]) for id in sorted(new)))
        # a crash after this point would lose a card, not an answer; a crash during it repeats the update
        await self._hearing.queues.begun((sending for sending in heard if sending is not None), FIRST_TRIES)
        if updates:
            self._done = {update.update_id for update in updates}
            self._offset = max(self._done) + 1


async def finished(work: asyncio.Task[Any], stopped: asyncio.Task[Any], patience: float) -> bool:
    """Whether the work ended by itself. After `stopped` it has `patience` seconds, and is then cancelled."""
    await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
    if not work.done() and patience:
        await asyncio.wait([work], timeout=patience)
    if work.done():
        work.result()
        return True
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    return False


def _why(error: TelegramError) -> str:
    if isinstance(error, Conflict) and "webhook" not in error.message:
        return "another process polls with this token"
    if isinstance(error, InvalidToken):
        return "the Bot API server does not know TELEGRAM_BOT_TOKEN any more"
    return error.message
