"""A cookie from before an interview gives no access to it, and nobody's answers are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import App, Handle, open_app
from intake.config import PACKAGED
from tests.journeys import LAID_OFF, goes_on_to, goes_to
from tests.visitor import Page, Visitor
from tests.web.conftest import NOW, browser_of, settings

PLANTED = "planted-by-somebody-else-0"


def plant(visitor: Visitor, value: str = PLANTED) -> None:
    visitor.client.cookies.set("intake", value, domain="127.0.0.1", path="/")


def cookie_of(visitor: Visitor) -> str:
    return visitor.client.cookies["intake"]


async def reads(app: App, value: str, programme: str = "vastkraft") -> str:
    """What somebody with this cookie sees of an interview: the path they come to."""
    async with browser_of(app) as attacker:
        plant(attacker, value)
        page = await attacker.opens(f"/{programme}/q/employment_status")
        assert "Exempel Ett" not in page.html
        return page.path if page.forms and "csrf-token" in page.html and "hero" not in page.html else "start"


async def test_a_value_planted_before_the_interview_reads_nothing(app: App, visitor: Visitor) -> None:
    plant(visitor)
    await goes_to(visitor, "check")
    assert cookie_of(visitor) != PLANTED
    assert app.desk.find(Handle("web", PLANTED), "vastkraft") is None
    assert await reads(app, PLANTED) == "start"
    await visitor.fills_in()
    assert visitor.page.reference


async def test_a_planted_cookie_reads_nothing_after_beginning_again(app: App) -> None:
    async with browser_of(app) as attacker, browser_of(app) as victim:
        await goes_to(attacker, "industry")
        known = cookie_of(attacker)
        plant(victim, known)
        await victim.opens("/vastkraft/")
        await victim.presses("afresh", "yes")
        await goes_on_to(victim, "check")
        assert cookie_of(victim) != known
        assert await reads(app, known) == "start"


async def test_a_cookie_reads_nothing_of_the_next_person_at_a_computer(app: App) -> None:
    async with browser_of(app) as shared:
        await goes_to(shared, "receipt")
        first, noted = shared.page.reference, cookie_of(shared)
        await shared.opens("/vastkraft/")
        await shared.presses("afresh", "yes")
        await goes_on_to(shared, "receipt", {**LAID_OFF, "email": "exempel.tva@example.org"})
        assert shared.page.reference not in ("", first) and cookie_of(shared) != noted
        assert await reads(app, noted) == "start"


async def test_going_on_finds_the_answers(app: App, visitor: Visitor) -> None:
    await goes_to(visitor, "industry")
    await visitor.opens("/vastkraft/")
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/industry"
    await goes_on_to(visitor, "receipt")
    assert visitor.page.reference


@pytest.mark.parametrize("afresh", [False, True])
@pytest.mark.parametrize("with_cookie", [False, True])
async def test_a_double_click_on_begin_is_one_interview(
    app: App, visitor: Visitor, afresh: bool, with_cookie: bool
) -> None:
    if afresh:
        await goes_to(visitor, "industry")
    elif with_cookie:
        plant(visitor)
    page = await visitor.opens("/vastkraft/")
    form = [*page.first_form.as_it_is(), *([("afresh", "yes")] if afresh else [])]
    before = dict(visitor.client.cookies)
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in before.items())}

    async def presses() -> tuple[str, str]:
        async with browser_of(app) as click:
            answer = await click.client.post("/vastkraft/", data=dict(form), headers=headers if before else {})
            assert answer.status_code == 303, answer.text
            return answer.headers["location"], click.client.cookies.get("intake") or ""

    first, second = await asyncio.gather(presses(), presses())
    assert first == second and first[1] not in ("", *before.values())
    plant(visitor, first[1])
    page = await visitor.opens(first[0])
    assert page.path == "/vastkraft/q/employment_status"
    page = await visitor.fills_in(employment_status="resigned")
    assert page.path == "/vastkraft/result", "either answer of the two leads on"
    plant(visitor, before.get("intake", first[1]))  # a third press, from the same page, before its cookie has come
    again = await visitor.posts("/vastkraft/", form)
    if before:
        assert again.path == "/vastkraft/result", "it deletes nothing of what was answered meanwhile"


async def test_begin_can_be_pressed_again_after_a_lost_response(app: App, visitor: Visitor) -> None:
    plant(visitor)
    page = await visitor.opens("/vastkraft/")
    form = page.first_form.as_it_is()
    await visitor.posts("/vastkraft/", form)
    given = cookie_of(visitor)
    plant(visitor)  # as if the answer had never come
    page = await visitor.posts("/vastkraft/", form)
    assert page.path == "/vastkraft/q/employment_status" and cookie_of(visitor) == given


async def test_a_stale_tab_keeps_its_text_and_the_next_press_works(app: App, visitor: Visitor) -> None:
    old: Page = await goes_to(visitor, "employment_status")
    filled = old.first_form.filled({"employment_status": "uppsagd_left"})
    await visitor.opens("/vastkraft/")
    await visitor.presses("afresh", "yes")  # in another tab
    page = await visitor.posts("/vastkraft/q/employment_status", filled)
    assert page.status == 403 and "för länge" in page.errors[0]
    assert [one.value for one in page.first_form.fields if one.checked] == ["uppsagd_left"]
    page = await visitor.fills_in()
    assert page.status == 200 and page.path != "/vastkraft/q/employment_status"


async def test_a_stale_start_page_leads_on_at_the_second_press(app: App, visitor: Visitor) -> None:
    stale = (await visitor.opens("/vastkraft/")).first_form.as_it_is()
    await goes_to(visitor, "industry")
    page = await visitor.posts("/vastkraft/", stale)
    assert page.status == 403
    page = await visitor.fills_in()
    assert page.path == "/vastkraft/q/industry"


async def test_the_link_from_the_chat_gives_a_new_cookie_too(app: App, visitor: Visitor) -> None:
    chat = Handle("telegram", "7")
    app.desk.start(chat, "vastkraft", "sv")
    app.desk.answer(chat, "vastkraft", "employment_status", ("employed_at_risk",))
    plant(visitor)
    page = await visitor.opens(f"/vastkraft/continue/{app.desk.continue_link(chat, 'vastkraft')}")
    posted, path = page.first_form.as_it_is(), page.path
    page = await visitor.posts(path, posted)
    assert page.path == "/vastkraft/q/home_municipality" and cookie_of(visitor) != PLANTED
    assert await reads(app, PLANTED) == "start"
    plant(visitor)  # the answer was lost
    page = await visitor.posts(path, posted)
    assert page.path == "/vastkraft/q/home_municipality"


async def test_another_sites_post_begins_nothing_and_changes_no_cookie(app: App, visitor: Visitor) -> None:
    plant(visitor)
    form = (await visitor.opens("/vastkraft/")).first_form.as_it_is()
    page = await visitor.posts("/vastkraft/", form, {"sec-fetch-site": "cross-site"})
    assert page.status == 403 and cookie_of(visitor) == PLANTED


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[App]:
    app = open_app(settings(database_url, tmp_path, programmes=PACKAGED, demo=True), clock=lambda: NOW)
    yield app
    app.close()


async def test_other_programmes_interviews_move_to_the_new_cookie(house: App) -> None:
    async with browser_of(house) as visitor:
        await visitor.opens("/vaxla/")
        begun = (await visitor.fills_in()).path
        first = cookie_of(visitor)
        await goes_to(visitor, "industry")
        second = cookie_of(visitor)
        assert second != first
        assert (await visitor.opens(begun)).path == begun, "still there"
        for programme in ("vastkraft", "vaxla"):
            assert house.desk.find(Handle("web", first), programme) is None
            assert house.desk.find(Handle("web", second), programme) is not None
