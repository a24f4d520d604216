"""Parses typed text where buttons exist: a number, id, label, or the beginning or end of one.

Case and accents do not matter. Only a certain meaning is accepted; other text goes unchanged to the desk to refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from intake.chat.cards import TICKED, UNTICKED, Button

SHORTEST_BEGINNING = 3


def plain(text: str) -> str:
    """Normalises text for comparison: no case, accents, ticks or surrounding punctuation."""
    text = text.removeprefix(TICKED).removeprefix(UNTICKED)
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    letters = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(letters.split()).strip(" .,!?:;\"'”“()")


def one_of(text: str, named: Sequence[tuple[str, str]], *, numbers: bool = True) -> str | None:
    """Returns the id meant by `text` among (id, label) pairs, or None if it is uncertain."""
    said = plain(text)
    if not said:
        return None
    if numbers and re.fullmatch(r"\d{1,2}", said):
        number = int(said)
        if 1 <= number <= len(named):
            return named[number - 1][0]
    whole = next((id for id, label in named if said in (plain(id), plain(label))), None)
    if whole is not None:
        return whole
    # the first words of "Arbetare (till exempel montör)", or the "ja" of "Ja, jag har läst"
    first = {id for id, label in named if said in (plain(label.split(" (")[0]), plain(label.split(",")[0]))}
    begun = {id for id, label in named if plain(label).startswith(said)} if len(said) >= SHORTEST_BEGINNING else set()
    # "har slutat" for "Jag är uppsagd och har slutat": two words at least, as one alone may occur anywhere
    ended = {id for id, label in named if plain(label).endswith(f" {said}")} if " " in said else set()
    certain = first or begun or ended
    return certain.pop() if len(certain) == 1 else None


def several_of(text: str, named: Sequence[tuple[str, str]]) -> tuple[str, ...] | None:
    """Returns several ids, separated by commas, semicolons, lines or "och"; None if any is uncertain."""
    whole = one_of(text, named)
    if whole is not None:
        return (whole,)
    parts = re.split(r"\s+" if re.fullmatch(r"[\d\s]+", text) else r"[,;\n+&]|\s+(?:och|and)\s+", text)
    meant = [one_of(part, named) for part in parts if part.strip()]
    found = [id for id in meant if id is not None]
    return tuple(dict.fromkeys(found)) if found and len(found) == len(meant) else None


def is_one_of(text: str, ways: str) -> bool:
    """Whether the text is one of several expressions, given separated by commas."""
    return plain(text) in {plain(way) for way in ways.split(",")}


def button_named(text: str, buttons: Iterable[Button]) -> Button | None:
    """Returns the button whose whole label was typed (`tillbaka`)."""
    said = plain(text)
    return next((button for button in buttons if said and plain(button.label) == said), None)
