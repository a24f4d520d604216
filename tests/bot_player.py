"""Plays a transcript as a person with Telegram, over HTTP: by polling, or as by a webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from telegram import Update

from bot import run_bot
from bot.hearing import Hearing
from bot.starting import bot_of
from intake import App
from tests.chat_player import ChatPlayer, Message
from tests.telegram_api import Seen
from tests.telegram_person import Person
from tests.telegram_wire import Wire

NOTICE = "Jag är uppsagd och är i min uppsägningstid"


@asynccontextmanager
async def bot_running(app: App) -> AsyncIterator[None]:
    """The bot of `app`, in this loop, until the end of the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_bot(app, stop))
    try:
        yield
    finally:
        stop.set()
        await running


@asynccontextmanager
async def handed_over(app: App, wire: Wire) -> AsyncIterator[None]:
    """Nobody polls: whatever a person does is handed to `hear` at once, until the end of the block."""
    async with bot_of(app) as bot:
        hearing = Hearing(app, bot)

        async def hear(update: dict[str, object]) -> None:
            read = Update.de_json(update, bot)
            sending = await hearing.hear(read)
            if sending is not None:
                await sending.begun.wait()

        handing = asyncio.create_task(wire.hand_to(hear))
        try:
            yield
        finally:
            handing.cancel()
            await asyncio.gather(handing, return_exceptions=True)
            await hearing.close(patience=5)


async def begins(wire: Wire, person: Person) -> None:
    """Up to the first question."""
    await person.says("/start")
    await wire.confirmed()
    await person.taps("Starta")
    await wire.confirmed()


async def until(true: Callable[[], bool], timeout: float = 5.0) -> None:
    """Wait until something can be seen."""
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end, f"not within {timeout} s"
        await asyncio.sleep(0.005)


def runs_already(app: App) -> AbstractAsyncContextManager[None]:
    """In place of `bot_running`, for a player whose bot runs all the time."""
    return nullcontext()


class BotPlayer(ChatPlayer):
    """One person in one chat with Telegram. Updates are handed over, unless `running` says otherwise."""

    def __init__(
        self,
        wire: Wire,
        opened: Callable[[], App],
        language: str,
        programme: str = "vastkraft",
        running: Callable[[App], AbstractAsyncContextManager[None]] | None = None,
    ) -> None:
        super().__init__(opened, language, programme)
        self.wire, self._running = wire, running
        self.person = wire.person(7, language_code=language)

    @asynccontextmanager
    async def running(self, app: App) -> AsyncIterator[None]:
        async with handed_over(app, self.wire) if self._running is None else self._running(app):
            yield
            await self.wire.confirmed()

    @property
    def messages(self) -> Sequence[Seen]:
        return self.person.messages

    async def says(self, text: str) -> None:
        await self.person.says(text)
        await self.wire.confirmed()

    async def press(self, data: str, on: Message, times: int = 1) -> Sequence[str]:
        assert isinstance(on, Seen)
        taps = [await self.person.taps_forged(data, on=on) for _ in range(times)]
        await self.wire.confirmed()
        return [await tap.answered() for tap in taps]

    async def asks_for_link(self) -> str:
        """The way to the web that the last card offers."""
        app = self.opened()
        async with self.running(app):
            await self.tap("web")
        app.close()
        seen = self.last_card()
        assert isinstance(seen, Seen)
        return self.person.link("Öppna webbsidan", on=seen)
