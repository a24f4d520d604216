"""Polling Telegram: an own loop over getUpdates. The offset moves only past updates whose effect is stored.

Of one token there is one poller; a second one is told so by the server. Logs never name an address of the Bot API: the
token is in it.
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
AT_ONCE = 20  # updates a call; not more than the update ids an interview remembers (desk.answering.KEEP_UPDATES)
LONG_POLL = 25  # seconds
FIRST_TRIES = 1.0  # so long the next call waits for the first try of what this one led to
LONGEST_PAUSE = 60.0
PATIENCE = 5.0  # so long what is on its way may take when we stop


class Poller:
    """Fetches updates and has each heard."""

    def __init__(self, hearing: Hearing, bot: Bot, address: str) -> None:
        self._hearing, self._bot, self._address = hearing, bot, address
        self._offset = 0
        self._done: set[int] = set()  # ids of the latest batch: what comes twice within it, or again, is not done twice

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

    # fetching

    async def _fetch(self) -> Sequence[Update]:
        """The next updates. While the server cannot be reached: one line, then patience, then one line again. A token
        that it does not know any more is waited out too: in this process the form may be served.
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

    # hearing

    async def _hear_all(self, updates: Sequence[Update]) -> None:
        """One batch. When this returns, every effect is stored."""
        new = {update.update_id: update for update in updates if update.update_id not in self._done}
        heard = await asyncio.gather(*(self._hearing.hear(new[id]) for id in sorted(new)))
        # a crash from here on would lose a card, not an answer; so it is likelier to come again
        await self._hearing.lanes.begun((sending for sending in heard if sending is not None), FIRST_TRIES)
        if updates:
            self._done = {update.update_id for update in updates}
            self._offset = max(self._done) + 1


async def finished(work: asyncio.Task[Any], stopped: asyncio.Task[Any], patience: float) -> bool:
    """Whether the work came to its end; when we are told to stop it has only so long, and is then cut off."""
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
