"""The proof finds what walking everybody through a small programme finds: nothing is missed, nothing is made up.

Random programmes. Each example is somebody of whom the finding is true.
"""

from __future__ import annotations

from datetime import date

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from intake.engine.programme import Programme
from intake.proof import prove
from tests.proof.by_brute_force import BruteForce, TooMany
from tests.proof.random_programmes import DAYS, programmes, walked

PERSONS = 1_500  # at most, in one programme
WITHOUT_PERSON = {"condition_unused"}  # it concerns nobody, so there is nothing to compare


@settings(max_examples=settings().max_examples // 2)
@given(programmes(most=4), st.sampled_from(DAYS))
def test_nothing_is_missed_and_nothing_is_made_up(programme: Programme, today: date) -> None:
    try:
        expected = BruteForce(programme, today, PERSONS).expected()
    except TooMany:
        assume(False)
    found = {(one.code, one.key): one for one in prove(programme, today) if one.code not in WITHOUT_PERSON}
    for code, _ in expected:
        event(code)
    assert set(found) == set(expected), (
        f"not found: {set(expected) - set(found)}, made up: {[str(found[one]) for one in set(found) - set(expected)]}"
    )
    for key, finding in found.items():
        if finding.example is not None:
            journey = walked(programme, finding.example["answers"], today)
            assert expected[key](journey), f"{finding} is not true of {finding.example}"
