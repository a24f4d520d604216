"""The language of a page: the one that the browser wants most, not the one it names first."""

from __future__ import annotations

from intake import App
from tests.web.conftest import browser_of

WANTED = {
    "sv": "sv",
    "en-GB": "en",
    "de, en;q=0.5, sv;q=0.9": "sv",
    "en;q=0.1,sv;q=0.8": "sv",
    "sv;q=0.1, en;q=0.8": "en",
    "en, sv": "en",
    "sv;q=0.5, en;q=0.5": "sv",
    "sv;q=0, en;q=0.3": "en",
    "en;q=0": "sv",
    "*;q=0.1, en ; q=0.9, sv;q=0.2": "en",
    "en;q=nonsense, sv;q=0.5": "en",
    "en;q=0.4;level=1, sv;q=0.3": "en",
    "sv;q=0": "en",
    "sv;q=0, *": "en",
    "sv;q=0, *;q=0.5": "en",
    "en;q=0.1, *;q=0.9": "sv",
    "sv;q=0.2, en;q=0.1, *": "sv",
    "sv;q=0, en;q=0": "sv",
    "*;q=0": "sv",
    "en-GB;q=0.1, en;q=0.9, sv;q=0.5": "en",
    "de": "sv",
    "": "sv",
    ";;;,,q=1;": "sv",
}


async def test_the_page_is_in_the_language_that_is_wanted_most(app: App) -> None:
    for wanted, spoken in WANTED.items():
        assert app.programmes["vastkraft"].negotiate_language(wanted) == spoken, wanted
        async with browser_of(app, language=wanted) as visitor:
            assert (await visitor.opens("/vastkraft/")).language == spoken, wanted
            assert (await visitor.opens("/staff/signin")).language == spoken, wanted
