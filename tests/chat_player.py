"""Plays a transcript as a person in a chat: buttons pressed, words typed. A channel adds the transport."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NamedTuple, Protocol

from intake import App, Handle, words_for
from intake.chat import Choosing, Heard
from intake.chat.cards import TICKED, Card, Press
from intake.engine.journey import RESULT
from tests.outcomes import by_telephone, decide, outcome_of
from tests.players import Outcome, Shown, Turn, recognise
from tests.web_player import WebPlayer


class Labelled(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def data(self) -> str | None: ...


class Message(Protocol):
    """What a person sees of one card."""

    @property
    def text(self) -> str: ...

    @property
    def buttons(self) -> Sequence[Labelled]: ...


class ChatPlayer(ABC):
    """One person in one chat. Every turn has a product opened anew."""

    def __init__(self, opened: Callable[[], App], language: str, programme: str = "vastkraft") -> None:
        self.opened, self.language, self.programme = opened, language, programme
        self.cards: dict[str, Message] = {}  # how each question's card looked when it was last shown

    # the channel's own

    @abstractmethod
    def running(self, app: App) -> AbstractAsyncContextManager[None]:
        """The channel of `app` until the end of the block."""

    @property
    @abstractmethod
    def messages(self) -> Sequence[Message]:
        """What was shown, oldest first, as it looks now."""

    @abstractmethod
    async def says(self, text: str) -> None:
        """Write, and wait until it is heard."""

    @abstractmethod
    async def press(self, data: str, on: Message, times: int = 1) -> Sequence[str]:
        """Press a button, of a message as it looked once, and wait until it is heard; what was said about it."""

    # every chat's

    async def play(self, turn: Turn) -> Shown:
        app = self.opened()
        try:
            if "decide" in turn:
                decide(app, turn["decide"])
            elif "telephone" in turn:
                by_telephone(app, turn["telephone"])
            elif "consents" in turn:
                browser = WebPlayer(self.opened, self.language)  # the letter's link opens in one
                await browser.play(turn)
            async with self.running(app):
                await self.act(turn)
        finally:
            app.close()
        seen = self.messages[-1]
        shown = recognise(app.programmes[self.programme], seen.text, self.language)
        self.cards[shown.place] = seen
        return shown

    async def act(self, turn: Turn, times: int = 1) -> None:
        match turn:
            case {"twice": again}:
                await self.act(again, times=2)
            case {"do": "start"}:
                await self.says(f"/start {self.programme}")
                if any(press.verb == "start" for press in self.presses()):
                    await self.tap("start", choice=self.language)
            case {"do": "skip"}:
                await self.tap("s", times=times)
            case {"do": "nothing"} if any(press.verb == "d" for press in self.presses()):
                await self.tap("d")
            case {"do": "nothing"}:
                some = next(press for press in self.presses() if press.verb in ("b", "q"))
                asked = [press for press in self.presses() if press.verb in ("q", "k")]
                question = asked[0].question if asked else self.place
                await self.press(Press("s", question, revision=some.revision).pack(), self.messages[-1])
            case {"do": "back"}:
                words = words_for(self.language)
                backs = (words("Back"), words("Change my last answer"))
                [back] = [press for button, press in self.buttons() if button.label in backs]
                await self.tap("b", back.question)
            case {"do": "see_result"}:
                await self.tap("b", RESULT)
            case {"do": "go_on"}:
                await self.tap("g", times=times)
            case {"do": "submit"}:
                await self.tap("x", times=times)
            case {"change": question}:
                await self.tap("change")
                await self.tap("b", str(question))
            case {"answer": question, "with": raw}:
                await self.answers(str(question), raw, times)
            case {"type": text}:
                await self.says(str(text))
            case {"stale": question, "with": raw}:
                old = self.cards[str(question)]
                press = next(one for one in self.presses(old) if (one.question, one.choice) == (question, raw[0]))
                [said] = await self.press(press.pack(), old)
                assert said == ("Redan besvarad" if self.language == "sv" else "Already answered")
            case {"language": language}:
                await self.says("/language")
                await self.tap("speak", choice=str(language))
                self.language = str(language)
            case {"withdraw": partner}:
                await self.says("/status")
                choice = "" if partner == "everything" else str(partner)
                await self.tap("withdraw")
                await self.tap("withdraw_one", choice=choice)
                await self.tap("withdrawn", choice=choice)
            case {"decide": _} | {"consents": _} | {"telephone": _}:
                await self.says("/status")
            case _:
                raise AssertionError(f"a person in a chat cannot do this: {turn}")

    async def answers(self, question: str, raw: Iterable[str], times: int) -> None:
        """Tick until the right ones are ticked and press Done; or press the one button."""
        if not any(press.verb == "t" for press in self.presses()):
            [choice] = raw
            return await self.tap("q", question, choice, times=times)
        for button, press in self.buttons():
            if press.verb == "t" and (press.choice in raw) != button.label.startswith(TICKED):
                await self.tap("t", question, press.choice)
        await self.tap("d", question, times=times)

    async def tap(self, verb: str, question: str | None = None, choice: str | None = None, times: int = 1) -> None:
        """Press the one button that means this, on the last card that has any."""
        found = [
            press
            for press in self.presses()
            if press.verb == verb and question in (None, press.question) and choice in (None, press.choice)
        ]
        seen = self.last_card()
        assert len(found) == 1, f"{len(found)} buttons {verb} {question} {choice} under: {self.messages[-1].text}"
        await self.press(found[0].pack(), seen, times)

    @property
    def place(self) -> str:
        return next(place for place, seen in reversed(self.cards.items()) if seen.text == self.last_card().text)

    def last_card(self) -> Message:
        return next(seen for seen in reversed(self.messages) if seen.buttons)

    def buttons(self, seen: Message | None = None) -> list[tuple[Labelled, Press]]:
        return [(one, Press.unpack(one.data)) for one in (seen or self.last_card()).buttons if one.data]

    def presses(self, seen: Message | None = None) -> list[Press]:
        return [press for _, press in self.buttons(seen)]

    async def outcome(self) -> Outcome:
        app = self.opened()
        try:
            return outcome_of(app)
        finally:
            app.close()


class NearPlayer(ChatPlayer):
    """A chat without a carrier: what is heard goes to the conversation, and what it shows comes back."""

    messages: Sequence[_Screen] = ()

    @asynccontextmanager
    async def running(self, app: App) -> AsyncIterator[None]:
        self.chat = Choosing(app)
        yield

    async def says(self, text: str) -> None:
        self._hears(Heard.written(text, language=self.language))

    async def press(self, data: str, on: Message, times: int = 1) -> Sequence[str]:
        keyboard = [(one.label, one.data or "") for one in on.buttons]
        return [self._hears(Heard.of_button(data, keyboard, language=self.language)) for _ in range(times)]

    def _hears(self, heard: Heard) -> str:
        reply = self.chat.hear(Handle("telegram", "7"), heard)
        self.messages = (*self.messages, *(_Screen.of(card) for card in reply.cards))
        return reply.toast


class _Key(NamedTuple):
    label: str
    data: str


class _Screen(NamedTuple):
    text: str
    buttons: tuple[_Key, ...]

    @classmethod
    def of(cls, card: Card) -> _Screen:
        return cls(card.text, tuple(_Key(one.label, one.press.pack()) for one in card.buttons if one.press))
