"""Logs contain neither the token, which is part of every Bot API address, nor what people write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.request import AiohttpRequest, TooMany
from tests.bot_player import bot_running
from tests.openings import Opener
from tests.telegram_wire import Wire


@pytest.fixture
def everything_logged() -> Iterator[StringIO]:
    """Every logger wide open, as a curious operator would have it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    names = (None, "httpx", "httpcore", "aiohttp", "aiohttp.client", "telegram", "telegram.Bot", "asyncio")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


async def test_neither_token_nor_words_are_logged_whatever_happens(
    wire: Wire, opener: Opener, everything_logged: StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    app, kim = opener(), wire.person(7)
    async with bot_running(app):
        wire.fail_next(502, "answerCallbackQuery")
        wire.fail_next(500, "sendMessage")
        wire.lose_next_answer("editMessageText")
        wire.fail_next(400, "setMyCommands")
        wire.fail_next(502, "getUpdates", times=2)
        for text in ("/start", "ett personnummer: 850312-2389", "/privacy", "hemligt ord"):
            await kim.says(text)
            await wire.confirmed(timeout=15)
        await kim.taps("Starta", on=kim.messages[0])
        await wire.confirmed(timeout=15)
        await kim.says("hemligt ord")
        await wire.confirmed(timeout=15)
        await wire.down()
        await asyncio.sleep(0.3)
        await wire.up()
        await kim.says("hemligt ord")
        await wire.confirmed(timeout=15)
    app.close()
    out, err = capfd.readouterr()
    logged = out + err + everything_logged.getvalue()
    assert "telegram_unreachable" in logged
    secret = wire.token.split(":")[1]
    for word in (secret, "850312", "2389", "hemligt", "Kim", "chat_id"):
        assert word not in logged, word


async def test_no_error_of_the_wire_holds_an_address(wire: Wire) -> None:
    request = AiohttpRequest(2, read_timeout=0.2, connect_timeout=0.2)
    bot = Bot(wire.token, f"{wire.url}/bot", request=request, get_updates_request=AiohttpRequest(1))
    errors: list[TelegramError] = []

    async def fails() -> None:
        with pytest.raises(TelegramError) as failed:
            await bot.get_me()
        errors.append(failed.value)

    async with bot:
        wire.hang_next(5, "getMe")
        await fails()
        wire.lose_next_answer("getMe")
        await fails()
        wire.fail_next(500, "getMe")
        await fails()
        wire.too_many_next(3, "getMe")
        await fails()
        await wire.down()
        await fails()
    assert isinstance(errors[3], TooMany)
    assert errors[3].seconds == 3
    for error in errors:
        assert wire.token.split(":")[1] not in repr(error)
        assert "/bot" not in repr(error)
        assert error.__cause__ is None


async def test_a_wrong_address_is_said_without_it() -> None:
    bot = Bot("4200:secret", "no address at all/bot", request=AiohttpRequest(1), get_updates_request=AiohttpRequest(1))
    await bot._request[0].initialize()
    await bot._request[1].initialize()
    with pytest.raises(TelegramError, match="no web address") as failed:
        await bot.get_me()
    assert "secret" not in repr(failed.value)
    await bot._request[0].shutdown()
    await bot._request[1].shutdown()


def test_an_answer_that_is_no_json_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramError) as failed:
        AiohttpRequest.parse_json_payload(b"<html>Kim 850312-2389</html>")
    assert "Kim" not in caplog.text + repr(failed.value)
