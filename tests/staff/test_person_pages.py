"""Pages for a copy or the erasure of all data, of the person and of the coordinator."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.offices import PROGRAMME, WHITE, Office
from tests.staff.working import Worker
from tests.visitor import Visitor
from tests.web.conftest import browser_of

ROOT = Path(__file__).parents[2]


def where_it_was_sent_from(there: Office, visitor: Visitor) -> None:
    visitor.client.cookies.set("intake", there.browser.key)


async def test_unions_stand_only_in_the_browser_that_sent_in(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    own, letter = (f"/{PROGRAMME}/status/{case.sealed[token]}" for token in ("status_token", "letter_token"))
    async with browser_of(here.app) as mine, browser_of(here.app) as other:
        where_it_was_sent_from(here, mine)
        for path in ("", "/data", "/data.json"):
            assert "Unionen" in (await mine.client.get(own + path)).text, path
            for said in (await other.client.get(own + path), await mine.client.get(letter + path)):
                text = said.text.replace("Europeiska unionen", "")
                assert said.status_code == 200 and "unionen" not in text.lower(), path
                assert "consent_union" not in text and "fackförbund" not in _told(text)


def _told(text: str) -> str:
    """Without the sentence that everybody reads."""
    return text.replace("Vad du har svarat om ett fackförbund, om vi frågade,", "")


async def test_the_own_page_gives_a_copy_to_read_and_one_to_keep(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    async with browser_of(here.app) as visitor:
        where_it_was_sent_from(here, visitor)
        await visitor.opens(f"/{PROGRAMME}/status/{case.sealed['status_token']}")
        page = await visitor.follows("Se eller ladda ner")
        assert page.h1 == "Vad vi har om dig" and "kim@example.org" in page.text and "Svar" in page.text
        file: httpx.Response = await visitor.client.get(page.links["Ladda ner som fil (JSON)"])
    headers = file.headers
    assert headers["content-disposition"] == f'attachment; filename="{case.reference}.json"'
    assert headers["cache-control"] == "no-store" and headers["x-content-type-options"] == "nosniff"
    assert json.loads(file.text)["case"]["reference"] == case.reference


@pytest.mark.parametrize("union", [True, False])
async def test_the_copy_asks_about_the_union_by_its_name(here: Office, union: bool) -> None:
    case = here.sends(WHITE, ("trr",), union=union)
    own = f"/{PROGRAMME}/status/{case.sealed['status_token']}"
    async with browser_of(here.app) as visitor:
        where_it_was_sent_from(here, visitor)
        page = await visitor.opens(f"{own}/data")
        assert "Vill du att Unionen kontaktar dig?" in page.text and "{" not in page.text
        assert "{union}" not in (await visitor.client.get(f"{own}/data.json")).text


async def test_the_coordinator_answers_or_carries_out_an_erasure_wish(
    here: Office, coordinator: Worker, trr: Worker
) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    assert (await coordinator.opens("/staff/")).text.count("vill bli raderad") == 0
    async with browser_of(here.app) as visitor:
        await visitor.opens(f"/{PROGRAMME}/status/{case.sealed['status_token']}")
        page = await visitor.follows("Be om att få det raderat")
        form = page.forms[0]
        stale = await visitor.posts(form.action, [("csrf-token", "old")])
        assert stale.status == 403 and here.standing(case)["trr"] == "waiting*"
        await visitor.follows("Nej, gå tillbaka")
        await visitor.follows("Be om att få det raderat")
        page = await visitor.fills_in()
        assert "vi har fått din begäran" in page.text and set(here.standing(case).values()) == {"withdrawn"}
        await coordinator.opens("/staff/")
        page = await coordinator.follows("1 person vill bli raderad")
        assert case.reference in page.text and "unionen" not in page.text.lower()
        await coordinator.sees(case.reference)
        page = await coordinator.asks_to("keep")
        assert "allmän handling" in page.html
        page = await coordinator.asks_to("keep")
        assert "Svaret är registrerat." in page.text and not coordinator.can("erase")
        page = await visitor.opens(f"/{PROGRAMME}/status/{case.sealed['letter_token']}")
        assert "allmän handling" in page.text
        await visitor.follows("Be om att få det raderat")
        await visitor.fills_in()
        await coordinator.sees(case.reference)
        page = await coordinator.asks_to("erase")
        assert page.h1 == "Radera allt om personen?" and here.app.store.submissions.by_id(case.id) is not None
        page = await coordinator.asks_to("erase")
        assert "Allt om personen är raderat." in page.text and here.app.store.submissions.by_id(case.id) is None
        assert (await visitor.opens(visitor.page.path)).status == 404
    assert (await trr.sees(case.reference)).status == 404 == (await coordinator.sees(case.reference)).status


async def test_the_coordinator_copies_and_erases_a_picked_up_case(
    here: Office, coordinator: Worker, trr: Worker
) -> None:
    case = here.sends(WHITE, (), union=True)
    await coordinator.sees(case.reference)
    assert not coordinator.can("erase")
    path = f"/staff/referrals/{case.reference}"
    assert (await coordinator.opens(f"{path}/person")).status == 409
    await coordinator.sees(case.reference)
    await coordinator.does("pick_up")
    page = await coordinator.follows("Vad vi har om personen")
    assert "kim@example.org" in page.text and "union" not in page.html.lower()
    file = await coordinator.client.get(f"{path}/person.json")
    assert "union" not in file.text.lower() and file.headers["content-disposition"].startswith("attachment")
    owner = here.at(case, "gr").id
    assert [what for _, what, _ in here.app.store.people.logged(owner)].count("person_export") == 2
    for other in ("person", "person.json"):
        assert (await trr.opens(f"{path}/{other}")).status == 404
    await coordinator.sees(case.reference)
    await coordinator.asks_to("erase")
    assert (await coordinator.asks_to("erase")).path == "/staff/"
    assert here.app.store.submissions.by_id(case.id) is None


async def test_with_somebody_elses_hand_on_it_a_reason_is_asked_for(here: Office, coordinator: Worker) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    here.app.casework.pick_up(trr, case.reference)
    here.app.casework.hand_over(trr, case.reference, "gr", "de vill bli raderade")
    other = here.sends(WHITE, ("trr",))
    here.app.casework.pick_up(trr, other.reference)
    await coordinator.sees(case.reference)
    await coordinator.does("pick_up")
    with here.app.store.transaction():  # TRR takes its part up again at the same time
        referral = here.app.store.referrals.get(here.at(case, "trr").id)
        event = here.app.casework.parts.moves.event(
            referral, "take_on", here.app.casework.actor(trr), here.clock(), to_status="accepted"
        )
        assert here.app.store.referrals.move(referral, event, status="accepted", staff_id=trr.id)
    await coordinator.sees(case.reference)
    page = await coordinator.asks_to("erase")
    assert "Handläggs av Trygghetsrådet TRR (TRR)" in page.text
    page = await coordinator.asks_to("erase")
    assert page.status == 422 and here.app.store.submissions.by_id(case.id) is not None
    page = await coordinator.asks_to("erase", why="beslut 14")
    assert page.path == "/staff/" and here.app.store.submissions.by_id(case.id) is None


@pytest.mark.parametrize("path", ["data", "data.json", "erase"])
async def test_a_guessed_link_is_not_found(here: Office, path: str) -> None:
    async with browser_of(here.app) as visitor:
        assert (await visitor.opens(f"/{PROGRAMME}/status/guessed/{path}")).status == 404


def test_the_page_about_a_persons_data_names_every_key(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    stored = here.app.rights.of_owner(case, "sv", None)
    page = (ROOT / "docs/person-data.md").read_text(encoding="utf-8")
    for key, value in stored.items():
        assert f"| `{key}`" in page or f", `{key}` |" in page, key
        for one in value if isinstance(value, list) else [value]:
            assert [name for name in (one if isinstance(one, dict) else {}) if f"`{name}`" not in page] == [], key


async def test_erasing_and_answering_pressed_twice_show_the_same_page(here: Office, coordinator: Worker) -> None:
    """A double click without script: the second answer is the one that is seen."""
    for act in ("keep", "erase"):
        case = here.sends(WHITE, ("trr",))
        here.app.desk.wish_erased(PROGRAMME, case.sealed["letter_token"])
        await coordinator.sees(case.reference)
        await coordinator.asks_to(act)
        form = coordinator.form(act)
        pages = [await coordinator.posts(form.action, form.as_it_is()) for _ in range(2)]
        assert {(page.status, page.url.rpartition("?")[2]) for page in pages} == {(200, f"done={act}")}
        page = await coordinator.posts(form.action, [*form.filled({"once": "another"})])
        assert page.status == (409 if act == "keep" else 404)
    here.app.outbox.work_once()
    assert len([one for one in here.app.mailbox() if one.letter == "erase_answer"]) == 1


async def test_no_address_names_whom_something_is_taken_back_from(here: Office) -> None:
    """Proxies keep addresses, and it may be a union: asking and doing are forms, alike for everybody."""
    case = here.sends(WHITE, ("trr",), union=True)
    own = f"/{PROGRAMME}/status/{case.sealed['status_token']}"
    asked: list[str] = []

    async def noted(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url.raw_path.decode()}")

    async with browser_of(here.app) as visitor:
        where_it_was_sent_from(here, visitor)
        visitor.client.event_hooks["request"] = [noted]
        for partner, name in (("unionen", "Unionen"), ("trr", "Trygghetsrådet TRR")):
            await visitor.opens(own)
            ours = [link for link in visitor.page.links.values() if not link.startswith("https://")]
            assert ours and not [link for link in ours if partner in link or "partner=" in link]
            page = await visitor.presses("partner", partner)
            assert name in page.h1 and here.standing(case)[partner].startswith("waiting"), "asked about once more"
            assert (await visitor.opens(f"{own}/withdraw?lang=en")).path == own, "opened anew it begins at the case"
            await visitor.opens(own)
            await visitor.presses("partner", partner)
            page = await visitor.fills_in()
            assert page.path == own and here.standing(case)[partner] == "withdrawn"
    union, other = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    assert union == other and "union" not in str(asked)
