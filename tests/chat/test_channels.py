"""Every channel has a complete row and every row a channel, and conversations follow the row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import String

from intake import App
from intake.channels import CHANNELS, Channel
from intake.store.tables import interviews, submissions
from tests.bot.talking import TO_CHECK, Talk
from tests.openings import Opener
from tests.packages import OURS, ROOT


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    app = Opener(sqlite_url, tmp_path)()
    yield app
    app.close()


def test_every_row_is_complete() -> None:
    types = [table.c.channel.type for table in (interviews, submissions)]
    longest = min(one.length or 0 for one in types if isinstance(one, String))
    for id, channel in CHANNELS.items():
        assert id == channel.id and 0 < len(id) <= longest
        assert channel.source in ("form", "chat")
        assert channel.private or channel.source == "chat", "a form warns of nobody who reads along"


def test_every_channel_has_a_row_and_every_row_a_channel() -> None:
    paths = (path for part in OURS for path in (ROOT / part).rglob("*.py"))
    calls = (node for path in paths for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Handle"]
    named = {first.value for call in made if isinstance(first := call.args[0], ast.Constant)}
    assert named == set(CHANNELS)


@pytest.mark.parametrize("private", [True, False])
def test_a_chat_says_where_others_can_read_along(app: App, private: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, "telegram", Channel("telegram", "chat", private=private))
    talk, texts = Talk(app).begin(), []
    for text in TO_CHECK:
        texts.append(talk.says(text).card.text)
    warned = [text for text in texts if "inte krypterad hela vägen" in text]
    assert len(warned) == (0 if private else 2), "before contact, and before consents"
