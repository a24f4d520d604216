"""Pages posted at the same moment, by a person and by staff, on both databases.

Nobody is sent to a page that says to try later, or that nothing is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from intake.operations.demo import COORDINATOR, staff_address
from tests.offices import PROGRAMME, Office, office
from tests.staff.conftest import MANY
from tests.staff.test_asking import link as link_to_one
from tests.staff.test_at_once import asked_by_letter, at_trr, end, in_trrs_hands, waiting_for_consents
from tests.staff.test_deciding import link as link_to_all
from tests.staff.working import Worker, at_work, browser_at
from tests.visitor import Page


@pytest.fixture
def busy(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(database_url, tmp_path, rate=MANY) as opened:
        yield opened


@pytest.fixture
async def people(busy: Office) -> AsyncIterator[dict[str, Worker]]:
    """One at TRR, the coordinator, and a person in two tabs."""
    async with AsyncExitStack() as stack:
        yield {
            "trr": await stack.enter_async_context(at_work(busy, staff_address("trr"))),
            "gr": await stack.enter_async_context(at_work(busy, COORDINATOR)),
            "kim": await stack.enter_async_context(browser_at(busy.app)),
            "tab": await stack.enter_async_context(browser_at(busy.app)),
        }


async def test_taking_back_while_staff_pick_up(busy: Office, people: dict[str, Worker], effort: int) -> None:
    trr, kim = people["trr"], people["kim"]
    for number in range(6 * effort):
        case = at_trr(busy)
        await trr.sees(case.reference)
        await kim.opens(f"/{PROGRAMME}/status/{case.sealed['status_token']}")
        await kim.presses("partner", "trr")
        picked, taken_back = await asyncio.gather(_after(number % 6 * 0.004, trr.does("pick_up")), kim.fills_in())
        assert taken_back.status == 200 and picked.status in (200, 409)
        assert busy.standing(case) == {"trr": "withdrawn", "af": "waiting*", "gr": "watching"}


async def test_a_hand_over_pressed_in_two_tabs_is_one_letter(
    busy: Office, people: dict[str, Worker], effort: int
) -> None:
    trr = people["trr"]
    for _ in range(2 * effort):
        case = in_trrs_hands(busy)
        forms = []
        for _ in range(2):
            await trr.sees(case.reference)
            await trr.asks_to("hand_over", partner="af", note="Kan mer")
            forms.append(trr.form("hand_over").as_it_is())
        path = f"/staff/referrals/{case.reference}/hand_over"
        both = await asyncio.gather(*(trr.posts(path, form) for form in forms))
        assert sorted(page.status for page in both) == [200, 409]
        assert len(busy.letters(case, "moved")) == 1


@pytest.mark.parametrize("asked", ["one", "all"])
async def test_consents_sent_in_from_two_tabs_or_twice(
    busy: Office, people: dict[str, Worker], asked: str, effort: int
) -> None:
    for _ in range(2 * effort):
        case = asked_by_letter(busy) if asked == "one" else waiting_for_consents(busy)
        token = link_to_one(busy, case) if asked == "one" else link_to_all(busy, case)
        tabs, path = (people["kim"], people["tab"]), f"/{PROGRAMME}/consent/{token}"
        for tab in tabs:
            await tab.opens(path)
            if asked == "all":
                await tab.fills_in(consent_partner=["af"])  # then the unions
        answer = {"consent_partner": "af"} if asked == "one" else {"consent_union": "no"}
        pages = await asyncio.gather(*(tab.fills_in(**answer) for tab in tabs))
        assert [page.status for page in pages] == [200, 200]
        assert busy.standing(case)["af"] == "waiting*"
        assert end(busy, case)["events"]["af", "created", None, "waiting"] == 1


async def _after(seconds: float, act: Coroutine[Any, Any, Page]) -> Page:
    """The person's page looks at the case first, so who is to meet them starts a little later."""
    await asyncio.sleep(seconds)
    return await act
