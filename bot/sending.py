"""Sending: one lane per chat, so that each chat hears things in order and none waits for another.

What is sent here is already stored. A card that cannot be sent after long trying is given up: the person writes or
presses anything, and gets the present question. What is remembered of a chat is a convenience, lost without harm.
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

TRIES = 15  # with the waits below about a quarter of an hour
FIRST_WAIT, LONGEST_WAIT = 0.5, 120.0
REMEMBERED_CHATS = 10_000
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(slots=True)
class Sending:
    """A reply on its way. `pressed` is the message whose button was pressed; `begun` is set after the first try."""

    chat: int
    reply: Reply
    pressed: int | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Lane:
    """One chat: what waits to be sent, and what this process knows about it."""

    chat: int
    waiting: deque[Sending] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None
    newest: int = 0  # the newest message we know of, theirs or ours
    shown: Card | None = None  # what our newest message shows, while nothing of theirs came after it
    last: Card | None = None  # the last card we had for them: what they write next is said to it
    late: bool = False  # sending takes long here: nobody waits for it
    ticks: dict[int, frozenset[str]] = field(default_factory=dict)  # by message: newer than what a fast second tap saw
    hearing: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while one update is heard: the next one waits


    @property
    def idle(self) -> bool:
        return self.task is None and not self.hearing.locked()


class Lanes:
    """All chats. `put` returns at once."""

    def __init__(self, bot: Bot, remembered: int = REMEMBERED_CHATS) -> None:
        self._bot, self._remembered = bot, remembered
        self._lanes: dict[int, Lane] = {}

    def lane(self, chat: int) -> Lane:
        if chat not in self._lanes and len(self._lanes) >= self._remembered:
            for known in [one for one in self._lanes.values() if one.idle][: self._remembered // 2]:
                del self._lanes[known.chat]
        return self._lanes.setdefault(chat, Lane(chat))

    def put(self, chat: int, reply: Reply, pressed: int | None = None) -> Sending:
        """Send after everything that this chat already waits for."""
        lane, sending = self.lane(chat), Sending(chat, reply, pressed)
        if reply.cards:
            lane.last = reply.cards[-1]
            drawn = ticks_of(reply.cards[0]) or frozenset()
            lane.ticks = {pressed: drawn} if pressed is not None and reply.in_place else {}
        if lane.late:
            sending.begun.set()
        lane.waiting.append(sending)
        if lane.task is None:
            lane.task = asyncio.create_task(self._work(lane))
        return sending

    async def begun(self, sendings: Iterable[Sending], patience: float) -> None:
        """When each of these has been tried once; a chat where that takes too long is not waited for again."""
        waits = {asyncio.create_task(one.begun.wait()): one for one in sendings if not one.begun.is_set()}
        if waits:
            _, late = await asyncio.wait(waits, timeout=patience)
            for wait in late:
                self.lane(waits[wait].chat).late = True
                wait.cancel()

    def heard(self, chat: int, message: int) -> None:
        """They wrote something: our card is no longer the last thing in the chat."""
        lane = self.lane(chat)
        lane.newest, lane.shown = max(lane.newest, message), None

    async def close(self, patience: float) -> None:
        """Let what waits be sent, but not for ever."""
        tasks = [lane.task for lane in self._lanes.values() if lane.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # one lane

    async def _work(self, lane: Lane) -> None:
        try:
            while lane.waiting:
                sending = lane.waiting[0]
                try:
                    await self._send(lane, sending)
                except Forbidden:  # they blocked the bot: nothing more is sent, and that is nobody's error
                    lane.waiting.clear()
                    lane.shown = None
                else:
                    lane.waiting.popleft()
                lane.late = False
                sending.begun.set()
        finally:
            lane.task = None

    async def _send(self, lane: Lane, sending: Sending) -> None:
        reply, pressed = sending.reply, sending.pressed
        if pressed is not None and reply.cards == (lane.shown,):
            return  # a second tap: the chat already shows this card last
        edits = pressed if reply.in_place and self._may_edit(lane, pressed, reply) else None
        for card in reply.cards:
            parts = split(card.text)
            for number, part in enumerate(parts, 1):
                rows = card.rows if number == len(parts) else ()
                sent = await self._until_sent(lane, sending, Card(part, rows, card.strong, card.folded), edits)
                edits = None
                if sent:
                    lane.newest, lane.shown = sent, card

    @staticmethod
    def _may_edit(lane: Lane, pressed: int | None, reply: Reply) -> bool:
        """Only the last message of a chat is changed: an old one is out of sight. After a restart we do not know."""
        return pressed == lane.newest or (lane.newest == 0 and not reply.toast)

    async def _until_sent(self, lane: Lane, sending: Sending, card: Card, edits: int | None) -> int | None:
        """The id of the message that now shows the card, or None when it had to be given up. Raises Forbidden."""
        wait = FIRST_WAIT
        for _ in range(TRIES):
            try:
                return await self._once(lane.chat, card, edits)
            except TooMany as error:
                pause = error.seconds
            except BadRequest as error:
                if edits is None:
                    log.warning("card_refused", why=_without_quotes(error.message))
                    return None
                if "not modified" in error.message.lower():
                    return edits
                edits, pause = None, 0.0  # too old to change, or deleted: a new message
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
    """Whether Telegram takes a link: it refuses hosts without a dot (`localhost`)."""
    return "." in url.split("//")[-1].split("/")[0].split(":")[0]


def _entities(card: Card) -> list[MessageEntity]:
    """Bold and folded without any markup language: nothing a person or a programme wrote can be taken for markup."""
    parts = ((card.strong, MessageEntity.BOLD), (card.folded, MessageEntity.EXPANDABLE_BLOCKQUOTE))
    return [
        MessageEntity(kind, utf16(card.text[: card.text.index(part)]), utf16(part))
        for part, kind in parts
        if part and part in card.text
    ]


def _without_quotes(why: str) -> str:
    """The server quotes what it refuses, and that can be a secret link."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", why)
