"""Handles Telegram updates: each becomes a call of the conversation, and its reply goes to the chat's queue.

The effect is stored before anything is sent. An update repeated after a crash finds its id stored with its effect
(`desk` checks) and only shows the current card again. Logs contain neither chats nor texts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from time import monotonic
from typing import Any

import structlog
from telegram import Bot, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot.request import TooMany
from bot.sending import ChatQueues, Sending
from bot.splitting import LONGEST_TOAST
from intake import App, Buckets, Handle, Problem, TryLater, Words, words_for
from intake.chat import Card, Choosing, Heard, Reply

log = structlog.get_logger()

TRIES = 4  # for one update at which our own code fails
A_CHAT = 120, 120  # updates of one chat at once, and per minute: more than a person taps, less than a program


class Hearing:
    """Handles updates from any source: polling, a webhook, a test."""

    def __init__(self, app: App, bot: Bot, timer: Callable[[], float] = monotonic) -> None:
        self._updates, self._warnings, self._timer = Buckets(*A_CHAT), Buckets(1, 1), timer
        self._app, self._bot = app, bot
        self._chat = Choosing(app)
        self.queues = ChatQueues(bot)
        self._loose: set[asyncio.Task[None]] = set()

    async def hear(self, update: Update) -> Sending | None:
        """Handles one update: stores its effect and sends the reply. None: there is no reply.

        Different chats are handled concurrently, each in the order of the calls.
        """
        chat = _chat_of(update)
        if chat is None or self._too_much(chat, update):
            return None
        async with self.queues.queue(chat).hearing:
            return await self._hear(chat, update)

    async def close(self, patience: float) -> None:
        """Sends what is waiting, for at most `patience` seconds."""
        await self.queues.close(patience)
        for task in self._loose:
            task.cancel()
        await asyncio.gather(*self._loose, return_exceptions=True)

    def _too_much(self, chat: int, update: Update) -> bool:
        """Whether a chat sends more than a person can. It is told so once a minute, and the rest is ignored.

        Otherwise a single program could fill every batch.
        """
        now = self._timer()
        if not self._updates.wait(str(chat), now):
            return False
        if not self._warnings.wait(str(chat), now):
            user, query = update.effective_user, update.callback_query
            said = self._words(user.language_code if user else None)("That was very much at once. Wait a moment.")
            if query is not None:
                self._loosely(self._answer(query.id, said))
            elif update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE:
                self.queues.put(chat, Reply((Card(said),)))
        return True

    async def _hear(self, chat: int, update: Update) -> Sending | None:
        message, query, pressed = update.message, update.callback_query, None
        if update.effective_chat is not None and update.effective_chat.type != ChatType.PRIVATE:
            return await self._in_group(message) if message is not None else None
        if message is not None:
            if not message.text and not message.effective_attachment:
                return None  # service messages such as "joined" and "pinned"
            self.queues.heard(chat, message.message_id)
        if query is not None and query.message is not None:
            pressed = query.message.message_id
        heard = self._heard(chat, update)
        reply = await self._stored(Handle("telegram", str(chat)), heard)
        if query is not None:
            self._loosely(self._answer(query.id, reply.toast))
        return self.queues.put(chat, reply, pressed)

    def _heard(self, chat: int, update: Update) -> Heard:
        """Translates an update to the terms of the conversation."""
        user, queue, query = update.effective_user, self.queues.queue(chat), update.callback_query
        known = {"language": (user.language_code if user else None) or "", "update": str(update.update_id)}
        if query is None:
            return Heard.written((update.message.text if update.message else None) or "", shown=queue.last, **known)
        message = query.message if isinstance(query.message, Message) else None
        keyboard = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
        labelled = ((button.text, str(button.callback_data or "")) for row in keyboard for button in row)
        heard = Heard.of_button(query.data or "", labelled, **known)
        return replace(heard, ticked=queue.ticks.get(message.message_id, heard.ticked) if message else None)

    async def _stored(self, handle: Handle, heard: Heard) -> Reply:
        """Returns the reply once its effect is stored. Waits for a database that is away; words our own errors."""
        pause = 0.2
        tries = 0
        while True:
            try:
                reply: Reply = await self._app.run(self._chat.hear, handle, heard)
                return reply
            except Exception as error:  # an update that we cannot handle must not stop the others
                if await self._database_answers():
                    tries += 1
                    log.error("update_failed", why=type(error).__name__, where=_where(error), tries=tries)
                else:
                    log.warning("storing_waits", why="the database does not answer")
                if tries == TRIES:
                    return Reply((Card(self._sorry(heard, isinstance(error, TryLater))),))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)

    def _sorry(self, heard: Heard, later: bool) -> str:
        words = self._words(heard.language)
        if later:
            return words.problem(Problem("busy"))
        return words("Something went wrong here. What you answered before is still saved. Write /start.")

    async def _database_answers(self) -> bool:
        try:
            return bool(await self._app.run(self._app.store.ready))
        except Exception:
            return False

    async def _in_group(self, message: Message) -> Sending | None:
        """Answers a group with one line, at most once a day; with none if the database cannot count them."""
        try:
            if not await self._app.run(self._app.limits.allow, "group_line", str(message.chat.id)):
                return None
        except Exception as error:
            log.warning("group_not_answered", why=type(error).__name__)
            return None
        user = message.from_user
        words = self._words(user.language_code if user else None)
        return self.queues.put(message.chat.id, Reply((Card(words("Write to me in a private chat instead.")),)))

    def _words(self, language: str | None) -> Words:
        """Returns words in a language of the first programme, where no programme is known."""
        return words_for(next(iter(self._app.programmes.values())).negotiate_language(language))

    async def _answer(self, query: str, toast: str) -> None:
        """Ends the button's loading state. A query that is too old cannot be answered."""
        for pause in (0.5, 2.0, 8.0):
            try:
                await self._bot.answer_callback_query(query, toast[:LONGEST_TOAST] or None)
                return
            except BadRequest:
                return
            except TooMany as error:
                await asyncio.sleep(error.seconds)
            except TelegramError:
                await asyncio.sleep(pause)

    def _loosely(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)


def _chat_of(update: Update) -> int | None:
    """Returns the chat; of a button under a deleted message, the person's own."""
    chat, query = update.effective_chat, update.callback_query
    return chat.id if chat else query.from_user.id if query else None


def _where(error: Exception) -> str:
    """Returns the module and line of the innermost frame, without any value."""
    place, at = "", error.__traceback__
    while at is not None:
        place = f"{at.tb_frame.f_globals.get('__name__', '')}:{at.tb_lineno}"
        at = at.tb_next
    return place
