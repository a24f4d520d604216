"""The conversation: what a person can write, press and ask for, and the replies."""

from __future__ import annotations

import pytest

from intake import App
from tests.bot.talking import TO_CHECK, Talk
from tests.outcomes import journeys, outcome_of


@pytest.fixture
def kim(app: App) -> Talk:
    return Talk(app)


def test_the_first_message_informs_before_anything_is_stored(kim: Talk, app: App) -> None:
    kim.says("hej")
    for word in ("Göteborgsregionen", "10 till 15 minuter", "frivilligt", "sparar", "personnummer", "031-000 00 00"):
        assert word in kim.card.text
    assert kim.labels == ["Starta", "English"]
    assert journeys(app) == []
    kim.taps("Starta")
    assert len(journeys(app)) == 1


def test_question_cards_have_a_number_a_way_back_and_the_reason(kim: Talk) -> None:
    kim.begin().taps("Jag är uppsagd och är i min uppsägningstid")
    assert kim.card.text.startswith("Fråga 2 · Din situation")
    assert kim.card.strong == "Varför blev du uppsagd?"
    assert "Varför frågar vi?" in kim.card.text
    assert kim.labels[-1] == "Tillbaka"
    kim.says("TILLBAKA")
    assert kim.card.text.startswith("Fråga 1")
    assert "✅ Jag är uppsagd och är i min uppsägningstid" in kim.labels


def test_back_from_the_first_question_is_the_first_message(kim: Talk) -> None:
    kim.begin().taps("Tillbaka")
    assert "frivilligt" in kim.card.text
    kim.taps("English")
    assert kim.card.text.startswith("Question 1")
    kim.taps("Back", "Go on where I was")
    assert kim.card.text.startswith("Question 1")


def test_what_a_word_means_can_be_read_at_the_question(kim: Talk) -> None:
    kim.begin().taps("Vad betyder varsel och uppsagd?")
    assert "skriftligt besked" in kim.card.text
    kim.taps("Tillbaka till frågan")
    assert kim.card.text.startswith("Fråga 1")


def test_an_answer_can_be_kept_when_going_back(kim: Talk, app: App) -> None:
    kim.begin().says("uppsagd_notice", "arbetsbrist", "31 mars 2027", "tillbaka")
    assert "Du skrev: 2027-03-31" in kim.card.text
    kim.taps("Behåll mitt svar")
    assert "I vilken kommun" in kim.card.text
    [journey] = journeys(app)
    assert journey.answers["last_employment_date"] == "2027-03-31"


def test_own_words_get_suggestions_and_can_be_kept(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK[:7], "svetts")
    assert "Menar du något av det här?" in kim.card.text
    assert "Svetsare" in kim.labels
    kim.taps("Behåll mitt svar")
    assert "Vilken är din högsta avslutade utbildning?" in kim.card.text
    kim.says("tillbaka")
    kim.taps("Svetsare")
    assert journeys(app)[0].answers["occupation"] == "7212:svetsare"


def test_a_contradiction_is_pointed_out_and_can_stand(kim: Talk) -> None:
    kim.begin().says("uppsagd_notice", "arbetsbrist", "2026-10-31")
    assert "den här dagen har redan varit" in kim.card.text
    kim.taps("Ja, det stämmer")
    assert "I vilken kommun" in kim.card.text


def test_a_personal_number_is_refused_at_a_choice_too(kim: Talk, app: App) -> None:
    kim.begin().says("19850312-2389")
    assert "Det ser ut som ett personnummer" in kim.card.text
    assert "Ta gärna bort ditt meddelande" in kim.card.text
    assert "2389" not in kim.card.text
    kim.says(*TO_CHECK[:15], "Kim 850312-2389")
    assert "Det ser ut som ett personnummer" in kim.card.text
    assert "2389" not in kim.card.text
    assert all("2389" not in str(journey.answers) for journey in journeys(app))


def test_the_check_card_has_everything_and_nothing_is_sent_yet(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK)
    for word in ("Inget är skickat ännu", "Namn: Exempel Ett", "Telefon: inget svar", "Trygghetsrådet", "Unionen"):
        assert word in kim.card.text
    kim.taps("Ändra ett svar", "Namn")
    kim.says("Exempel Ändrad")
    assert "Namn: Exempel Ändrad" in kim.card.text


def test_a_send_button_of_before_a_change_does_not_send(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK)
    old = kim.button("Skicka").press
    assert old is not None
    kim.taps("Ändra ett svar", "Namn")
    kim.says("Någon Annan")
    kim.presses(old)
    assert kim.reply.toast == "Redan besvarad"
    assert "Namn: Någon Annan" in kim.card.text
    assert len(journeys(app)) == 1, "not sent"


def test_the_receipt_is_complete_and_a_second_tap_repeats_it(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK)
    send = kim.button("Skicka").press
    assert send is not None
    receipt = kim.presses(send).card
    assert "Dina svar är skickade" in receipt.text
    assert "Ditt ärendenummer: VK-" in receipt.text
    assert "Trygghetsrådet" in receipt.text
    assert "följer ditt ärende" in receipt.text, "GR watches"
    assert "Unionen: får inom tre dagar veta att du vill bli kontaktad." in receipt.text, "and never the answers"
    assert "http://127.0.0.1" in receipt.text
    assert kim.presses(send).card == receipt
    assert len(outcome_of(app).referrals) == 4


def test_after_protected_identity_nothing_more_is_asked(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK[:14], "ja")
    assert "031-000 00 00" in kim.card.text
    kim.says("Exempel Ett")
    assert "Använd knapparna" in kim.cards[0].text
    assert "name" not in journeys(app)[0].answers


def test_the_result_is_preliminary_and_says_what_comes_next(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK[:11])
    assert kim.card.text.startswith("Preliminärt resultat\n\nVästKraft verkar passa dig")
    assert kim.card.strong == "VästKraft verkar passa dig"
    assert "Inget skickas förrän du trycker på Skicka" in kim.card.text
    kim.taps("Tillbaka").says("/start", "tillbaka", "jag behöver ingen utbildning", "klar")
    assert kim.card.text.startswith("Preliminärt resultat\n\nDu har svarat att du inte behöver utbildning")


def test_after_no_the_result_can_be_read_again(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK[:13], "nej")
    result = "Du verkar höra till målgruppen"
    assert result not in kim.card.text
    kim.taps("Läs resultatet igen")
    assert result in kim.card.text
    kim.taps("Fortsätt")
    assert "Läs resultatet igen" in kim.labels, "and one is where one was"


def test_who_waits_for_staff_is_told_so(kim: Talk) -> None:
    kim.begin().says("fixed_term_ended", "ale", "jag vet inte", "hoppa över", "hoppa över", "hoppa över", "hoppa över")
    kim.says("få nytt jobb i min bransch", "hoppa över", "fortsätt", "hoppa över", "ja", "nej", "Exempel", "hoppa över")
    kim.says("031-123 45 67", "nej", "ja", "skicka")
    assert "går igenom dina svar" in kim.card.text


def test_buttons_fit_and_name_their_question(kim: Talk) -> None:
    kim.begin()
    for said in TO_CHECK:
        for button in kim.buttons:
            if button.press is not None:
                assert 1 <= len(button.press.pack().encode()) <= 64
                assert button.press.verb != "q" or (button.press.question and button.press.revision)
        kim.says(said)


def test_done_in_words_skips_nothing_when_ticks_are_lost(app: App) -> None:
    kim = Talk(app, remembers=False).begin()
    kim.says(*TO_CHECK[:10], "klar")
    assert "Använd knapparna" in kim.cards[0].text
    assert "Hur vill du helst lära dig?" in kim.card.text
    assert "training_forms" not in journeys(app)[0].answers
