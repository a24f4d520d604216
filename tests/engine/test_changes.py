"""Differences of two versions: every edit is found at its place, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.engine.changes import changed, changed_words
from intake.engine.programme import Entry, Letter, Texts
from intake.engine.written import written
from tests.engine.small import SMALL, build, small

Found = dict[str, str]

EDITS: list[tuple[str, str, Found]] = [
    ("text = 40", "text = 40\ninterview_days = 9", {"limits": "value"}),
    ("""ask_if = 'status == "left"'\n""", "", {"question.last_day.ask_if": "condition"}),
    ('{id = "nearby"}, ', '{id = "nearby"}, {id = "abroad"}, ', {"question.place.choices.abroad": "added"}),
    (', {id = "unsure", dont_know = true}', "", {"question.place.choices.unsure": "removed"}),
    ('{id = "working"}, {id = "left"}', '{id = "left"}, {id = "working"}', {"question.status.choices": "order"}),
    ('"none", alone = true', '"none"', {"question.wishes.choices.none.alone": "value"}),
    ("days_until(last_day) > 0", "days_until(last_day) > 1", {"question.last_day.notes": "value"}),
    ('list = "trades"\nsection = "about"\noptional = true', 'list = "trades"\nsection = "about"', {
        "question.trade.optional": "value",
    }),
    ("yes_if = 'place in near'", """yes_if = 'place == "here"'""", {"rule.place.yes_if": "condition"}),
    ("""yes_if = 'place in near'\n""", "", {"rule.place.yes_if": "condition"}),
    ('reason = "no_need"', 'reason = "no_wish"', {"rule.need.reason": "value"}),
    ("""no_if = 'status == "neither"'""", """no_if = 'status != "working"'""", {
        "rule.layoff.no_if": "condition", "rule.layoff.yes_if": "condition",  # what is no no is a yes
    }),
    ('lead = "school"', 'lead = "office"', {"route.R1.lead": "value"}),
    ('offer = ["union"]\n', "", {"route.R1.offer": "value"}),
    ('id = "R1"', 'id = "R9"', {"route.R1": "removed", "route.R9": "added"}),
    ('id = "school"', 'id = "school"\nsees = ["name"]', {"partner.school.sees": "value"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), EDITS)
def test_an_edit_is_found_at_its_place(old: str, new: str, found: Found) -> None:
    assert old in SMALL
    assert {one.place: one.what for one in changed(small(), build(SMALL.replace(old, new, 1))[0])} == found


def test_a_named_condition_is_found_where_it_is_used() -> None:
    """Who replays must look at each of these; who reads is told of the first only."""
    now, _ = build(SMALL.replace("working = 'status == \"working\"'", "working = 'status != \"neither\"'"))
    found = changed(small(), now)
    assert [one.place for one in found] == [
        "question.wishes.choices.job.hide_if", "group.A.when", "route.R1.when",
    ]  # fmt: skip
    assert [written(one.old) != written(one.new) for one in found] == [False, True, False]


def test_another_order_is_one_change() -> None:
    head, first, second = SMALL.partition('[[rule]]\nid = "layoff"')[0], *SMALL.split("[[rule]]\n")[1:3]
    rest = SMALL.partition('[[rule]]\nid = "need"')[2]
    swapped = f'{head}[[rule]]\n{second}[[rule]]\n{first}[[rule]]\nid = "need"{rest}'
    [one] = changed(small(), build(swapped)[0])
    assert (one.place, one.what, one.old, one.new) == (
        "rule", "order", ("layoff", "place", "need"), ("place", "layoff", "need"),
    )  # fmt: skip


def test_an_entry_of_a_list_is_a_change() -> None:
    programme = small()
    now = replace(programme, lists={"trades": (*programme.lists["trades"], Entry("1:cook", {"en": ("Cook",)}))})
    [one] = changed(programme, now)
    assert (one.place, one.old, one.new) == ("list.trades", (), ("1:cook",))


def test_words_are_apart() -> None:
    programme = replace(small(), texts=Texts({"en": {"a": {"b": "one", "c": ["x"]}}}))
    letters = {("receipt", "en"): Letter("Hello", "There\n")}
    now = replace(programme, phone="1", texts=Texts({"en": {"a": {"b": "two", "c": ["x"]}}}), letters=letters)
    assert changed(programme, now) == []
    assert changed_words(programme, now) == ["phone", "en a.b", "en letter receipt"]


def test_the_same_programme_has_no_changes() -> None:
    assert (changed(small(), small()), changed_words(small(), small())) == ([], [])
