"""What a person does without us is told with the result and afterwards, in the same words everywhere."""

from __future__ import annotations

import re

import pytest

from intake import ResultPrompt, StatusPrompt, words_for
from intake.chat.layout import Drawing
from intake.participants.turns import Turn
from tests.offices import PROGRAMME, WHITE, Office
from tests.staff.test_why import missing, result_of
from tests.staff.working import BASE
from tests.web.conftest import browser_of

FIXED_TERM = {"employment_status": "fixed_term_ended", "home_municipality": "1480", "industry": "teknik",
              "needs": "reemployment"}  # fmt: skip
REGISTER = {"sv": "Skriv in dig hos Arbetsförmedlingen", "en": "Register at the Public Employment Service"}


def advice_of(turn: Turn) -> list[str]:
    assert isinstance(turn.prompt, ResultPrompt | StatusPrompt)
    return [words_for(turn.language).dated(one) for one in turn.prompt.advice]


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_it_stands_everywhere_with_its_day_in_words(here: Office, language: str) -> None:
    result = result_of(here, WHITE, language)
    told = advice_of(result)
    assert len(told) == 2 and REGISTER[language] in told[0]
    assert ("torsdag 1 april 2027" if language == "sv" else "Thursday 1 April 2027") in told[0]
    drawing = Drawing(here.app.programmes[PROGRAMME], BASE)
    assert not missing(told, drawing.card(result).text)

    case = here.sends(WHITE, ("trr",), language=language)
    status = here.app.desk.status(PROGRAMME, case.sealed["status_token"], language)
    assert advice_of(status) == told
    assert not missing(told, drawing.card(status).text)
    [letter] = here.letters(case, "receipt")
    assert not missing((f"- {one}" for one in told), letter)
    async with browser_of(here.app) as visitor:
        for token in ("status_token", "letter_token"):
            await visitor.opens(f"/{PROGRAMME}/status/{case.sealed[token]}?lang={language}")
            assert not missing(told, re.sub(r" ([.,])", r"\1", visitor.page.text)), "sites are links"


def test_once_the_day_has_passed_the_own_page_says_so(here: Office) -> None:
    case = here.sends(WHITE, ("trr",))
    here.tick(days=365)
    [register, _] = advice_of(here.app.desk.status(PROGRAMME, case.sealed["status_token"]))
    assert register.startswith("Är du utan jobb och inte inskriven") and "torsdag 1 april 2027" in register


def test_a_decision_of_staff_brings_what_goes_with_its_group(here: Office) -> None:
    answers = {**FIXED_TERM, "collar": "white", "collective_agreement": "yes"}
    case = here.sends(answers)
    [receipt] = here.letters(case, "receipt")
    assert REGISTER["sv"] in receipt and "TRR" not in receipt
    here.app.casework.pick_up(here.coordinator, case.reference)
    here.app.casework.decide(here.coordinator, case.reference, "B")
    [letter] = here.letters(case, "decision_yes")
    assert REGISTER["sv"] in letter and "Du kan ha rätt till stöd från TRR" in letter
    assert len(advice_of(here.app.desk.status(PROGRAMME, case.sealed["status_token"]))) == 2


def test_a_no_of_staff_does_not_leave_out_the_day(here: Office) -> None:
    case = here.sends(FIXED_TERM)
    here.app.casework.pick_up(here.coordinator, case.reference)
    reason, _ = here.app.casework.see(here.coordinator, case.reference, "sv").noes[0]
    here.app.casework.decide(here.coordinator, case.reference, "no", reason, "Ring vuxenutbildningen.")
    [letter] = here.letters(case, "decision_no")
    assert REGISTER["sv"] in letter


def test_without_advice_no_heading_stands_alone(here: Office) -> None:
    case = here.sends({**WHITE, "employment_status": "employed_at_risk", "needs": "specific_tasks"})
    [letter] = here.letters(case, "receipt")
    assert "Det här gör du själv" not in letter and "\n\n\n" not in letter
