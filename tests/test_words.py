"""Every product word in use exists in every language, with one meaning and the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from intake.authoring.wording import SAYINGS
from intake.chat.conversation import COMMANDS
from intake.engine.kinds import KINDS
from intake.participants.history import SAID
from intake.words import LOCALE, PROBLEMS, STATUSES

ROOT = Path(__file__).parents[1]
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
BLANK = re.compile(r"\{\w+\}")


def messages(language: str) -> Iterator[tuple[str, Message]]:
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            yield from ((path.name, message) for message in read_po(file, locale=language) if message.id)


def said(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def asked(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def used_in_code() -> set[str]:
    """The first argument of every `words("...")`, `words_for(...)("...")` and `words.n("...")`."""
    found = set(PROBLEMS.values()) | set(STATUSES.values()) | set(COMMANDS.values())
    found |= set(SAID.values()) | set(SAYINGS.values()) | {kind.answered for kind in KINDS.values()}
    for part in ("intake", "bot", "web"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _are_words(node.func):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add(first.value)
    return found


def _are_words(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr == "words" or (
            called.attr == "n" and isinstance(called.value, ast.Name) and called.value.id in ("words", "w")
        )
    if isinstance(called, ast.Call):
        called = called.func
        return isinstance(called, ast.Name | ast.Attribute) and getattr(called, "id", "") == "words_for"
    return isinstance(called, ast.Name) and called.id in ("words", "w")


def used_in_templates() -> set[str]:
    """The first argument of every `w("...")` and `w.n("...")`; a long one may stand on several lines."""
    found = set()
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        for call in Environment(autoescape=True).parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            said = call.node.node if isinstance(call.node, nodes.Getattr) and call.node.attr == "n" else call.node
            if isinstance(said, nodes.Name) and said.name == "_" and isinstance(call.args[0], nodes.Const):
                found.add(str(call.args[0].value))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_used_is_translated(language: str) -> None:
    known = {asked(message) for _, message in messages(language) if all(said(message))}
    used = used_in_code() | used_in_templates()
    assert len(used) > 150, "the search still finds them"
    assert not used - known, f"not in any locale/{language}/*.po: {sorted(used - known)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_has_one_translation(language: str) -> None:
    seen: dict[str, tuple[str, tuple[str, ...]]] = {}
    for file, message in messages(language):
        before = seen.setdefault(asked(message), (file, said(message)))
        assert before[1] == said(message), f"“{asked(message)}” differs between {before[0]} and {file}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_blanks(language: str) -> None:
    for file, message in messages(language):
        for string in said(message):
            wrong = set(BLANK.findall(string)) ^ set(BLANK.findall(asked(message)))
            assert not wrong - {"{n}"}, f"{file}: “{asked(message)}” and “{string}” differ in {wrong}"
