"""Two programmes served by one house: each is found, and nothing said to one ever lands in the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from intake import App, Handle
from intake.config import PACKAGED
from tests.bot_player import bot_running
from tests.openings import Opener
from tests.telegram_person import Person
from tests.telegram_wire import Wire
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
            question = app.programmes[id].questions[0].id
            page = await visitor.opens(f"/{id}/q/{question}?lang=sv")
            assert page.status == 200 and first_question(app, id) in page.text


async def begin(person: Person, wire: Wire, app: App, programme: str) -> None:
    await wire.confirmed()
    await person.taps("Starta")
    await wire.confirmed()
    assert first_question(app, programme) in person.sees().text


async def test_a_chat_asks_which_and_a_button_answers_the_one_it_belongs_to(app: App, wire: Wire) -> None:
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
