"""A chat that sends more than a person can: it is told so once, and delays nobody else."""

from __future__ import annotations

import asyncio

from bot.hearing import A_CHAT
from intake import App
from tests.bot.test_polling import FIRST, SECOND
from tests.bot_player import NOTICE, begins, bot_running, until
from tests.telegram_person import Person
from tests.telegram_wire import Wire

MUCH = "väldigt mycket på en gång"


async def test_a_flood_from_one_chat_starves_nobody(wire: Wire, app: App) -> None:
    program, kim = wire.person(666), wire.person(7)
    async with bot_running(app):
        await begins(wire, kim)
        for number in range(600):
            await program.says(f"hej {number}")
        await kim.taps(NOTICE)  # waits at Telegram behind all of that
        await until(lambda: SECOND in kim.sees().text, timeout=20)
        await wire.confirmed(timeout=20)
        await program.settles(timeout=60)
    told = [seen for seen in program.messages if MUCH in seen.text]
    assert len(told) == 1
    assert len(program.messages) <= A_CHAT[0] + 60, "what was passed over is not answered one by one"


async def test_taps_as_fast_as_a_person_can_are_all_heard(wire: Wire, kim: Person) -> None:
    """Twelve questions forth and back without a pause: no tap is passed over."""
    for _ in range(12):
        await kim.taps(NOTICE)
        await wire.confirmed()
        assert SECOND in kim.sees().text
        await kim.taps("Tillbaka")
        await wire.confirmed()
        assert FIRST in kim.sees().text
    assert not any(MUCH in seen.text for seen in kim.messages)


async def test_a_chat_that_was_told_to_wait_goes_on_afterwards(wire: Wire, kim: Person) -> None:
    seen = kim.sees()
    for _ in range(A_CHAT[0] + 30):
        await kim.taps_forged("nonsense", on=seen)
    await wire.confirmed(timeout=20)
    toasts = [call.params.get("text", "") for call in wire.calls_of("answerCallbackQuery")]
    assert sum(MUCH in toast for toast in toasts) == 1
    await asyncio.sleep(2 * 60 / A_CHAT[1])
    await kim.taps(NOTICE, on=seen)
    await wire.confirmed()
    assert SECOND in kim.sees().text
