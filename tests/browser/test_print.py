"""Printed pages: what a person needs afterwards, without buttons."""

from __future__ import annotations

from tests.browser.person import Person
from tests.browser.site import Site
from tests.browsers import Browse


async def printed(person: Person) -> str:
    await person.page.emulate_media(media="print")
    paper = await person.page.inner_text("body")
    await person.page.emulate_media(media="screen")
    return paper


async def test_a_result_on_paper_says_what_to_do_and_whom_to_call(browse: Browse, site: Site) -> None:
    person = Person(await browse(), site)
    await person.is_at("result", {"employment_status": "self_employed"})
    paper = await printed(person)
    assert "Business Region Göteborg" in paper and "verksamt.se" in paper and "031-000 00 00" in paper
    assert not [word for word in ("Tillbaka", "Ändra ett svar", "Skriv ut", "English") if word in paper]


async def test_a_printed_receipt_has_number_and_status_page(browse: Browse, site: Site) -> None:
    person = Person(await browse(), site)
    await person.is_at("check")
    await person.presses()
    paper = await printed(person)
    own_page = await person.page.locator("main a.btn").get_attribute("href")
    assert await person.page.inner_text("[data-reference]") in paper and f"{site.url}{own_page}" in paper
    assert "Lånar du någon annans" not in paper and f"{site.url}{own_page}" not in await person.page.inner_text("body")
