"""Sends replies, with one queue per chat: in order within a chat, and no chat waits for another.

What is sent here is already stored. A card that cannot be sent after many tries is given up: the next thing the person
writes or presses shows the current question. The state of a queue is an optimisation and may be lost.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.request import TooMany, is_temporary
from bot.splitting import split, utf16
from intake.chat import Button, Card, Reply, Rows, ticks_of

log = structlog.get_logger()

TRIES = 15  # about a quarter of an hour, with the waits below
FIRST_WAIT, LONGEST_WAIT = 0.5, 120.0
REMEMBERED_CHATS = 10_000
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(slots=True)
class Sending:
    """A reply to send. `pressed` is the message whose button was pressed; `begun` is set after the first try."""

    chat: int
    reply: Reply
    pressed: int | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class ChatQueue:
    """One chat: the replies to send, and what this process knows about it."""

    chat: int
    waiting: deque[Sending] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    newest: int = 0  # the newest known message, theirs or ours
    shown: int | None = None  # the hash of our newest message, if nothing of theirs came after it
    last: Card | None = None  # the buttons of our last card, to which the next text of the person belongs
    late: bool = False  # sending is slow here: nobody waits for it
    ticks: dict[int, frozenset[str]] = field(default_factory=dict)  # by message: newer than what a fast second tap saw
    hearing: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while one update is handled

    @property
    def idle(self) -> bool:
        return self.task is None and not self.hearing.locked()


class ChatQueues:
    """The queues of all chats. `put` returns at once."""

    def __init__(self, bot: Bot, remembered: int = REMEMBERED_CHATS) -> None:
        self._bot, self._remembered = bot, remembered
        self._queues: dict[int, ChatQueue] = {}

    def queue(self, chat: int) -> ChatQueue:
        if chat not in self._queues and len(self._queues) >= self._remembered:
            for known in [one for one in self._queues.values() if one.idle][: self._remembered // 2]:
                del self._queues[known.chat]
        return self._queues.setdefault(chat, ChatQueue(chat))

    def put(self, chat: int, reply: Reply, pressed: int | None = None) -> Sending:
        """Queues a reply after all others of this chat."""
        queue, sending = self.queue(chat), Sending(chat, reply, pressed)
        if reply.cards:
            queue.last = reply.cards[-1].keyboard()
            drawn = ticks_of(reply.cards[0]) or frozenset()
            queue.ticks = {pressed: drawn} if pressed is not None and reply.in_place else {}
        if queue.late:
            sending.begun.set()
        queue.waiting.append(sending)
        if queue.task is None:
            queue.task = asyncio.create_task(self._work(queue))
        return sending

    async def begun(self, sendings: Iterable[Sending], patience: float) -> None:
        """Waits until each has been tried once; a chat that takes longer is not waited for again."""
        waits = {asyncio.create_task(one.begun.wait()): one for one in sendings if not one.begun.is_set()}
        if waits:
            _, late = await asyncio.wait(waits, timeout=patience)
            for wait in late:
                self.queue(waits[wait].chat).late = True
                wait.cancel()

    def heard(self, chat: int, message: int) -> None:
        """Notes a message of the person: our card is no longer the last message of the chat."""
        queue = self.queue(chat)
        queue.newest, queue.shown = max(queue.newest, message), None

    async def close(self, patience: float) -> None:
        """Sends what is waiting, for at most `patience` seconds."""
        tasks = [queue.task for queue in self._queues.values() if queue.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # One queue

    async def _work(self, queue: ChatQueue) -> None:
        try:
            while queue.waiting:
                sending = queue.waiting[0]
                try:
                    await self._send(queue, sending)
                except Forbidden:  # they blocked the bot, which is no error
                    queue.waiting.clear()
                    queue.shown = None
                else:
                    queue.waiting.popleft()
                queue.late = False
                sending.begun.set()
        finally:
            queue.task = None

    async def _send(self, queue: ChatQueue, sending: Sending) -> None:
        reply, pressed = sending.reply, sending.pressed
        if pressed is not None and len(reply.cards) == 1 and hash(reply.cards[0]) == queue.shown:
            return  # a second tap: the chat already shows this card last
        edits = pressed if reply.in_place and self._may_edit(queue, pressed, reply) else None
        for card in reply.cards:
            parts = split(card.text)
            for number, part in enumerate(parts, 1):
                rows = card.rows if number == len(parts) else ()
                sent = await self._until_sent(queue, sending, Card(part, rows, card.strong, card.folded), edits)
                edits = None
                if sent:
                    queue.newest, queue.shown = sent, hash(card)

    @staticmethod
    def _may_edit(queue: ChatQueue, pressed: int | None, reply: Reply) -> bool:
        """Whether to edit the pressed message: only the last of a chat, or if unknown after a restart."""
        return pressed == queue.newest or (queue.newest == 0 and not reply.toast)

    async def _until_sent(self, queue: ChatQueue, sending: Sending, card: Card, edits: int | None) -> int | None:
        """Returns the id of the message with the card, or None if it was given up. Raises Forbidden."""
        wait = FIRST_WAIT
        for _ in range(TRIES):
            try:
                return await self._once(queue.chat, card, edits)
            except TooMany as error:
                pause = error.seconds
            except BadRequest as error:
                if edits is None:
                    log.warning("card_refused", why=_without_quotes(error.message))
                    return None
                if "not modified" in error.message.lower():
                    return edits
                edits, pause = None, 0.0  # too old to edit, or deleted: send a new message
            except Forbidden:
                raise
            except TelegramError as error:
                if not is_temporary(error):
                    log.warning("card_refused", why=_without_quotes(error.message))
                    return None
                pause, wait = wait, min(wait * 2, LONGEST_WAIT)
            sending.begun.set()
            await asyncio.sleep(pause)
        log.warning("card_given_up", tries=TRIES)
        return None

    async def _once(self, chat: int, card: Card, edits: int | None) -> int:
        markup, entities = _keyboard(card.rows), _entities(card)
        if edits is None:
            sent = await self._bot.send_message(
                chat, card.text, entities=entities, reply_markup=markup, link_preview_options=NO_PREVIEW
            )
            return sent.message_id
        changed = await self._bot.edit_message_text(
            card.text, chat, edits, entities=entities, reply_markup=markup, link_preview_options=NO_PREVIEW
        )
        return changed.message_id if isinstance(changed, Message) else edits


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    drawn = [[_button(button) for button in row if button.press is not None or _is_taken(button.url)] for row in rows]
    return InlineKeyboardMarkup([row for row in drawn if row]) if any(drawn) else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.press is None:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.press.pack())


def _is_taken(url: str) -> bool:
    """Whether Telegram accepts a link: it refuses hosts without a dot (`localhost`)."""
    return "." in url.split("//")[-1].split("/")[0].split(":")[0]


def _entities(card: Card) -> list[MessageEntity]:
    """Marks bold and folded parts by offsets, so that no text can be taken for markup."""
    parts = ((card.strong, MessageEntity.BOLD), (card.folded, MessageEntity.EXPANDABLE_BLOCKQUOTE))
    return [
        MessageEntity(kind, utf16(card.text[: card.text.index(part)]), utf16(part))
        for part, kind in parts
        if part and part in card.text
    ]


def _without_quotes(why: str) -> str:
    """Removes quotations, because the server quotes what it refuses, and that can be a secret link."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", why)
