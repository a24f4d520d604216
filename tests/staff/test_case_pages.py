"""The page of a case: each action, and the messages when it is refused."""

from __future__ import annotations

import re
from typing import Any

from intake.operations.demo import staff_address
from intake.records import Submission
from tests.offices import WHITE, Office
from tests.staff.working import Worker, at_work

COLLEAGUE = "kollega@example.org"


async def in_hand(here: Office, worker: Worker, *others: str, **contact: Any) -> Submission:
    """A case that this member of TRR's staff has picked up."""
    case = here.sends(WHITE, ("trr", *others), **contact)
    await worker.sees(case.reference)
    await worker.does("pick_up")
    return case


async def test_name_and_contact_are_shown_only_while_picked_up(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    page = await trr.sees(case.reference)
    assert "Kim" not in page.html and "kim@" not in page.html and page.title.startswith(case.reference)
    page = await trr.does("pick_up")
    assert "Kim Exempel" in page.h1 and "kim@example.org" in page.links and "Du har tagit ärendet." in page.text
    assert "Kim" not in page.title  # the browser's history holds no name
    page = await trr.does("release")
    assert "Kim" not in page.html and here.standing(case)["trr"] == "waiting*"


async def test_the_loser_of_a_race_is_told_who_has_it(here: Office, trr: Worker) -> None:
    here.app.accounts.add_staff(COLLEAGUE, "trr", name="Kollegan")
    case = here.sends(WHITE, ("trr",))
    async with at_work(here, COLLEAGUE) as colleague:
        await trr.sees(case.reference)
        await colleague.sees(case.reference)
        await colleague.does("pick_up")
    page = await trr.does("pick_up")
    assert page.status == 409 and "Någon hann före" in page.text and "Kollegan har ärendet nu" in page.text


async def test_a_colleague_takes_over_from_one_who_has_left(here: Office, trr: Worker) -> None:
    here.app.accounts.add_staff(COLLEAGUE, "trr", name="Kollegan")
    case = await in_hand(here, trr)
    here.app.accounts.disable_staff(staff_address("trr"))
    async with at_work(here, COLLEAGUE) as colleague:
        page = await colleague.sees(case.reference)
        assert "TRR har det" in page.text and not colleague.can("close") and not colleague.can("note")
        page = await colleague.does("take_over")
        assert "Du har tagit över det." in page.text and colleague.can("close")
        assert "Övertaget från: TRR" in page.text


async def test_a_takeover_names_who_has_the_case_by_now(here: Office, trr: Worker) -> None:
    third = here.app.accounts.add_staff("tredje@example.org", "trr", name="Tredje")
    here.app.accounts.add_staff(COLLEAGUE, "trr")
    case = await in_hand(here, trr)
    async with at_work(here, COLLEAGUE) as colleague:
        await colleague.sees(case.reference)
        await colleague.asks_to("take_over")
        here.app.casework.take_over(third, case.reference, here.staff("trr").id)
        page = await colleague.asks_to("take_over")
        assert page.status == 409 and "Tredje har ärendet nu" in page.text


async def test_declining_shows_two_lists_with_what_follows(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr", "af"))
    page = await trr.sees(case.reference)
    assert "Om oss: nästa partner får ansvaret" in page.text
    assert "Om personen: samordnaren bestämmer vad som händer" in page.text
    page = await trr.asks_to("decline", reason="no_capacity", note="Fullt till jul")
    assert "Nästa partner får ansvaret. Personen får veta det." in page.text and "Fullt till jul" in page.text
    assert here.standing(case)["trr"] == "waiting*"  # nothing is done before the yes
    page = await trr.asks_to("decline")
    assert "Avböjt" in page.text and "Arbetsförmedlingen" not in page.text  # where it went is not TRR's to know
    assert here.standing(case) == {"trr": "declined", "af": "waiting*", "gr": "watching"}
    assert len(here.letters(case, "moved")) == 1


async def test_without_a_reason_nothing_is_declined(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    await trr.sees(case.reference)
    page = await trr.asks_to("decline", note="Fullt till jul")
    assert page.status == 422 and page.title.startswith("Fel: ") and page.errors == ["Fel: Välj eller skriv ett svar."]
    assert ">Fullt till jul</textarea>" in page.html and "#decline-reason" in page.links.values()
    assert "decline-reason" in page.ids


async def test_what_cannot_be_taken_is_said_and_kept(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    for act, given, said in (
        ("note", {"text": "800101-1234 ringde"}, "personnummer"),
        ("note", {"text": "x" * 2001}, "2001 tecken"),
        ("note", {"text": "  "}, "Välj eller skriv"),
        ("call", {"result": "", "note": "Ringer i morgon"}, "Välj eller skriv"),
        ("call", {"result": "spoke", "note": "x" * 2001}, "2001 tecken"),
        ("decline", {"reason": "no_capacity", "note": "800101-1234"}, "personnummer"),
        ("close", {"outcome": "new_job", "note": "x" * 2001}, "2001 tecken"),
        ("close", {"outcome": "", "note": "Klart"}, "Välj eller skriv"),
        ("close", {"outcome": "nonsense", "note": "Klart"}, "Välj eller skriv"),
        ("hand_over", {"partner": "af", "note": ""}, "Välj eller skriv"),
        ("hand_over", {"partner": "", "note": "Kan mer"}, "Välj eller skriv"),
        ("hand_over", {"partner": "unionen", "note": "Kan mer"}, "Välj eller skriv"),
        ("hand_over", {"partner": "teknikforetagen", "note": "Kan mer"}, "Välj eller skriv"),
    ):
        page = await trr.asks_to(act, **given)
        assert page.status == 422 and said in page.text and page.h1.startswith("Kim Exempel"), (act, given)
        written = given.get("text", given.get("note", ""))
        assert f">{written}</textarea>" in page.html, (act, given)
        assert f'<details class="act" name="act" id="act-{act}" open>' in page.html, (act, given)
    assert here.standing(case)["trr"] == "accepted*"
    events = here.app.store.referrals.events(here.at(case, "trr").id)
    assert not [event for event in events if event.note]


async def test_a_note_and_a_call_stand_on_the_timeline_with_who(here: Office, trr: Worker) -> None:
    await in_hand(here, trr)
    page = await trr.does("note", text="Vill ha <b>kvällskurs</b>")
    assert "Anteckningen är sparad." in page.text and "Vill ha <b>kvällskurs</b>" in page.text  # as written, escaped
    page = await trr.does("call", result="no_answer", note="Ringer i morgon")
    assert "Samtal: Inget svar" in page.text and "Ringer i morgon" in page.text and ", TRR" in page.text


async def test_whoever_has_only_a_phone_is_called(here: Office, trr: Worker) -> None:
    await in_hand(here, trr, email="", phone="031-123 45 67")
    assert "ring" in trr.page.text and not trr.can("letter") and "Ring, och anteckna samtalet" in trr.page.text
    page = await trr.asks_to("close", outcome="new_job")
    assert "ring och berätta" in page.text and "Personen får veta" not in page.text


async def test_closing_and_reopening(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    page = await trr.does("close", outcome="training", note="Börjar i januari")
    assert "Avslutat." in page.text and not trr.can("note") and "Kim Exempel" in page.h1
    assert here.standing(case) == {"trr": "closed*", "gr": "closed"}
    page = await trr.does("reopen")
    assert "Öppnat igen" in page.text and here.standing(case) == {"trr": "accepted*", "gr": "watching"}


async def test_handing_over_does_not_tell_whom_the_person_chose(here: Office, trr: Worker) -> None:
    with_consent = await in_hand(here, trr, "af")
    page = await trr.does("hand_over", partner="af", note="Behöver praktik")
    said_with = page.text.replace(with_consent.reference, "")
    without = await in_hand(here, trr)
    page = await trr.does("hand_over", partner="af", note="Behöver praktik")
    assert page.text.replace(without.reference, "") == said_with
    assert here.standing(with_consent)["af"] == "waiting*" and here.standing(without)["gr"] == "waiting*"


async def test_the_answers_are_gone_when_the_person_takes_them_back(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    await trr.does("note", text="Kim vill ha kvällskurs")
    here.app.desk.withdraw("vastkraft", case.sealed["status_token"], "trr")
    page = await trr.sees(case.reference)
    assert "Personen har tagit tillbaka svaren" in page.text and "Uppsägningstid" not in page.text
    assert "Kim" not in page.html and "kvällskurs" not in page.html and "Mölndal" not in page.html
    assert "Mölndal" not in (await trr.opens("/staff/?tab=closed")).html.split("<tbody")[1]
    assert [form.action for form in (await trr.sees(case.reference)).forms] == ["/staff/signout"]


async def test_an_old_page_cannot_do_what_is_over(here: Office, trr: Worker) -> None:
    """Every form of a case in hand, posted after it was closed from another tab."""
    case = await in_hand(here, trr)
    forms = {form.action.rpartition("/")[2]: form for form in trr.page.forms}
    given = {"note": {"text": "x"}, "call": {"result": "spoke"}, "close": {"outcome": "new_job"}}
    given |= {"decline": {"reason": "no_capacity"}, "hand_over": {"partner": "af", "note": "x"}}
    here.app.casework.close(here.staff("trr"), case.reference, "training")
    before = here.standing(case)
    for act in ("note", "call", "close", "decline", "hand_over", "release", "letter", "pick_up"):
        form = forms.get(act, forms["release"])
        for confirm in ("", "yes"):
            fields = form.filled({**given.get(act, {}), "confirm": confirm, "template": "reminder"})
            page = await trr.posts(f"/staff/referrals/{case.reference}/{act}", fields)
            assert page.status == 409 and "Det gjordes inte" in page.text, act
    assert here.standing(case) == before


async def test_without_a_token_nothing_is_done_and_the_text_is_kept(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    page = await trr.posts(f"/staff/referrals/{case.reference}/note", [("text", "Lång text"), ("csrf-token", "x")])
    assert page.status == 403 and ">Lång text</textarea>" in page.html and "tryck på knappen igen" in page.text
    page = await trr.asks_to("note", text="Lång text")  # the form of that page is good
    assert "Anteckningen är sparad." in page.text


async def test_nobody_loses_what_they_wrote_because_they_rested(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    here.tick(minutes=31)
    page = await trr.asks_to("note", text="En lång anteckning")
    assert page.status == 403 and page.h1 == "Du har blivit utloggad" and "En lång anteckning" in page.text
    kept = page.first_form.as_it_is()
    assert dict(kept) == {"text": "En lång anteckning", "once": dict(kept)["once"]}  # with its key it is sent once
    async with at_work(here, staff_address("trr")) as again:  # in another tab
        page = await again.posts(f"/staff/referrals/{case.reference}/note", kept)
        assert page.status == 403 and ">En lång anteckning</textarea>" in page.html
        assert "Anteckningen är sparad." in (await again.asks_to("note", text="En lång anteckning")).text


async def test_what_another_site_sends_is_not_shown_to_anybody(here: Office) -> None:
    async with at_work(here, staff_address("trr")) as worker:
        worker.client.cookies.clear()
        words = [("text", "Ring det här numret")]
        page = await worker.posts("/staff/referrals/VK-1/note", words, {"origin": "https://evil.example"})
        assert page.path == "/staff/signin" and "Ring det här" not in page.html


async def test_what_was_done_is_said_only_in_our_words(here: Office, trr: Worker) -> None:
    case = await in_hand(here, trr)
    page = await trr.opens(f"/staff/referrals/{case.reference}?done=Ring+oss+nu")
    assert "Ring oss" not in page.html and 'role="status"' not in page.html


async def test_the_timeline_stands_in_the_order_it_happened(here: Office, trr: Worker) -> None:
    for _ in range(6):  # what happens in one transaction has one time; the order is not left to chance
        case = await in_hand(here, trr, "af")
        page = await trr.does("decline", reason="no_capacity")
        assert re.search(r"Ärendet kom in.*Ärendet togs.*Avböjt:.*Ansvaret gick vidare", page.text), case.reference
