"""Nobody can lock staff out: strangers share ten letters an hour for an address, a known browser has its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, thread_time

import httpx
import pytest
from sqlalchemy import func, select

from intake.access.marks import Marks
from intake.keys import Keys
from intake.operations.demo import COORDINATOR, staff_address
from intake.store.tables import access_log, attempts, links, messages
from tests.offices import Office, office
from tests.staff.conftest import MANY
from tests.staff.working import Worker, at_work, browser_at, sign_in
from web import build_web

BASE = "https://intake.example.org"
TRR, AF = staff_address("trr"), staff_address("af")


@pytest.fixture
def secure(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office whose pages are served on https."""
    with office(sqlite_url, tmp_path, rate=MANY, demo=False, base_url=BASE) as opened:
        yield opened


async def asks(worker: Worker, email: str = TRR) -> None:
    await worker.opens("/staff/signin")
    assert (await worker.fills_in(email=email)).h1 == "Titta i din e-post"


def letters(here: Office, to: str = TRR) -> int:
    here.app.outbox.work_once()
    with here.app.store.db.autocommit.connect() as connection:
        owed = connection.execute(select(messages.c.id).where(messages.c.letter == "sign_in")).scalars().all()
    sent = [letter for letter in here.app.mailbox() if letter.letter == "sign_in" and letter.to == to]
    assert len(sent) <= len(owed)
    return len(sent)


def rows(here: Office) -> dict[str, int]:
    with here.app.store.db.autocommit.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (attempts, links, messages, access_log)
        }


async def test_a_persistent_stranger_stops_no_browser_that_signed_in(here: Office, trr: Worker) -> None:
    async with browser_at(here.app) as stranger, browser_at(here.app) as new:
        for _ in range(30):  # two hours
            here.tick(minutes=4)
            await asks(stranger)
            before = letters(here)
            if here.moment.minute < 4:  # once in an hour the colleague wants to sign in
                await asks(trr)
                assert letters(here) == before + 1
        here.tick(hours=1)
        for _ in range(10):
            await asks(stranger)
        before = letters(here)
        await asks(new)
        assert letters(here) == before, "what is left: a new browser, while strangers use up the ten"
        page = await sign_in(trr, here, TRR)
        assert page.path == "/staff/"


async def test_strangers_share_ten_letters_an_hour(here: Office, trr: Worker) -> None:
    here.tick(hours=1)
    before = letters(here)
    for number in range(12):
        async with browser_at(here.app) as stranger:
            await asks(stranger, TRR.upper() if number % 2 else TRR)  # written differently it is the same address
    assert letters(here) == before + 10
    for _ in range(5):
        await asks(trr)
    assert letters(here) == before + 13
    here.tick(minutes=15)
    await asks(trr)
    assert letters(here) == before + 14
    here.tick(minutes=45)
    async with browser_at(here.app) as stranger:
        await asks(stranger)
        assert letters(here) == before + 15


async def test_what_is_refused_counts_for_nothing_afterwards(here: Office) -> None:
    """Or whoever tries for ever keeps the others out for ever."""
    for _ in range(10):
        here.app.accounts.ask_to_sign_in(TRR, "a browser", "sv")
    assert letters(here) == 10
    for _ in range(60):
        here.tick(minutes=1)
        here.app.accounts.ask_to_sign_in(TRR, "a browser", "sv")
    assert letters(here) == 11


@pytest.mark.parametrize("kind", ["none", "made up", "cut", "another's", "of another installation", "old"])
async def test_a_mark_counts_for_its_address_and_for_90_days(here: Office, trr: Worker, kind: str) -> None:
    mark = trr.client.cookies["known"]
    match kind:
        case "none":
            mark = ""
        case "made up":
            mark = "x" * len(mark)
        case "cut":
            mark = mark[:-3]
        case "another's":
            async with at_work(here, AF) as af:
                mark = af.client.cookies["known"]
        case "of another installation":
            mark = Marks(Keys.from_text(Keys.new_text()), here.clock, here.app.chance).renewed("", TRR)
        case "old":
            here.tick(days=90)
    here.tick(hours=1)
    async with browser_at(here.app) as claiming:
        for _ in range(10):
            here.app.accounts.ask_to_sign_in(TRR, "a browser", "sv")
        before = letters(here)
        claiming.client.cookies.set("known", mark)
        await asks(claiming)
        assert letters(here) == before
        claiming.client.cookies.set("known", trr.client.cookies["known"])
        await asks(claiming)
        assert letters(here) == before + (kind != "old")


async def test_signing_in_renews_the_mark_of_each_account(here: Office, trr: Worker) -> None:
    here.tick(days=89)
    await sign_in(trr, here, COORDINATOR)
    here.tick(days=2)
    for address in (TRR, COORDINATOR):
        for _ in range(10):
            here.app.accounts.ask_to_sign_in(address, "a browser", "sv")
        before = letters(here, address)
        await asks(trr, address)
        assert letters(here, address) == before + (address == COORDINATOR), address


async def test_the_mark_opens_nothing_and_tells_nothing(here: Office, trr: Worker) -> None:
    mark = trr.client.cookies["known"]
    async with at_work(here, COORDINATOR) as other:
        assert len(other.client.cookies["known"]) == len(mark)
        await sign_in(other, here, TRR)
        assert len(other.client.cookies["known"]) == len(mark), "nor how many sign in here"
    for told in (TRR, "trr", here.staff("trr").id):
        assert told not in mark
    async with browser_at(here.app) as marked:
        marked.client.cookies.set("known", mark)
        assert (await marked.opens("/staff/")).path == "/staff/signin"
        page = await marked.opens("/staff/signin")
        assert TRR not in page.html and ("email", "") in page.first_form.as_it_is()


async def test_the_cookies_of_staff_are_these_and_are_safe(secure: Office) -> None:
    transport = httpx.ASGITransport(build_web(secure.app), raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url=BASE)
    async with Worker(client) as worker:
        await worker.opens("/staff/signin")
        await worker.fills_in(email=TRR)
        token = secure.app.links.make("signin", secure.staff("trr").id)
        await worker.opens(f"/staff/signin/{token}")
        form = worker.page.first_form
        answer = await client.post(f"/staff/signin/{token}", data=dict(form.as_it_is()))
        assert answer.status_code == 303
        given = {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}
        assert set(given) == {"__Host-staff", "__Host-known"}
        assert set(client.cookies) == {"__Host-intake", *given}
        for cookie in given.values():
            assert re.search("HttpOnly; Max-Age=[0-9]+; Path=/; SameSite=lax; Secure$", cookie), cookie
        assert "Max-Age=7776000" in given["__Host-known"]


async def test_the_answer_is_the_same_in_every_case(here: Office) -> None:
    async with at_work(here, TRR) as trr, at_work(here, AF) as af:
        here.app.accounts.disable_staff(AF)
        marks = {"": "", "trr": trr.client.cookies["known"], "af": af.client.cookies["known"]}
    pages = set()
    for address in (TRR, AF, "ingen@example.org"):
        for mark in marks.values():
            for tried in (0, 12):  # until they are used up
                async with browser_at(here.app) as worker:
                    for _ in range(tried):
                        here.app.accounts.ask_to_sign_in(address, "a browser", "sv", "", mark)
                    if mark:
                        worker.client.cookies.set("known", mark)
                    await worker.opens("/staff/signin")
                    page = await worker.fills_in(email=address)
                    pages.add((page.status, page.html, tuple(worker.response.headers.multi_items())))
    assert len(pages) == 1
    assert letters(here, AF) == 1 and not letters(here, "ingen@example.org")


def test_and_takes_as_long(here: Office, effort: int) -> None:
    """By turns, and by the quicker third of each, because a busy machine only adds time. A letter sent at once would
    take many times as long every time.
    """
    accounts = here.app.accounts
    accounts.add_staff("gone@example.org", "trr")
    accounts.disable_staff("gone@example.org")
    mark = accounts.marks.renewed("", TRR)
    here.tick(hours=1)
    for _ in range(10):
        accounts.ask_to_sign_in(AF, "a browser", "sv")
    asked = {"known": (TRR, ""), "marked": (TRR, mark), "unknown": ("nobody@example.org", ""),
             "marked for another": ("nobody@example.org", mark), "disabled": ("gone@example.org", ""),
             "exhausted": (AF, "")}  # fmt: skip
    took: dict[str, list[float]] = {kind: [] for kind in asked}
    for _ in range(30 * effort):
        for kind, (address, given) in asked.items():
            if kind != "exhausted":
                here.tick(minutes=1)
            begun = perf_counter()
            accounts.ask_to_sign_in(address, "a browser", "sv", "", given)
            took[kind].append(perf_counter() - begun)
    times = {kind: quantiles(one, n=3)[0] for kind, one in took.items()}
    assert max(times.values()) < 2 * min(times.values()), times


async def test_thousands_of_tries_leave_no_rows_and_slow_nothing_down(here: Office, effort: int) -> None:
    async with at_work(here, TRR) as trr:
        before, took = rows(here), []
        for number in range(400 if effort == 1 else 10_000):
            address = TRR if number % 2 else f"nobody{number}@example.org"
            begun = thread_time()  # ours alone, on a busy machine too
            here.app.accounts.ask_to_sign_in(address, f"browser {number}", "sv")
            took.append(thread_time() - begun)
        after = rows(here)
        assert {name: after[name] - before[name] for name in after} == {
            "attempts": 9, "links": 9, "messages": 9, "access_log": 0  # signing in was the hour's first
        }  # fmt: skip
        first, last = median(took[50:150]), median(took[-100:])
        assert last < 2 * first, (first, last)
        async with browser_at(here.app) as guessing:
            form = (await guessing.opens("/staff/signin")).first_form.as_it_is()
            for number in range(15):
                await guessing.posts(f"/staff/signin/{number}", form)
        assert rows(here)["access_log"] - before["access_log"] == 10, "failed tries are logged, at most ten a minute"
        page = await sign_in(trr, here, TRR)
        assert page.path == "/staff/"
