"""Normalises typed or pasted text: removes invisible characters, converts digits and dashes."""

from __future__ import annotations

import re
import unicodedata

# Control characters, and those that change the direction of text: a name could be displayed as another.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b]")


def clean(text: str, lines: bool = False) -> str:
    """Returns NFC text without control and direction characters, on one line, or with its line breaks if `lines`."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    if not lines:
        return " ".join(_CONTROL.sub(" ", seen).split())
    seen = re.sub(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029", "\n", seen)
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", seen).strip()


def plain(text: str) -> str:
    """Returns text for matching only: compatibility forms, digits as 0-9, dashes as hyphens, no combining marks."""
    if not text.isascii():
        text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
        text = "".join(_plain(char) for char in text)
    return text


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char.isdigit():
        return str(unicodedata.digit(char))
    return "" if unicodedata.category(char) in ("Cf", "Mn", "Me") else char
