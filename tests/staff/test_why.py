"""Reasons of a result: the same sentences on the page, in the chat, for staff and in the letter.

A sentence reveals an answer only to those who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest

from intake import Handle, ResultPrompt
from intake.chat.layout import Drawing
from intake.engine.prompts import Dated
from intake.participants.turns import Turn
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office
from tests.staff.working import BASE, Worker
from tests.visitor import Page, Visitor
from web import build_web
from web.pages import Pages

UNSURE = {**WHITE, "industry": "unknown"}
PEOPLE = {"sure": WHITE, "unsure of the industry": UNSURE, "works here": WORKS_HERE}


def result_of(office: Office, answers: dict[str, str], language: str) -> Turn:
    """The turn at the result, where a person with these answers comes to."""
    handle = Handle("web", f"somebody {language}")
    turn = office.app.desk.start(handle, PROGRAMME, language)
    while turn.place != "result":
        raw = tuple(filter(None, [answers.get(turn.place, "")]))
        turn = office.app.desk.answer(handle, PROGRAMME, turn.place, raw, skip=not raw)
    return turn


def sentences(turn: Turn) -> list[str]:
    assert isinstance(turn.prompt, ResultPrompt)
    return [one.text for one in (*turn.prompt.why, *turn.prompt.also)]


def missing(wanted: Iterable[str], text: str) -> list[str]:
    return [one for one in wanted if one not in text]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("who", PEOPLE)
async def test_the_same_sentence_everywhere(here: Office, who: str, language: str) -> None:
    turn = result_of(here, PEOPLE[who], language)
    told = sentences(turn)
    assert len(told) == 7 and all(told)

    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=build_web(here.app)), base_url=BASE)
    async with Visitor(client, language) as visitor:
        await visitor.opens(f"/{PROGRAMME}/?lang={language}")
        await visitor.fills_in()
        while not visitor.page.path.endswith("/result"):
            asked = visitor.page.path.rpartition("/")[2]
            raw = PEOPLE[who].get(asked, "")
            skip = [(one.name, one.value) for one in visitor.page.first_form.buttons if one.name == "skip"]
            form = visitor.page.first_form
            await (
                visitor.fills_in(**{asked: raw}) if raw else visitor.posts(visitor.page.path, [*form.as_it_is(), *skip])
            )
        assert not missing(told, visitor.page.text)

    card = Drawing(here.app.programmes[PROGRAMME], BASE).card(turn)
    assert not missing(told, card.text) and card.folded in card.text

    case = here.sends(PEOPLE[who], language=language)
    [letter] = here.letters(case, "receipt")
    assert not missing((f"- {one}" for one in told), letter)

    seen = here.app.casework.see(here.coordinator, case.reference, language)
    assert [one.text for one in (*seen.why, *seen.also)] == told


async def test_staff_read_it_on_the_page_of_the_case(here: Office, coordinator: Worker) -> None:
    case = here.sends(UNSURE)
    page = await coordinator.sees(case.reference)
    told = here.app.casework.see(here.coordinator, case.reference, "sv")
    assert not missing((one.text for one in (*told.why, *told.also)), unescape(page.text))
    assert "Det här har personen fått veta" in page.text


def test_settling_facts_are_shown_to_who_decides_until_decided(here: Office) -> None:
    case, see = here.sends(UNSURE), here.app.casework.see
    assert see(here.coordinator, case.reference, "sv").settling == ()  # nobody has it in hand yet
    here.app.casework.pick_up(here.coordinator, case.reference)
    [fact] = see(here.coordinator, case.reference, "en").settling
    assert fact.text.startswith("if the company turns out to be in the technology industry") and fact.day is None
    assert see(here.staff("gr"), case.reference, "en").settling == ()
    here.app.casework.decide(here.coordinator, case.reference, "B")
    assert see(here.coordinator, case.reference, "en").settling == ()


def test_what_nobody_can_find_out_is_not_suggested(here: Office) -> None:
    case = here.sends(WORKS_HERE)
    here.app.casework.pick_up(here.coordinator, case.reference)
    assert here.app.casework.see(here.coordinator, case.reference, "sv").settling == ()


def test_facts_and_days_are_written_out_in_form_and_chat(here: Office) -> None:
    turn = result_of(here, {**WHITE, "industry": "other"}, "sv")
    assert isinstance(turn.prompt, ResultPrompt) and turn.prompt.settling == ()
    facts = (Dated("om du hör dit"), Dated("från {date}, när du fyller 18", date(2027, 3, 1)))
    prompt = replace(turn.prompt, settling=facts)
    programme = here.app.programmes[PROGRAMME]
    shown = Pages(here.app).draw("participant/result.html", programme, "sv", prompt=prompt, token="t")
    text = Page("", 200, shown).text
    card = Drawing(programme, BASE).card(replace(turn, prompt=prompt)).text
    for said in (text, card):
        assert "Resultatet kan bli ett annat:" in said and "om du hör dit" in said
        assert "och från måndag 1 mars 2027, när du fyller 18" in said and "{date}" not in said
        assert "Du behöver inte ta reda på det först." not in said  # a no goes nowhere


def blind_to(here: Office, partner: str, *hidden: str) -> None:
    """From now on this partner may not read the answers to these questions."""
    programme = here.app.programmes[PROGRAMME]
    sees = frozenset(programme.by_id) - set(hidden)
    partners = {**programme.partners, partner: replace(programme.partners[partner], sees=sees)}
    serving: Any = here.app.programmes
    serving._current = {**serving._current, PROGRAMME: replace(programme, partners=partners)}


def test_a_partner_reads_no_answer_through_a_sentence(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    trr = there.staff("trr")
    everything = there.app.casework.see(trr, case.reference, "sv")
    assert len((*everything.why, *everything.also)) == 7
    blind_to(there, "trr", "home_municipality", "employment_status")
    seen = there.app.casework.see(trr, case.reference, "sv")
    rules = {one.rule for one in (*seen.why, *seen.also)}
    assert rules == {"no_industry"}  # the others tell of where somebody lives, or of the situation
    again = there.sends({**WHITE}, ("trr",))
    [letter] = there.letters(again, "receipt")  # answered to TRR, and quoted
    assert "Företaget räknas" in letter and "Mölndal" not in letter and "uppsägningstid" not in letter


def test_withdrawn_cases_and_unions_show_no_reasons(here: Office) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    union = here.at(case, "unionen")
    seen = here.app.casework.see(here.staff("unionen"), union.reference, "sv")
    assert (seen.why, seen.also, seen.settling, seen.noes) == ((), (), (), ())
    here.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], "trr")
    seen = here.app.casework.see(here.staff("trr"), case.reference, "sv")
    assert (seen.why, seen.also) == ((), ())
