"""The proof finds the same as walking everybody through a small programme.

With random programmes. Each example is a person of whom the finding is true. The classes of paths are complete.
"""

from __future__ import annotations

from datetime import date

from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from intake.authoring.proof import prove
from intake.engine.programme import Programme
from tests.path_classes import after_classes, path_classes
from tests.proof.by_brute_force import BruteForce, TooMany, after, before, complete, no_gap
from tests.proof.random_programmes import DAYS, programmes, walked

PERSONS = 1_500  # at most, in one programme
WITHOUT_PERSON = {"condition_unused", "set_unused"}  # they concern nobody, so there is nothing to compare


HALF = settings(max_examples=settings().max_examples // 2)


def counted(programme: Programme, today: date) -> BruteForce:
    try:
        return BruteForce(programme, today, PERSONS)
    except TooMany:
        reject()


@HALF
@given(programmes(most=4), st.sampled_from(DAYS))
def test_nothing_is_missed_and_nothing_is_made_up(programme: Programme, today: date) -> None:
    expected = counted(programme, today).expected()
    found = {(one.code, one.key): one for one in prove(programme, today) if one.code not in WITHOUT_PERSON}
    for code, _ in expected:
        event(code)
    missed, made_up = expected.keys() - found.keys(), [str(found[one]) for one in found.keys() - expected.keys()]
    assert not missed and not made_up, f"missed: {missed}, made up: {made_up}"
    for key, finding in found.items():
        if finding.example is not None:
            answers = finding.example["answers"]
            assert isinstance(answers, dict)
            journey = walked(programme, answers, today)
            assert expected[key](journey), f"{finding} is not true of {finding.example}"


@HALF
@given(programmes(most=4), st.sampled_from(DAYS))
def test_every_class_is_found_once(programme: Programme, today: date) -> None:
    everybody = [one for one in counted(programme, today).everybody if complete(one)]
    to_the_result = {
        (tuple(before(one)), one.assessment.reason, one.assessment.group, one.routing.route) for one in everybody
    }
    paths = [(one.asked, one.reason, one.group, one.route) for one in path_classes(programme, today)]
    assert sorted(map(str, paths)) == sorted(map(str, to_the_result))
    from_there = {(tuple(after(one)), one.end) for one in everybody if one.judged.no is None and no_gap(one)}
    found = [(one.asked, one.end) for one in after_classes(programme, today)]
    assert sorted(map(str, found)) == sorted(map(str, from_there))
    event(f"{len(paths)} to the result, {len(found)} from there")
