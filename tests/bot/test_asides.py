"""Commands beside the questions: help, status, language, privacy, deleting, withdrawing, going on on the web."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake import App, Handle
from tests.bot.talking import TO_CHECK, Talk
from tests.openings import Opener
from tests.outcomes import journeys, outcome_of

TO_STAFF = (
    ("fixed_term_ended", "ale", "jag vet inte", "hoppa över", "hoppa över", "hoppa över", "hoppa över")
    + ("få nytt jobb i min bransch", "hoppa över", "fortsätt", "hoppa över", "ja", "nej", "Exempel", "hoppa över")
    + ("031-123 45 67", "nej")
)  # to the last question of somebody whom staff have to decide about


@pytest.fixture
def kim(app: App) -> Talk:
    return Talk(app)


def test_another_language_before_the_start(kim: Talk) -> None:
    kim.says("/start").taps("English")
    assert "voluntary" in kim.card.text
    assert kim.labels == ["Start", "Svenska"]
    kim.taps("Start")
    assert kim.card.text.startswith("Question 1")


def test_the_phones_language_decides_until_one_is_chosen(app: App) -> None:
    assert "voluntary" in Talk(app, "8", "en-GB").says("/start").card.text
    assert "frivilligt" in Talk(app, "9", "fi").says("/start").card.text


def test_help_has_a_phone_number_to_a_human_and_leads_back(kim: Talk) -> None:
    kim.begin().says("/help")
    assert "031-000 00 00" in kim.card.text
    assert "/delete" in kim.card.text
    kim.taps("Fortsätt där jag var")
    assert kim.card.text.startswith("Fråga 1")
    assert not kim.reply.in_place, "the help stays to be read"


def test_a_command_that_does_not_exist_gets_help(kim: Talk) -> None:
    assert "/status" in kim.says("/settings").card.text


def test_privacy_says_who_why_and_which_rights(kim: Talk) -> None:
    kim.says("/privacy")
    for word in ("personuppgiftsansvarig", "rättigheter", "Integritetsskyddsmyndigheten", "TELEGRAM"):
        assert word in kim.card.text


def link_of(kim: Talk) -> str:
    """The way to the web that the present card offers."""
    kim.taps("Fortsätt på webben i stället")
    link = kim.button("Öppna webbsidan").url
    assert link in kim.card.text
    return link


def moves_to_the_web(app: App, link: str, browser: str = "browser") -> str | None:
    """Where the person is in a browser that opens the link; None when the link does not work."""
    root, token = link.rsplit("/", 1)
    assert root == f"{app.settings.base}/vastkraft/continue"
    assert len(token) >= 22, "128 bits or more"
    turn = app.desk.continue_with("vastkraft", token, Handle("web", browser))
    return None if turn is None else turn.place


def test_before_contact_the_web_is_offered(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK[:14])
    assert "inte krypterad hela vägen" in kim.card.text
    assert "Är din adress hemlig hos Skatteverket?" in kim.card.text
    assert kim.labels == ["Fortsätt på webben i stället", "Nej", "Ja, jag har skyddade personuppgifter", "Tillbaka"]
    link = link_of(kim)
    assert moves_to_the_web(app, link) == "protected_identity"
    assert moves_to_the_web(app, link, "another") is None, "it works once"


def test_before_consent_too_and_ticking_does_not_take_it_away(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK[:19])
    assert "Vilka får se dina svar?" in kim.card.text
    assert "inte krypterad hela vägen" in kim.card.text
    kim.taps("Trygghetsrådet TRR")
    assert "inte krypterad hela vägen" in kim.card.text
    assert moves_to_the_web(app, link_of(kim)) == "consent_partner"


def test_the_web_is_offered_at_the_first_consent_only(app: App) -> None:
    waits = Talk(app, "1").begin().says(*TO_STAFF)
    assert waits.labels[0] == "Fortsätt på webben i stället"
    assert "Jag har läst hur GR hanterar mina uppgifter" in waits.card.text
    later = Talk(app, "2").begin().says(*TO_CHECK[:20])
    assert "Vill du att Unionen kontaktar dig?" in later.card.text
    assert "Fortsätt på webben i stället" not in later.labels


def test_a_link_unused_for_a_quarter_of_an_hour_is_dead(kim: Talk, app: App, opener: Opener) -> None:
    link = link_of(kim.begin().says(*TO_CHECK[:14]))
    opener.moment += timedelta(minutes=15, seconds=1)
    assert moves_to_the_web(app, link) is None
    assert "Vad heter du?" in kim.taps("Fortsätt här", "Nej").card.text
    opener.moment -= timedelta(seconds=2)
    assert moves_to_the_web(app, link) is None, "nor does a clock that is set back bring it to life"


def test_a_link_that_is_used_within_a_quarter_of_an_hour_works(kim: Talk, app: App, opener: Opener) -> None:
    link = link_of(kim.begin().says(*TO_CHECK[:14]))
    opener.moment += timedelta(minutes=14, seconds=59)
    assert moves_to_the_web(app, link) == "protected_identity"


def test_back_in_the_chat_one_is_told_where_the_answers_are(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_CHECK[:14])
    old = kim.card
    moves_to_the_web(app, link_of(kim))
    for press in (kim.button("Fortsätt här").press, *(button.press for button in old.buttons)):
        assert press is not None
        kim.presses(press, on=old)
        assert "Fortsatte du på webben finns de där" in kim.card.text
        assert "Starta" in kim.labels
    assert "webben" not in Talk(app, "8").says("/help").taps("Börja").card.text, "to a new person not a word of that"


def test_interviews_are_not_begun_without_end(kim: Talk, app: App, opener: Opener) -> None:
    for _ in range(60):
        kim.begin().says("/delete").taps("Ja, radera")
    kim.begin()
    assert "väldigt många gånger" in kim.card.text
    assert journeys(app) == []
    opener.moment += timedelta(hours=1, seconds=1)
    assert kim.begin().card.text.startswith("Fråga 1")


def test_links_are_not_made_without_end(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK[:14])
    for _ in range(10):
        kim.taps("Fortsätt på webben i stället", "Fortsätt här")
    kim.taps("Fortsätt på webben i stället")
    assert "många länkar" in kim.card.text
    kim.taps("Fortsätt här", "Nej")
    assert "Vad heter du?" in kim.card.text


def test_after_the_link_one_can_still_go_on_here(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK[:14]).taps("Fortsätt på webben i stället", "Fortsätt här", "Nej")
    assert "Vad heter du?" in kim.card.text


def test_status_before_and_after(kim: Talk) -> None:
    kim.begin().says("/status")
    assert "inte skickat något än" in kim.card.text
    kim.taps("Fortsätt där jag var").says(*TO_CHECK).taps("Skicka")
    reference = kim.card.text.split("VK-")[1][:7]
    kim.says("/status")
    assert f"VK-{reference}" in kim.card.text
    assert "har fått dina svar" in kim.card.text


def test_taking_back_is_asked_twice_and_can_be_left(kim: Talk, app: App) -> None:
    kim.sends().says("/status").taps("Ta tillbaka mina svar")
    assert kim.labels[-2:] == ["Från alla", "Nej, behåll"]
    kim.taps("Nej, behåll").says("/status").taps("Ta tillbaka mina svar", "Arbetsförmedlingen")
    assert "från Arbetsförmedlingen?" in kim.card.text
    assert set(outcome_of(app).referrals.values()) == {"watching", "waiting"}
    kim.taps("Ja, ta tillbaka")
    assert outcome_of(app).referrals["af"] == "withdrawn"
    assert "Arbetsförmedlingen: du har tagit tillbaka dina svar" in kim.card.text
    kim.says("/status").taps("Ta tillbaka mina svar", "Unionen")
    assert "ta tillbaka att Unionen får kontakta dig?" in kim.card.text, "it never had the answers"
    kim.says("/status").taps("Ta tillbaka mina svar", "Från alla", "Ja, ta tillbaka")
    assert set(outcome_of(app).referrals.values()) == {"withdrawn"}


def test_who_only_sent_to_the_coordinator_can_take_it_back_too(kim: Talk, app: App) -> None:
    kim.begin().says(*TO_STAFF, "ja", "skicka")
    assert outcome_of(app).referrals == {"gr": "waiting"}
    kim.taps("Ta tillbaka mina svar")
    assert "från alla?" in kim.card.text
    assert "ditt ärende avslutas" in kim.card.text
    kim.says("ja")
    assert outcome_of(app).referrals == {"gr": "withdrawn"}
    assert "Ta tillbaka mina svar" not in kim.labels


def test_cancel_asks_first_and_then_deletes_everything(kim: Talk, app: App) -> None:
    kim.begin().says("uppsagd_notice", "/cancel")
    assert "Det går inte att ångra" in kim.card.text
    kim.taps("Nej, behåll")
    assert kim.card.text.startswith("Fråga 2")
    kim.says("/delete")
    delete = kim.button("Ja, radera").press
    assert delete is not None
    kim.presses(delete)
    assert "Dina svar" not in kim.card.text or "vet inget" in kim.card.text
    assert journeys(app) == []
    kim.taps("Börja om").taps("Starta")
    assert kim.card.text.startswith("Fråga 1")
    kim.presses(delete)
    assert len(journeys(app)) == 1, "the old delete button is another interview's"


def test_nothing_to_delete_is_said(kim: Talk) -> None:
    assert "inget att radera" in kim.says("/delete").card.text


def test_delete_after_sending_forgets_but_withdraws_nothing(kim: Talk, app: App) -> None:
    kim.sends().says("/delete")
    assert "det du har skickat är fortfarande skickat" in kim.card.text
    assert re.search(r"få det raderat: \S+/vastkraft/status/[\w-]{24}", kim.card.text), "a copy, or erased"
    assert "Bara den här chatten visar" in kim.card.text and "• Unionen: Ja, " in kim.card.text
    kim.taps("Glöm dem här")
    assert set(outcome_of(app).referrals.values()) == {"watching", "waiting"}
    assert "inte skickat något än" in kim.says("/status").card.text
    assert "frivilligt" in kim.says("/start").card.text


@pytest.mark.parametrize("label", ["Glöm dem här", "Ja, ta tillbaka"])
def test_an_irreversible_button_spares_a_later_interview(kim: Talk, app: App, opener: Opener, label: str) -> None:
    kim.sends().says("/delete")
    if label.startswith("Ja"):
        kim.taps("Ta tillbaka mina svar", "Från alla")
    old = kim.button(label).press
    assert old is not None
    opener.moment += timedelta(hours=1)
    kim.says("/delete").taps("Glöm dem här", "Börja om", "Starta").says("uppsagd_notice").presses(old)
    assert kim.card.text.startswith("Fråga 2")
    assert kim.reply.toast == "Redan besvarad"
    kim.says("/start").says(*TO_CHECK[1:], "skicka").presses(old)
    assert sorted(kim.standing(app)) == ["waiting", "waiting", "waiting", "watching"]


def test_yes_and_no_in_words_answer_what_was_asked_last(kim: Talk, app: App) -> None:
    """Not the question that waits behind it."""
    kim.begin().says(*TO_CHECK[:13])
    assert "Vill du att vi skickar dina svar" in kim.card.text
    kim.says("/delete", "nej")
    assert "Vill du att vi skickar dina svar" in kim.card.text
    assert "want_referral" not in journeys(app)[0].answers
    kim.says("/help", "fortsätt")
    assert "Vill du att vi skickar dina svar" in kim.card.text
    kim.says("/language", "english", "/delete", "Yes")
    assert "knows nothing about your answers" in kim.card.text
    assert journeys(app) == []


def test_language_after_sending_shows_the_case_in_it(kim: Talk) -> None:
    kim.sends().says("/language").taps("English")
    assert "has received your answers" in kim.card.text
    kim.taps("Take my answers back")
    kim.says("/status")
    assert "has received your answers" in kim.card.text, "from then on, not once"


def test_language_in_the_middle_keeps_place_and_answers(kim: Talk) -> None:
    kim.begin().says("uppsagd_notice", "/language").taps("English")
    assert kim.card.text.startswith("Question 2")
    kim.says("/status")
    assert "not sent anything" in kim.card.text


def test_before_sending_it_is_said_when_only_the_owner_gets_it(kim: Talk) -> None:
    kim.begin().says(*TO_CHECK[:19]).taps("Klar").says(*TO_CHECK[20:])
    assert "Bara Göteborgsregionen (GR) får dina svar." in kim.card.text
    assert kim.labels[:2] == ["Skicka", "Ändra vilka som får dem"]
    kim.taps("Ändra vilka som får dem")
    assert kim.card.strong == "Vilka får se dina svar?"
    kim.says("1, 2")
    assert "Kontrollera innan du skickar" in kim.card.text and "Bara Göteborgsregionen" not in kim.card.text
