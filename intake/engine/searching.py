"""Finds entries of a list by typed text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from intake.engine.findings import nearest

if TYPE_CHECKING:
    from intake.engine.programme import Entry


def find_entries(entries: Mapping[str, Entry], text: str, language: str, most: int = 8) -> tuple[Entry, ...]:
    """Returns the entries that typed text may mean, the best first: equal, beginning, within, similar."""
    wanted = folded(text)
    if not wanted:
        return ()
    ranked: list[tuple[int, int, str, Entry]] = []
    for entry in entries.values():
        best = min((_rank(wanted, _folded_entry(word)) for words in entry.words.values() for word in words), default=9)
        if best < 9:
            label = entry.label(language)
            ranked.append((best, len(label), label, entry))
    return tuple(entry for *_, entry in sorted(ranked, key=lambda item: item[:3])[:most])


def folded(text: str) -> str:
    """Normalises text for searches: lower case, without accents (so `montor` finds `montör`)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


_folded_entry = lru_cache(maxsize=32_768)(folded)  # only the words of lists, never what somebody typed


def _rank(wanted: str, word: str) -> int:
    if word == wanted:
        return 0
    if word.startswith(wanted):
        return 1
    if f" {wanted}" in f" {word}":
        return 2
    if len(wanted) >= 3 and wanted in word:
        return 3
    if len(word) >= 5 and word in wanted:
        return 4
    return 5 if len(wanted) >= 5 and _close(wanted, word) and nearest(wanted, [word]) else 9


def _close(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 2 and one[0] == other[0]
