"""The first page is small enough for a bad connection in a factory hall."""

from __future__ import annotations

import pytest

from tests.browser.person import Person
from tests.browser.site import Site
from tests.browsers import Browse

MOST = 10_000  # bytes, compressed, everything included


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_everything_for_the_first_page_fits_in_ten_kilobytes(browse: Browse, site: Site, language: str) -> None:
    person = Person(await browse(), site)
    site.sent.clear()
    await person.opens(f"/vastkraft/?lang={language}")
    await person.page.wait_for_load_state("networkidle")
    asked = {path.partition("-")[0]: size for path, size in site.sent}
    assert {"/vastkraft/", "/static/style", "/static/script", "/static/sea", "/static/mark"} <= set(asked)
    assert 5_000 < sum(asked.values()) <= MOST, asked
    assert person.strange == []


async def test_a_message_does_not_push_white_words_off_the_dark_ground(browse: Browse, site: Site) -> None:
    """axe cannot tell what colour is behind words on a gradient."""
    person = Person(await browse(width=320), site)
    await person.opens("/vastkraft/q/name")
    hero, words = person.page.locator(".hero"), person.page.locator(".hero .small")
    assert await person.page.locator(".hero .err").count() == 1
    assert await hero.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(8, 58, 69)"
    assert await words.evaluate("one => getComputedStyle(one).color") == "rgb(255, 255, 255)"
    around, within = await hero.bounding_box(), await words.bounding_box()
    assert around and within and within["y"] + within["height"] <= around["y"] + around["height"]


async def test_the_second_page_brings_only_itself(browse: Browse, site: Site) -> None:
    person = Person(await browse(), site)
    await person.opens("/vastkraft/")
    await person.page.wait_for_load_state("networkidle")
    site.sent.clear()
    await person.presses()
    await person.page.wait_for_load_state("networkidle")
    assert {path for path, _ in site.sent if not path.startswith("/static/mark")} == {
        "/vastkraft/", "/vastkraft/q/employment_status"
    }  # fmt: skip
