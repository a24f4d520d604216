"""Plays a transcript as a person with Telegram: real polling over HTTP, buttons pressed, words typed, bot restarted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from bot import run_bot
from intake import App, words_for
from intake.chat.cards import TICKED, Press
from intake.engine.journey import RESULT
from tests.outcomes import by_telephone, decide, outcome_of
from tests.players import Outcome, Shown, Turn, recognise
from tests.telegram_api import Button, Seen
from tests.telegram_person import Person
from tests.telegram_wire import Wire
from tests.web_player import WebPlayer

NOTICE = "Jag är uppsagd och är i min uppsägningstid"


@asynccontextmanager
async def bot_running(app: App) -> AsyncIterator[None]:
    """The bot of `app`, in this loop, until the end of the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_bot(app, stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def begins(wire: Wire, person: Person) -> None:
    """Up to the first question."""
    await person.says("/start")
    await wire.confirmed()
    await person.taps("Starta")
    await wire.confirmed()


async def until(true: Callable[[], bool], timeout: float = 5.0) -> None:
    """Wait until something can be seen."""
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end, f"not within {timeout} s"
        await asyncio.sleep(0.005)


def runs_already(app: App) -> AbstractAsyncContextManager[None]:
    """In place of `bot_running`, for a player whose bot runs all the time."""
    return nullcontext()


class BotPlayer:
    """One person in one chat. Every turn has a bot of its own, unless `running` says otherwise."""

    def __init__(
        self,
        wire: Wire,
        opened: Callable[[], App],
        language: str,
        programme: str = "vastkraft",
        running: Callable[[App], AbstractAsyncContextManager[None]] = bot_running,
    ) -> None:
        self.running = running
        self.wire, self.opened, self.language, self.programme = wire, opened, language, programme
        self.person = wire.person(7, language_code=language)
        self.cards: dict[str, Seen] = {}  # how each question's card looked when it was last shown

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
                await self.wire.confirmed()
        finally:
            app.close()
        seen = self.person.sees()
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
                await self.person.taps_forged(Press("s", question, revision=some.revision).pack())
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
                tap = await self.person.taps(press.pack(), on=old)
                assert await tap.answered() == ("Redan besvarad" if self.language == "sv" else "Already answered")
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
                raise AssertionError(f"a person with Telegram cannot do this: {turn}")

    async def answers(self, question: str, raw: Iterable[str], times: int) -> None:
        """Tick until the right ones are ticked and press Done; or press the one button."""
        if not any(press.verb == "t" for press in self.presses()):
            [choice] = raw
            return await self.tap("q", question, choice, times=times)
        for button, press in self.buttons():
            if press.verb == "t" and (press.choice in raw) != button.label.startswith(TICKED):
                await self.tap("t", question, press.choice)
        await self.tap("d", question, times=times)

    async def says(self, text: str) -> None:
        await self.person.says(text)
        await self.wire.confirmed()

    async def tap(self, verb: str, question: str | None = None, choice: str | None = None, times: int = 1) -> None:
        """Press the one button that means this, on the last card that has any."""
        found = [
            (button, press)
            for button, press in self.buttons()
            if press.verb == verb and question in (None, press.question) and choice in (None, press.choice)
        ]
        assert len(found) == 1, f"{len(found)} buttons {verb} {question} {choice} under: {self.person.sees().text}"
        seen = self.last_card()
        taps = [await self.person.taps(found[0][0].data or "", on=seen) for _ in range(times)]
        await self.wire.confirmed()
        for tap in taps:
            await tap.answered()

    async def asks_for_link(self) -> str:
        """The way to the web that the last card offers."""
        app = self.opened()
        async with self.running(app):
            await self.tap("web")
        app.close()
        return self.person.link("Öppna webbsidan", on=self.last_card())

    @property
    def place(self) -> str:
        return next(place for place, seen in reversed(self.cards.items()) if seen.text == self.last_card().text)

    def last_card(self) -> Seen:
        return next(seen for seen in reversed(self.person.messages) if seen.rows)

    def buttons(self, seen: Seen | None = None) -> list[tuple[Button, Press]]:
        return [(one, Press.unpack(one.data)) for one in (seen or self.last_card()).buttons if one.data]

    def presses(self, seen: Seen | None = None) -> list[Press]:
        return [press for _, press in self.buttons(seen)]

    async def outcome(self) -> Outcome:
        app = self.opened()
        try:
            return outcome_of(app)
        finally:
            app.close()
