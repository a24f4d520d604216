"""Slips in how a condition is spelt: characters no condition holds, and signs that other languages write.

They are looked for before anything is parsed, because then it can be said what to write instead.
"""

from __future__ import annotations

import re
from unicodedata import name, normalize

# What word processors and other languages make of the signs of a condition.
INSTEAD = {
    "=": "==", "===": "==", ":=": "==", "<>": "!=", "!==": "!=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=",
    "≠": "!=", "!": "not", "&": "and", "&&": "and", "|": "or", "||": "or", "AND": "and", "OR": "or",
    "NOT": "not", "IN": "in",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "−": "-", "\u00a0": "a space",
}  # fmt: skip
QUOTED = re.compile(r"""(["'])[^"']*\1""")
SIGN = re.compile(r"[=<>!:&|]+|\b(?:AND|OR|NOT|IN)\b")


def misspelt(text: str) -> str | None:
    """The first slip: where it is and what to write; None when there is none of these."""
    for place, character in enumerate(text, 1):
        if character in "#\\" or not " " <= character <= "~":
            return f"{_named(character)} at character {place}; {_plain(character)}"
    unquoted = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    for sign in SIGN.finditer(unquoted):
        if sign[0] in INSTEAD:
            return f'"{sign[0]}" at character {sign.start() + 1}; write {INSTEAD[sign[0]]}'
    return None


def _named(character: str) -> str:
    """By its name and number, never itself: it may be one that cannot be seen, or that turns the line around."""
    return f"{name(character, 'a character without a name')} (U+{ord(character):04X})"


def _plain(character: str) -> str:
    plain = INSTEAD.get(character) or normalize("NFKC", character)
    if plain.isascii() and plain.isprintable() and plain not in "#\\":
        return f"write {plain}"
    return "permitted: plain letters, digits, quotes and signs"
