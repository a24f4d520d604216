"""Signing in and out over HTTP: an address, a letter, a button; and the ends of a session."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from sqlalchemy import func, select

from intake import BadSetting
from intake.operations.demo import COORDINATOR, staff_address
from intake.store.tables import access_log, links, messages, sessions
from tests.offices import PROGRAMME, WHITE, Office
from tests.staff.working import BASE, Worker, at_work, browser_at, link_in_mail, sign_in
from web import build_web

TRR = staff_address("trr")


async def test_in_by_the_letter_and_out_by_the_button(here: Office) -> None:
    async with browser_at(here.app) as worker:
        assert (await worker.opens("/staff/")).path == "/staff/signin"
        page = await sign_in(worker, here, TRR)
        assert (page.path, page.status) == ("/staff/", 200) and "TRR" in page.text
        cookie = worker.client.cookies["staff"]
        page = await worker.does("signout")
        assert page.path == "/staff/signin" and "staff" not in worker.client.cookies
        worker.client.cookies.set("staff", cookie)  # the cookie of before is worth nothing: the server has forgotten it
        assert (await worker.opens("/staff/")).path == "/staff/signin"


async def test_a_link_works_only_in_the_browser_that_asked(here: Office) -> None:
    async with browser_at(here.app) as asking, browser_at(here.app) as other:
        await asking.opens("/staff/signin")
        await asking.fills_in(email=TRR)
        link = link_in_mail(here, TRR)
        assert (await other.opens(link)).status == 410  # a mail scanner, or somebody who reads others' letters
        await other.opens("/staff/signin")
        token = dict(other.page.first_form.as_it_is())["csrf-token"]
        assert (await other.posts(link, [("csrf-token", token)])).status == 410
        assert (await other.opens("/staff/")).path == "/staff/signin"
        await asking.opens(link)
        assert (await asking.fills_in()).path == "/staff/"


async def test_looking_at_a_link_uses_nothing_up(here: Office) -> None:
    async with browser_at(here.app) as worker:
        await worker.opens("/staff/signin")
        await worker.fills_in(email=TRR)
        link = link_in_mail(here, TRR)
        for _ in range(3):
            page = await worker.opens(link)
            assert page.status == 200 and [form.method for form in page.forms if form.method == "post"] == ["post"]
        assert "staff" not in worker.client.cookies
        assert (await worker.fills_in()).path == "/staff/"


async def test_a_link_lives_ten_minutes(here: Office) -> None:
    async with browser_at(here.app) as worker:
        await worker.opens("/staff/signin")
        await worker.fills_in(email=TRR)
        link = link_in_mail(here, TRR)
        here.tick(minutes=9, seconds=59)
        page = await worker.opens(link)
        assert page.status == 200
        here.tick(seconds=2)
        page = await worker.fills_in()
        assert page.status == 410 and "fungerar inte längre" in page.h1 and "Få en ny länk" in page.links


async def test_a_link_works_once_also_twice_at_once(here: Office, effort: int) -> None:
    for _ in range(5 * effort):
        here.tick(minutes=16)
        async with browser_at(here.app) as worker:
            await worker.opens("/staff/signin")
            await worker.fills_in(email=TRR)
            link = link_in_mail(here, TRR)
            await worker.opens(link)
            form = worker.page.first_form.as_it_is()
            transport = httpx.ASGITransport(build_web(here.app))
            async with httpx.AsyncClient(transport=transport, base_url=BASE, cookies=worker.client.cookies) as client:
                answers = await asyncio.gather(*(client.post(link, data=dict(form)) for _ in range(4)))
            assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
            assert (await worker.opens(link)).status == 410


async def test_the_operators_link_works_once_by_its_button(here: Office) -> None:
    link, until = here.app.accounts.sign_in_link(f" {TRR.upper()}")
    path = link.removeprefix(BASE)
    async with browser_at(here.app) as scanner, browser_at(here.app) as worker:
        assert (await scanner.opens(path)).status == 200  # looking uses nothing up
        await worker.opens(path)
        assert (await worker.fills_in()).path == "/staff/" and {"staff", "known"} <= set(worker.client.cookies)
        assert (await scanner.fills_in()).status == 410
    late, _ = here.app.accounts.sign_in_link(TRR)
    here.tick(minutes=10)
    async with browser_at(here.app) as worker:
        assert (await worker.opens(late.removeprefix(BASE))).status == 410
    assert (until - here.moment).total_seconds() < 0
    with here.app.store.db.autocommit.connect() as connection:
        logged = connection.execute(select(access_log.c.what, access_log.c.staff_id)).all()
    assert ("sign_in_link_made", here.staff("trr").id) in [tuple(row) for row in logged]


async def test_a_disabled_accounts_earlier_link_opens_nothing(here: Office) -> None:
    link, _ = here.app.accounts.sign_in_link(TRR)
    here.app.accounts.disable_staff(TRR)
    async with browser_at(here.app) as worker:
        await worker.opens(link.removeprefix(BASE))
        assert (await worker.fills_in()).status == 410


async def test_guessing_links_is_slowed_down(here: Office) -> None:
    async with browser_at(here.app) as worker:
        answers = [(await worker.opens(f"/staff/signin/guess{number}")).status for number in range(12)]
        assert answers == [410] * 10 + [503] * 2
        here.tick(minutes=1)
        assert (await worker.opens("/staff/signin/guess")).status == 410


async def test_a_session_ends_after_half_an_hour_of_rest(here: Office, trr: Worker) -> None:
    here.tick(minutes=29)
    assert (await trr.opens("/staff/")).path == "/staff/"
    here.tick(minutes=29)  # from the last thing done
    assert (await trr.opens("/staff/")).path == "/staff/"
    here.tick(minutes=31)
    assert (await trr.opens("/staff/")).path == "/staff/signin"
    here.tick(minutes=-31)  # and stays ended
    assert (await trr.opens("/staff/")).path == "/staff/signin"


async def test_a_session_ends_after_twelve_hours_whatever_is_done(here: Office, trr: Worker) -> None:
    for _ in range(35):
        here.tick(minutes=20)
        assert (await trr.opens("/staff/")).path == "/staff/"
    here.tick(minutes=25)
    assert (await trr.opens("/staff/")).path == "/staff/signin"


async def test_disabling_an_account_ends_its_sessions_at_once(here: Office, trr: Worker) -> None:
    here.app.accounts.disable_staff(TRR)
    assert (await trr.opens("/staff/")).path == "/staff/signin"
    with here.app.store.db.autocommit.connect() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 0


async def test_another_role_is_taken_up_by_signing_in_anew(here: Office, trr: Worker) -> None:
    here.app.accounts.add_staff(TRR, "brg")
    assert (await trr.opens("/staff/")).path == "/staff/signin"


async def test_a_new_session_at_every_sign_in_and_the_old_one_ends(here: Office, trr: Worker) -> None:
    before = trr.client.cookies["staff"]
    here.tick(minutes=16)
    await sign_in(trr, here, COORDINATOR)
    assert trr.client.cookies["staff"] != before and "Karin" not in trr.page.html
    assert here.app.accounts.who(before) is None
    now = here.app.accounts.who(trr.client.cookies["staff"])
    assert now is not None and now.coordinator


async def test_only_hashes_are_stored(here: Office, trr: Worker) -> None:
    secret = trr.client.cookies["staff"]
    assert len(secret) * 6 >= 128 and re.fullmatch(r"[\w-]+", secret)
    with here.app.store.db.autocommit.connect() as connection:
        rows = [*connection.execute(select(sessions)), *connection.execute(select(links))]
        rows += [*connection.execute(select(access_log)), *connection.execute(select(messages))]
    assert secret not in str(rows) and link_in_mail(here, TRR).rpartition("/")[2] not in str(rows)


async def test_who_signs_in_and_who_fails_is_logged(here: Office, trr: Worker) -> None:
    await trr.opens("/staff/signin")
    token = dict(trr.page.first_form.as_it_is())["csrf-token"]
    await trr.posts("/staff/signin/nolink", [("csrf-token", token)])
    await trr.opens("/staff/")
    await trr.does("signout")
    with here.app.store.db.autocommit.connect() as connection:
        logged = connection.execute(select(access_log.c.what).order_by(access_log.c.at)).scalars().all()
    assert logged == ["signed_in", "sign_in_failed", "signed_out"]


async def test_a_wrong_address_is_told_at_its_field_and_kept(here: Office) -> None:
    async with browser_at(here.app) as worker:
        await worker.opens("/staff/signin")
        for address in ("", "trr", "trr@", "a b@example.org", "x" * 250 + "@example.org"):
            page = await worker.fills_in(email=address)
            assert page.status == 422 and page.title.startswith("Fel: ") and page.errors, address
            assert f'value="{address}"' in page.html


async def test_from_the_letter_about_a_case_one_comes_to_the_case(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.outbox.work_once()
    [notice] = [one for one in here.app.mailbox() if one.letter == "new_referral" and one.to == TRR]
    found = re.search(r"/staff/referrals/[\w-]+", notice.text)
    assert found is not None
    async with browser_at(here.app) as worker:
        page = await sign_in(worker, here, TRR, start=found[0])
        assert page.path == f"/staff/referrals/{case.reference}" and page.h1.startswith(case.reference)


async def test_nobody_is_sent_anywhere_else(here: Office) -> None:
    async with browser_at(here.app) as worker:
        for elsewhere in ("//evil.example", "https://evil.example", "../../evil", "VK-1/../x", "vk-lower"):
            here.tick(minutes=16)
            await worker.opens("/staff/signin")
            await worker.fills_in(email=TRR, to=elsewhere)
            link = link_in_mail(here, TRR)
            assert "?" not in link
            await worker.opens(f"{link}?to={elsewhere}")
            assert (await worker.fills_in()).path == "/staff/", elsewhere


async def test_without_a_token_nothing_is_done(here: Office, trr: Worker) -> None:
    here.sends(WHITE, ("trr",))
    async with browser_at(here.app) as stranger:
        await stranger.opens("/staff/signin")
        page = await stranger.posts("/staff/signin", [("email", TRR)])
        assert page.status == 403 and f'value="{TRR}"' in page.html  # what was written is kept
    here.app.outbox.work_once()
    assert len([one for one in here.app.mailbox() if one.letter == "sign_in"]) == 1  # the one of before
    await trr.posts("/staff/signout", [("csrf-token", "forged")])
    assert trr.page.path == "/staff/" and "fortfarande inloggad" in trr.page.text
    form = trr.form("signout").as_it_is()
    await trr.posts("/staff/signout", form, {"origin": "https://evil.example"})
    assert (await trr.opens("/staff/")).path == "/staff/"


async def test_a_token_of_another_session_is_worth_nothing(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.accounts.add_staff("kollega@example.org", "trr")
    async with at_work(here, "kollega@example.org") as colleague:
        await colleague.opens("/staff/")
        theirs = colleague.form("signout").as_it_is()
        page = await trr.posts(f"/staff/referrals/{case.reference}/pick_up", theirs)
        assert page.status == 403
    assert here.standing(case)["trr"] == "waiting*"


def test_a_new_member_of_staff_gets_a_letter_once(here: Office) -> None:
    """It says where and how to sign in, and opens nothing by itself."""
    invite = here.app.accounts.invite
    for partner in ("trr", "trr", "af"):  # said twice, then moved
        invite("Ny@example.org", partner, programme=PROGRAMME, name="Ny")
    here.app.outbox.work_once()
    letters = [letter for letter in here.app.mailbox() if letter.letter == "welcome"]
    assert [letter.to for letter in letters] == ["ny@example.org"] * 2
    texts = sorted(letter.text for letter in letters)
    assert "för Arbetsförmedlingen:" in texts[0] and "för Trygghetsrådet TRR:" in texts[1]
    assert all("/staff/signin\n" in text and "token" not in text for text in texts)
    assert letters[0].subject == "Du kan logga in i VästKraft"
    with pytest.raises(BadSetting):
        invite("ny@example.org", "nobody", programme=PROGRAMME)
