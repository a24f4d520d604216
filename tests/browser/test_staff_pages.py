"""The staff view in a real browser: accessible on every screen, and usable by keyboard alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from intake.keys import token_hash
from intake.operations.demo import COORDINATOR, staff_address
from intake.records import Submission
from tests.browser.checks import CHECKS, prepare
from tests.browser.keyboard import Keyboard
from tests.browser.person import Person
from tests.browser.site import Site, serving
from tests.browsers import Browse
from tests.offices import WHITE, WORKS_HERE, Office
from tests.staff.working import link_in_mail

TRR, COLLEAGUE, UNION = staff_address("trr"), "kollega@example.org", staff_address("unionen")
OUTSIDER = staff_address("municipality:1407")
Stops = AsyncIterator[tuple[str, Page]]


@pytest.fixture
async def staff_site(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """A server with an office of its own: what is in a queue is what the test put there."""
    async with serving(sqlite_url, tmp_path) as site:
        site.office.app.accounts.add_staff(COLLEAGUE, "trr", name="Kollegan")
        yield site


class Desk:
    """One browser that whoever sits down at it is signed in at."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site, self.office, self.page = site, site.office, page

    async def seats(self, email: str) -> None:
        """Signed in without the letter: that way has its own tests."""
        office, secret = self.office, f"secret-of-{email}"
        member = office.app.store.people.staff_by_email(email)
        assert member is not None
        office.app.store.people.end_session(token_hash(secret))
        office.app.store.people.add_session(token_hash(secret), member.id, office.clock())
        await self.page.context.add_cookies([{"name": "staff", "value": secret, "url": self.site.url}])

    async def opens(self, path: str) -> None:
        await self.page.goto(self.site.url + path)

    async def sees(self, case: Submission, partner: str = "") -> None:
        query = f"?partner={partner}" if partner else ""
        await self.opens(f"/staff/referrals/{case.reference}{query}")

    async def does(self, act: str, confirm: bool = True, **given: str) -> None:
        """Open what belongs to it, choose and write, and press."""
        form = self.page.locator(f'form[action$="/{act}"]').first
        details = self.page.locator(f"#act-{act}")
        if await details.count() and await details.get_attribute("open") is None:
            await details.locator("summary").click()
        for name, value in given.items():
            field = form.locator(f'[name="{name}"]').first
            if await field.get_attribute("type") == "radio":
                await form.locator(f'[name="{name}"][value="{value}"]').check()
            elif await field.evaluate("one => one.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        await self.presses(f'form[action$="/{act}"] button')
        if confirm and await self.page.locator("input[name=confirm]").count():
            await self.presses(f'form[action$="/{act}"] button')

    async def presses(self, button: str) -> None:
        async with self.page.expect_navigation():
            await self.page.locator(button).first.click()

    def case(self, **contact: str) -> Submission:
        return self.office.sends(WHITE, ("trr", "af"), union=True, **contact)


def give_up(office: Office) -> None:
    """The mail server takes no letter that is owed."""
    office.tick(seconds=1)
    for letter in office.app.store.messages.claim("lease", office.clock(), office.moment, 200):
        office.app.store.messages.give_up(letter.id, "lease", "the mail server answered 550")


async def getting_in(desk: Desk) -> Stops:
    page, office = desk.page, desk.office
    await desk.opens("/staff/signin")
    yield "sign-in", page
    await desk.presses("main form button")
    yield "sign-in: no address", page
    await page.fill("#email", TRR)
    await desk.presses("main form button")
    yield "sign-in: sent", page
    await desk.opens("/staff/signin/none")
    yield "sign-in: old link", page
    await desk.opens(link_in_mail(office, TRR))
    yield "sign-in: enter", page


async def at_a_partner(desk: Desk) -> Stops:
    page, office = desk.page, desk.office
    await desk.seats(OUTSIDER)
    await desk.opens("/staff/")
    yield "queue: empty", page
    await desk.opens("/staff/referrals/VK-AAAA-AAAA")
    yield "missing", page
    await desk.seats(TRR)
    case, phone = desk.case(), desk.case(email="", phone="031-123 45 67")
    await desk.opens("/staff/")
    yield "queue: rows", page
    await desk.opens("/staff/?municipality=1407&days=30")
    yield "queue: nothing fits", page
    await desk.sees(case)
    yield "case: waiting", page
    await desk.does("decline", confirm=False)
    yield "case: no reason to decline", page
    await desk.sees(case)
    await desk.does("pick_up")
    yield "case: in hand", page
    for act, given in {
        "note": {"text": "800101-1234"}, "call": {"note": "Ringer i morgon"}, "close": {"note": "Klart"},
        "hand_over": {"partner": "af"}, "letter": {"template": "book_time"},
    }.items():  # fmt: skip
        await desk.does(act, confirm=False, **given)
        yield f"case: error in {act}", page
    for act, given in {
        "decline": {"reason": "no_capacity", "note": "Fullt"}, "hand_over": {"partner": "af", "note": "De kan mer"},
        "close": {"outcome": "new_job"},
    }.items():  # fmt: skip
        await desk.sees(case)
        await desk.does(act, confirm=False, **given)
        yield f"confirm: {act}", page
    await desk.sees(case)
    await desk.does("letter", template="first_contact")
    yield "letter: text", page
    await page.fill("#text", "")
    await desk.presses("button[name=seen]")
    yield "letter: error", page
    await page.fill("#text", "Hej Kim!\n\n" + "Vi ses. " * 60)
    await desk.presses("button[name=seen]")
    yield "letter: seen", page
    await desk.presses("button[name=send]")
    give_up(office)
    await desk.sees(case)
    yield "case: letters that did not go out", page
    await desk.sees(phone)
    await desk.does("pick_up")
    yield "case: only a phone", page
    await desk.seats(COLLEAGUE)
    await desk.sees(case)
    yield "case: a colleague has it", page
    await desk.does("take_over", confirm=False)
    yield "confirm: take_over", page
    await desk.seats(TRR)
    await desk.sees(case)
    await desk.does("close", outcome="new_job")
    yield "case: closed", page
    office.app.desk.withdraw("vastkraft", phone.sealed["status_token"])
    await desk.sees(phone)
    yield "case: taken back", page
    again = desk.case()
    await desk.sees(again)
    office.app.casework.pick_up(office.app.accounts.add_staff(COLLEAGUE, "trr", name="Kollegan"), again.reference)
    await desk.does("pick_up")
    yield "case: somebody was first", page
    await desk.seats(UNION)
    await desk.opens(f"/staff/referrals/{office.at(again, 'unionen').reference}")
    yield "case: a union's", page
    await desk.does("pick_up")
    yield "case: a union's in hand", page
    await desk.page.locator("#act-note summary").click()
    office.tick(minutes=31)
    await desk.does("note", text="En lång anteckning")
    yield "signed out", page


async def at_the_coordinators(desk: Desk) -> Stops:
    page, office = desk.page, desk.office
    await desk.seats(COORDINATOR)
    await desk.opens("/staff/letters")
    yield "letters: none", page
    await desk.opens("/staff/coverage")
    yield "coverage: all there", page
    office.app.accounts.disable_staff(OUTSIDER)
    await page.locator('[data-partner="trr"] button').click()
    yield "coverage: pause", page
    await desk.presses("main form button")
    yield "coverage: some missing", page
    office.app.accounts.resume("trr", "vastkraft")
    office.app.outbox.work_once()
    unsure, wished, called = office.sends(WORKS_HERE), desk.case(), office.sends({**WHITE, "industry": "unknown"})
    give_up(office)
    await desk.opens("/staff/?tab=all")
    yield "queue: the coordinator's", page
    await desk.opens("/staff/?review=1")
    yield "queue: to decide", page
    await desk.opens("/staff/letters")
    yield "letters: some", page
    office.app.store.messages.server_away(office.clock())
    await desk.presses('form[action="/staff/letters"] button')
    yield "letters: sent again, the server is away", page
    give_up(office)
    office.app.store.messages.server_back()
    await desk.sees(wished, "trr")
    yield "case: another organisation's", page
    await desk.sees(wished)
    yield "case: watched", page
    await desk.sees(unsure)
    await desk.does("pick_up")
    yield "case: to decide", page
    await desk.does("decide", confirm=False, decision="no", reason="no_municipality")
    yield "confirm: no, with the usual advice", page
    await page.fill("#next_step", "")
    await desk.presses("main form button")
    yield "case: no next step", page
    await desk.does("decide", confirm=False, next_step="Ring vägledningen i Borås.")
    yield "confirm: no", page
    await desk.sees(called)
    await desk.does("pick_up")
    await desk.does("decide", confirm=False, decision="B")
    yield "confirm: group", page
    await desk.presses("main form button")
    yield "case: consents on the phone", page
    await desk.does("telephone")
    yield "case: consents missing", page
    trr = office.staff("trr")
    office.app.casework.pick_up(trr, wished.reference)
    office.app.casework.hand_over(trr, wished.reference, "brg", "Vill starta eget")
    await desk.sees(wished)
    await desk.does("pick_up")
    yield "case: a wish to hand over", page
    await desk.does("ask")
    yield "ask", page
    await desk.does("ask")
    yield "ask: error", page
    await desk.does("ask", way="letter")
    yield "case: asked by letter", page
    await desk.opens(f"/staff/referrals/{wished.reference}/person")
    yield "person", page
    await desk.sees(wished)
    await desk.does("erase", confirm=False)
    yield "erase", page
    office.app.desk.wish_erased("vastkraft", called.sealed["letter_token"])
    await desk.opens("/staff/?wishes=1")
    yield "queue: wishes to be erased", page
    await desk.sees(called)
    yield "case: wishes to be erased", page
    await desk.does("keep", confirm=False)
    yield "keep", page


@pytest.mark.parametrize("tour", [getting_in, at_a_partner, at_the_coordinators])
async def test_every_staff_page_is_for_everybody(browse: Browse, staff_site: Site, tour: object) -> None:
    page = await browse()
    await prepare(page)
    person, found, kinds = Person(page, staff_site), [], 0
    async for kind, shown in tour(Desk(staff_site, page)):  # type: ignore[operator]
        for check in CHECKS:
            found += [f"{kind}: {check.__name__}: {finding}" for finding in await check(shown)]
        kinds += 1
    assert found == [] and person.strange == [] and kinds >= 5


async def test_in_english_too(browse: Browse, staff_site: Site) -> None:
    page = await browse(locale="en-GB")
    await prepare(page)
    desk, found = Desk(staff_site, page), []
    await desk.seats(TRR)
    case = desk.case()
    for kind, path in (("queue", "/staff/"), ("case", f"/staff/referrals/{case.reference}")):
        await desk.opens(path)
        assert await page.get_attribute("html", "lang") == "en"
        for check in CHECKS:
            found += [f"{kind}: {check.__name__}: {finding}" for finding in await check(page)]
    assert found == []


@pytest.mark.parametrize("script", [True, False])
async def test_from_the_queue_to_the_end_by_keyboard(browse: Browse, staff_site: Site, script: bool) -> None:
    """Pick up, read, write, see, send, close: never a mouse, and the focus is always seen."""
    page = await browse(script=script)
    desk = Desk(staff_site, page)
    keys = Keyboard(Person(page, staff_site))
    await desk.seats(TRR)
    case = desk.case()
    await desk.opens("/staff/")
    await keys.tabs_to(tag="BUTTON", text="Ta ärendet")
    await keys.enters()
    await keys.tabs_to(name="template")
    await page.keyboard.press("ArrowDown")
    await keys.tabs_to(text="Gå vidare till texten")
    await keys.enters()
    await keys.tabs_to(name="text")
    await page.keyboard.type("Hej Kim! ")
    await keys.tabs_to(name="seen")
    await keys.enters()
    await keys.tabs_to(name="send")
    await keys.enters()
    await keys.tabs_to(tag="SUMMARY", text="Avsluta med utfall")
    await page.keyboard.press("Enter")
    await keys.chooses("outcome", "training")
    await keys.tabs_to(tag="BUTTON", text="Fortsätt")
    await keys.enters()
    await keys.tabs_to(text="Ja, gör det")
    await keys.enters()
    [letter] = staff_site.office.letters(case, "reminder")
    assert letter.startswith("Hej Kim! ") and staff_site.office.standing(case)["trr"] == "closed*"
