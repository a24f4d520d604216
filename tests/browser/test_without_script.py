"""The form without script: the same pages, from the start to withdrawing everything."""

from __future__ import annotations

import pytest

from tests.browser.person import AT_RISK, Person
from tests.browser.site import Site
from tests.browsers import Browse


@pytest.fixture
async def person(browse: Browse, site: Site) -> Person:
    return Person(await browse(script=False), site)


async def test_somebody_at_risk_comes_to_the_reference(person: Person) -> None:
    """Somebody laid off does it in test_keyboard.py, page by page the same as with script."""
    await person.begins()
    await person.goes_to("receipt", AT_RISK)
    await person.follows("text=Se ditt ärende")
    assert await person.page.locator("li[data-partner='municipality:1481'], li[data-partner=if_metall]").count() == 2
    assert person.strange == []


async def test_an_occupation_is_found_by_a_part_of_its_name(person: Person) -> None:
    await person.is_at("occupation")
    await person.answers("svets")
    assert person.place == "occupation", "a second look, with what the list has"
    found = person.page.locator("main [type=radio]")
    assert "Svetsare" in await person.reads()
    chosen = await person.page.locator("label:has([type=radio])").first.inner_text()
    await found.first.check()
    await person.presses()
    assert person.place == "education_level"
    await person.follows(".back")
    assert await person.page.input_value("#occupation") == chosen.strip()


async def test_a_no_shows_another_way_and_an_answer_can_be_changed(person: Person) -> None:
    await person.begins()
    await person.goes_to("result", {"employment_status": "self_employed"})
    assert "Business Region Göteborg" in await person.reads()
    assert await person.page.get_attribute("text=verksamt.se", "href") == "https://verksamt.se"
    await person.page.click("summary >> text=Ändra ett svar")
    await person.follows("text=Ändra Situation")
    await person.answers("uppsagd_notice")
    assert person.place == "termination_reason"


async def test_a_protected_identity_is_told_to_call_before_any_name(person: Person) -> None:
    await person.is_at("protected_identity")
    await person.answers("yes")
    assert person.place == "end"
    assert await person.page.locator("main a[href^='tel:']").first.inner_text() == "031-000 00 00"


async def test_what_was_sent_can_be_taken_back_and_the_browser_cleared(person: Person) -> None:
    await person.is_at("check")
    await person.presses()
    reference = await person.page.locator("[data-reference]").inner_text()
    await person.follows("text=Se ditt ärende")
    assert reference in await person.reads()
    await person.presses("li[data-partner=trr] button")
    await person.presses()
    assert await person.page.locator("li[data-partner=trr]").get_attribute("data-status") == "withdrawn"
    await person.opens("/vastkraft/receipt")
    await person.presses("text=Avsluta och rensa webbläsaren")
    assert "Webbläsaren är rensad" in await person.reads() and not await person.page.context.cookies()
    await person.opens("/vastkraft/receipt")
    assert reference not in await person.reads()


async def test_the_language_changes_at_the_top_and_the_answers_stay(person: Person) -> None:
    await person.is_at("home_municipality")
    await person.presses("header button")
    assert person.place == "home_municipality" and "English" not in await person.page.inner_text("header")
    assert await person.page.get_attribute("html", "lang") == "en"
    await person.follows(".back")
    assert await person.page.input_value("#last_employment_date") == "2027-03-31"
    await person.follows("text=How we handle your data")
    assert await person.page.get_attribute("html", "lang") == "en", "though the browser asks for Swedish"
