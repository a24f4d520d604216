"""A decision on the person's own page: what was decided, what to do now, and nothing untrue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from intake import App, NotFound, StatusPrompt, Turn
from intake.chat.layout import Drawing
from intake.records import Submission
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office
from tests.web.conftest import browser_of

FIXED_TERM = {**WHITE, "employment_status": "uppsagd_notice", "termination_reason": "fixed_term"}
STEP = "Ring vägledningen i Borås.\nSkriv in dig hos Arbetsförmedlingen."


def own(there: Office, case: Submission, link: str = "status_token") -> StatusPrompt:
    turn = there.app.desk.status(PROGRAMME, case.sealed[link])
    assert isinstance(turn.prompt, StatusPrompt)
    return turn.prompt


def in_hand(there: Office, answers: dict[str, str], **contact: Any) -> Submission:
    case = there.sends(answers, **contact)
    there.app.casework.pick_up(there.coordinator, case.reference)
    return case


def card(app: App, case: Submission) -> str:
    turn = app.desk.status(PROGRAMME, case.sealed["status_token"])
    return Drawing(app.programmes[PROGRAMME], "https://a.example").card(turn).text


def test_what_to_decide_is_shown_until_decided_or_withdrawn(there: Office) -> None:
    case = in_hand(there, WORKS_HERE)
    assert own(there, case).undecided and "En person går igenom dina svar" in card(there.app, case)
    there.app.desk.withdraw(PROGRAMME, case.sealed["status_token"])
    assert not own(there, case).undecided and "En person går igenom" not in card(there.app, case)


@pytest.mark.parametrize("contact", [{}, {"email": "", "phone": "031-123 45 67"}], ids=["by letter", "by phone"])
async def test_a_no_says_that_it_is_one_with_why_and_what_next(there: Office, contact: dict[str, str]) -> None:
    case = in_hand(there, WORKS_HERE, **contact)
    there.app.casework.decide(there.coordinator, case.reference, "no", "no_municipality", STEP)
    reason = "Programmet är till för den som bor i någon av de 13 kommunerna i Göteborgsregionen."
    assert own(there, case).no == (reason, STEP)
    async with browser_of(there.app) as visitor:
        page = await visitor.opens(f"/{PROGRAMME}/status/{case.sealed['status_token']}")
    for text in (page.text, card(there.app, case)):
        assert "Det blev tyvärr ett nej." in text and reason in text and "Ring vägledningen i Borås." in text
        assert "stöd på ett annat håll" not in text and "går igenom dina svar" not in text
    if not contact:
        [letter] = there.letters(case, "decision_no")
        assert reason in letter and STEP in letter, "the same words"


async def test_a_yes_is_answered_from_the_own_page_only(there: Office) -> None:
    case = in_hand(there, {**WHITE, "industry": "unknown"})
    there.app.casework.decide(there.coordinator, case.reference, "B")
    assert own(there, case).choosing == "decided" and own(there, case, "letter_token").choosing == ""
    with pytest.raises(NotFound):
        there.app.desk.consent_questions(PROGRAMME, case.sealed["letter_token"])
    assert "det blev ett ja" in card(there.app, case)
    async with browser_of(there.app) as visitor:
        page = await visitor.opens(f"/{PROGRAMME}/status/{case.sealed['status_token']}")
        [choose] = [href for href in page.links.values() if "/consent/" in href]
        page = await visitor.opens(choose)
        path, form = page.path, page.first_form.as_it_is()
        page = await visitor.fills_in(consent_partner="trr")
        while "/consent/" in page.path:
            page = await visitor.fills_in(**dict.fromkeys(page.first_form.names(), "no"))
        assert page.path == f"/{PROGRAMME}/status/{case.sealed['status_token']}" and "Ditt val är skickat." in page.text
        again = await visitor.posts(path, form)
        assert again.path == f"/{PROGRAMME}/status/{case.sealed['status_token']}"
        assert not [href for href in again.links.values() if "/consent/" in href]
    assert there.standing(case) == {"trr": "waiting*", "gr": "watching"}
    assert own(there, case).choosing == ""


def test_a_letters_link_pressed_twice_never_shows_the_own_page(there: Office) -> None:
    """The second press finds the link used between its two looks; it was a letter's all the same."""
    case = in_hand(there, {**WHITE, "industry": "unknown"})
    there.app.casework.decide(there.coordinator, case.reference, "B")
    [letter] = there.letters(case, "decision_yes")
    token = letter.partition("/consent/")[2].split()[0]
    with ThreadPoolExecutor(8) as pool:
        turns = [*pool.map(lambda _: sent(there, token), range(8))]
    for turn in filter(None, turns):
        assert isinstance(turn.prompt, StatusPrompt) and turn.prompt.elsewhere
        assert case.sealed["status_token"] not in str(turn)


def sent(there: Office, token: str) -> Turn | None:
    try:
        return there.app.desk.send_consents(PROGRAMME, token, ["unionen"])
    except NotFound:
        return None


def test_an_own_page_with_nothing_to_choose_opens_no_consents(there: Office) -> None:
    case = in_hand(there, WORKS_HERE)
    with pytest.raises(NotFound):
        there.app.desk.consent_questions(PROGRAMME, case.sealed["status_token"])
    there.app.casework.decide(there.coordinator, case.reference, "A")
    with pytest.raises(NotFound):
        there.app.desk.consent_questions("another", case.sealed["status_token"])
    there.app.desk.withdraw(PROGRAMME, case.sealed["status_token"])
    assert own(there, case).choosing == ""


def test_what_staff_can_say_no_for_is_true_of_the_person(there: Office) -> None:
    """First what the rules left open; never a sentence that repeats an answer which fits."""
    case = in_hand(there, FIXED_TERM)
    noes = dict(there.app.casework.see(there.coordinator, case.reference, "sv").noes)
    assert next(iter(noes.values())).startswith("Programmet är till för den som riskerar att bli uppsagd, eller")
    assert not any("Du svarade" in text for text in noes.values())
    there.app.casework.decide(there.coordinator, case.reference, "no", "review", STEP)
    [letter] = there.letters(case, "decision_no")
    assert "på grund av arbetsbrist eller konkurs" in letter


def test_what_staff_decide_is_said_in_one_sentence(there: Office) -> None:
    case = in_hand(there, FIXED_TERM)
    told = there.app.casework.see(there.coordinator, case.reference, "sv")
    [group] = [one for one in told.why if one.rule == "group"]
    assert group.text == "En person ser på din situation på jobbet."


def test_the_letter_says_the_result_and_what_decided_it_first(there: Office) -> None:
    case = in_hand(there, FIXED_TERM)
    [letter] = there.letters(case, "receipt")
    lines = letter.splitlines()
    at = lines.index("En person behöver titta på dina svar")
    assert lines[at + 1].startswith("- En person ser på din situation på jobbet.")
    assert lines.index("Vad dina svar säger i övrigt:") > at
