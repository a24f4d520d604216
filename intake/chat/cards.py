"""What a chat shows: a card of text with buttons. How it is sent or printed is left to Telegram and the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

TICKED, UNTICKED = "✅ ", "⬜ "


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

    @classmethod
    def written(cls, text: str, **known: Any) -> Heard:
        """Something written: a command with what stands after it (`/start vastkraft`, `/help@bot`), else an answer."""
        if not text.startswith("/"):
            return cls(text=text, **known)
        command, *rest = text[1:].split(maxsplit=1) or [""]
        return cls(command=command.partition("@")[0].lower() or "help", rest="".join(rest).strip(), **known)

    @classmethod
    def of_button(cls, data: str, keyboard: Iterable[tuple[str, str]], **known: Any) -> Heard:
        """A pressed button by its data, among all (label, data) of its keyboard as it looked when it was pressed."""
        return cls(pressed=Press.unpack(data), ticked=ticked_in(keyboard), **known)

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
