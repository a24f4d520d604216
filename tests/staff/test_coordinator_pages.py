"""The coordinator's pages: deciding, consents by phone, one more partner, letters that were not sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from intake.operations.demo import COORDINATOR
from intake.records import Submission
from tests.offices import WHITE, WORKS_HERE, Office
from tests.staff.working import Worker, at_work, browser_at

UNSURE = {**WHITE, "industry": "unknown"}
NO = {"decision": "no", "reason": "no_municipality"}


async def to_decide(here: Office, worker: Worker, answers: dict[str, str] = UNSURE, **contact: Any) -> Submission:
    case = here.sends(answers, **contact)
    await worker.sees(case.reference)
    await worker.does("pick_up")
    assert worker.can("decide")
    return case


async def test_why_the_rules_could_not_decide_is_shown(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator)
    page = coordinator.page
    assert "Reglerna kunde inte avgöra" in page.text
    assert "Det är inte klart om företaget hör till teknikbranschen." in page.text
    assert (
        "Vad som skulle avgöra saken" in page.text and "om företaget visar sig höra till teknikbranschen" in page.text
    )


async def test_a_yes_sends_a_link_and_the_case_waits_for_the_consents(here: Office, coordinator: Worker) -> None:
    case = await to_decide(here, coordinator)
    page = await coordinator.asks_to("decide", decision="B")
    assert "Personen får ett brev med en länk" in page.text and "Beslutet kan inte ändras." in page.text
    page = await coordinator.asks_to("decide")
    assert "Beslutet är sparat." in page.text and "Bestämt: grupp B" in page.text and not coordinator.can("decide")
    assert len(here.letters(case, "decision_yes")) == 1
    page = await coordinator.does("new_link")  # the first was lost
    old, new = (re.findall(r"/vastkraft/consent/\S+", text)[0] for text in here.letters(case, "decision_yes"))
    assert "Ett nytt brev" in page.text and old != new
    assert "1 ärende väntar på ditt beslut" in (await coordinator.opens("/staff/")).links


async def test_a_no_needs_a_reason_and_a_next_step(here: Office, coordinator: Worker) -> None:
    case = await to_decide(here, coordinator)
    page = await coordinator.asks_to("decide", decision="no")
    assert page.status == 422 and "#decide-reason" in page.links.values() and "decide-reason" in page.ids
    assert "Programmet är till för den som bor i någon av de 13 kommunerna" in page.text  # no code of a rule
    assert "no_municipality" not in page.text and "Det finns hjälp där du bor" not in page.text
    page = await coordinator.asks_to("decide", **NO)
    assert page.status == 200 and "Boka tid hos studie- och yrkesvägledaren" in page.html  # suggested, to be changed
    page = await coordinator.asks_to("decide", next_step=" ")
    assert page.status == 422 and "#decide-next_step" in page.links.values()  # nothing at all is not enough
    assert 'value="no_municipality" checked' in page.html
    page = await coordinator.asks_to("decide", **NO, next_step="Ring 800101-1234")
    assert page.status == 422 and ">Ring 800101-1234</textarea>" in page.html and "personnummer" in page.text
    page = await coordinator.asks_to("decide", **NO, next_step="Ring vägledningen i Borås.")
    assert "Ring vägledningen i Borås.</textarea>" in page.html and here.standing(case) == {"gr": "accepted*"}
    shown = page.html.partition('<div class="mail"')[2].partition("</div>")[0]
    assert "Ring vägledningen i Borås." in shown and "[länken till din egen sida]" not in shown
    page = await coordinator.asks_to("decide")
    assert "Beslutet är sparat." in page.text and "Bestämt: inte för oss" in page.text
    [letter] = here.letters(case, "decision_no")
    assert unescape(shown).partition(">")[2].strip() == letter.strip(), "what was previewed is what is sent"
    assert here.standing(case) == {"gr": "closed*"} and "Kim Exempel" in page.h1  # who decided can still see whom


async def test_a_no_can_only_say_what_can_be_true(here: Office, coordinator: Worker) -> None:
    """Who lives elsewhere and works here is not told that they do neither."""
    await to_decide(here, coordinator, WORKS_HERE)
    assert "varken bor eller arbetar" not in coordinator.page.text
    assert "Programmet är till för den som bor i någon av de 13 kommunerna" in coordinator.page.text
    for untrue in ("Du har eget företag", "det finns ingen risk just nu", "Företaget hör till en annan bransch"):
        assert untrue not in coordinator.page.text


async def test_the_group_by_the_answers_is_suggested(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator, WORKS_HERE)
    assert re.search(r'value="A"[^>]* checked', coordinator.page.html)
    page = await coordinator.asks_to("decide", decision="A")
    assert "du kan gå vidare" in page.text and "[länken till valet]" in page.text, "a yes is previewed too"


async def test_what_a_colleague_picked_up_is_decided_too(here: Office, coordinator: Worker) -> None:
    """The owner's staff read and call, the coordinator decides: the letter is previewed all the same."""
    case = here.sends(WORKS_HERE)
    here.app.casework.pick_up(here.staff("gr"), case.reference)
    await coordinator.sees(case.reference)
    page = await coordinator.asks_to("decide", decision="A")
    assert page.status == 200 and "[länken till valet]" in page.text
    assert "Beslutet är sparat." in (await coordinator.asks_to("decide")).text


async def test_a_reason_that_was_not_offered_is_refused_first(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator, WORKS_HERE)
    page = await coordinator.asks_to("decide", decision="no", reason="no_self_employed", next_step="Ring.")
    assert page.status == 409 and 'class="mail"' not in page.html


async def test_nothing_is_suggested_without_a_group(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator, {**WHITE, "termination_reason": "personal"})
    assert not re.search(r'name="decision"[^>]* checked', coordinator.page.html)


async def test_words_that_belong_to_a_no_are_not_kept_with_a_yes(here: Office, coordinator: Worker) -> None:
    case = await to_decide(here, coordinator)
    await coordinator.does("decide", decision="B", reason="no_risk", next_step="800101-1234")
    assert not [event for event in here.app.store.referrals.events(here.at(case, "gr").id) if event.note]


async def test_without_an_address_the_coordinator_is_told_to_call(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator, email="", phone="031-123 45 67")
    assert "Ring innan du bestämmer" in coordinator.page.text
    page = await coordinator.asks_to("decide", **NO, next_step="Ring vägledningen.")
    assert "ring först, och berätta varför" in page.text and "Personen får veta" not in page.text
    await coordinator.follows("Nej, gå tillbaka")
    page = await coordinator.asks_to("decide", decision="B")
    assert "läs samtyckestexterna högt" in page.text


async def test_consents_on_the_phone_one_by_one(here: Office, coordinator: Worker) -> None:
    case = await to_decide(here, coordinator, email="", phone="031-123 45 67")
    await coordinator.does("decide", decision="B")
    page = coordinator.page
    assert "Vill du att vi skickar dina svar till Trygghetsrådet TRR?" in page.text and "nionen" not in page.html
    page = await coordinator.asks_to("telephone", **{"answer-trr": "yes"})  # af is not answered
    assert page.status == 422 and 'name="answer-trr" value="yes" id="telephone-answer-trr"' not in page.html
    assert re.search(r'name="answer-trr" value="yes" checked', page.html)  # what was heard is kept
    page = await coordinator.asks_to("telephone", **{"answer-trr": "yes", "answer-af": "no"})
    assert "Svaren är sparade." in page.text and "Samtycken sparade på telefon" in page.text
    assert here.standing(case) == {"trr": "waiting*", "gr": "watching"}
    await coordinator.sees(case.reference, "trr")
    assert re.search(r"Samtycke .* textversion 1 \(på telefon\)", coordinator.page.text)


async def test_nobody_but_a_union_to_ask_about(here: Office, coordinator: Worker) -> None:
    """R8 leads to GR and R10 offers a union, which is never asked about on the phone."""
    case = await to_decide(here, coordinator, WORKS_HERE, email="", phone="031-123 45 67")
    page = await coordinator.does("decide", decision="A")
    assert "Det finns ingen annan partner att fråga om" in page.text and "IF Metall" not in page.html
    await coordinator.does("telephone")
    assert here.standing(case) == {"gr": "accepted*"}
    assert "väntar på ditt beslut" not in (await coordinator.opens("/staff/")).text


async def test_a_wish_to_hand_over_ends_with_the_person_asked(here: Office, coordinator: Worker, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    await trr.sees(case.reference)
    await trr.does("pick_up")
    await trr.does("hand_over", partner="af", note="Vill ha praktik")
    await coordinator.sees(case.reference)
    page = await coordinator.does("pick_up")
    assert "En partner vill lämna över; fråga personen först: Arbetsförmedlingen" in page.text
    assert "Vill ha praktik" in page.text and '<option value="af" selected>' in page.html
    page = await coordinator.asks_to("ask", partner="")
    assert page.status == 422 and "ask-partner" in page.ids
    page = await coordinator.asks_to("ask", partner="af")
    assert "Vill du att vi skickar dina svar till Arbetsförmedlingen?" in page.text
    page = await coordinator.asks_to("ask")
    assert page.status == 422 and page.errors and "Arbetsförmedlingen" in page.h1
    page = await coordinator.asks_to("ask", way="letter")
    assert "Personen har fått frågan i ett brev." in page.text and "kan svara till 7 december" in page.text
    assert len(here.letters(case, "consent_asked")) == 1
    await coordinator.asks_to("ask", partner="af")
    page = await coordinator.asks_to("ask", way="yes")
    assert "Sparat: ja." in page.text
    assert here.standing(case) == {"trr": "handed_over", "af": "waiting*", "gr": "watching"}


async def test_letters_that_did_not_go_out_are_listed_with_why(here: Office, coordinator: Worker) -> None:
    page = await coordinator.opens("/staff/letters")
    assert "Alla brev har gått iväg eller är på väg." in page.text
    settings = here.app.store.people.partner("vastkraft", "af")
    here.app.store.people.set_partner(type(settings)("vastkraft", "af", None, None, None), here.clock())
    given_up, stopped = here.sends(WHITE, ("trr",), union=True), here.sends(WHITE, ("af",))
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "the mail server answered 550")
    assert "4 brev har inte gått iväg" in (await coordinator.opens("/staff/")).links
    page = await coordinator.follows("4 brev")
    assert given_up.reference in page.links and stopped.reference in page.links and "nionen" not in page.html
    assert "Organisationen har ingen bevakad adress för svar." in page.text
    assert "Organisationen har ingen adress för aviseringar." in page.text and "(550)" in page.text
    assert here.at(given_up, "unionen").reference not in page.html
    again = [form for form in page.forms if form.action.startswith("/staff/letters/")]
    assert len(again) == 2  # what is stopped goes out by itself when the address is set
    page = await coordinator.posts(again[0].action, again[0].filled({"csrf-token": "old"}))
    assert page.status == 403 and "tryck på knappen igen" in page.text
    page = await coordinator.posts(again[0].action, again[0].as_it_is())
    assert "Brevet skickas igen." in page.text and len(page.forms) == 2  # the other one, and the way out


async def test_all_given_up_are_sent_again_at_one_press(here: Office, coordinator: Worker) -> None:
    cases = [here.sends(WHITE, ("trr",), union=True) for _ in range(3)]
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "the mail server answered 550")
    page = await coordinator.opens("/staff/letters")
    assert "6 brev kunde inte levereras" in page.text
    everything = next(form for form in page.forms if form.action == "/staff/letters")
    page = await coordinator.posts(everything.action, everything.filled({"csrf-token": "old"}))
    assert page.status == 403 and "tryck på knappen igen" in page.text
    page = await coordinator.posts(everything.action, everything.as_it_is())
    assert "6 brev skickas igen." in page.text and "Skicka alla igen" not in page.text
    page = await coordinator.posts(everything.action, everything.as_it_is())
    assert "Det fanns inget brev kvar att skicka igen." in page.text
    for case in cases:
        [union] = here.app.store.messages.of_referral(here.at(case, "unionen").id)
        assert union.status == "given_up"
        events = [event.what for event in here.app.store.referrals.events(here.at(case, "trr").id)]
        assert events.count("send_again") == 2
    assert "skickas igen" not in (await coordinator.opens("/staff/letters?again=x12")).text


async def test_only_the_coordinator_sends_all_again(here: Office, trr: Worker) -> None:
    here.sends(WHITE, ("trr",))
    token = (await trr.opens("/staff/")).forms[0].as_it_is()
    assert (await trr.posts("/staff/letters", token)).status == 404


async def test_the_mail_servers_absence_is_told_in_swedish_time(here: Office, coordinator: Worker) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.store.messages.server_away(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    here.app.store.messages.server_away(datetime(2026, 11, 23, 10, 30, tzinfo=UTC))  # it is known already
    assert "E-postservern svarar inte" in (await coordinator.opens("/staff/")).links
    page = await coordinator.opens("/staff/letters")
    assert "E-postservern har inte svarat sedan 23 november 2026 10:30." in page.text
    page = await coordinator.sees(case.reference, "trr")
    assert "På väg. E-postservern svarar inte just nu. Brevet går iväg av sig självt" in page.text
    here.app.store.messages.server_back()
    assert "E-postservern" not in (await coordinator.opens("/staff/letters")).text
    assert "E-postservern" not in (await coordinator.opens("/staff/")).text


async def test_a_letter_too_late_says_what_to_do_instead(here: Office, coordinator: Worker) -> None:
    here.app.outbox.work_once()
    case = await to_decide(here, coordinator)
    await coordinator.does("decide", decision="B")
    here.app.store.messages.claim("away", here.clock(), here.moment, 50)
    here.moment += timedelta(days=15)
    assert here.app.store.messages.expire(here.clock()) == 1
    async with at_work(here, COORDINATOR) as worker:
        page = await worker.opens("/staff/letters")
        assert "Inte skickat: för sent" in page.text and "Skicka en ny länk från ärendet." in page.text
        assert not [form for form in page.forms if form.action.startswith("/staff/letters")]
        page = await worker.sees(case.reference)
        assert "Länken i det gäller inte längre. Skicka en ny länk från ärendet." in page.text
        page = await worker.does("new_link")
        assert "Skicka en ny länk från ärendet." not in page.text and page.text.count("Inte skickat: för sent") == 1
        assert "Alla brev har gått iväg" in (await worker.opens("/staff/letters")).text


async def test_one_that_came_too_late_meanwhile_is_refused_with_why(here: Office, coordinator: Worker) -> None:
    await to_decide(here, coordinator)
    await coordinator.does("decide", decision="B")
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "the mail server answered 550")
    troubled = here.app.casework.troubled(here.coordinator)
    trouble = next(row for row in troubled if row.letter.letter == "decision_yes")
    here.tick(days=15)
    async with at_work(here, COORDINATOR) as worker:
        for field in ({}, {"reference": trouble.reference}):
            form = (await worker.opens("/staff/letters")).forms[0].filled(field)
            page = await worker.posts(f"/staff/letters/{trouble.message.id}", form)
            assert page.status == 409 and "Det är för sent för det här brevet" in page.text


async def test_what_may_have_arrived_is_said(here: Office, coordinator: Worker) -> None:
    here.sends(WHITE, ("trr",))
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        lost = "the mail server was lost while it took the letter (OSError)"
        here.app.store.messages.try_later(letter.id, "lease", here.moment, lost, maybe_delivered=True)
        [letter] = here.app.store.messages.claim("again", here.clock(), here.moment, 1)
        here.app.store.messages.give_up(letter.id, "again", "the mail server answered 451")
    page = await coordinator.opens("/staff/letters")
    assert "Det kan ha kommit fram ändå." in page.text


async def test_the_coordinator_follows_a_case_through_all_partners(here: Office, coordinator: Worker) -> None:
    case = here.sends(WHITE, ("trr", "af"), union=True)
    page = await coordinator.sees(case.reference)
    assert {"Trygghetsrådet TRR", "Arbetsförmedlingen"} <= set(page.links) and "nionen" not in page.html
    page = await coordinator.follows("Arbetsförmedlingen")
    assert [form.action for form in page.forms] == ["/staff/signout"] and "Kim" not in page.html
    assert {"Trygghetsrådet TRR", "Göteborgsregionen (GR)"} <= set(page.links)
    here.app.casework.decline(here.staff("trr"), case.reference, "no_capacity", "Bara för oss själva")
    page = await coordinator.sees(case.reference, "trr")
    assert "Ansvaret gick vidare: Arbetsförmedlingen" in page.text and "Bara för oss" not in page.html


async def test_the_person_says_yes_by_the_link_in_the_letter(here: Office, coordinator: Worker) -> None:
    case = here.sends(WHITE)
    await coordinator.sees(case.reference)
    await coordinator.does("pick_up")
    await coordinator.asks_to("ask", partner="brg")
    await coordinator.asks_to("ask", way="letter")
    [link] = re.findall(r"/vastkraft/consent/\S+", here.letters(case, "consent_asked")[0])
    async with browser_at(here.app) as person:
        page = await person.opens(link)
        assert "Business Region Göteborg" in page.text and page.first_form.values("consent_partner") == ["brg", "no"]
        page = await person.fills_in()
        assert page.status == 422, "an empty press is no answer"
        page = await person.fills_in(consent_partner="brg")
        assert page.path.startswith("/vastkraft/status/") and "Business Region Göteborg" in page.text
        assert (await person.opens(link)).status == 404
    assert here.standing(case) == {"brg": "waiting*", "gr": "watching"}
    page = await coordinator.sees(case.reference)
    assert "Personen sa ja till: Business Region Göteborg (BRG)" in page.text
