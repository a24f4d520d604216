"""Typed answers: accepted if certain, else refused, without losing earlier answers."""

from __future__ import annotations

import pytest

from intake import App
from tests.bot.talking import TO_CHECK, Talk
from tests.outcomes import journeys

PLACES = (
    "employment_status",
    "termination_reason",
    "last_employment_date",
    "home_municipality",
    "industry",
    "collar",
) + ("collective_agreement", "occupation", "education_level", "needs")


@pytest.fixture
def kim(app: App) -> Talk:
    return Talk(app).begin()


def at(kim: Talk, question: str) -> Talk:
    """Everything before that question said."""
    return kim.says(*TO_CHECK[: PLACES.index(question)])


def answers(app: App) -> dict[str, object]:
    [journey] = journeys(app)
    return dict(journey.answers)


@pytest.mark.parametrize("said", ["vet inte", "Vet ej.", "OSÄKER", "ingen aning!"])
def test_not_knowing_is_an_answer_where_the_question_has_it(kim: Talk, app: App, said: str) -> None:
    at(kim, "collective_agreement").says(said)
    assert answers(app)["collective_agreement"] == "unknown"


@pytest.mark.parametrize("said", ["vet inte", "nej", "Hoppa över", "inget"])
@pytest.mark.parametrize("question", ["last_employment_date", "occupation"])
def test_elsewhere_it_skips_what_may_be_skipped(kim: Talk, app: App, question: str, said: str) -> None:
    number = PLACES.index(question) + 1
    at(kim, question).says(said)
    assert kim.card.text.startswith(f"Fråga {number + 1} ")
    assert answers(app)[question] is None


def test_where_something_is_needed_it_is_said_what(kim: Talk) -> None:
    assert "inget av svaren" in at(kim, "home_municipality").says("vet inte").card.text
    kim.says(*TO_CHECK[PLACES.index("home_municipality") : 15], "hoppa över")
    assert "Välj eller skriv ett svar" in kim.card.text, "a name"
    kim.says("Exempel", "nej", "nej")
    assert "antingen en e-postadress eller ett telefonnummer" in kim.card.text


def test_in_english_too(app: App) -> None:
    kim = Talk(app, language="en").begin().says("uppsagd_notice", "bankruptcy", "I don’t know")
    assert kim.card.text.startswith("Question 4")
    kim.says("Ale", "teknik", "white collar", "dont know")
    assert answers(app)["collective_agreement"] == "unknown"


def test_an_answer_can_be_given_by_its_number(kim: Talk) -> None:
    kim.says("jag är uppsagd")
    assert "skriv svarets nummer" in kim.card.text
    kim.says("3")
    assert "Varför blev du uppsagd?" in kim.card.text
    kim.says("1", "hoppa över", "stockholm")
    assert "skriv svarets nummer" not in kim.card.text, "no list, no numbers"


def test_a_refusal_keeps_what_was_answered_before(kim: Talk, app: App) -> None:
    kim.says(*TO_CHECK[:3], "tillbaka", "2027-02-30")
    assert "Det datumet finns inte" in kim.card.text
    assert "Du skrev: 2027-03-31" in kim.card.text
    kim.taps("Behåll mitt svar")
    assert answers(app)["last_employment_date"] == "2027-03-31"
    kim.says("tillbaka", "tillbaka", "inte jag")
    assert "✅ Arbetsbrist" in kim.labels


def test_ticks_stay_when_words_are_not_understood(kim: Talk, app: App) -> None:
    at(kim, "needs").taps("Starta eget på sikt").says("vad betyder det?", "va?")
    assert "✅ Starta eget på sikt" in kim.labels
    assert "✅ Byta till en ny bransch" in kim.taps("Byta till en ny bransch").labels
    kim.says("klar")
    assert answers(app)["needs"] == ["new_industry", "own_business"]


def test_a_personal_number_is_met_everywhere(app: App) -> None:
    kim = Talk(app).says("19850312-2389")
    assert "Det ser ut som ett personnummer" in kim.cards[0].text
    kim.taps("Starta").says("850312-2389")
    assert "Det ser ut som ett personnummer" in kim.card.text
    kim.says(*TO_CHECK[:11], "8503122389")
    assert "Det ser ut som ett personnummer" in kim.cards[0].text
    assert "VästKraft verkar passa dig" in kim.card.text


def test_very_long_words_are_refused_and_not_repeated(kim: Talk) -> None:
    at(kim, "occupation").says("svetsare 🙂 " * 300)
    assert "för långt" in kim.card.text
    assert "🙂" not in kim.card.text


def test_the_name_of_an_answer_to_change_can_be_written(kim: Talk) -> None:
    kim.says(*TO_CHECK).taps("Ändra ett svar").says("telefon")
    assert "Vilket telefonnummer kan vi ringa?" in kim.card.text
    kim.says("070-000 00 02").taps("Ändra ett svar").says("4")
    assert "I vilken kommun är du folkbokförd?" in kim.card.text


def test_nobody_is_an_answer_too(kim: Talk) -> None:
    kim.says(*TO_CHECK[:19], "klar", "nej", "ja")
    assert "Får dina svar: ingen" in kim.card.text
    assert "Kontakt med fackförbund: ingen" in kim.card.text
    assert "Telefon: inget svar" in kim.card.text


def test_okay_confirms(kim: Talk) -> None:
    kim.says(*TO_CHECK[:21], "OK!")
    assert "Kontrollera innan du skickar" in kim.card.text


def test_a_slip_in_an_address_is_mended_by_one_tap(kim: Talk, app: App) -> None:
    kim.says(*TO_CHECK[:16], "Kim@gmial.com")
    assert "Menade du Kim@gmail.com?" in kim.card.text
    assert all("gmail" not in button.press.pack() for button in kim.buttons if button.press), "nothing personal in it"
    kim.taps("Kim@gmail.com")
    assert answers(app)["email"] == "Kim@gmail.com"


def test_a_slip_in_an_address_may_be_right(kim: Talk, app: App) -> None:
    kim.says(*TO_CHECK[:16], "kim@gmial.com").taps("Behåll mitt svar")
    assert answers(app)["email"] == "kim@gmial.com"
