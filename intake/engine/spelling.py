"""Detects slips in the spelling of a condition: characters that no condition has, and operators of other languages.

This runs before parsing, because then the message can say what to write instead.
"""

from __future__ import annotations

import re
from unicodedata import name, normalize

# What word processors and other languages write for the operators of a condition.
INSTEAD = {
    "=": "==", "===": "==", ":=": "==", "<>": "!=", "!==": "!=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=",
    "≠": "!=", "!": "not", "&": "and", "&&": "and", "|": "or", "||": "or", "AND": "and", "OR": "or",
    "NOT": "not", "IN": "in",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "−": "-", "\u00a0": "a space",
}  # fmt: skip
QUOTED = re.compile(r"""(["'])[^"']*\1""")
SIGN = re.compile(r"[=<>!:&|]+|\b(?:AND|OR|NOT|IN)\b")


def misspelt(text: str) -> str | None:
    """Returns the first slip: its place and what to write; None if there is none."""
    for place, character in enumerate(text, 1):
        if character in "#\\" or not " " <= character <= "~":
            return f"{_named(character)} at character {place}; {_plain(character)}"
    unquoted = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    for sign in SIGN.finditer(unquoted):
        if sign[0] in INSTEAD:
            return f'"{sign[0]}" at character {sign.start() + 1}; write {INSTEAD[sign[0]]}'
    return None


def _named(character: str) -> str:
    """The character's name and number, never itself: it may be invisible, or reverse the direction of the line."""
    return f"{name(character, 'a character without a name')} (U+{ord(character):04X})"


def _plain(character: str) -> str:
    plain = INSTEAD.get(character) or normalize("NFKC", character)
    if plain.isascii() and plain.isprintable() and plain not in "#\\":
        return f"write {plain}"
    return "permitted: plain letters, digits, quotes and signs"
