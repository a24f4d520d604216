"""The coordinator's coverage page: its order, its treatment of unions, pausing, and access."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from intake.operations.demo import staff_address
from intake.records import PartnerSettings
from intake.referrals.coverage import _kept, _proving
from tests.offices import WHITE, Office
from tests.staff.test_pages import asks, bare, everybody
from tests.staff.working import Worker

__all__ = ["everybody"]  # a fixture
PAGE = "/staff/coverage"


def rows(worker: Worker) -> dict[str, str]:
    """{partner: its row}, in the order of the page, tags taken out."""
    found = re.findall(r'<tr role="row" id="[^"]*" data-partner="([^"]+)">(.*?)</tr>', worker.page.html, re.S)
    return {partner: " ".join(re.sub("<[^>]+>", " ", row).split()) for partner, row in found}


async def test_everybody_is_there_and_who_can_come_is_said(here: Office, coordinator: Worker) -> None:
    page = await coordinator.opens("/staff/")
    page = await coordinator.follows("Täckning")
    assert page.path == PAGE and page.h1 == "Täckning" and "Det finns någon hos varje partner." in page.text
    shown = rows(coordinator)
    assert len(shown) == 19 and "teknikforetagen" not in shown
    assert "grupp B: alla kommuner 28 slags personer" in shown["brg"]
    assert "grupp A, grupp B, ska avgöras: alla kommuner 84 slags personer" in shown["gr"]
    assert "grupp A, grupp B: Öckerö 4 slags personer" in shown["municipality:1407"]
    assert "2 medarbetare" in shown["gr"] and "1 medarbetare" in shown["brg"]  # gr: the coordinator and a colleague
    names = [row.split(" 1 medarbetare")[0] for partner, row in shown.items() if partner.startswith("municipality")]
    assert names[0].endswith("i Ale") and names[-1].endswith("i Öckerö")  # as Swedish sorts


async def test_who_is_missing_stands_first(here: Office, coordinator: Worker) -> None:
    here.app.accounts.disable_staff(staff_address("trr"))
    here.app.accounts.pause("municipality:1407", "vastkraft")
    here.app.store.people.set_partner(PartnerSettings("vastkraft", "brg", None, "x@example.org", None), here.clock())
    page = await coordinator.opens(PAGE)
    shown = rows(coordinator)
    assert set(list(shown)[:3]) == {"trr", "brg", "municipality:1407"} and "3 partner kan inte ta emot" in page.text
    assert "ingen arbetar där" in shown["trr"] and "56 slags personer" in shown["trr"]
    assert "pausad sedan 23 november 2026" in shown["municipality:1407"] and "ingen adress för svar" in shown["brg"]
    assert "ingen adress för aviseringar" not in page.text
    assert {"#trr", "#brg", "#municipality-1407"} <= set(page.links.values()) and "municipality-1407" in page.ids


async def test_of_a_union_only_whether_somebody_is_there(here: Office, coordinator: Worker) -> None:
    here.app.accounts.add_staff("till@example.org", "unionen", programme="vastkraft")
    here.app.accounts.disable_staff(staff_address("if_metall"))
    await coordinator.opens(PAGE)
    before = rows(coordinator)
    assert "någon arbetar där" in before["unionen"] and "medarbetare" not in before["unionen"]
    assert "ingen arbetar där" in before["if_metall"]
    here.sends(WHITE, (), union=True)  # whom somebody chose changes nothing here
    await coordinator.opens(PAGE)
    assert rows(coordinator) == before


async def test_pausing_and_resuming_with_a_question_in_between(here: Office, coordinator: Worker) -> None:
    people = here.app.store.people
    page = await coordinator.opens(PAGE)
    pausing = next(form for form in page.forms if dict(form.as_it_is()).get("partner") == "trr")
    page = await coordinator.posts(pausing.action, pausing.as_it_is())
    assert page.h1 == "Stämmer det här?" and "Trygghetsrådet TRR" in page.text
    assert "De som arbetar där fortsätter" in page.text and people.partner("vastkraft", "trr").paused_at is None
    page = await coordinator.asks_to("pause")
    assert "Pausad. Nya ärenden går till nästa i tur." in page.text and next(iter(rows(coordinator))) == "trr"
    assert people.partner("vastkraft", "trr").paused_at is not None
    assert here.standing(here.sends(WHITE, ("trr", "af")))["af"] == "waiting*"
    again = next(form for form in page.forms if dict(form.as_it_is()).get("partner") == "trr")
    assert again.action == f"{PAGE}/resume"
    await coordinator.posts(again.action, again.as_it_is())
    page = await coordinator.asks_to("resume")
    assert "De tar hand om nya ärenden igen." in page.text and "trr" in people.staffed("vastkraft")
    assert "Det finns någon hos varje partner." in page.text
    assert logged(here) == [("paused trr", here.coordinator.id), ("resumed trr", here.coordinator.id)]


def logged(here: Office) -> list[tuple[str, str]]:
    """What of partners stands in the access log."""
    with here.app.store.transaction() as connection:
        asked = "SELECT what, staff_id FROM access_log WHERE what LIKE '%ed %' ORDER BY at"
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


async def test_an_old_form_changes_nothing(here: Office, coordinator: Worker) -> None:
    await coordinator.opens(PAGE)
    page = await coordinator.posts(f"{PAGE}/pause", [("partner", "trr"), ("confirm", "yes"), ("csrf-token", "old")])
    assert page.status == 403 and "tryck på knappen igen" in page.text and page.h1 == "Täckning"
    assert here.app.store.people.partner("vastkraft", "trr").paused_at is None


@pytest.mark.parametrize("partner", ["gr", "tr", "teknikforetagen", "", "x" * 500])
async def test_what_cannot_be_paused_is_not_there(here: Office, coordinator: Worker, partner: str) -> None:
    """The owner is the last to take a case."""
    await coordinator.opens(PAGE)
    token = dict(coordinator.form("signout").as_it_is())["csrf-token"]
    for act in ("pause", "resume"):
        page = await coordinator.posts(
            f"{PAGE}/{act}", [("partner", partner), ("confirm", "yes"), ("csrf-token", token)]
        )
        assert page.status == 404
    assert logged(here) == []


def ways() -> Iterator[tuple[str, str]]:
    yield "GET", PAGE
    yield "POST", f"{PAGE}/pause"
    yield "POST", f"{PAGE}/resume"


async def test_nobody_else_finds_it(here: Office, everybody: dict[str, Worker]) -> None:
    """To the last byte like a page that is not there; with a good token too."""
    given = {"partner": "trr", "confirm": "yes"}
    for role, worker in everybody.items():
        for method, path in ways():
            answer = await asks(worker, method, path, given)
            if role == "anonymous":
                assert answer.status_code == 303 and answer.headers["location"].startswith("/staff/signin"), path
            elif role != "coordinator":
                missing = await asks(worker, method, "/staff/letters/none" if method == "POST" else "/staff/letters")
                assert answer.status_code == 404 and bare(answer) == bare(missing), (role, path)
                assert "Täckning" not in (await asks(worker, "GET", "/staff/")).text
    by = here.coordinator.id
    assert logged(here) == [("paused trr", by), ("resumed trr", by)]


@pytest.mark.usefixtures("without_solver")
async def test_without_the_solver_it_says_what_it_cannot_tell(here: Office, coordinator: Worker) -> None:
    here.app.accounts.disable_staff(staff_address("brg"))
    page = await coordinator.opens(PAGE)
    assert "inte bevisat på den här servern" in page.text and "slags person" not in page.text
    assert next(iter(rows(coordinator))) == "brg" and "ingen arbetar där" in rows(coordinator)["brg"]
    assert "Ingen kommer hit" not in page.text


async def test_it_is_computed_once_a_day(here: Office, coordinator: Worker) -> None:
    page = await coordinator.opens(PAGE)
    assert page.status == 200 and "28 slags personer" in rows(coordinator)["brg"]
    computed = here.app.coverage.who_comes(here.coordinator)
    with _proving:  # held while another programme is computed
        await coordinator.opens(PAGE)
        assert here.app.coverage.who_comes(here.coordinator) is computed
    here.tick(days=1)
    assert here.app.coverage.who_comes(here.coordinator) is not computed


def test_who_comes_is_computed_for_the_day_it_is_in_sweden(here: Office) -> None:
    here.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    _kept.clear()
    here.app.coverage.who_comes(here.coordinator)
    assert [day for _, _, day in _kept] == [date(2026, 11, 24)]
