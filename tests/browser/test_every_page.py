"""Every kind of page in both languages: accessible, on every screen, without requests to other hosts."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from intake.config import PACKAGED
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme
from tests.browser.checks import CHECKS, prepare
from tests.browser.person import Person
from tests.browser.site import Site, serving
from tests.browser.tour import Stops, tour
from tests.browsers import Browse

LOCALES = {"sv": "sv-SE", "en": "en-GB"}


@pytest.mark.timeout(300)  # eighty pages, looked at twice each
@pytest.mark.parametrize("language", LOCALES)
async def test_every_page_is_for_everybody(browse: Browse, site: Site, language: str) -> None:
    person = await somebody(browse, site, LOCALES[language])
    titles = await demanding(person, tour(person, language), language)
    programme = site.office.app.programmes["vastkraft"]
    assert not missing(titles, programme)
    assert len({titles[question.id] for question in programme.questions}) == len(programme.questions)


@pytest.fixture
async def crowded(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """A server with two programmes that lets nobody ask for more than two pages a minute."""
    for id in ("vastkraft", "another"):
        copied = shutil.copytree(PACKAGED / "vastkraft", tmp_path / "programmes" / id) / "programme.toml"
        copied.write_text(copied.read_text(encoding="utf-8").replace('"vastkraft"', f'"{id}"'), encoding="utf-8")
    async with serving(sqlite_url, tmp_path, programmes=tmp_path / "programmes", rate=2) as opened:
        yield opened


async def test_the_choice_of_programmes_and_the_page_that_waits(browse: Browse, crowded: Site) -> None:
    person = await somebody(browse, crowded)

    async def stops() -> Stops:
        assert await person.opens("/") == 200
        yield "programmes"
        assert await person.opens("/vastkraft/") == 200
        await person.presses()
        yield "429"

    await demanding(person, stops(), "sv")

async def somebody(browse: Browse, site: Site, locale: str = "sv-SE") -> Person:
    page = await browse(locale=locale)
    await prepare(page)
    return Person(page, site)


async def demanding(person: Person, stops: Stops, language: str) -> dict[str, str]:
    """Every check on every page; the title of each kind of page that was visited."""
    found: list[str] = []
    titles: dict[str, str] = {}
    async for kind in stops:
        for check in CHECKS:
            found += [f"{kind}: {check.__name__}: {finding}" for finding in await check(person.page)]
        assert await person.page.get_attribute("html", "lang") == language, kind
        titles[kind] = await person.page.title()
    assert found == []
    assert person.strange == []
    return titles


def missing(visited: Iterable[str], programme: Programme) -> set[str]:
    """What the tour did not come past, of what the programme can show."""
    reasons = {f"result: {rule.reason}" for rule in programme.rules if rule.no_if is not None}
    errors = {f"error: {question.kind}" for question in programme.questions}
    assert errors <= {f"error: {kind}" for kind in KINDS}
    return (reasons | errors | {question.id for question in programme.questions}) - set(visited)
