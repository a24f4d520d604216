"""Two hashes of a programme, kept apart: of what it means, and of its words.

A corrected comma, a comment, another way of writing the same table, another name of a condition: none changes the
meaning. It is the same for two programmes exactly where `intake.engine.changes` finds no difference. What is left at
its default is left out, so that a key the format gets later changes no hash of what was published before; for the same
reason `intake.engine.written` goes on writing a condition as it does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from intake.engine.changes import CONDITION, KEPT, ORDERED, WHERE
from intake.engine.programme import Programme
from intake.engine.written import flat, written


def meaning_of(programme: Programme) -> str:
    """SHA-256, in hex, of what decides what happens to people: the items in their order, and the ids its lists hold."""
    kept = {name: _plain(getattr(programme, name)) for name in KEPT}
    items = {name: _items(getattr(programme, where), name in ORDERED) for name, where in WHERE.items()}
    lists = {name: sorted(entry.id for entry in entries) for name, entries in programme.lists.items()}
    return _hash([programme.id, kept, items, lists])


def wording_of(programme: Programme) -> str:
    """SHA-256, in hex, of all that is said: texts, letters, the words of its lists, the phone number."""
    letters = {f"{language}/{id}": [one.subject, one.body] for (id, language), one in programme.letters.items()}
    lists = {name: {entry.id: entry.words for entry in entries} for name, entries in programme.lists.items()}
    return _hash([programme.texts.by_language, letters, lists, programme.phone])


def _hash(value: object) -> str:
    # Tables are sorted by key; what has an order is a list.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _items(items: Any, ordered: bool) -> list[Any]:
    listed = list(items.values() if isinstance(items, Mapping) else items)
    return [_plain(one) for one in (listed if ordered else sorted(listed, key=lambda one: str(one.id)))]


def _plain(value: Any) -> Any:
    """For JSON: a condition as it is written, an item as a table of what it does not leave at its default."""
    if isinstance(value, CONDITION):
        return written(flat(value))
    if is_dataclass(value):
        said = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: _plain(now) for one, now in said if now != one.default}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
