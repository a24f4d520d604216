"""Everything can be done with a keyboard, with script and without, and the focus is always visible."""

from __future__ import annotations

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.tour import EVERYTHING
from tests.browsers import Browse

WITH_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
# Ticks in the order of the page: a person with a keyboard walks down.
BY_KEYBOARD = {**EVERYTHING, "needs": ["core_subjects", "reemployment", "own_business"], "education_level": ""}


async def test_the_whole_form_is_the_same_without_script(browse: Browse, site: Site) -> None:
    read: dict[bool, list[str]] = {True: [], False: []}
    for script in read:
        person = Person(await browse(script=script), site)
        hands = Keyboard(person, read[script])
        await person.opens("/vastkraft/?lang=sv")
        await hands.tabs_to(tag="BUTTON", text="Börja")
        await hands.enters()
        await hands.goes_to("check", BY_KEYBOARD)
        assert "Exempel Ett" in await person.reads() and "Arabiska" in await person.reads()
        await hands.tabs_to(tag="BUTTON", text="Skicka")
        await hands.enters()
        assert person.place == "receipt" and await person.page.locator("[data-reference]").inner_text()
        await hands.tabs_to(tag="A", text="Se ditt ärende")
        await hands.enters()
        assert "Trygghetsrådet TRR" in await person.reads() and person.strange == []
    printing = " Skriv ut eller spara sidan"  # a browser's own command does it too, so only script shows the button
    assert [page.replace(printing, "") for page in read[True]] == read[False] and len(read[False]) >= 25


@WITH_SCRIPT
async def test_the_first_key_offers_to_skip_to_the_question(browse: Browse, site: Site, script: bool) -> None:
    person = Person(await browse(script=script), site)
    hands = Keyboard(person)
    await person.is_at("collective_agreement")
    at = await hands.tabs()
    assert at["text"] == "Hoppa till innehållet"
    box = await person.page.locator(".skip").bounding_box()
    assert box and box["x"] >= 0 and box["y"] >= 0 and box["height"] > 24
    await person.page.keyboard.press("Enter")
    at = await hands.tabs()
    assert at["text"] == "Tillbaka", "the first stop in the sheet"


@WITH_SCRIPT
async def test_an_error_has_the_focus_and_leads_to_its_field(browse: Browse, site: Site, script: bool) -> None:
    person = Person(await browse(script=script), site)
    hands = Keyboard(person)
    await person.is_at("email")
    await hands.answers("exempel@")
    assert (await hands.focus())["role"] == "err", "a screen reader begins there"
    await hands.tabs_to(tag="A", role="")
    await person.page.keyboard.press("Enter")
    assert (await hands.focus())["name"] == "email"
    await person.page.keyboard.press("End")
    await person.page.keyboard.type("example.org")
    await hands.enters()
    assert person.place == "phone"


async def test_tab_comes_past_everything_and_leaves_again(browse: Browse, site: Site) -> None:
    person = Person(await browse(), site)
    hands = Keyboard(person)
    await person.is_at("consent_partner", EVERYTHING)
    stops = 0
    while (await hands.tabs())["tag"] != "BODY":
        stops += 1
    reachable = await person.page.locator("a[href], button, summary, main input:not([type=hidden])").count()
    assert stops == reachable > 10
