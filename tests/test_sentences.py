"""Conditions in words, both languages: what a programme's owner reads. Every part of it stands in the sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intake.authoring.catalog import load
from intake.authoring.wording import choice_name, said, sentence
from intake.config import PACKAGED
from intake.engine.conditions import Condition, InGroup
from intake.engine.parsing import ConditionScope, parse
from intake.engine.programme import Choice, Programme, Question, Texts
from intake.engine.sentences import parts_of, phrased

VASTKRAFT = load(PACKAGED / "vastkraft")
FOLDERS = sorted(path.parent for path in PACKAGED.glob("*/programme.toml"))


def read(text: str, programme: Programme = VASTKRAFT) -> Condition:
    groups = {group.id: group.when for group in programme.groups}
    return parse(text, ConditionScope(programme.by_id, {}, {}, groups))


TOWNS = '["1440", "1489", "1480", "1401", "1384", "1482", "1441", "1462", "1481", "1402", "1415", "1419", "1407"]'


@pytest.mark.parametrize(
    ("text", "english", "swedish"),
    [
        ('home_municipality == "1440"', "“Lives in” is “Ale”", "”Bor i” är ”Ale”"),
        ('home_municipality != "1480"', "“Lives in” is not “Göteborg”", "”Bor i” är inte ”Göteborg”"),
        (
            f"home_municipality in {TOWNS}",
            "“Lives in” is not “Another municipality”",
            "”Bor i” är inte ”En annan kommun”",
        ),
        (f"home_municipality not in {TOWNS}", "“Lives in” is “Another municipality”", "”Bor i” är ”En annan kommun”"),
        (
            'home_municipality in ["1440", "1489", "1480", "1401", "1384"]',
            "“Lives in” is one of 5: “Ale”, “Alingsås”, “Göteborg” …",
            "”Bor i” är ett av 5: ”Ale”, ”Alingsås”, ”Göteborg” …",
        ),
        (
            'group == "B" and collar in ["white"]',
            "the group is B and “Employed as” is “White collar”",
            "gruppen är B och ”Anställd som” är ”Tjänsteman”",
        ),
        ('not (group == "A" or group == "B")', "the group is not A or B", "gruppen är inte A eller B"),
        (
            'collective_agreement == "yes" or not known(collective_agreement)',
            "“Collective agreement” is “Yes” or “Collective agreement” is not answered",
            "”Kollektivavtal” är ”Ja” eller ”Kollektivavtal” har inget svar",
        ),
        (
            '"own_business" not in needs',
            "“Needs” does not include “Start my own business in time”",
            "bland svaren på ”Behov” finns inte ”Starta eget på sikt”",
        ),
        (
            "days_until(last_employment_date) <= 30",
            "“Last day of employment” is at most 30 days away, or has passed",
            "”Sista anställningsdag” är om högst 30 dagar, eller har varit",
        ),
        (
            "not (days_until(last_employment_date) <= 0)",
            "“Last day of employment” is at least 1 day away",
            "”Sista anställningsdag” är om minst 1 dag",
        ),
        (
            "days_until(last_employment_date) < -1",
            "“Last day of employment” was at least 2 days ago",
            "”Sista anställningsdag” var för minst 2 dagar sedan",
        ),
        (
            "years_since(varsel_date) >= 1",
            "“Layoff warning” was at least 1 year ago",
            "”Varsel” var för minst 1 år sedan",
        ),
        (
            "years_since(varsel_date) <= 1",
            "“Layoff warning” was less than 2 years ago, or is still to come",
            "”Varsel” var för mindre än 2 år sedan, eller har inte varit än",
        ),
        ("years_since(varsel_date) < 0", "“Layoff warning” is still to come", "”Varsel” har inte varit än"),
        (
            "count(needs) >= 2",
            "the number of answers chosen in “Needs” is at least 2",
            "antalet valda svar på ”Behov” är minst 2",
        ),
        (
            'group == "B" and (industry == "other" or (collar == "blue" and industry == "teknik"))',
            "the group is B, and (“The company” is “Another industry”, or "
            "(“Employed as” is “Blue collar” and “The company” is “Technology industry”))",
            "gruppen är B, och (”Företaget” är ”En annan bransch”, eller "
            "(”Anställd som” är ”Arbetare” och ”Företaget” är ”Teknikbranschen”))",
        ),
    ],
)
def test_in_words(text: str, english: str, swedish: str) -> None:
    assert sentence(read(text), VASTKRAFT, "en") == english
    assert sentence(read(text), VASTKRAFT, "sv") == swedish


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("measured", ["days_until(day)", "years_since(day)", "count(several)", "number", "year"])
def test_every_comparison_can_be_said(measured: str, sign: str) -> None:
    """Also those that nobody writes: with zero, and with what has been where one expects what is to come."""
    kinds = {"day": "date", "several": "choices", "number": "number", "year": "year"}
    questions = tuple(Question(id, kind, "s") for id, kind in kinds.items())
    programme = replace(VASTKRAFT, questions=questions)
    heard = set()
    for number in (-3, -2, -1, 0, 1, 2, 3):
        for language in ("sv", "en"):
            text = sentence(read(f"{measured} {sign} {number}", programme), programme, language)
            assert "{" not in text
            heard.add((language, text))
    assert len(heard) == 14, "each number says something else"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_condition_of_the_programmes_names_no_id_that_has_a_text(folder: Path) -> None:
    programme = load(folder)
    for condition in conditions(programme):
        for language in programme.languages:
            text = sentence(condition, programme, language)
            assert "{" not in text and text == said(phrased(condition), programme, language)
            for part in parts_of(phrased(condition)):
                if part.question != "group":
                    name = programme.texts.say(language, "question", part.question, "short")
                    assert name and name in text


def conditions(programme: Programme) -> list[Condition]:
    found = [one.ask_if for one in programme.questions]
    found += [choice.hide_if for one in programme.questions for choice in one.choices]
    found += [note.when for one in programme.questions for note in one.notes]
    found += [group.when for group in programme.groups] + [route.when for route in programme.routes]
    found += [condition for rule in programme.rules for condition in (rule.no_if, rule.yes_if)]
    return [condition for condition in found if condition is not None]


def test_brackets_go_only_where_the_rest_is_clear() -> None:
    industry = VASTKRAFT.by_id["industry"]
    assert choice_name(VASTKRAFT, industry, "teknik", "en") == "Technology industry"
    texts = {"en": {"choice": {"c": {"long": "Course (10 weeks)", "short": "Course (2 weeks)", "none": "No course"}}}}
    two = replace(VASTKRAFT, texts=Texts(texts))
    question = Question("c", "choice", "s", choices=tuple(map(Choice, texts["en"]["choice"]["c"])))
    names = [choice_name(two, question, choice.id, "en") for choice in question.choices]
    assert names == ["Course (10 weeks)", "Course (2 weeks)", "No course"]


def test_a_group_is_named_and_not_spelled_out() -> None:
    condition = InGroup("A", VASTKRAFT.groups[0].when)
    assert sentence(condition, VASTKRAFT, "en") == "the group is A"
