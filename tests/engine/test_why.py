"""Reasons of a result: every judged rule has a sentence with the answers, and the decisive ones come first."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from intake.authoring.catalog import find_folder, load
from intake.config import PACKAGED
from intake.engine.conditions import Value
from intake.engine.explaining import explained, readable
from intake.engine.journey import Answers, travel
from intake.engine.prompting import result_prompt
from intake.engine.prompts import ResultPrompt

PROGRAMME = load(find_folder("vastkraft", PACKAGED))
TODAY = date(2026, 11, 23)
LAID_OFF: Answers = {"employment_status": "uppsagd_notice", "termination_reason": "arbetsbrist"}
FITS: Answers = {
    **LAID_OFF, "home_municipality": "1440", "industry": "teknik", "needs": ["reemployment", "new_industry"],
}  # fmt: skip


def result(answers: Answers, language: str = "sv") -> ResultPrompt:
    return result_prompt(travel(PROGRAMME, answers, TODAY), language)


def test_a_no_stands_first_and_what_fitted_is_folded_away() -> None:
    found = result({**LAID_OFF, "home_municipality": "1440", "industry": "other"})
    assert [(one.outcome, one.text) for one in found.why] == [
        ("no", "Företaget hör till en annan bransch. Programmet gäller teknikbranschen.")
    ]
    assert ("yes", "Din kommun, Ale, är en av de 13 i programmet.") in [(one.outcome, one.text) for one in found.also]


@pytest.mark.parametrize(
    ("language", "sentence", "needs"),
    [
        ("en", "Your municipality, Ale, is one of the 13 in the programme.", "my industry; Move to a new industry."),
        ("sv", "Din kommun, Ale, är en av de 13 i programmet.", "i min bransch; Byta till en ny bransch."),
    ],
)
def test_a_yes_repeats_what_was_answered(language: str, sentence: str, needs: str) -> None:
    found = result(FITS, language)
    assert [one.rule for one in found.why] == ["no_municipality", "no_industry", "no_need"]
    assert found.why[0].text == sentence
    assert found.why[2].text.endswith(needs)
    assert [one.rule for one in found.also] == ["no_layoff", "no_self_employed", "no_risk", "group"]


def test_what_staff_must_decide_stands_first() -> None:
    found = result(
        {**LAID_OFF, "home_municipality": "other", "work_municipality": "1401", "industry": "unknown",
         "needs": ["core_subjects"], "core_subjects": ["maths"]}, "en",
    )  # fmt: skip
    assert [one.text for one in found.why[:2]] == [
        "A person looks at where you live and work.",
        "It is not clear if the company is in the technology industry.",
    ]
    assert {one.outcome for one in found.why} == {"ask_staff"}


def test_exactly_the_judged_rules_have_a_sentence() -> None:
    asked: dict[str, list[Value | None]] = {
        "employment_status": ["employed_at_risk", "uppsagd_left", "fixed_term_ended", "resigned", None],
        "termination_reason": ["arbetsbrist", "personal", None], "home_municipality": ["1440", "other", None],
        "work_municipality": ["no", "1480", None], "industry": ["teknik", "other", "unknown", None],
        "needs": [["none"], ["core_subjects"], None],
    }  # fmt: skip
    seen = set()
    for values in product(*asked.values()):
        said = {id: value for id, value in zip(asked, values, strict=True) if value is not None}
        journey = travel(PROGRAMME, said, TODAY)
        judged = [(one.rule, one.outcome) for one in journey.trace() if one.outcome != "not_reached"]
        seen |= set(judged)
        for language in PROGRAMME.languages:
            reasons = explained(PROGRAMME, journey.kept(), journey.trace(), language)
            assert [(one.rule, one.outcome) for one in reasons] == judged
            assert all(one.text and "{" not in one.text for one in reasons)
    assert len(seen) >= 15  # nearly all outcomes of the seven rules


def test_a_reason_is_hidden_from_whom_its_answer_is_hidden() -> None:
    reasons = explained(PROGRAMME, FITS, travel(PROGRAMME, FITS, TODAY).trace(), "en")
    assert {one.rule for one in readable(reasons, lambda id: id != "employment_status")} == {
        "no_municipality", "no_industry"
    }  # fmt: skip
    assert readable(reasons, lambda id: True) == reasons
