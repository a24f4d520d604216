"""Cards: the messages of a chat, a text with buttons. Telegram and the terminal send or print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

TICKED, UNTICKED = "✅ ", "⬜ "


class Press(NamedTuple):
    """The meaning of a button, packed into Telegram's callback data as `verb~of:question:choice:revision`.

    A button names the question that it answers, its revision and (`of`, a mark) its programme, so an old one never
    applies to anything else. It contains no personal data.
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
        """Parses callback data, which may be forged. Only a choice may contain colons (`municipality:1480`)."""
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
    """A button: an action (`press`) or a link."""

    label: str
    press: Press | None = None
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `strong` is a part of the text in bold, `folded` a part that a tap opens.

    `typing`: an answer is expected as text.
    """

    text: str
    rows: Rows = ()
    strong: str = ""
    folded: str = ""
    typing: bool = False

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    def keyboard(self) -> Card:
        """Returns the card without its text, which may hold what the person has answered."""
        return Card("", self.rows)


@dataclass(frozen=True, slots=True)
class Heard:
    """One input: text, a command, a pressed button, or a message that cannot be read.

    `rest` follows a command. `shown`: the last card, if the channel knows it; only its buttons count. `ticked`: the
    ticks of the pressed keyboard.
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
        """Returns a text as input: a command with its arguments (`/start vastkraft`, `/help@bot`), else an answer."""
        if not text.startswith("/"):
            return cls(text=text, **known)
        command, *rest = text[1:].split(maxsplit=1) or [""]
        return cls(command=command.partition("@")[0].lower() or "help", rest="".join(rest).strip(), **known)

    @classmethod
    def of_button(cls, data: str, keyboard: Iterable[tuple[str, str]], **known: Any) -> Heard:
        """Returns a pressed button as input, given its data and all (label, data) of its keyboard at that time."""
        return cls(pressed=Press.unpack(data), ticked=ticked_in(keyboard), **known)

    @property
    def ticks(self) -> frozenset[str] | None:
        """The choices ticked on the card of this input; None if unknown."""
        if self.ticked is not None or self.shown is None:
            return self.ticked
        return ticks_of(self.shown)

    def __repr__(self) -> str:
        return "Heard(...)"  # keeps what people write out of logs


@dataclass(frozen=True, slots=True)
class Reply:
    """The cards to show. `in_place`: the first may replace the card whose button was pressed."""

    cards: tuple[Card, ...] = ()
    toast: str = ""
    in_place: bool = False


def ticked_in(labels: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Returns the ticked choices of a keyboard, given as (label, callback data), which survives restarts."""
    pressed = ((label, Press.unpack(data)) for label, data in labels)
    return frozenset(press.choice for label, press in pressed if press.verb == "t" and label.startswith(TICKED))


def ticks_of(card: Card) -> frozenset[str] | None:
    """Returns the ticked choices of a card; None if it has no tick boxes."""
    pressed = [(button.label, button.press) for button in card.buttons if button.press is not None]
    boxes = [(label, press.pack()) for label, press in pressed if press.verb == "t"]
    return ticked_in(boxes) if boxes else None
