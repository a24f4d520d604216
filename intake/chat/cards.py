"""What a chat shows: a card of text with buttons. How it is sent or printed is left to Telegram and the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

TICKED, UNTICKED = "✅ ", "⬜ "
LONGEST_TEXT = 4096  # UTF-16 units in one Telegram message
LONGEST_TOAST = 200  # characters in the answer to a pressed button


class Press(NamedTuple):
    """What a button means; packed into Telegram's callback data as `verb~of:question:choice:revision`.

    A button names the question it answers, the revision it was drawn for and (`of`, a mark) its programme, so an old
    one never applies to something else. There is nothing personal in it.
    """

    verb: str
    question: str = ""
    choice: str = ""
    revision: int | None = None
    of: str = ""

    def pack(self) -> str:
        verb = f"{self.verb}~{self.of}" if self.of else self.verb
        return f"{verb}:{self.question}:{self.choice}:{'' if self.revision is None else self.revision}"

    @classmethod
    def unpack(cls, data: str) -> Press:
        """Whatever came: callback data can be forged. A choice may hold colons (`municipality:1480`), the rest not."""
        first, _, rest = data.partition(":")
        verb, _, of = first.partition("~")
        question, _, rest = rest.partition(":")
        choice, colon, last = rest.rpartition(":")
        if not colon:
            choice, last = rest, ""
        whole = last.isascii() and last.isdigit() and len(last) < 10
        return cls(verb, question, choice, int(last) if whole else None, of)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: either it says something to us (`press`) or it is a link."""

    label: str
    press: Press | None = None
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `strong` is the part of the text that stands out, `folded` one that is opened by a tap.

    `typing`: an answer is to be typed here.
    """

    text: str
    rows: Rows = ()
    strong: str = ""
    folded: str = ""
    typing: bool = False

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a person did: wrote something, gave a command, pressed a button, or sent what we cannot read.

    `rest` is what stood after a command. `shown` is the last card they got, where the channel still knows it. `ticked`:
    by the pressed keyboard itself.
    """

    text: str = ""
    command: str = ""
    rest: str = ""
    pressed: Press | None = None
    ticked: frozenset[str] | None = None
    shown: Card | None = None
    language: str = ""
    update: str | None = None

    @property
    def ticks(self) -> frozenset[str] | None:
        """The choices that are ticked where this was said; None: nobody knows any more."""
        if self.ticked is not None or self.shown is None:
            return self.ticked
        return ticks_of(self.shown)

    def __repr__(self) -> str:
        return "Heard(...)"  # what people say is nobody's business in a log


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show. `in_place`: the first card may take the place of the card whose button was pressed."""

    cards: tuple[Card, ...] = ()
    toast: str = ""
    in_place: bool = False


def ticked_in(labels: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The choices that are ticked in a keyboard, given as (label, callback data): it remembers them across restarts."""
    pressed = ((label, Press.unpack(data)) for label, data in labels)
    return frozenset(press.choice for label, press in pressed if press.verb == "t" and label.startswith(TICKED))


def ticks_of(card: Card) -> frozenset[str] | None:
    """The ticked choices of a card; None when there is nothing to tick on it."""
    pressed = [(button.label, button.press) for button in card.buttons if button.press is not None]
    boxes = [(label, press.pack()) for label, press in pressed if press.verb == "t"]
    return ticked_in(boxes) if boxes else None


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    """A long text as several that each fit, broken between paragraphs, else lines, else words."""
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
    cut = longest // 2  # no space anywhere: every character is at most two units
    return (text[:cut], *split(text[cut:], longest))


def link_row(label: str, url: str) -> Rows:
    """A link button, where Telegram takes one: it refuses hosts without a dot (`localhost`)."""
    host = url.split("//")[-1].split("/")[0].split(":")[0]
    return ((Button(label, url=url),),) if "." in host else ()
