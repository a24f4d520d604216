"""Writing to a person: a template, the edited text, a preview, and a letter owed once."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from tests.offices import WHITE, Office
from tests.staff.test_case_pages import in_hand
from tests.staff.working import Worker


async def test_from_a_template_by_way_of_a_preview(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    page = await trr.asks_to("letter", template="book_time", time="tisdag kl. 9")
    assert "tisdag kl. 9" in page.html and "Hej Kim Exempel!" in page.html and "Förhandsgranska" in page.html
    assert f"Ämne: Ärende {case.reference}: förslag på tid" in page.text and "Kim" not in page.title
    page = await trr.asks_to("letter", text="Hej Kim!\n\nVi ses <tisdag>.", seen="1")
    assert page.h1 == "Så här läser personen det" and "Vi ses <tisdag>." in page.text
    assert here.letters(case, "book_time") == []  # nothing is owed before "send"
    page = await trr.presses("edit", "1")
    assert ">Hej Kim!\n\nVi ses &lt;tisdag&gt;.</textarea>" in page.html
    await trr.asks_to("letter", text="Hej Kim!\n\nVi ses.", seen="1")
    page = await trr.presses("send", "1")
    assert "Brevet är på väg." in page.text and "Brev: Boka tid" in page.text
    assert here.letters(case, "book_time") == ["Hej Kim!\n\nVi ses.\n"]


async def test_the_persons_own_page_is_not_for_staff(here: Office, trr: Worker) -> None:
    """It shows whom else the person chose, and takes everything back."""
    case = here.sends(WHITE, ("trr", "af"), union=True)
    secret = case.sealed["letter_token"]
    await trr.sees(case.reference)
    await trr.does("pick_up")
    page = await trr.asks_to("letter", template="first_contact")
    text = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.DOTALL)[0])
    assert "[länken till din egen sida]" in text and secret not in page.html
    page = await trr.asks_to("letter", text=text, seen="1")
    assert secret not in page.html
    page = await trr.presses("send", "1")
    assert secret not in page.html
    [letter] = here.letters(case, "first_contact")
    assert f"/vastkraft/status/{secret}" in letter and "[" not in letter


async def test_sent_twice_from_one_page_it_is_one_letter(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    await trr.asks_to("letter", template="reminder")
    await trr.asks_to("letter", text="Hej!", seen="1")
    form = [*trr.form("letter").as_it_is(), ("send", "1")]
    for _ in range(3):
        await trr.posts(f"/staff/referrals/{case.reference}/letter", form)
    assert len(here.letters(case, "reminder")) == 1


async def test_a_letter_that_cannot_be_sent_is_said_at_the_field(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    for text, said in (("800101-1234", "personnummer"), ("x" * 4001, "4001 tecken"), ("  ", "Välj eller skriv")):
        for button in ("seen", "send"):
            await trr.sees(case.reference)
            await trr.asks_to("letter", template="reminder")
            page = await trr.asks_to("letter", text=text, **{button: "1"})
            assert page.status == 422 and said in page.text and f">{text}</textarea>" in page.html
            assert page.title.startswith("Fel: ") and 'aria-invalid="true"' in page.html
    assert here.letters(case, "reminder") == []


async def test_a_time_to_book_is_not_left_empty(here: Office, trr: Worker) -> None:
    await in_hand(here, trr)
    page = await trr.asks_to("letter", template="book_time")
    assert page.status == 422 and '<option value="book_time" selected>' in page.html
    assert "#letter-time" in page.links.values() and "letter-time" in page.ids
    page = await trr.asks_to("letter", template="book_time", time="800101-1234")
    assert page.status == 422 and 'value="800101-1234"' in page.html
    page = await trr.asks_to("letter", template="nonsense", time="")
    assert page.status == 409 and "Välj en mall." in page.text


async def test_a_last_day_goes_with_the_letter(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    await trr.asks_to("letter", template="book_time", time="tisdag kl. 9")
    for day, said in (("2026-11-01", "Den dagen har passerat"), ("i morgon", "år-månad-dag")):
        page = await trr.asks_to("letter", last_day=day, seen="1")
        assert page.status == 422 and said in page.text and page.errors and "#last_day" in page.links.values()
    page = await trr.asks_to("letter", last_day="2026-11-24", seen="1")
    assert "Skickas inte efter 2026-11-24" in page.text
    await trr.asks_to("letter", send="1")
    [letter] = [m for m in here.app.store.messages.of_referral(here.at(case, "trr").id) if m.letter == "book_time"]
    assert letter.valid_until == datetime(2026, 11, 24, 23, tzinfo=UTC)


async def test_the_letter_is_in_the_persons_language(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",), language="en")
    await trr.sees(case.reference)
    await trr.does("pick_up")
    page = await trr.asks_to("letter", template="first_contact")
    assert "Hello Kim Exempel" in page.html and page.language == "sv" and 'rows="18" lang="en"' in page.html


async def test_the_page_says_why_nothing_is_sent(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    settings = here.app.store.people.partner("vastkraft", "trr")
    here.app.store.people.set_partner(type(settings)("vastkraft", "trr", None, None, None), here.clock())
    await trr.sees(case.reference)
    page = await trr.does("pick_up")
    assert "ingen bevakad adress för svar" in page.text and not trr.can("letter")


async def test_what_was_written_survives_a_page_that_was_too_old(here: Office, trr: Worker) -> None:
    await in_hand(here, trr)
    await trr.asks_to("letter", template="reminder")
    form = trr.form("letter").filled({"text": "Ett långt brev", "send": "1", "csrf-token": "old"})
    page = await trr.posts(trr.form("letter").action, form)
    assert page.status == 403 and ">Ett långt brev</textarea>" in page.html and "tryck på knappen igen" in page.text


async def test_a_takeover_meanwhile_keeps_what_was_written(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    await trr.asks_to("letter", template="reminder")
    colleague = here.app.accounts.add_staff("kollega@example.org", "trr", name="Kollegan")
    here.app.casework.take_over(colleague, case.reference, here.staff("trr").id)
    page = await trr.asks_to("letter", text="Ett långt brev", send="1")
    assert page.status == 409 and "Ett långt brev" in page.text and "Kollegan har det" in page.text


async def test_a_letter_given_up_is_on_the_case_and_sent_again(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "the mail server answered 550")
    page = await trr.sees(case.reference)
    assert "Kunde inte levereras. E-postservern tar inte emot det. Stämmer adressen? (550)" in page.text
    assert "brev kom inte fram" in (await trr.opens("/staff/")).text
    await trr.sees(case.reference)
    again = next(form for form in trr.page.forms if form.action.startswith("/staff/letters/"))
    page = await trr.posts(again.action, [*again.filled({"csrf-token": "old"})])
    assert page.status == 403 and page.path.startswith("/staff/letters/") and case.reference in page.text
    for _ in range(2):  # the second time it is on its way already
        page = await trr.posts(again.action, again.as_it_is())
        assert page.path == f"/staff/referrals/{case.reference}" and "Brevet skickas igen." in page.text
    assert len(re.findall("Kunde inte levereras", page.text)) == 2  # the other letter, on the timeline and below it
