"""Two hashes of a programme, kept apart: of what it means, and of its words.

A corrected comma, a comment, a space or another way of writing the same table changes no meaning. What is left at its
default is left out, so that a key the format gets later changes no hash of what was published before.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from collections.abc import Mapping
from typing import Any

from intake.catalog.format import ProgrammeTable
from intake.engine.programme import Entry, Programme

WORDS = {"version", "phone"}  # keys of programme.toml that are no part of what it means
CONDITIONS = {"when", "ask_if", "hide_if", "no_if", "yes_if"}
SPACING = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def meaning_of(table: ProgrammeTable, lists: Mapping[str, tuple[Entry, ...]]) -> str:
    """SHA-256, in hex, of the typed tables in their order and the ids that its lists hold."""
    tables = table.model_dump(by_alias=True, exclude_defaults=True, exclude=WORDS)
    tables["conditions"] = [[name, _spaced(text)] for name, text in table.conditions.items()]
    ids = {name: sorted(entry.id for entry in entries) for name, entries in sorted(lists.items())}
    return _hash([_plain(tables), ids])


def wording_of(programme: Programme) -> str:
    """SHA-256, in hex, of all that is said: texts, letters, the words of its lists, the phone number."""
    letters = {f"{language}/{id}": [one.subject, one.body] for (id, language), one in programme.letters.items()}
    lists = {name: {entry.id: entry.words for entry in entries} for name, entries in programme.lists.items()}
    return _hash([programme.texts.by_language, letters, lists, programme.phone])


def _hash(value: object) -> str:
    # Tables are sorted by key; what has an order is a list.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _plain(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _spaced(value) if key in CONDITIONS and isinstance(value, str) else value


def _spaced(condition: str) -> str:
    """The condition's words with one space between, strings in one kind of quotes."""
    try:
        read = list(tokenize.generate_tokens(io.StringIO(f"({condition.strip()}\n)").readline))
    except (tokenize.TokenError, SyntaxError):
        return " ".join(condition.split())
    return " ".join(
        json.dumps(ast.literal_eval(one.string)) if one.type == tokenize.STRING else one.string
        for one in read
        if one.type not in SPACING
    )
