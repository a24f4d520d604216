"""Hearing Telegram: one update becomes a call of the conversation, and its reply goes to the chat's lane.

Order of things: hear, store, then send. An update that comes again after a crash finds its id stored with its effect
(`desk` looks) and only shows the present card again. Logs name neither chats nor texts.
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
from bot.sending import Lanes, Sending
from bot.splitting import LONGEST_TOAST
from intake import App, Buckets, Handle, Problem, TryLater, Words, words_for
from intake.chat import Card, Choosing, Heard, Reply

log = structlog.get_logger()

TRIES = 4  # of one update that our own code fails at
A_CHAT = 120, 120  # updates of one chat at once, and a minute: far more than a person taps, far less than a program


class Hearing:
    """Hears updates, whoever brings them: polling, a webhook, a test."""

    def __init__(self, app: App, bot: Bot, timer: Callable[[], float] = monotonic) -> None:
        self._said, self._told, self._timer = Buckets(*A_CHAT), Buckets(1, 1), timer
        self._app, self._bot = app, bot
        self._chat = Choosing(app)
        self.lanes = Lanes(bot)
        self._loose: set[asyncio.Task[None]] = set()

    async def hear(self, update: Update) -> Sending | None:
        """One update: its effect is stored, and what to show is on its way. None: there is nothing to say.

        Chats are heard side by side, each in the order in which this is called.
        """
        chat = _chat_of(update)
        if chat is None or self._too_much(chat, update):
            return None
        async with self.lanes.lane(chat).hearing:
            return await self._hear(chat, update)

    async def close(self, patience: float) -> None:
        """Let what is on its way be sent, but not for ever."""
        await self.lanes.close(patience)
        for task in self._loose:
            task.cancel()
        await asyncio.gather(*self._loose, return_exceptions=True)

    def _too_much(self, chat: int, update: Update) -> bool:
        """Whether a chat says more than a person can: it is told so once a minute, and the rest is passed over.

        Else one program, pressing as fast as it can, would take every place in every batch.
        """
        now = self._timer()
        if not self._said.wait(str(chat), now):
            return False
        if not self._told.wait(str(chat), now):
            user, query = update.effective_user, update.callback_query
            said = self._words(user.language_code if user else None)("That was very much at once. Wait a moment.")
            if query is not None:
                self._loosely(self._answer(query.id, said))
            elif update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE:
                self.lanes.put(chat, Reply((Card(said),)))
        return True

    async def _hear(self, chat: int, update: Update) -> Sending | None:
        message, query, pressed = update.message, update.callback_query, None
        if update.effective_chat is not None and update.effective_chat.type != ChatType.PRIVATE:
            return await self._in_group(message) if message is not None else None
        if message is not None:
            if not message.text and not message.effective_attachment:
                return None  # "joined", "pinned" and the like
            self.lanes.heard(chat, message.message_id)
        if query is not None and query.message is not None:
            pressed = query.message.message_id
        heard = self._heard(chat, update)
        reply = await self._stored(Handle("telegram", str(chat)), heard)
        if query is not None:
            self._loosely(self._answer(query.id, reply.toast))
        return self.lanes.put(chat, reply, pressed)

    def _heard(self, chat: int, update: Update) -> Heard:
        """An update in the words of the conversation."""
        user, lane, query = update.effective_user, self.lanes.lane(chat), update.callback_query
        known = {"language": (user.language_code if user else None) or "", "update": str(update.update_id)}
        if query is None:
            return Heard.written((update.message.text if update.message else None) or "", shown=lane.last, **known)
        message = query.message if isinstance(query.message, Message) else None
        keyboard = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
        labelled = ((button.text, str(button.callback_data or "")) for row in keyboard for button in row)
        heard = Heard.of_button(query.data or "", labelled, **known)
        return replace(heard, ticked=lane.ticks.get(message.message_id, heard.ticked) if message else None)

    async def _stored(self, handle: Handle, heard: Heard) -> Reply:
        """The reply, once its effect is stored. A database that is away is waited for; our own fault is said kindly."""
        pause = 0.2
        tries = 0
        while True:
            try:
                reply: Reply = await self._app.run(self._chat.hear, handle, heard)
                return reply
            except Exception as error:  # one update that we cannot handle must not stop everybody else
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
        """A group is no place for this: one line, at most once a day. While nobody can count, nothing is said."""
        try:
            if not await self._app.run(self._app.limits.allow, "group_line", str(message.chat.id)):
                return None
        except Exception as error:
            log.warning("group_not_answered", why=type(error).__name__)
            return None
        user = message.from_user
        words = self._words(user.language_code if user else None)
        return self.lanes.put(message.chat.id, Reply((Card(words("Write to me in a private chat instead.")),)))

    def _words(self, language: str | None) -> Words:
        """Where no programme is meant: the first one's languages."""
        return words_for(next(iter(self._app.programmes.values())).negotiate_language(language))

    async def _answer(self, query: str, toast: str) -> None:
        """Stop the button's waiting mark. A query that is too old cannot be answered, and need not be."""
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
    """The chat; of a button under a message that is gone, the person's own."""
    chat, query = update.effective_chat, update.callback_query
    return chat.id if chat else query.from_user.id if query else None


def _where(error: Exception) -> str:
    """The innermost place of ours, without any value."""
    place, at = "", error.__traceback__
    while at is not None:
        place = f"{at.tb_frame.f_globals.get('__name__', '')}:{at.tb_lineno}"
        at = at.tb_next
    return place
