"""Conditions in words, in both languages. Every part of a condition is in its sentence."""

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
            "“Collective agreement” is “Yes” or is not answered",
            "”Kollektivavtal” är ”Ja” eller har inget svar",
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
            "“Last day of employment” is still to come",
            "”Sista anställningsdag” har inte varit än",
        ),
        (
            "days_until(last_employment_date) < 0",
            "“Last day of employment” has passed",
            "”Sista anställningsdag” har varit",
        ),
        (
            "0 <= days_until(last_employment_date) <= 30",
            "“Last day of employment” is 0 to 30 days away",
            "”Sista anställningsdag” är om 0 till 30 dagar",
        ),
        (
            "-7 <= days_until(last_employment_date) <= -1",
            "“Last day of employment” was 1 to 7 days ago",
            "”Sista anställningsdag” var för 1 till 7 dagar sedan",
        ),
        (
            "-7 <= days_until(last_employment_date) <= 7",
            "“Last day of employment” was at most 7 days ago, or is at most 7 days away",
            "”Sista anställningsdag” var för högst 7 dagar sedan, eller är om högst 7 dagar",
        ),
        (
            "2 <= years_since(varsel_date) <= 5",
            "“Layoff warning” was at least 2 and less than 6 years ago",
            "”Varsel” var för minst 2 och mindre än 6 år sedan",
        ),
        (
            "2 <= count(needs) <= 3 or not known(needs)",
            "the number of answers chosen in “Needs” is 2 to 3, or “Needs” is not answered",
            "antalet valda svar på ”Behov” är 2 till 3, eller ”Behov” har inget svar",
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


BORN = replace(VASTKRAFT, questions=(Question("born", "year", "s"), Question("hours", "number", "s")))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("18 <= years_since(born) <= 66", "“born” was 18 to 66 years ago"),
        ("years_since(born) < 18 or years_since(born) > 66", "“born” was not 18 to 66 years ago"),
        ("not (18 <= years_since(born) <= 66)", "“born” was not 18 to 66 years ago"),
        ("years_since(born) >= 18 and years_since(born) <= 18", "“born” was at least 18 years ago and "),
        ("years_since(born) < 18", "“born” was less than 18 years ago, or is still to come"),
        ("1960 <= born <= 1979", "“born” is 1960 to 1979"),
        ("8 <= hours <= 40", "“hours” is 8 to 40"),
        ("hours < 8 or hours > 40", "“hours” is not 8 to 40"),
        ("hours > 8 or hours < 40", "“hours” is at least 9 or “hours” is at most 39"),
        ("8 <= hours <= 40 and hours <= 20", "“hours” is 8 to 40 and “hours” is at most 20"),
        ("8 <= hours <= 40 and known(born)", "“hours” is 8 to 40 and “born” is answered"),
    ],
)
def test_two_ends_are_said_in_one(text: str, english: str) -> None:
    assert sentence(read(text, BORN), BORN, "en").startswith(english)


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
def test_conditions_in_words_name_no_id_that_has_a_text(folder: Path) -> None:
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
