"""A person with Telegram: writes, presses buttons, sees what the bot shows."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from tests.telegram_api import Api, Button, Chat, Json, Seen, Tap, as_message

# What a bot gets that expects text: enough of each for the library to read it.
OTHER_THINGS: dict[str, Json] = {
    "photo": {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 60}]},
    "voice": {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    "sticker": {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
    },
}


@dataclass(frozen=True)
class Said:
    """Something the person wrote."""

    message_id: int
    text: str


class Person:
    """Made by `wire.person(...)`. Their private chat with the bot has their own id, as in Telegram."""

    def __init__(self, api: Api, chat_id: int, language_code: str, name: str) -> None:
        self.chat_id, self.language_code, self.name = chat_id, language_code, name
        self._api = api
        self._chat = Chat({"id": chat_id, "type": "private", "first_name": name})
        self._heard = 0  # how many of the chat's events this person has taken notice of

    # doing

    async def says(self, text: str) -> Said:
        """Write a message. What the bot said before counts as heard."""
        said = Said(next(self._api.message_ids), text)
        self._send("message", self._written(said, self._private()))
        return said

    async def edits(self, said: Said, text: str) -> None:
        changed = self._written(Said(said.message_id, text), self._private())
        self._send("edited_message", changed | {"edit_date": int(time.time())})

    async def sends(self, thing: Literal["photo", "voice", "sticker"]) -> None:
        """Something that is no text."""
        message = self._written(Said(next(self._api.message_ids), ""), self._private())
        self._send("message", message | OTHER_THINGS[thing])

    async def says_in_group(self, group_id: int, text: str) -> None:
        """Write in a group that the bot is in; read its answers with `wire.sent_to(group_id)`."""
        about = {"id": group_id, "type": "supergroup", "title": "A group"}
        group = self._api.chats.setdefault(group_id, Chat(about))
        self._send("message", self._written(Said(next(self._api.message_ids), text), group))

    async def taps(self, wanted: str, on: Seen | None = None) -> Tap:
        """Press a button, by its label or its data: of the latest message with buttons, or of one seen earlier, as it
        looked then (on another device it may still do so)."""
        seen = on or next((one for one in reversed(self.messages) if one.rows), None)
        assert seen, f"{self.name} sees no buttons at all"
        button = _find(seen, wanted)
        assert button.data, f"“{button.label}” is a link: use link()"
        return self._press(seen, button.data)

    async def taps_forged(self, data: str, on: Seen | None = None) -> Tap:
        """Send callback data that no button has: a client may send anything."""
        return self._press(on or self.sees(), data)

    def link(self, label: str, on: Seen | None = None) -> str:
        """Where a link button leads."""
        button = _find(on or self.sees(), label)
        assert button.url, f"“{label}” is no link"
        return button.url

    async def blocks(self) -> None:
        """From now on the bot gets 403."""
        self._become("kicked")
        self._chat.blocked = True

    async def unblocks(self) -> None:
        self._chat.blocked = False
        self._become("member")

    # seeing

    @property
    def messages(self) -> list[Seen]:
        """The bot's messages in this chat, oldest first, as they look now."""
        return [seen for _, seen in sorted(self._chat.messages.items())]

    def sees(self) -> Seen:
        """The bot's latest message, as it looks now."""
        assert self._chat.messages, f"the bot has not written to {self.name}"
        return self.messages[-1]

    async def hears(self, timeout: float = 5.0) -> Seen:
        """The next message or edit since this person last wrote, pressed or heard something."""
        end = time.monotonic() + timeout
        while self._heard >= len(self._chat.events):
            self._chat.news.clear()
            try:
                await asyncio.wait_for(self._chat.news.wait(), max(end - time.monotonic(), 0))
            except TimeoutError:
                raise AssertionError(f"{self.name} heard nothing for {timeout} s") from None
        self._heard += 1
        return self._chat.events[self._heard - 1]

    async def settles(self, quiet: float = 0.2, timeout: float = 5.0) -> Seen:
        """Wait for at least one message or edit and then for silence; what the latest message looks like then."""
        await self.hears(timeout)
        while True:
            try:
                await self.hears(quiet)
            except AssertionError:
                return self.sees()

    # the wire

    def _private(self) -> Chat:
        """Writing first is what lets a bot write back."""
        return self._api.chats.setdefault(self.chat_id, self._chat)

    @property
    def _about(self) -> Json:
        about = {"id": self.chat_id, "is_bot": False, "first_name": self.name}
        return about | ({"language_code": self.language_code} if self.language_code else {})

    def _written(self, said: Said, chat: Chat) -> Json:
        chat.foreign.add(said.message_id)
        message: Json = {"message_id": said.message_id, "date": int(time.time()), "chat": chat.about}
        message["from"] = self._about
        if said.text:
            message["text"] = said.text
        if said.text.startswith("/"):
            command = said.text.split()[0]
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return message

    def _press(self, seen: Seen, data: str) -> Tap:
        tap = Tap(id=str(uuid4().int >> 64), at=time.monotonic())
        self._api.taps[tap.id] = tap
        there = self._chat.messages.get(seen.message_id)
        gone = {"message_id": seen.message_id, "date": 0, "chat": self._chat.about}  # an inaccessible message
        message = as_message(self._chat, there) if there else gone
        query = {"id": tap.id, "from": self._about, "message": message, "chat_instance": "1", "data": data}
        self._send("callback_query", query)
        return tap

    def _become(self, status: str) -> None:
        bot = as_message(self._chat, Seen(0, ""))["from"]
        old = {"user": bot, "status": "kicked" if status == "member" else "member", "until_date": 0}
        new = {"user": bot, "status": status, "until_date": 0}
        change: Json = {"chat": self._chat.about, "date": int(time.time()), "from": self._about}
        self._send("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})

    def _send(self, kind: str, what: Json) -> None:
        self._heard = len(self._chat.events)
        self._api.queue(kind, what)


def _find(seen: Seen, wanted: str) -> Button:
    """By data or label; a tick before the label may be left out."""
    exact = [button for button in seen.buttons if wanted in (button.data, button.label)]
    found = exact or [button for button in seen.buttons if button.label.endswith(f" {wanted}")]
    assert len(found) == 1, f"{len(found)} buttons “{wanted}” among {seen.labels} under: {seen.text}"
    return found[0]
