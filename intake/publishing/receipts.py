"""Derives a result again from what was stored: the answers, the day, the version at the time, the current engine.

Reads the encrypted answers before the result and nothing that identifies a person. A union is never named, because the
operator of a command is neither the union nor the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.engine.journey import travel
from intake.engine.programme import Programme
from intake.publishing.versions import Programmes
from intake.records import Submission

COMPARED = ("verdict", "group", "reason", "route", "lead", "offers", "trace")
A_UNION = "a union"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result stored (`then`) and derived again (`now`). `now` None: the version was not kept."""

    submission: Submission
    then: Mapping[str, Any]
    now: Mapping[str, Any] | None

    @property
    def differences(self) -> tuple[str, ...]:
        """The aspects that differ; "version" if the version was not kept."""
        if self.now is None:
            return ("version",)
        return tuple(what for what in COMPARED if self.then[what] != self.now[what])


def nameless(result: Mapping[str, Any], unions: Collection[str]) -> dict[str, Any]:
    """Returns a result to be shown: without the name of any union, also where two differ by one."""
    offers = [A_UNION if partner in unions else partner for partner in result["offers"]]
    trace = [{"rule": one.rule, "outcome": one.outcome, "because": list(one.because)} for one in result["trace"]]
    return {**result, "offers": offers, "trace": trace}


def derive(submission: Submission, programmes: Programmes) -> Receipt:
    """Derives the result of a submission again, by the version under which it was sent in."""
    programme = programmes.published(submission.programme, submission.version, submission.meaning)
    sealed = submission.sealed
    then = {
        "verdict": submission.verdict,
        "group": submission.group,
        "reason": submission.reason,
        "route": submission.route,
        "lead": submission.lead if submission.offers is not None else sealed["lead"],
        "offers": tuple(submission.offers if submission.offers is not None else sealed["offers"]),
        "trace": submission.trace(),
    }
    return Receipt(submission, then, None if programme is None else _judged(programme, submission))


def _judged(programme: Programme, submission: Submission) -> dict[str, Any]:
    before = {question.id for question in programme.before_result}
    answers = {id: said for id, said in submission.sealed["answers"].items() if id in before}
    journey = travel(programme, answers, date.fromisoformat(submission.judged_on))
    return {
        "verdict": journey.assessment.verdict,
        "group": journey.assessment.group,
        "reason": journey.assessment.reason,
        "route": journey.routing.route,
        "lead": journey.routing.lead,
        "offers": journey.routing.offers,
        "trace": journey.trace(),
    }
