"""The Telegram channel: an own loop over getUpdates. The offset moves only past updates whose effect is stored.

Order of things: hear, store, then send. An update that comes again after a crash finds its id stored with its effect
(`desk` looks) and only shows the present card again. Of one token there is one poller; a second one is told so by
the server. Logs name neither chats nor texts, and never an address of the Bot API: the token is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from time import monotonic
from typing import Any

import structlog
from telegram import Bot, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.request import TooMany
from bot.sending import Lanes, Sending
from intake import App, Buckets, Handle, Problem, TryLater, Words, words_for
from intake.chat import LONGEST_TOAST, Card, Choosing, Heard, Press, Reply, ticked_in

log = structlog.get_logger()

KINDS = ("message", "callback_query")
AT_ONCE = 20  # updates a call; not more than the update ids an interview remembers (desk.answering.KEEP_UPDATES)
LONG_POLL = 25  # seconds
FIRST_TRIES = 1.0  # so long the next call waits for the first try of what this one led to
TRIES = 4  # of one update that our own code fails at
LONGEST_PAUSE = 60.0
A_CHAT = 120, 120  # updates of one chat at once, and a minute: far more than a person taps, far less than a program
PATIENCE = 5.0  # so long what is on its way may take when we stop


class Poller:
    """Fetches updates, has each heard and stored, hands what is to be shown to the lanes."""

    def __init__(self, app: App, bot: Bot, address: str, timer: Callable[[], float] = monotonic) -> None:
        self._said, self._told, self._timer = Buckets(*A_CHAT), Buckets(1, 1), timer
        self._app, self._bot, self._address = app, bot, address
        self._chat = Choosing(app)
        self._lanes = Lanes(bot)
        self._offset = 0
        self._done: set[int] = set()  # ids of the latest batch: what comes twice within it, or again, is not done twice
        self._loose: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                fetching = asyncio.create_task(self._fetch())
                if await finished(fetching, stopped, patience=0):
                    await finished(asyncio.create_task(self._hear_all(fetching.result())), stopped, PATIENCE)
        finally:
            stopped.cancel()
            await self._lanes.close(PATIENCE if stop.is_set() else 0)
            for task in self._loose:
                task.cancel()
            await asyncio.gather(stopped, *self._loose, return_exceptions=True)

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
        """One batch: chats side by side, one chat in order. When this returns, every effect is stored."""
        chats: dict[int, dict[int, Update]] = {}
        for update in updates:
            chat = _chat_of(update)
            if chat is not None and update.update_id not in self._done and not self._too_much(chat, update):
                chats.setdefault(chat, {})[update.update_id] = update
        heard = await asyncio.gather(
            *(self._in_order(chat, [mine[id] for id in sorted(mine)]) for chat, mine in chats.items())
        )
        # a crash from here on would lose a card, not an answer; so it is likelier to come again
        await self._lanes.begun((sending for some in heard for sending in some), FIRST_TRIES)
        if updates:
            self._done = {update.update_id for update in updates}
            self._offset = max(self._done) + 1

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
                self._lanes.put(chat, Reply((Card(said),)))
        return True

    async def _in_order(self, chat: int, updates: Sequence[Update]) -> list[Sending]:
        return [sending for update in updates if (sending := await self._hear(chat, update)) is not None]

    async def _hear(self, chat: int, update: Update) -> Sending | None:
        """One update: its effect is stored, and what to show is on its way. None: there is nothing to say."""
        message, query, pressed = update.message, update.callback_query, None
        if update.effective_chat is not None and update.effective_chat.type != ChatType.PRIVATE:
            return await self._in_group(message) if message is not None else None
        if message is not None:
            if not message.text and not message.effective_attachment:
                return None  # "joined", "pinned" and the like
            self._lanes.heard(chat, message.message_id)
        if query is not None and query.message is not None:
            pressed = query.message.message_id
        heard = self._heard(chat, update)
        reply = await self._stored(Handle("telegram", str(chat)), heard)
        if query is not None:
            self._loosely(self._answer(query.id, reply.toast))
        return self._lanes.put(chat, reply, pressed)

    def _heard(self, chat: int, update: Update) -> Heard:
        """An update in the words of the conversation."""
        id, user, lane = str(update.update_id), update.effective_user, self._lanes.lane(chat)
        language = (user.language_code if user else None) or ""
        query = update.callback_query
        if query is not None:
            message = query.message if isinstance(query.message, Message) else None
            keyboard = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
            seen = ticked_in((button.text, str(button.callback_data or "")) for row in keyboard for button in row)
            ticked = lane.ticks.get(message.message_id, seen) if message else None
            return Heard(pressed=Press.unpack(query.data or ""), ticked=ticked, language=language, update=id)
        text = (update.message.text if update.message else None) or ""
        if text.startswith("/"):
            first, _, rest = text[1:].strip().partition(" ")
            command = "".join(first.split()[:1]).split("@")[0].lower()
            return Heard(command=command or "help", rest=rest.strip(), shown=lane.last, language=language, update=id)
        return Heard(text=text, shown=lane.last, language=language, update=id)

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
        return self._lanes.put(message.chat.id, Reply((Card(words("Write to me in a private chat instead.")),)))

    def _words(self, language: str | None) -> Words:
        """Where no programme is meant: the first one's languages."""
        return words_for(next(iter(self._app.programmes.values())).speak(language))

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


def _chat_of(update: Update) -> int | None:
    """The chat; of a button under a message that is gone, the person's own."""
    chat, query = update.effective_chat, update.callback_query
    return chat.id if chat else query.from_user.id if query else None


def _why(error: TelegramError) -> str:
    if isinstance(error, Conflict) and "webhook" not in error.message:
        return "another process polls with this token"
    if isinstance(error, InvalidToken):
        return "the Bot API server does not know TELEGRAM_BOT_TOKEN any more"
    return error.message


def _where(error: Exception) -> str:
    """The innermost place of ours, without any value."""
    place, at = "", error.__traceback__
    while at is not None:
        place = f"{at.tb_frame.f_globals.get('__name__', '')}:{at.tb_lineno}"
        at = at.tb_next
    return place
