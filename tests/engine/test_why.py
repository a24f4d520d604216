"""A result says which answers decided it, in words, and never more than were given."""

from __future__ import annotations

from datetime import date

from intake.catalog import find_folder, load
from intake.config import PACKAGED
from intake.engine.journey import travel
from intake.engine.prompting import result_prompt

PROGRAMME = load(find_folder("vastkraft", PACKAGED))


def why(answers: dict[str, object], language: str = "sv") -> list[tuple[str, str, str]]:
    prompt = result_prompt(travel(PROGRAMME, answers, date(2026, 11, 23)), language)  # type: ignore[arg-type]
    return [(one.outcome, one.label, one.shown) for one in prompt.why]


def test_a_no_is_told_with_what_fitted_before_it() -> None:
    laid_off = {"employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist"}
    assert why({**laid_off, "home_municipality": "1402", "industry": "other"}) == [
        ("yes", "Situation", "Jag är uppsagd och är i min uppsägningstid"),
        ("yes", "Orsak", "Arbetsbrist"),
        ("yes", "Bor i", "Partille"),
        ("no", "Företaget", "En annan bransch"),
    ]
    assert why({"employment_status": "resigned"}) == [("no", "Situation", "Jag har sagt upp mig själv")]


def test_what_a_person_has_to_decide_is_marked_and_what_was_not_asked_is_not_there() -> None:
    unsure = {"employment_status": "employed_varslad", "home_municipality": "other", "work_municipality": "1401"}
    found = why({**unsure, "industry": "unknown", "needs": ["specific_tasks"]})
    assert [(outcome, label) for outcome, label, _ in found] == [
        ("yes", "Situation"), ("ask_staff", "Bor i"), ("ask_staff", "Arbetar i"), ("ask_staff", "Företaget"),
        ("yes", "Behov"),
    ]  # fmt: skip
