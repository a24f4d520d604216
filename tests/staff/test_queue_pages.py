"""The queue: its cases, filters in the address, and nothing that identifies a person."""

from __future__ import annotations

import re

from intake.operations.demo import staff_address
from intake.referrals import queries
from tests.offices import OWN_BUSINESS, WHITE, WORKS_HERE, Office
from tests.staff.working import Worker, at_work
from tests.visitor import Page


def rows(page: Page) -> list[tuple[str, str]]:
    """(reference, status) of every row."""
    return re.findall(r'data-reference="([^"]+)" data-status="([^"]+)"', page.html)


async def test_the_queue_shows_what_waits_and_not_who(here: Office, trr: Worker) -> None:
    first, second = here.sends(WHITE, ("trr",)), here.sends({**WHITE, "occupation": "Svetsare"}, ("trr",))
    page = await trr.opens("/staff/")
    assert rows(page) == [(first.reference, "waiting"), (second.reference, "waiting")]  # oldest first
    assert "Mölndal" in page.text and "Svetsare" in page.text and "Få nytt jobb i min bransch" in page.text
    assert "Kim" not in page.html and "kim@" not in page.html
    assert "er tur" in page.text and "i dag" in page.text


async def test_filters_are_in_the_address_and_kept_in_the_tabs(here: Office, trr: Worker) -> None:
    old = here.sends(WHITE, ("trr",))
    here.tick(days=8)
    new = here.sends({**WHITE, "home_municipality": "1407"}, ("trr",))
    async with at_work(here, staff_address("trr")) as worker:
        assert [reference for reference, _ in rows(await worker.opens("/staff/?days=7"))] == [old.reference]
        page = await worker.opens("/staff/?municipality=1407")
        assert [reference for reference, _ in rows(page)] == [new.reference]
        assert page.links["Väntar 1"] == "/staff/?tab=waiting&municipality=1407"
        page = await worker.opens("/staff/?municipality=1407&days=7")
        assert not rows(page) and "Inget passar filtret." in page.text
        assert rows(await worker.follows("Visa alla"))


async def test_every_tab_has_words_for_being_empty(trr: Worker) -> None:
    said = {tab: (await trr.opens(f"/staff/?tab={tab}")).text for tab in ("open", "mine", "closed", "all")}
    assert "Inget väntar på er nu" in said["open"] and "Du har inget ärende just nu" in said["mine"]
    assert "Här finns inget" in said["closed"] and "Här finns inget" in said["all"]


async def test_nonsense_in_the_address_is_the_ordinary_queue(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    for query in ("tab=nothing", "days=-1", "days=9999999", "days=x", "page=0", "page=x", "review=1"):
        page = await trr.opens(f"/staff/?{query}")
        assert page.status == 200 and rows(page) == [(case.reference, "waiting")], query


async def test_names_are_sorted_as_swedish_sorts(here: Office, trr: Worker, coordinator: Worker) -> None:
    for code in ("1407", "1489", "1440", "1480", "1481"):
        here.sends({**WHITE, "home_municipality": code}, ("trr",))
    await trr.opens("/staff/")
    offered = re.findall(r'<option value="14\d\d">(\w+)</option>', trr.page.html)
    assert offered == ["Ale", "Alingsås", "Göteborg", "Mölndal", "Öckerö"]
    page = await coordinator.opens("/staff/")
    partners = re.findall(r'<option value="municipality:14\d\d">Vuxenutbildningen i (\w+)', page.html)
    assert partners[0] == "Ale" and partners[-1] == "Öckerö"


async def test_mine_is_what_i_have_in_hand(here: Office, trr: Worker) -> None:
    here.app.accounts.add_staff("kollega@example.org", "trr", name="Kollegan")
    mine, theirs = here.sends(WHITE, ("trr",)), here.sends(WHITE, ("trr",))
    await trr.sees(mine.reference)
    await trr.does("pick_up")
    async with at_work(here, "kollega@example.org") as colleague:
        await colleague.opens("/staff/")
        await colleague.does("pick_up")  # the button in the row: one press
        assert colleague.page.path == f"/staff/referrals/{theirs.reference}" and "Du har tagit" in colleague.page.text
        assert rows(await colleague.opens("/staff/?tab=mine")) == [(theirs.reference, "accepted")]
    page = await trr.opens("/staff/?tab=accepted")
    assert len(rows(page)) == 2 and "Kollegan" in page.text


async def test_whoever_has_only_a_phone_is_marked(here: Office, trr: Worker) -> None:
    here.sends(WHITE, ("trr",), email="", phone="031-123 45 67")
    assert re.search(r"Väntar\s+ring", (await trr.opens("/staff/")).text)


async def test_a_long_queue_has_pages(here: Office, trr: Worker) -> None:
    """The last of many is reached; nothing is cut off in silence."""
    cases = [here.sends(WHITE, ("trr",)) for _ in range(queries.PAGE + 3)]
    page = await trr.opens("/staff/?municipality=1481")
    assert len(rows(page)) == queries.PAGE and "Äldre" not in page.links
    page = await trr.follows("Nyare")
    assert [reference for reference, _ in rows(page)] == [case.reference for case in cases[-3:]]
    assert "Nyare" not in page.links
    assert len(rows(await trr.follows("Äldre"))) == queries.PAGE


async def test_the_coordinator_sees_all_but_the_unions(here: Office, coordinator: Worker) -> None:
    case = here.sends(WHITE, ("trr", "af"), union=True)
    page = await coordinator.opens("/staff/?tab=all")
    assert sorted(rows(page)) == [(case.reference, status) for status in ("waiting", "waiting", "watching")]
    assert "nionen" not in page.html and "Alla 3" in page.links
    page = await coordinator.opens("/staff/?tab=all&partner=unionen")
    assert not rows(page)
    page = await coordinator.opens("/staff/?tab=all&partner=af")
    assert len(rows(page)) == 1
    await coordinator.follows(case.reference)
    assert coordinator.page.path.endswith(case.reference) and "Arbetsförmedlingen" in coordinator.page.text
    assert "En annan organisation har hand om det här" in coordinator.page.text


async def test_the_coordinator_is_told_what_waits(here: Office, coordinator: Worker) -> None:
    undecided, own = here.sends(WORKS_HERE), here.sends(OWN_BUSINESS)
    page = await coordinator.opens("/staff/")
    assert "1 ärende väntar på ditt beslut" in page.links and "2 ärenden väntar på att någon här tar dem" in page.links
    assert rows(await coordinator.follows("1 ärende")) == [(undecided.reference, "waiting")]
    await coordinator.opens("/staff/")
    found = {reference for reference, _ in rows(await coordinator.follows("2 ärenden"))}
    assert found == {undecided.reference, own.reference}


async def test_a_partner_does_not_see_what_only_the_coordinator_has(here: Office, trr: Worker) -> None:
    here.sends(WORKS_HERE)
    here.sends(WHITE, ("af",))
    page = await trr.opens("/staff/?review=1&partner=af&tab=all")
    assert not rows(page) and "beslut" not in page.text and "Att bestämma" not in page.html
    assert (await trr.opens("/staff/letters")).status == 404


async def test_a_union_sees_its_own_and_little_of_it(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    own = here.at(case, "unionen").reference
    async with at_work(here, staff_address("unionen")) as union:
        page = await union.opens("/staff/?tab=all")
        assert rows(page) == [(own, "waiting")] and own != case.reference
        assert "Mölndal" not in page.html and "nytt jobb" not in page.html
        assert (await union.sees(case.reference)).status == 404


async def test_in_english_for_whoever_reads_english(here: Office, trr: Worker) -> None:
    here.sends(WHITE, ("trr",))
    trr.headers = {"accept-language": "en-GB"}
    page = await trr.opens("/staff/")
    assert page.language == "en" and page.h1.startswith("Referrals") and "your turn" in page.text


async def test_the_way_out_is_on_every_page(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    for path in ("/staff/", "/staff/?tab=all", f"/staff/referrals/{case.reference}"):
        await trr.opens(path)
        assert trr.can("signout")
    assert trr.response.headers["cache-control"] == "no-store"
