"""Two programmes in one service: each is found, and answers to one never reach the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from intake import App, Handle
from intake.chat import play_terminal
from intake.chat.cards import Heard, Press, Reply
from intake.chat.programme_choice import Choosing, mark_of
from intake.config import PACKAGED
from tests.bot_player import bot_running
from tests.openings import Opener
from tests.telegram_person import Person
from tests.telegram_wire import Wire
from tests.terminals import typed
from tests.visitor import Visitor
from web import build_web

BOTH = ("vastkraft", "vaxla")


@pytest.fixture
def app(wire: Wire, sqlite_url: str, tmp_path: Path) -> Iterator[App]:
    telegram = {"TELEGRAM_BOT_TOKEN": wire.token, "TELEGRAM_API_URL": wire.url}
    app = Opener(sqlite_url, tmp_path, programmes=PACKAGED, **telegram)()
    yield app
    app.close()


def first_question(app: App, programme: str) -> str:
    served = app.programmes[programme]
    return served.texts.say("sv", "question", served.questions[0].id, "text")


def first_choice(app: App, programme: str) -> str:
    served = app.programmes[programme]
    question = served.questions[0]
    return served.texts.say("sv", "choice", question.id, question.choices[0].id)


def answers(app: App, handle: Handle, programme: str) -> dict[str, object]:
    found = app.desk.find(handle, programme)
    return {} if found is None else dict(found.answers)


async def test_the_first_page_lists_both_by_name(app: App) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=build_web(app)), base_url=app.settings.base)
    async with Visitor(client, "sv") as visitor:
        page = await visitor.opens("/?lang=sv")
        assert page.status == 200
        for id in BOTH:
            assert app.programmes[id].texts.say("sv", "programme", "name") in page.text
            assert f'href="/{id}/' in page.html
            start = await visitor.opens(f"/{id}/?lang=sv")
            assert start.h1 == app.programmes[id].texts.say("sv", "programme", "title")


async def test_one_browser_may_answer_both(app: App) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=build_web(app)), base_url=app.settings.base)
    async with Visitor(client, "sv") as visitor:
        for id in BOTH:
            await visitor.opens(f"/{id}/?lang=sv")
            await visitor.fills_in()
            assert first_question(app, id) in visitor.page.text
            question = app.programmes[id].questions[0]
            await visitor.fills_in(**{question.id: question.choices[0].id})
        for id in BOTH:
            page = await visitor.opens(f"/{id}/q/{app.programmes[id].questions[0].id}?lang=sv")
            assert page.status == 200 and first_question(app, id) in page.text


async def begin(person: Person, wire: Wire, app: App, programme: str) -> None:
    await wire.confirmed()
    await person.taps("Starta")
    await wire.confirmed()
    assert first_question(app, programme) in person.sees().text


async def test_a_button_answers_the_programme_it_belongs_to(app: App, wire: Wire) -> None:
    handle = Handle("telegram", "7")
    async with bot_running(app):
        kim = wire.person(7)
        await kim.says("/start")
        await wire.confirmed()
        names = [app.programmes[id].texts.say("sv", "programme", "name") for id in BOTH]
        assert kim.sees().labels == names
        await kim.taps(names[1])
        await begin(kim, wire, app, "vaxla")
        older = kim.sees()
        await kim.says("/start vastkraft")  # as by t.me/<bot>?start=vastkraft
        await begin(kim, wire, app, "vastkraft")
        await kim.taps(first_choice(app, "vaxla"), on=older)
        await wire.confirmed()
    assert answers(app, handle, "vastkraft") == {}
    assert answers(app, handle, "vaxla")


class Chat:
    """One person in a chat without any wire. `card` is the last one shown."""

    def __init__(self, app: App) -> None:
        self.app, self.handle, self.reply = app, Handle("telegram", "7"), Reply()

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.reply.cards[-1].buttons]

    def hears(self, heard: Heard) -> Chat:
        self.reply = Choosing(self.app).hear(self.handle, heard)
        return self

    def says(self, text: str, *, remembered: bool = True) -> Chat:
        shown = self.reply.cards[-1] if remembered and self.reply.cards else None
        command, _, rest = text[1:].partition(" ") if text.startswith("/") else ("", "", "")
        return self.hears(Heard("" if command else text, command, rest, shown=shown, language="sv"))

    def taps(self, label: str) -> Chat:
        [button] = [one for one in self.reply.cards[-1].buttons if one.label == label]
        return self.hears(Heard(pressed=button.press, language="sv"))

    def shows(self, programme: str) -> bool:
        return first_question(self.app, programme) in self.reply.cards[-1].text

    def begins(self, programme: str) -> Chat:
        self.says(f"/start {programme}").taps("Starta")
        assert self.shows(programme)
        return self


def test_what_is_typed_belongs_to_the_card_it_is_typed_under(app: App) -> None:
    chat = Chat(app).begins("vaxla").begins("vastkraft").says("/start vaxla")
    chat.says(first_choice(app, "vaxla"))
    assert answers(app, chat.handle, "vaxla") and not answers(app, chat.handle, "vastkraft")


def test_after_a_restart_it_belongs_to_what_was_touched_last(app: App) -> None:
    chat = Chat(app).begins("vaxla").begins("vastkraft")
    chat.says(first_choice(app, "vastkraft"), remembered=False)
    assert answers(app, chat.handle, "vastkraft") and not answers(app, chat.handle, "vaxla")
    assert Chat(app).says("/start", remembered=False).labels != ["VästKraft", "Växla"], "and /start goes on there"


def test_another_programme_can_be_chosen_at_any_time(app: App) -> None:
    chat = Chat(app).says("/start").taps("VästKraft")
    assert chat.taps("Välj ett annat program").labels == ["VästKraft", "Växla"]
    chat.taps("Växla").taps("Starta")
    assert chat.shows("vaxla")
    assert "/programmes" in chat.says("/help").reply.cards[-1].text
    assert chat.says("/programmes").labels == ["VästKraft", "Växla"]


def test_everything_asks_for_a_programme_until_one_is_chosen(app: App) -> None:
    for said in ("hej", "/help", "/privacy", "/cancel", "/start nothing"):
        chat = Chat(app).says(said)
        assert chat.labels == ["VästKraft", "Växla"] and "031-000 00 00" in chat.reply.cards[-1].text
    assert Chat(app).hears(Heard(pressed=Press("programme", choice="forged"))).labels == ["VästKraft", "Växla"]


def test_deleting_in_one_leaves_the_other(app: App) -> None:
    chat = Chat(app).begins("vastkraft").says(first_choice(app, "vastkraft")).begins("vaxla")
    chat.says("/delete").taps("Ja, radera")
    assert app.desk.find(chat.handle, "vaxla") is None
    assert answers(app, chat.handle, "vastkraft")


def test_a_button_from_before_there_were_two_still_works(app: App) -> None:
    """It has no mark; the chat has one interview, so it is of that."""
    chat = Chat(app).begins("vastkraft")
    presses = (button.press for button in chat.reply.cards[-1].buttons)
    press = next(one for one in presses if one is not None and one.verb == "q")
    assert press.of == mark_of("vastkraft")
    chat.hears(Heard(pressed=press._replace(of="")))
    assert answers(app, chat.handle, "vastkraft")


def test_the_terminal_begins_where_it_is_told_to(app: App) -> None:
    shown: list[str] = []
    play_terminal(app, "sv", typed("1"), shown.append, programme="vaxla")
    assert first_question(app, "vaxla") in "\n".join(shown)
