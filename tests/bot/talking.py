"""A chat without transport: input goes directly to the conversation, and cards come directly back."""

from __future__ import annotations

import itertools
from dataclasses import replace

from intake import App, Handle
from intake.chat.cards import Button, Card, Heard, Press, Reply
from intake.chat.conversation import Conversation

TO_CHECK = (
    ("uppsagd_notice", "arbetsbrist", "2027-03-31", "mölndal", "teknik", "white", "ja", "inköpare", "hoppa över")
    + ("få nytt jobb i min bransch", "hoppa över", "fortsätt", "hoppa över", "ja", "nej", "Exempel Ett")
    + ("ett@example.org", "hoppa över", "nej", "1, 2", "ja", "ja")
)


class Talk:
    """One person talking. `card` is the last card, `cards` all of the last reply.

    `remembers`: the channel still knows what it showed last; after a restart it does not.
    """

    def __init__(self, app: App, key: str = "7", language: str = "sv", remembers: bool = True) -> None:
        self.conversation = Conversation(app, next(iter(app.programmes.values())), "telegram")
        self.handle, self.language, self.remembers = Handle("telegram", key), language, remembers
        self.reply = Reply()
        self._updates = itertools.count(1)

    @property
    def cards(self) -> tuple[Card, ...]:
        return self.reply.cards

    @property
    def card(self) -> Card:
        return self.reply.cards[-1]

    @property
    def buttons(self) -> list[Button]:
        return self.card.buttons

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def button(self, label: str) -> Button:
        [found] = [one for one in self.buttons if one.label == label or one.label.endswith(f" {label}")]
        return found

    def begin(self) -> Talk:
        self.says("/start")
        return self.taps("Starta" if self.language == "sv" else "Start")

    def says(self, *texts: str) -> Talk:
        for text in texts:
            self._hear(Heard.written(text, language=self.language))
        return self

    def taps(self, *labels: str) -> Talk:
        for label in labels:
            press = self.button(label).press
            assert press is not None, f"{label} is a link"
            self.presses(press)
        return self

    def presses(self, press: Press, on: Card | None = None) -> Talk:
        keyboard = (on or self.card).buttons if self.cards or on else []
        labelled = [(button.label, button.press.pack()) for button in keyboard if button.press]
        return self._hear(Heard.of_button(press.pack(), labelled, language=self.language))

    def _hear(self, heard: Heard) -> Talk:
        shown = self.card if self.remembers and self.cards else None
        self.reply = self.conversation.hear(self.handle, replace(heard, shown=shown, update=str(next(self._updates))))
        return self

    def standing(self, app: App) -> list[str]:
        """Where the referrals of what was sent last stand."""
        turn = app.desk.now(self.handle, "vastkraft")
        return [leg.status for leg in getattr(turn.prompt, "legs", ())]

    def sends(self) -> Talk:
        """Everything up to the receipt."""
        self.begin().says(*TO_CHECK)
        return self.taps("Skicka")
