"""A new channel, written here in full: it plays every transcript, and its interviews are sent in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from intake import App, Handle
from intake.channels import CHANNELS, Channel, UnknownChannel
from intake.chat import Choosing, Heard
from intake.config import PACKAGED
from tests.chat_player import ChatPlayer, Message
from tests.databases import Databases
from tests.openings import Opener
from tests.players import Transcript, transcripts
from tests.test_transcripts import by_engine, play


class Key(NamedTuple):
    label: str
    data: str


class Screen(NamedTuple):
    text: str
    buttons: tuple[Key, ...]


def heard_at(app: App, kiosk: str, heard: Heard) -> tuple[str, list[Screen]]:
    """The whole channel: what is heard at one of the kiosks, and what it shows then."""
    reply = Choosing(app).hear(Handle("kiosk", kiosk), heard)
    keys = [tuple(Key(one.label, one.press.pack()) for one in card.buttons if one.press) for card in reply.cards]
    return reply.toast, [Screen(card.text, these) for card, these in zip(reply.cards, keys, strict=True)]


class KioskPlayer(ChatPlayer):
    messages: Sequence[Screen] = ()

    @asynccontextmanager
    async def running(self, app: App) -> AsyncIterator[None]:
        self.app = app
        yield

    def hears(self, heard: Heard) -> str:
        toast, screens = heard_at(self.app, "7", heard)
        self.messages = (*self.messages, *screens)
        return toast

    async def says(self, text: str) -> None:
        self.hears(Heard.written(text, language=self.language))

    async def press(self, data: str, on: Message, times: int = 1) -> Sequence[str]:
        keyboard = [(one.label, one.data or "") for one in on.buttons]
        return [self.hears(Heard.of_button(data, keyboard, language=self.language)) for _ in range(times)]


@pytest.mark.parametrize("transcript", transcripts(), ids=lambda one: one.id)
async def test_a_new_channel_plays_it(
    transcript: Transcript, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHANNELS, "kiosk", Channel("kiosk", "chat", private=True))
    with databases.lent("sqlite") as url:
        opener = Opener(url, tmp_path, programmes=PACKAGED)
        opener.moment = transcript.moment
        outcome = await play(KioskPlayer(opener, transcript.language, transcript.programme), transcript)
    assert outcome == await by_engine(transcript)
    assert outcome.sources <= {"chat", "link", "telephone"}


def test_without_its_row_nothing_is_heard() -> None:
    with pytest.raises(UnknownChannel, match='no channel is called "kiosk": add its row to CHANNELS'):
        Handle("kiosk", "7")
