"""Made-up persons who could have sent in: no rule is a no, every required question is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from intake.authoring.assessing import read_answers
from intake.engine.journey import Journey, coded, travel
from intake.engine.programme import Programme
from intake.records import SentIn
from tests.random_people import TODAY, random_answers


def sent_people(programme: Programme, chance: Random) -> Iterator[Journey]:
    """VästKraft's persons without end, on days over a year."""
    while True:
        today = TODAY - timedelta(days=chance.randrange(365))
        answers = read_answers(programme, random_answers(chance))
        if "last_employment_date" in answers:
            answers["last_employment_date"] = (today + timedelta(days=chance.randint(-300, 200))).isoformat()
        journey = travel(programme, answers, today)
        while journey.assessment.verdict != "not_eligible" and (missing := journey.missing()):
            step = journey.step(missing[0])
            assert step is not None
            one = chance.choice(step.offered)
            answers[missing[0]] = [one] if step.question.kind == "choices" else one
            journey = travel(programme, answers, today)
        if journey.assessment.verdict != "not_eligible":
            yield journey


def sent_in(journey: Journey, reference: str) -> SentIn:
    """The row that sending in leaves for replays."""
    programme, assessment, routing = journey.programme, journey.assessment, journey.routing
    place = journey.facts.values.get(programme.placed_by or "")
    return SentIn(
        reference=reference,
        version=programme.version,
        meaning=programme.meaning or None,
        judged_on=journey.today.isoformat(),
        verdict=assessment.verdict,
        group=assessment.group,
        lead=routing.lead,
        offers=json.dumps(routing.offers, separators=(",", ":")),
        municipality=None if place is None else str(place),
        decided=False,
        coded=json.dumps(coded(journey), separators=(",", ":")),
    )
