"""Facts that would settle a result: by hand for each kind of fact, and by brute force over random people.

The programme has everything in it: a choice, a number, a year and a date to find out, and rules that time fulfils.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product
from random import Random

import pytest

from intake.authoring.assessing import judge
from intake.engine.conditions import Value
from intake.engine.explaining import settled_by
from intake.engine.journey import Answers, Journey, travel
from intake.engine.programme import Programme
from intake.engine.settling import AHEAD, Fact, settle
from intake.words import words_for
from tests.engine.small import SMALL, build

TODAY = date(2026, 11, 23)
WAITS = """
[[question]]
id = "born"
kind = "date"
section = "about"
[[question]]
id = "notice_ends"
kind = "date"
section = "about"
optional = true
find_out = true
[[question]]
id = "hours"
kind = "number"
section = "about"
optional = true
find_out = true
[[question]]
id = "agreement"
kind = "choice"
section = "about"
find_out = true
choices = [{id = "yes"}, {id = "partly"}, {id = "no"}, {id = "unsure", dont_know = true}]
[[question]]
id = "since"
kind = "year"
section = "about"
optional = true
ask_if = 'agreement == "partly"'
find_out = true
[[question]]
id = "health"
kind = "choice"
section = "about"
optional = true
choices = [{id = "well"}, {id = "ill"}]
[[question]]
id = "send"
"""
RULES = """
[[rule]]
id = "age"
no_if = 'years_since(born) < 18'
reason = "young"
in_time = true
[[rule]]
id = "soon"
yes_if = 'days_until(notice_ends) <= 90 and days_until(notice_ends) > -400'
reason = "review"
in_time = true
[[rule]]
id = "hours"
no_if = 'hours < 3'
yes_if = 'hours >= 17'
reason = "few"
[[rule]]
id = "cover"
no_if = 'agreement == "no" and health == "ill"'
yes_if = 'agreement == "yes" or (agreement == "partly" and years_since(since) >= 2)'
reason = "no_cover"
[[rule]]
id = "layoff"
"""
SOURCE = SMALL.replace('[[question]]\nid = "send"\n', WAITS.lstrip(), 1).replace(
    '[[rule]]\nid = "layoff"\n', RULES.lstrip(), 1
)
SETTLED = {
    "status": "working", "place": "here", "wishes": ["course"], "trade": None, "born": "1980-05-01",
    "notice_ends": "2027-01-10", "hours": 20, "agreement": "yes", "health": None,
}  # fmt: skip


def programme() -> Programme:
    built, findings = build(SOURCE)
    assert not findings, findings
    return built


PROGRAMME = programme()


def walked(**said: Value | None) -> Journey:
    return travel(PROGRAMME, {**SETTLED, **said}, TODAY)


def test_a_yes_needs_nothing() -> None:
    assert walked().assessment.verdict == "eligible" and settle(walked()) == ()


def test_an_answer_to_find_out_names_every_value_that_would_do() -> None:
    assert settle(walked(agreement="unsure")) == (Fact("agreement", ("yes",)),)
    assert settle(walked(hours=None)) == (Fact("hours", (17, 18)),)  # the border, and the next


def test_what_is_known_and_what_is_not_marked_is_never_suggested() -> None:
    assert settle(walked(hours=5)) == ()  # fewer hours than needed: that is so
    assert settle(walked(place="unsure")) == ()  # nobody is told which place would fit
    assert settle(walked(wishes=["none"])) == ()


def test_time_brings_an_age_on_the_birthday() -> None:
    young = walked(born="2009-03-01")
    assert young.assessment.verdict == "not_eligible"
    assert settle(young) == (Fact(rule="age", day=date(2027, 3, 1)),)
    assert settle(walked(born="2008-02-29")) == ()  # grown up already
    leap = travel(PROGRAMME, {**SETTLED, "born": "2008-02-29"}, date(2025, 12, 1))
    assert settle(leap) == (Fact(rule="age", day=date(2026, 3, 1)),)


def test_a_settling_day_is_told_up_to_two_years_ahead() -> None:
    assert settle(walked(notice_ends="2027-06-30")) == (Fact(rule="soon", day=date(2027, 4, 1)),)
    assert settle(walked(notice_ends="2030-06-30")) == ()
    assert settle(walked(born="2011-11-23")) == ()  # eighteen in three years


def test_joint_facts_follow_the_questions_with_the_day_last() -> None:
    both = walked(agreement="unsure", hours=None)
    assert settle(both) == (Fact("hours", (17, 18)), Fact("agreement", ("yes",)))
    later = walked(agreement="unsure", notice_ends="2027-06-30")
    assert settle(later) == (Fact("agreement", ("yes",)), Fact(rule="soon", day=date(2027, 4, 1)))


def test_a_day_that_changes_an_unmarked_rule_is_not_told() -> None:
    unmarked = build(SOURCE.replace('in_time = true\n[[rule]]\nid = "hours"', '[[rule]]\nid = "hours"', 1))[0]
    journey = travel(unmarked, {**SETTLED, "notice_ends": "2027-06-30"}, TODAY)
    assert journey.assessment.verdict == "ask_staff" and settle(journey) == ()


@pytest.mark.parametrize(("language", "day"), [("en", "Monday 1 March 2027"), ("sv", "måndag 1 mars 2027")])
def test_a_fact_is_the_programmes_sentence_with_its_day(language: str, day: str) -> None:
    texts = {"why": {"age": {"later": "from {date}"}}, "question": {"hours": {"settle": "if you work enough"}}}
    PROGRAMME.texts.by_language = {"en": texts, "sv": texts}
    facts = (Fact("hours", (17,)), Fact(rule="age", day=date(2027, 3, 1)))
    said = [words_for(language).dated(one) for one in settled_by(PROGRAMME, facts, language)]
    assert said == ["if you work enough", f"from {day}"]


def test_assess_gives_the_facts_as_values_and_days() -> None:
    said = {**SETTLED, "agreement": "unsure", "notice_ends": "2027-06-30"}
    assert judge(PROGRAMME, said, TODAY)["settle"] == [
        {"question": "agreement", "values": ["yes"]}, {"rule": "soon", "from": "2027-04-01"}
    ]  # fmt: skip


# By brute force

OFFERED: dict[str, list[Value | None]] = {
    "status": [*["working"] * 9, "left", "neither"], "place": [*["here"] * 9, "unsure", "far"],
    "wishes": [*[["course"]] * 9, ["none"]], "agreement": ["yes", "partly", "no", "unsure", "unsure"],
    "since": [2019, 2026, None, None], "health": ["ill", None], "hours": [1, 5, 20, None, None],
    "born": ["1980-05-01", "1980-05-01", "2009-03-01", "2010-06-15"],
    "notice_ends": ["2027-01-10", "2027-06-30", "2025-10-01", None, None], "last_day": ["2026-12-01", None],
}  # fmt: skip
TRIED: dict[str, list[Value]] = {
    "agreement": ["yes", "partly", "no"], "hours": list(range(31)), "since": list(range(2020, 2028)),
    "notice_ends": [(TODAY + timedelta(days=days)).isoformat() for days in (-401, -400, -399, 0, 89, 90, 91)],
}  # fmt: skip
DAYS = [TODAY + timedelta(days=ahead) for ahead in range(1, AHEAD.days + 1)]


def flips(journey: Journey, said: Answers, day: date) -> bool:
    """The definition once more: the verdict is better, and what time changed is marked."""
    then = travel(PROGRAMME, {**journey.answers, **said}, day)
    wanted = {"ask_staff": {"eligible"}, "not_eligible": {"eligible", "ask_staff"}}[journey.assessment.verdict]
    if then.assessment.verdict not in wanted:
        return False
    if day == TODAY:
        return True
    was = {"ask_staff": "ask_staff", "not_eligible": "no"}[journey.assessment.verdict]
    now = travel(PROGRAMME, {**journey.answers, **said}, TODAY).trace()
    changed = {one.rule for one, other in zip(now, then.trace(), strict=True) if one.outcome == was != other.outcome}
    return bool(changed) and changed <= {"age", "soon"}


def unknown(journey: Journey) -> list[str]:
    open_now = [step.question.id for step in journey.steps if step.asked and step.status == "blank"]
    return [id for id in ("notice_ends", "hours", "agreement", "since") if id in open_now]


def smallest(journey: Journey, day: date) -> int | None:
    """How many facts are needed at least, a day counting as one; None: three are not enough.

    Every day is tried alone; beside answers one in two months and `day`, because all of them would take minutes.
    """
    ids = unknown(journey)
    for size in (1, 2, 3):
        for later in (False, True):
            for some in combinations(ids, size - later):
                days = [TODAY] if not later else DAYS if not some else sorted({*DAYS[::61], day} - {TODAY})
                for values in product(*(TRIED[id] for id in some)):
                    said = dict(zip(some, values, strict=True))
                    if any(flips(journey, said, one) for one in days):
                        return size
    return None


def person(rng: Random) -> Answers:
    return {id: rng.choice(values) for id, values in OFFERED.items()}


def test_the_facts_told_are_minimal_and_turn_the_verdict(effort: int) -> None:
    rng, found, sizes = Random(20261123), 0, set()
    while found < 100 * effort:
        journey = travel(PROGRAMME, person(rng), TODAY)
        if journey.assessment.verdict == "eligible":
            continue
        facts = settle(journey)
        day = next((fact.day for fact in facts if fact.day is not None), TODAY)
        answers = {fact.question: fact.values for fact in facts if fact.question is not None}
        for values in product(*answers.values()):
            assert not facts or flips(journey, dict(zip(answers, values, strict=True)), day), journey.answers
        assert smallest(journey, day) == (len(facts) or None), (journey.answers, facts)
        earlier = [one for one in DAYS if one < day] if day != TODAY and not answers else []
        assert not any(flips(journey, {}, one) for one in earlier), "there is an earlier day"
        found += 1
        sizes.add(len(facts))
    assert sizes == {0, 1, 2, 3}
