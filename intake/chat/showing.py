"""Turns of the desk shown as cards: what every part of the conversation needs. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from intake import App, Handle, Problem, Programme, QuestionPrompt, StartPrompt, Turn, Words, words_for
from intake.channels import CHANNELS
from intake.chat.cards import Button, Card, Heard, Press, Reply, Rows
from intake.chat.layout import Drawing
from intake.engine.kinds import KINDS


class Showing:
    """One programme in a chat of one channel."""

    def __init__(self, app: App, programme: Programme, channel: str) -> None:
        self.desk, self.limits = app.desk, app.limits
        self._app, self._id, self._channel = app, programme.id, CHANNELS[channel]

    @property
    def programme(self) -> Programme:
        """As it is served now."""
        return self._app.programmes[self._id]

    @property
    def programmes(self) -> int:
        """How many are served."""
        return len(self._app.programmes)

    @property
    def drawing(self) -> Drawing:
        return Drawing(self.programme, self._app.settings.base)

    def now(self, handle: Handle, heard: Heard) -> Turn:
        return self.desk.now(handle, self.programme.id, heard.language)

    def here(self, handle: Handle, heard: Heard) -> tuple[Turn, Words]:
        turn = self.now(handle, heard)
        return turn, words_for(turn.language)

    def show(
        self, turn: Turn, *, pressed: bool = False, in_place: bool = True, ticked: Iterable[str] | None = None
    ) -> Reply:
        """The card of a turn. After a press on an old button: said so, and the present question."""
        toast = words_for(turn.language)("Already answered") if turn.stale and pressed else ""
        if pressed and isinstance(turn.prompt, StartPrompt):  # a button of an interview that is not here any more
            turn = replace(turn, prompt=StartPrompt(Problem("gone")))
        return Reply((self.card(turn, ticked),), toast, in_place)

    def card(self, turn: Turn, ticked: Iterable[str] | None = None) -> Card:
        """Where questions about contact or consent begin, the way to the web stands first, with the reason."""
        card, why = self.drawing.card(turn, ticked), self.why_on_the_web(turn)
        if isinstance(turn.prompt, StartPrompt) and self.programmes > 1:
            other = Button(words_for(turn.language)("Choose another programme"), Press("programmes"))
            return replace(card, rows=(*card.rows, (other,)))
        if not why:
            return card
        to_web = Button(words_for(turn.language)("Go on at our website instead"), Press("web"))
        return replace(card, text=f"{why}\n\n{card.text}", rows=((to_web,), *card.rows))

    def why_on_the_web(self, turn: Turn) -> str:
        """Said where others could read along, before the first question about contact and the first about consent."""
        prompt, questions = turn.prompt, self.programme.by_id
        if not isinstance(prompt, QuestionPrompt) or self._channel.private:
            return ""
        section, before = questions[prompt.question].section, questions.get(prompt.back or "")
        if before is not None and before.section == section:
            return ""
        asked = [one for one in self.programme.after_result if one.section == section]
        if any(KINDS[one.kind].contact for one in asked):
            return self.say(turn, "chat", "web_first")
        if any(one.of for one in asked):
            return words_for(turn.language)(
                "A Telegram chat is not end-to-end encrypted. So you can do the rest at our website. "
                "Your answers come with you. You can also go on here in the chat."
            )
        return ""

    def onward(self, turn: Turn, words: Words) -> Rows:
        """Below what only informs: the way back to the conversation."""
        if isinstance(turn.prompt, StartPrompt):
            return ((Button(words("Begin"), Press("begin", choice=turn.language)),),)
        return ((Button(words("Go on where I was"), Press("new")),),)

    def allows(self, handle: Handle, what: str) -> bool:
        """Count one more of these for this chat; whether it is within the limit."""
        return self.limits.allow(what, f"{handle.channel}|{handle.key}")

    def say(self, turn: Turn, *path: str) -> str:
        return self.programme.texts.say(turn.language, *path)
