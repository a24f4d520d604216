"""Back, reload, and double clicks: nothing is lost, and nothing is sent twice."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from intake.store.tables import submissions
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browsers import Browse


def sent(site: Site) -> int:
    with site.office.app.store.db.transactions.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(submissions)).scalar_one())


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_back_shows_the_answer_given_and_it_can_be_changed(browse: Browse, site: Site, script: bool) -> None:
    person = Person(await browse(script=script), site)
    await person.begins()
    await person.goes_to("home_municipality")
    await person.page.go_back()
    assert person.place == "last_employment_date"
    assert await person.page.input_value("#last_employment_date") == "2027-03-31"
    await person.answers("2027-04-30")
    assert person.place == "home_municipality"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_after_sending_back_says_that_it_is_sent(browse: Browse, site: Site, script: bool) -> None:
    person = Person(await browse(script=script), site)
    await person.is_at("info_ok")
    await person.answers("yes")
    before = sent(site)
    await person.presses()
    said = await person.reads()
    assert "Dina svar är skickade" in said
    for _ in range(2):  # the check page, then the last question
        await person.page.go_back()
        assert await person.reads() == said
    await person.page.reload()
    assert sent(site) == before + 1


async def test_two_presses_of_send_are_one(browse: Browse, site: Site) -> None:
    person = Person(await browse(script=False), site)
    await person.is_at("check")
    before = sent(site)
    await person.page.locator("#send").dblclick()
    await person.page.wait_for_url("**/receipt")
    assert sent(site) == before + 1


async def test_a_ticked_none_unticks_the_others(browse: Browse, site: Site) -> None:
    person = Person(await browse(), site)
    await person.is_at("needs")
    await person.says(["core_subjects", "none"])
    assert await person.page.locator(":checked").evaluate_all("all => all.map(one => one.value)") == ["none"]
    await person.says("reemployment")
    assert await person.page.locator(":checked").evaluate_all("all => all.map(one => one.value)") == ["reemployment"]
