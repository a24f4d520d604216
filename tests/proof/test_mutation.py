"""Changed conditions are detected by a case, by the replay or by the proof; the rest are shown to be harmless.

`python -m pytest tests/proof/test_mutation.py -s` prints the share and all that were not detected.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice
from random import Random

import pytest

from intake.authoring.assessing import read_answers
from intake.authoring.catalog import checked
from intake.authoring.catalog.cases import case_findings
from intake.authoring.catalog.files import Files
from intake.authoring.catalog.load import LoadResult
from intake.authoring.proof import prove
from intake.authoring.proof.first_difference import first_difference
from intake.authoring.replay import changes_anyone
from intake.config import PACKAGED
from intake.engine.journey import Journey
from intake.engine.programme import Programme
from tests.proof.mutations import Edit, random_edits
from tests.random_people import random_answers

TODAY = date(2026, 11, 23)
FOLDER = PACKAGED / "vastkraft"
EDITS = 60  # times ten in `make test-all`
PERSONS = 600
SHARE = 0.9  # noticed, of all; the rest is explained one by one


def test_a_slip_is_noticed_or_harmless(effort: int) -> None:
    files, rng = Files.of(FOLDER), Random(200)
    programme = checked(files)[1]
    assert programme is not None
    persons = [read_answers(programme, random_answers(rng)) for _ in range(PERSONS)]
    noticed: Counter[str] = Counter()
    for edit in islice(random_edits(FOLDER, programme, rng), EDITS * effort):
        if case_findings(files, LoadResult((edit.programme,), ())):
            noticed["a case"] += 1
        elif changes_anyone(programme, edit.programme, persons, TODAY):
            noticed["the replay"] += 1
        elif prove(edit.programme, TODAY):
            noticed["the proof"] += 1
        else:
            why = harmless(programme, edit)
            noticed[why] += 1
            print(f"not noticed, {why}: {edit}")
    print(", ".join(f"{count} by {who}" for who, count in noticed.most_common()))
    share = sum(noticed[who] for who in ("a case", "the replay", "the proof")) / noticed.total()
    print(f"noticed: {share:.1%} of {noticed.total()}")
    assert share >= SHARE


def harmless(programme: Programme, edit: Edit) -> str:
    """Why nobody noticed; an edit that changes what somebody gets before the result has to be noticed."""
    difference = first_difference(programme, edit.programme, TODAY)
    if difference is None:
        return "nobody at all gets anything else (proven)"
    before, after = (_gets(one.journey) for one in (difference.before, difference.after))
    if before != after or difference.what == "notes":
        pytest.fail(f"{edit} changes {difference.what} of {dict(difference.before.answers)}: {before}, now {after}")
    if difference.what == "asked":
        return "it changes what is asked after the result, which the transcripts try"
    return f"it changes {difference.what} of somebody whom staff decide about"


def _gets(journey: Journey) -> tuple[object, ...]:
    """What somebody is asked before the result, and gets."""
    asked = [step.question.id for step in journey.asked() if not step.question.after_result]
    return asked, journey.assessment, journey.routing.lead, journey.routing.offers
