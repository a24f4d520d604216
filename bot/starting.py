"""Starts the Telegram channel: waits for the server, checks the token, sets the command menu, and polls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot.hearing import Hearing
from bot.polling import LONGEST_PAUSE, Poller, finished
from bot.request import AiohttpRequest, NoAddress, TooMany, is_temporary
from intake import App, BadSetting, Programme, words_for
from intake.chat import command_menu

log = structlog.get_logger()

CONNECTIONS = 64
FIRST_PAUSE = 0.5  # seconds


async def run_bot(app: App, stop: asyncio.Event) -> None:
    """Serves one Telegram bot until `stop`, waiting for a server that is away. Raises BadSetting for a bad token."""
    _hush()
    bot, address = bot_of(app), _address(app)
    try:
        if not await _greeted(bot, address, stop):
            return
        introducing = asyncio.create_task(_introduce(bot, list(app.programmes.values())))
        try:
            await Poller(Hearing(app, bot), bot, address).run(stop)
        finally:
            introducing.cancel()
            await asyncio.gather(introducing, return_exceptions=True)
    finally:
        await bot.shutdown()


def bot_of(app: App) -> Bot:
    """Returns the configured bot, not yet connected. Raises BadSetting."""
    if not app.settings.telegram_bot_token:
        raise BadSetting("TELEGRAM_BOT_TOKEN is not set: get one from @BotFather in Telegram")
    return Bot(
        app.settings.telegram_bot_token,
        f"{_address(app)}/bot",
        request=AiohttpRequest(CONNECTIONS),
        get_updates_request=AiohttpRequest(2),
    )


def _address(app: App) -> str:
    return app.settings.telegram_api_url.rstrip("/") or "https://api.telegram.org"


def _hush() -> None:
    """Silences libraries, whose log lines can contain the token or what people wrote; we log what matters."""
    for name in ("httpx", "httpcore", "aiohttp"):
        logging.getLogger(name).setLevel(logging.WARNING)
    library = logging.getLogger("telegram")
    library.setLevel(logging.CRITICAL)
    library.propagate = False
    if not library.handlers:
        library.addHandler(logging.NullHandler())


async def _greeted(bot: Bot, address: str, stop: asyncio.Event) -> bool:
    """Waits until the server accepts the token. False: stopped before."""
    stopped = asyncio.create_task(stop.wait())
    try:
        return await finished(asyncio.create_task(_greet(bot, address)), stopped, patience=0)
    finally:
        stopped.cancel()


async def _greet(bot: Bot, address: str) -> None:
    """Connects; logs once when the server cannot be reached, and once when it can."""
    pause, failing = FIRST_PAUSE, False
    while True:
        try:
            await bot.initialize()
            await bot.delete_webhook()  # a webhook would exclude polling; updates that wait at the server are kept
        except TooMany as error:
            await asyncio.sleep(error.seconds)
        except InvalidToken:
            raise BadSetting(f"TELEGRAM_BOT_TOKEN: the Bot API server at {address} does not know this token") from None
        except TelegramError as error:
            if isinstance(error, NoAddress) or not is_temporary(error):
                why = error.message
                raise BadSetting(f"TELEGRAM_API_URL: the server at {address} cannot be used: {why}") from None
            if not failing:
                log.warning("telegram_unreachable", why=error.message, server=address)
            failing = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            if failing:
                log.warning("telegram_reached_again")
            return


async def _introduce(bot: Bot, programmes: Sequence[Programme]) -> None:
    """Sets the command menu and the description in each language, and for all other languages."""
    for language in (None, *programmes[0].languages):
        spoken = language or programmes[0].languages[0]
        words = words_for(spoken)
        menu = [BotCommand(name, words(what)) for name, what in command_menu(len(programmes)).items()]
        said = [partial(one.texts.say, one.negotiate_language(spoken), "programme") for one in programmes]
        about = "\n\n".join(f"{say('name')}. {say('lead')}" for say in said)[:512]
        await _set(partial(bot.set_my_commands, menu, language_code=language))
        await _set(partial(bot.set_my_description, about, language_code=language))


async def _set(call: Callable[[], Awaitable[object]]) -> None:
    pause = 1.0
    while True:
        try:
            await call()
            return
        except TooMany as error:
            await asyncio.sleep(error.seconds)
        except TelegramError as error:
            if not is_temporary(error):
                log.warning("menu_refused", why=error.message)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
