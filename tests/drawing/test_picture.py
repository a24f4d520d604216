"""A picture contains the whole programme in its own words, and marks what is easily overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intake.authoring.catalog import load
from intake.authoring.picture import picture
from intake.authoring.picture.boxes import Box, Picture
from intake.authoring.picture.picture import BETWEEN
from intake.authoring.proof import adds_only
from intake.authoring.wording import choice_name, sentence
from intake.config import PACKAGED
from intake.engine.programme import Programme
from intake.words import words_for

FOLDERS = sorted(path.parent for path in PACKAGED.glob("*/programme.toml"))
VASTKRAFT = load(PACKAGED / "vastkraft")
ADDING = adds_only(VASTKRAFT, date(2026, 11, 23))


def boxes(shown: Picture) -> Iterator[Box]:
    for section in shown.sections:
        yield from section.boxes


def words_of(box: Box) -> str:
    return "\n".join([box.title, *(f"{line.label}: {line.text}" for line in box.lines)])


def after(box: Box, label: str) -> str:
    [found] = [line.text for line in box.lines if line.label == label]
    return found


def box_of(shown: Picture, title: str) -> Box:
    [found] = [box for box in boxes(shown) if box.title == title]
    return found


def parts(programme: Programme) -> Iterator[tuple[str, ...]]:
    """The place of every text that has to be there."""
    yield from (("section", one.id, "title") for one in programme.sections)
    yield from (("question", one.id, "short") for one in programme.questions)
    yield from (("result", rule.reason, "title") for rule in programme.rules)
    yield from (("result", f"eligible_{group.id}", "title") for group in programme.groups)
    for route in programme.routes:
        yield from (("partner", id, "name") for id in (route.lead, *route.offer) if "{" not in id)
        yield from (("organisation", id, "name") for id in route.tell)
    yield from (("advice", one.id, "text" if one.by is None else "undated") for one in programme.advice)
    for question in programme.questions:
        yield from (("end", choice.ends, "title") for choice in question.choices if choice.ends)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_everything_is_in_it(folder: Path) -> None:
    programme = load(folder)
    for language in programme.languages:
        shown = picture(programme, language, None)
        text = "\n".join([*map(words_of, boxes(shown)), *(section.title for section in shown.sections)])
        for path in parts(programme):
            assert programme.texts.say(language, *path) in text, path
        for question in programme.questions:
            assert question.ask_if is None or sentence(question.ask_if, programme, language) in text
            for choice in question.choices:
                assert choice_name(programme, question, choice.id, language) in text
        for route in programme.routes:
            assert route.when is None or sentence(route.when, programme, language) in text
        assert not re.search(r"[{}]", text), "every blank is filled in"
        [routes] = [section.boxes for section in shown.sections if section.title == words_for(language)("Routes")]
        assert [box.title.split()[1] for box in routes] == [route.id for route in programme.routes], "in their order"


def test_what_only_adds_is_marked_when_it_is_proven() -> None:
    shown = picture(VASTKRAFT, "en", ADDING)
    marked = {box.title for box in boxes(shown) if "never leads, only adds" in box.title}
    assert marked == {"Route R9 (never leads, only adds)", "Route R10 (never leads, only adds)"}
    assert after(box_of(shown, "Route R9 (never leads, only adds)"), "Also offered") == "Göteborgsregionen (GR)"
    routes = [section for section in shown.sections if section.title == "Routes"]
    assert "not proven" not in routes[0].about
    [unproven] = [section for section in picture(VASTKRAFT, "en", None).sections if section.title == "Routes"]
    assert "not proven" in unproven.about
    assert not any("only adds" in box.title for box in unproven.boxes)


def test_a_no_stands_where_it_is_certain() -> None:
    shown = picture(VASTKRAFT, "en", ADDING)
    ends = {box.title: [line.label for line in box.lines if line.tone in ("no", "end")] for box in boxes(shown)}
    assert ends["6 · Works in"] == ["No: There is help where you live"], "after both questions that it reads"
    assert len(ends["1 · Situation"]) >= 3
    assert ends["17 · Send the answers"] == ["Nothing has been sent"]
    assert after(box_of(shown, "17 · Send the answers"), "Nothing has been sent") == "when “No, send nothing”"


def test_unions_are_marked_and_places_are_told_by_their_question() -> None:
    shown = picture(VASTKRAFT, "en", ADDING)
    assert after(box_of(shown, "Route R10 (never leads, only adds)"), "Offers") == "IF Metall (union)"
    names = ("Adult education in Ale", "Adult education in Alingsås", "Adult education in Göteborg")
    said = f"one of 13, by “Lives in”: {BETWEEN.join(names)} and 10 more"
    assert after(box_of(shown, "Route R6"), "Leads") == said


def test_what_is_hidden_pointed_out_or_enough_is_said() -> None:
    shown = picture(VASTKRAFT, "en", ADDING)
    assert "Left out: New skills for specific tasks in my industry, when the group is B" in words_of(
        box_of(shown, "12 · Needs")
    )
    assert "One of these is enough: Email, Phone" in words_of(box_of(shown, "20 · Email"))
    last_day = words_of(box_of(shown, "4 · Last day of employment (may be skipped)"))
    assert last_day.count("Points out: when “Situation” is") == 2 and "“Last day of employment” has passed:" in last_day
    union = words_of(box_of(shown, "25 · Contact with a union (may be skipped)"))
    assert "Do you want the union to contact you?" in union


def test_a_programme_without_groups_is_drawn_without_them() -> None:
    partners = {id: partner for id, partner in VASTKRAFT.partners.items() if not partner.union}
    routes = tuple(route for route in VASTKRAFT.routes if route.when is None)
    plain = replace(VASTKRAFT, groups=(), partners=partners, routes=routes, advice=())
    plain = replace(plain, questions=VASTKRAFT.questions[:4], rules=VASTKRAFT.rules[:3])
    sections = {section.title: section for section in picture(plain, "en", frozenset()).sections}
    assert "Groups" not in sections
    assert "union" not in sections["Routes"].about
