"""The state and methods of Telegram's Bot API server: chats, messages, updates; its limits and error messages.

Methods have the names and parameters of the Bot API. HTTP and faults are in `tests.telegram_wire`, persons in
`tests.telegram_person`. Webhooks are not delivered to; setting one only disables long polling, as it really does.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

BOT: Json = {
    "id": 4200,
    "is_bot": True,
    "first_name": "VästKraft",
    "username": "vastkraft_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
HTML_TAGS = re.compile("b|strong|i|em|u|ins|s|strike|del|span|tg-spoiler|a|code|pre|blockquote")


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        names = {400: "Bad Request", 403: "Forbidden", 409: "Conflict"}
        self.code, self.parameters = code, parameters
        self.description = f"{names[code]}: {description}" if code in names else description


@dataclass(frozen=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Seen:
    """A message of the bot as it looked at one moment. `source` is the text as sent, tags and all."""

    message_id: int
    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    edited: bool = False
    source: str = ""

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(itertools.chain(*self.rows))

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]


@dataclass
class Tap:
    """A pressed button; `answer` is what popped up, "" for nothing, None as long as the bot has not answered."""

    id: str
    at: float
    answer: str | None = None
    alert: bool = False
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def answered(self, timeout: float = 5.0) -> str:
        await asyncio.wait_for(self._answered.wait(), timeout)
        return self.answer or ""


@dataclass
class Chat:
    """One chat: the bot's messages as they look now, and everything that was ever seen, in order."""

    about: Json
    blocked: bool = False
    messages: dict[int, Seen] = field(default_factory=dict)
    events: list[Seen] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)  # messages that the bot did not write
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Api:
    """The state of one Bot API server with one bot."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.unconfirmed: list[Json] = []
        self.held: list[Json] | None = None  # while a list, updates wait here (`Wire.hold`)
        self.doubled = 0  # so many updates come twice
        self.taps: dict[str, Tap] = {}
        self.query_seconds = 150.0
        self.commands: dict[str, dict[str, str]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.webhook = ""
        self.message_ids, self._update_ids = itertools.count(1), itertools.count(1000)
        self._news, self._poll = asyncio.Event(), 0
        self._allowed: list[str] = []

    # updates

    def queue(self, kind: str, what: Json) -> None:
        """Something happened that the bot should know."""
        if self._allowed and kind not in self._allowed:
            return
        if self.held is not None:
            self.held.append({kind: what})
            return
        update = {"update_id": next(self._update_ids), kind: what}
        self.unconfirmed.append(update)
        if self.doubled:
            self.doubled -= 1
            self.unconfirmed.append(update)
        self._news.set()

    async def getUpdates(
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: list[str] | None = None
    ) -> list[Json]:
        if self.webhook:
            raise Refused(409, WEBHOOK_SET)
        if allowed_updates is not None:
            self._allowed = allowed_updates
        self._poll += 1
        mine = self._poll
        self._news.set()  # an older poll notices that it is over
        self.unconfirmed = (
            self.unconfirmed[offset:] if offset < 0 else [one for one in self.unconfirmed if one["update_id"] >= offset]
        )
        end = time.monotonic() + timeout
        while not self.unconfirmed and (left := end - time.monotonic()) > 0:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                break
            if self._poll != mine:
                raise Refused(409, OTHER_POLL)
        return self.unconfirmed[:limit]

    async def setWebhook(self, url: str, **rest: object) -> bool:
        self.webhook = url
        return True

    async def deleteWebhook(self, drop_pending_updates: bool = False) -> bool:
        self.webhook = ""
        if drop_pending_updates:
            self.unconfirmed.clear()
        return True

    async def getWebhookInfo(self) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.unconfirmed),
        }

    # the bot itself

    async def getMe(self) -> Json:
        return BOT

    async def setMyCommands(self, commands: list[Json], language_code: str = "", scope: Json | None = None) -> bool:
        for command in commands:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise Refused(400, "BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[language_code] = {command["command"]: command["description"] for command in commands}
        return True

    async def setMyDescription(self, description: str = "", language_code: str = "") -> bool:
        if len(description) > 512:
            raise Refused(400, "ABOUT_TOO_LONG")
        self.descriptions[language_code] = description
        return True

    async def setMyShortDescription(self, short_description: str = "", language_code: str = "") -> bool:
        if len(short_description) > 120:
            raise Refused(400, "ABOUT_TOO_LONG")
        self.short_descriptions[language_code] = short_description
        return True

    # messages

    async def sendMessage(
        self, chat_id: int, text: str, parse_mode: str = "", reply_markup: Json | None = None, **rest: object
    ) -> Json:
        chat = self._open(chat_id)
        shown, rows = visible(text, parse_mode), keyboard(reply_markup)
        return self._show(chat, Seen(next(self.message_ids), shown, rows, source=text))

    async def editMessageText(
        self,
        chat_id: int,
        message_id: int,
        text: str,
        parse_mode: str = "",
        reply_markup: Json | None = None,
        **rest: object,
    ) -> Json:
        chat = self._open(chat_id)
        old = self._written(chat, message_id, "edit")
        new = Seen(message_id, visible(text, parse_mode), keyboard(reply_markup), edited=True, source=text)
        if (old.text, old.rows, old.source) == (new.text, new.rows, new.source):
            raise Refused(400, NOT_MODIFIED)
        return self._show(chat, new)

    async def editMessageReplyMarkup(self, chat_id: int, message_id: int, reply_markup: Json | None = None) -> Json:
        chat = self._open(chat_id)
        old = self._written(chat, message_id, "edit")
        rows = keyboard(reply_markup)
        if old.rows == rows:
            raise Refused(400, NOT_MODIFIED)
        return self._show(chat, Seen(message_id, old.text, rows, edited=True, source=old.source))

    async def deleteMessage(self, chat_id: int, message_id: int) -> bool:
        chat = self._open(chat_id)
        if message_id in chat.foreign:
            chat.foreign.discard(message_id)  # in a private chat a bot may delete what the person wrote, too
            return True
        self._written(chat, message_id, "delete")
        del chat.messages[message_id]
        return True

    async def sendChatAction(self, chat_id: int, action: str) -> bool:
        self._open(chat_id)
        return True

    async def answerCallbackQuery(
        self, callback_query_id: str, text: str = "", show_alert: bool = False, **rest: object
    ) -> bool:
        tap = self.taps.get(callback_query_id)
        if tap is None or time.monotonic() - tap.at > self.query_seconds:
            raise Refused(400, QUERY_TOO_OLD)
        if len(text) > 200:
            raise Refused(400, "MESSAGE_TOO_LONG")
        tap.answer, tap.alert = text, show_alert
        tap._answered.set()
        return True

    def _open(self, chat_id: int) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refused(400, "chat not found")
        if chat.blocked:
            raise Refused(403, "bot was blocked by the user")
        return chat

    def _written(self, chat: Chat, message_id: int, purpose: str) -> Seen:
        if message_id in chat.foreign:
            raise Refused(400, f"message can't be {purpose}ed")
        if message_id not in chat.messages:
            raise Refused(400, f"message to {purpose} not found")
        return chat.messages[message_id]

    def _show(self, chat: Chat, seen: Seen) -> Json:
        chat.messages[seen.message_id] = seen
        chat.events.append(seen)
        chat.news.set()
        return as_message(chat, seen)


def as_message(chat: Chat, seen: Seen) -> Json:
    """The bot's message as the Bot API describes it."""
    message: Json = {"message_id": seen.message_id, "date": int(time.time()), "chat": chat.about, "from": BOT}
    message["text"] = seen.text
    if seen.rows:
        kinds = {"data": "callback_data", "url": "url"}
        message["reply_markup"] = {
            "inline_keyboard": [
                [
                    {"text": button.label} | {kinds[k]: v for k, v in vars(button).items() if k in kinds and v}
                    for button in row
                ]
                for row in seen.rows
            ]
        }
    return message


def visible(text: str, parse_mode: str) -> str:
    """The text without its tags, or the refusal that the real server would give."""
    if parse_mode == "HTML":
        text = _without_tags(text)
    elif parse_mode:
        raise Refused(400, f"can't parse entities: the tests' server reads HTML only, not {parse_mode}")
    text = text.strip()
    if not text:
        raise Refused(400, "message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refused(400, "message is too long")
    return text


def _without_tags(text: str) -> str:
    shown, open_tags = [], []
    for part in re.split(r"(<[^<>]*>)", text):
        if tag := re.fullmatch(r"<(/?)([a-z-]+)(?: [^<>]*)?>", part):
            if not HTML_TAGS.fullmatch(tag[2]):
                raise Refused(400, f'can\'t parse entities: Unsupported start tag "{tag[2]}"')
            if not tag[1]:
                open_tags.append(tag[2])
            elif not open_tags or open_tags.pop() != tag[2]:
                raise Refused(400, f"can't parse entities: Unmatched end tag {part}")
        elif "<" in part:
            raise Refused(400, "can't parse entities: Unsupported start tag")
        else:
            shown.append(part)
    if open_tags:
        raise Refused(400, f"can't parse entities: Can't find end tag corresponding to start tag {open_tags[-1]}")
    plain = "".join(shown)
    for name, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("#39", "'"), ("#x27", "'"), ("amp", "&")):
        plain = plain.replace(f"&{name};", character)
    return plain


def keyboard(markup: Json | None) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a message. Only inline ones: the product uses no others."""
    if not markup or markup.keys() & {"remove_keyboard", "force_reply"}:
        return ()
    rows = tuple(tuple(_button(button) for button in row) for row in markup["inline_keyboard"] if row)
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise Refused(400, "REPLY_MARKUP_TOO_LONG")
    return rows


def _button(button: Json) -> Button:
    label, data, url = button.get("text", "").strip(), button.get("callback_data"), button.get("url")
    if not label:
        raise Refused(400, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if (data is None) == (url is None):
        raise Refused(400, f"can't parse inline keyboard button: {label} needs callback_data or url")
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise Refused(400, "BUTTON_DATA_INVALID")
    if url is not None and urlsplit(url).scheme in ("http", "https") and "." not in (urlsplit(url).hostname or ""):
        raise Refused(400, f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return Button(label, data, url)
