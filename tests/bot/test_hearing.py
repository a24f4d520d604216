"""`Hearing.hear` without polling, as a webhook would call it."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from telegram import Update

from bot.hearing import Hearing
from bot.starting import bot_of
from intake import App
from tests.bot_player import NOTICE, begins, handed_over
from tests.openings import Opener
from tests.telegram_wire import Wire


async def test_updates_brought_at_once_are_heard_in_their_order(wire: Wire, database_url: str, tmp_path: Path) -> None:
    """Also on PostgreSQL, where calls of the desk run in threads, side by side."""
    with closing(Opener(database_url, tmp_path, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url)()) as app:
        kim, alex = wire.person(7), wire.person(8)
        async with handed_over(app, wire):
            await begins(wire, kim)
            await begins(wire, alex)
        await kim.says(NOTICE)
        await kim.says("konkurs")
        await alex.says(NOTICE)
        await kim.says("2027-03-31")
        waiting, wire._api.unconfirmed = wire._api.unconfirmed, []
        async with bot_of(app) as bot:
            hearing = Hearing(app, bot)
            await asyncio.gather(*(hearing.hear(Update.de_json(update, bot)) for update in waiting))
            await hearing.close(patience=5)
        assert "I vilken kommun är du folkbokförd?" in kim.sees().text
        assert "Varför blev du uppsagd?" in alex.sees().text


async def test_an_update_that_comes_again_changes_nothing(wire: Wire, app: App) -> None:
    kim = wire.person(7)
    async with handed_over(app, wire):
        await begins(wire, kim)
    await kim.says(NOTICE)
    [update], wire._api.unconfirmed = wire._api.unconfirmed, []
    async with bot_of(app) as bot:
        hearing = Hearing(app, bot)
        for _ in range(3):
            await hearing.hear(Update.de_json(update, bot))
        await hearing.close(patience=5)
    assert "Varför blev du uppsagd?" in kim.sees().text
    assert "inget av svaren" not in kim.sees().text
