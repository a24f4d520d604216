"""The conversation in a terminal: `intake chat`. Buttons are numbered; the rest is as in Telegram."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable
from shutil import get_terminal_size

from intake import App, Handle, words_for
from intake.chat.cards import Button, Card, Heard, Reply
from intake.chat.programme_choice import Choosing

WIDEST = 88
ME = Handle("terminal", "me")


def play_terminal(
    app: App,
    language: str = "sv",
    read: Callable[[str], str] = input,
    write: Callable[[str], None] = print,
    kept: bool = True,
    programme: str = "",
) -> None:
    """Talks until the input ends (Ctrl-D). A later run continues the interview if `kept`.

    `programme`: begins there, as with a link to it; otherwise the person is asked if there are several.
    """
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - arrow keys and history for input()
    Terminal(app, language, write).play(read, kept, programme)


class Terminal:
    """One person at one terminal. Keeps the last card, whose buttons can be pressed."""

    def __init__(self, app: App, language: str, write: Callable[[str], None]) -> None:
        self._chat = Choosing(app)
        self._language, self._write = next(iter(app.programmes.values())).negotiate_language(language), write
        self._strong = sys.stdout.isatty() and write is print
        self._card = Card("")

    def play(self, read: Callable[[str], str], kept: bool, programme: str) -> None:
        words = words_for(self._language)
        self._write(words("Write the number of a button, or an answer. /help shows what you can do, Ctrl-D leaves."))
        self._hear(Heard(command="start", rest=programme, language=self._language))
        while True:
            try:
                line = read("> ")
            except (EOFError, KeyboardInterrupt):
                if kept:
                    goodbye = words("Goodbye. What you have answered is saved; start again to go on.")
                else:
                    goodbye = words("Goodbye. Nothing is kept but the recording.")
                self._write("\n" + goodbye)
                return
            if line.strip():
                self._hear(self._heard(line.strip()))

    def _heard(self, line: str) -> Heard:
        buttons = self._buttons()
        if line.isascii() and line.isdigit() and not self._card.typing and 1 <= int(line) <= len(buttons):
            return Heard(pressed=buttons[int(line) - 1].press, shown=self._card, language=self._language)
        return Heard.written(line, shown=self._card, language=self._language)

    def _hear(self, heard: Heard) -> None:
        self._show(self._chat.hear(ME, heard))

    def _show(self, reply: Reply) -> None:
        if reply.toast:
            self._write(f"\n({reply.toast})")
        for card in reply.cards:
            self._card = card
            self._write("\n" + self._text(card))
            for number, button in enumerate(self._buttons(), 1):
                if f"\n{number}. {button.label}\n" not in f"{card.text}\n":  # the text already lists long ones
                    self._write(f"  [{button.label}]" if card.typing else f"  {number}. [{button.label}]")

    def _buttons(self) -> list[Button]:
        """Returns the buttons that can be pressed, answers first, so that their numbers match the text."""
        pressed = [(button, button.press.verb) for button in self._card.buttons if button.press is not None]
        return [button for button, verb in sorted(pressed, key=lambda one: one[1] == "web")]

    def _text(self, card: Card) -> str:
        width = min(get_terminal_size().columns, WIDEST)
        text = "\n".join(_wrapped(line, width) for line in card.text.splitlines())
        if self._strong and card.strong:
            strong = _wrapped(card.strong, width)
            text = text.replace(strong, f"\x1b[1m{strong}\x1b[0m", 1)
        return text


def _wrapped(line: str, width: int) -> str:
    """Wraps between words only, so that links stay whole."""
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
