"""Two separate hashes of a programme: of its meaning, and of its words.

Corrected punctuation, a comment, another way to write the same table or another name of a condition do not change the
meaning. Two programmes have the same hash exactly if `intake.engine.changes` finds no difference. Defaults are left
out, so that a key added to the format later changes no hash of a published version; for the same reason the output of
`intake.engine.written` must not change.
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

SINCE = {"advice"}  # added to the format later: left out where there are none, as defaults are


def meaning_of(programme: Programme) -> str:
    """Returns SHA-256, in hex, of all that decides about people: the items in order, and the ids of the lists."""
    kept = {name: _plain(getattr(programme, name)) for name in KEPT}
    there = {name: getattr(programme, where) for name, where in WHERE.items()}
    items = {name: _items(some, name in ORDERED) for name, some in there.items() if some or name not in SINCE}
    lists = {name: sorted(entry.id for entry in entries) for name, entries in programme.lists.items()}
    return _hash([programme.id, kept, items, lists])


def wording_of(programme: Programme) -> str:
    """Returns SHA-256, in hex, of all words: texts, letters, the words of lists, the phone number."""
    letters = {f"{language}/{id}": [one.subject, one.body] for (id, language), one in programme.letters.items()}
    lists = {name: {entry.id: entry.words for entry in entries} for name, entries in programme.lists.items()}
    return _hash([programme.texts.by_language, letters, lists, programme.phone])


def _hash(value: object) -> str:
    # Tables are sorted by key; only lists have an order.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _items(items: Any, ordered: bool) -> list[Any]:
    listed = list(items.values() if isinstance(items, Mapping) else items)
    return [_plain(one) for one in (listed if ordered else sorted(listed, key=lambda one: str(one.id)))]


def _plain(value: Any) -> Any:
    """Converts a value for JSON: a condition to its text, an item to a table without defaults."""
    if isinstance(value, CONDITION):
        return written(flat(value))
    if is_dataclass(value):
        said = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: _plain(now) for one, now in said if now != one.default}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
