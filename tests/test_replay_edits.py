"""Single edits of VästKraft and a hundred persons: each named, and each compared with judging them anew."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.authoring.replay import replay, replay_many
from intake.authoring.replay.rounding import rounded
from intake.engine.journey import Answers
from intake.engine.programme import Programme
from intake.records import SentIn
from tests.sent_people import sent_in, sent_people
from tests.test_replay_sound import FOLDER, afresh, as_given, by_old, found, vastkraft

NUMBER = 400


@cache
def people() -> list[tuple[SentIn, Answers]]:
    old, _ = vastkraft()
    everybody = sent_people(old, Random(5))
    walked = [next(everybody) for _ in range(NUMBER)]
    return [(sent_in(journey, f"VK-{place}"), as_given(journey)) for place, journey in enumerate(walked)]


def edited(before: str, after: str) -> Programme:
    old, _ = vastkraft()
    text = (FOLDER / "programme.toml").read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    builder = Builder(ProgrammeTable.model_validate(tomllib.loads(text.replace(before, after))), old.lists)
    programme = builder.build(old.texts, old.letters)
    assert not builder.findings, builder.findings
    return programme


NEW_QUESTION = """[[question]]
id = "shift"
kind = "choice"
section = "work"
ask_if = 'collar == "blue"'
choices = [{ id = "day" }, { id = "night" }]

"""
AGREEMENT = '[[question]]\nid = "collective_agreement"'
CHANGING = {
    "a choice that some gave is gone": ('    { id = "computer" },\n', ""),
    "what was optional is required": (
        'optional = true\nchoices = [{ id = "blue" }', 'choices = [{ id = "blue" }',
    ),
    "a question is new": (AGREEMENT, NEW_QUESTION + AGREEMENT),
    "a choice is hidden": ('{ id = "core_subjects" }', '{ id = "core_subjects", hide_if = \'industry == "teknik"\' }'),
    "a group is narrower": ("when = 'still_employed'", "when = 'employment_status == \"employed_varslad\"'"),
    "a rule says no": ("no_if = 'industry == \"other\"'", "no_if = 'industry != \"teknik\"'"),
    "a rule is sure of more": ("yes_if = 'home_municipality in gr13'\n", ""),
    "a route leads elsewhere": ('lead = "trr"\n', 'lead = "gr"\n'),
    "a route offers less": ('offer = ["af", "unionen"]', 'offer = ["af"]'),
    "a route fits others": ("<= 30'", "<= 90'"),
    "a place has no partner any more": ('[[partner]]\nid = "municipality:1480" # Göteborg\n', ""),
    "a question is asked of fewer": ("ask_if = '\"own_business\" in needs'", "ask_if = '\"core_subjects\" in needs'"),
}  # fmt: skip
NO_MATTER = {
    "a comment": ("# Groups: docs/rules.md", "# Groups, see docs/rules.md"),
    "what is told only": ('tell = ["ooo"]', 'tell = ["ooo", "tsl"]'),
    "a choice more": ('{ id = "computer" },\n', '{ id = "computer" },\n    { id = "arts" },\n'),
    "an optional question more": (
        AGREEMENT, NEW_QUESTION.replace("choices", "optional = true\nchoices") + AGREEMENT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", CHANGING)
def test_an_edit_that_changes_somebody(edit: str) -> None:
    (old, _), new = vastkraft(), edited(*CHANGING[edit])
    rows = [row for row, _ in people()]
    report = replay(old, new, [rows[:100], rows[100:]], persons=True)
    assert found(report) == found(afresh(old, new, people(), by_old(old, people())))
    assert report.anyone_changes
    assert report.rows == NUMBER == report.touched == report.judged, "everybody is judged, once"


@pytest.mark.parametrize("edit", ["a route leads elsewhere", "a comment"])
def test_many_shared_by_processes_have_the_same_report(edit: str) -> None:
    (old, _), new = vastkraft(), edited(*(CHANGING | NO_MATTER)[edit])
    rows = [row for row, _ in people()]
    rows[-1] = rows[-1]._replace(coded="half a ro")
    batches = [rows[at : at + 20] for at in range(0, NUMBER, 20)]
    seen: list[int] = []
    alone = replay(old, new, batches, persons=True)
    shared = replay_many(old, new, batches, persons=True, processes=2, progress=seen.append)
    assert (alone.processes, shared.processes) == (1, 2)
    assert seen[-1] == NUMBER == alone.rows == shared.rows
    assert (shared.changes, shared.never_asked) == (alone.changes, alone.never_asked)
    assert (shared.touched, shared.read_back, shared.damaged) == (alone.touched, alone.read_back, alone.damaged)
    assert shared.followed_up() == alone.followed_up()
    assert shared.judged < 0.9 * alone.judged, "who is alike is judged once"


def test_of_many_nobody_is_judged_when_both_mean_the_same() -> None:
    old, _ = vastkraft()
    report = replay_many(old, old, [[row for row, _ in people()]], processes=2)
    assert (report.untouched, report.touched, report.judged) == (NUMBER, 0, 0)
    assert f"{NUMBER} not judged: both versions mean the same." in report.lines(), "a multiple of five"


def test_the_way_for_many_stays_short() -> None:
    """It is kept for its figure (`python -m bench replay`) as long as it is no more than this."""
    folder = Path(replay_many.__code__.co_filename).parent
    code = [(folder / name).read_text(encoding="utf-8") for name in ("many.py", "answer_classes.py")]
    assert sum(text.count("\n") for text in code) < 300


@pytest.mark.parametrize("edit", NO_MATTER)
def test_an_edit_that_cannot_matter_changes_nobody(edit: str) -> None:
    (old, _), new = vastkraft(), edited(*NO_MATTER[edit])
    report = replay(old, new, [[row for row, _ in people()]])
    assert not report.anyone_changes and not afresh(old, new, people(), by_old(old, people())).anyone_changes
    assert "fewer than 3 change verdict, group, lead or offers." in report.lines()


def test_questions_in_another_order_change_nobody() -> None:
    old, table = vastkraft()
    table = tomllib.loads((FOLDER / "programme.toml").read_text(encoding="utf-8"))
    ids = [question["id"] for question in table["question"]]
    table["question"].insert(ids.index("industry"), table["question"].pop(ids.index("occupation")))
    builder = Builder(ProgrammeTable.model_validate(table), old.lists)
    report = replay(old, builder.build(old.texts, old.letters), [[row for row, _ in people()]])
    assert not builder.findings
    assert (report.touched, report.changing) == (NUMBER, 0)


def test_who_was_never_asked_a_new_question_is_counted_and_said() -> None:
    (old, _), new = vastkraft(), edited(*CHANGING["a question is new"])
    report = replay(old, new, [[row for row, _ in people()]])
    blue = sum(answers.get("collar") == "blue" for _, answers in people())
    assert report.never_asked == {"shift": blue}
    told = f"\nCannot tell: {rounded(blue)} were never asked shift, or have no answer that it takes."
    assert told in report.lines()


def test_union_changes_are_counted_and_nobody_is_named() -> None:
    (old, _), new = vastkraft(), edited(*CHANGING["a route offers less"])
    report = replay(old, new, [[row for row, _ in people()]], persons=True)
    assert report.changing == len(report.persons) > 20
    assert report.followed_up() == []
    said = "\n".join(report.lines()) + str(report.figures())
    assert f"{rounded(report.changing)} are offered others" in said
    assert not [union for union in old.unions() if union in said]


def test_decisions_of_staff_stand_beside() -> None:
    (old, _), new = vastkraft(), edited(*CHANGING["a rule says no"])
    rows = [row._replace(decided=place % 2 == 0) for place, (row, _) in enumerate(people())]
    report = replay(old, new, [rows])
    decided = sum(number for change, number in report.changes.items() if change.decided)
    assert 0 < decided < report.changing
    told = f"\n{rounded(decided)} of those who change were decided by staff; what staff decided stands."
    assert told in report.lines()


def numbers_in(figures: object) -> Iterator[int]:
    """Every whole number in a report, wherever it stands."""
    if isinstance(figures, dict):
        figures = [value for key, value in figures.items() if key != "processes"]
    if isinstance(figures, list):
        for one in figures:
            yield from numbers_in(one)
    elif isinstance(figures, int):
        yield figures


@pytest.mark.parametrize("edit", CHANGING)
def test_every_number_of_people_is_rounded(edit: str) -> None:
    (old, _), new = vastkraft(), edited(*CHANGING[edit])
    rows = [row._replace(decided=place % 3 == 0) for place, (row, _) in enumerate(people())]
    figures = replay(old, new, [rows], persons=True).figures()
    numbers = list(numbers_in(figures))
    assert len(numbers) > 8 and not [number for number in numbers if number % 5]
    for row in figures["places"]["rows"]:
        assert row["sum"] and len(row["counts"]) == len(figures["places"]["groups"])


@pytest.mark.parametrize("edit", ["a rule says no", "a question is new", "a route leads elsewhere"])
def test_nobody_one_and_two_are_told_alike(edit: str) -> None:
    """Whatever the one or two are: the reports of the same hundred others are equal, word for word."""
    (old, _), new = vastkraft(), edited(*CHANGING[edit])
    rows = [row for row, _ in people()]
    moved = {reference for reference, _ in replay(old, new, [rows], persons=True).persons}
    others = [row for row in rows if row.reference not in moved][60:160]
    one, two = [row for row in rows if row.reference in moved][:2]
    reports = [replay(old, new, [rows]) for rows in (others, [*others, one], [*others, one, two])]
    told = [(report.figures() | {"work": None}, list(report.lines())[:-1]) for report in reports]
    assert told[0] == told[1] == told[2]
    assert [report.changing for report in reports] == [0, 1, 2]
