"""Shows turns of the desk as cards; the base of all parts of the conversation. Changes nothing."""

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
        """The programme as served now."""
        return self._app.programmes[self._id]

    @property
    def programmes(self) -> int:
        """The number of programmes served."""
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
        """Returns the card of a turn. After a press on an old button, it has a toast that says so."""
        toast = words_for(turn.language)("Already answered") if turn.stale and pressed else ""
        if pressed and isinstance(turn.prompt, StartPrompt):  # a button of an interview that is no longer here
            turn = replace(turn, prompt=StartPrompt(Problem("gone")))
        return Reply((self.card(turn, ticked),), toast, in_place)

    def card(self, turn: Turn, ticked: Iterable[str] | None = None) -> Card:
        """Returns the card of a turn; where contact or consent begins, with a button to the web and the reason."""
        card, why = self.drawing.card(turn, ticked), self.why_on_the_web(turn)
        if isinstance(turn.prompt, StartPrompt) and self.programmes > 1:
            other = Button(words_for(turn.language)("Choose another programme"), Press("programmes"))
            return replace(card, rows=(*card.rows, (other,)))
        if not why:
            return card
        to_web = Button(words_for(turn.language)("Go on at our website instead"), Press("web"))
        return replace(card, text=f"{why}\n\n{card.text}", rows=((to_web,), *card.rows))

    def why_on_the_web(self, turn: Turn) -> str:
        """Returns why to go to the web: in channels others could read, at the first question on contact or consent."""
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
        """Returns the button below information that leads back to the conversation."""
        if isinstance(turn.prompt, StartPrompt):
            return ((Button(words("Begin"), Press("begin", choice=turn.language)),),)
        return ((Button(words("Go on where I was"), Press("new")),),)

    def allows(self, handle: Handle, what: str) -> bool:
        """Counts an attempt of this chat; returns whether it is within the limit."""
        return self.limits.allow(what, f"{handle.channel}|{handle.key}")

    def say(self, turn: Turn, *path: str) -> str:
        return self.programme.texts.say(turn.language, *path)
