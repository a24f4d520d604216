"""The limits of Telegram's texts, and splitting of long ones."""

from __future__ import annotations

LONGEST_TEXT = 4096  # UTF-16 units in one message
LONGEST_TOAST = 200  # characters in the answer to a pressed button


def utf16(text: str) -> int:
    """Returns the length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    """Splits a long text into parts that each fit, between paragraphs, else lines, else words."""
    if utf16(text) <= longest:
        return (text,)
    head = text
    for mark in ("\n\n", "\n", " "):
        kept, size = 0, 0
        for part in text.split(mark):
            size += utf16(part) + len(mark)
            if size - len(mark) > longest:
                break
            kept += len(part) + len(mark)
        head = text[:kept].rstrip()
        if head:
            return (head, *split(text[kept:].lstrip(), longest))
    cut = longest // 2  # no space: each character has at most two units
    return (text[:cut], *split(text[cut:], longest))
