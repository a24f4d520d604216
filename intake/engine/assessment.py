"""Judges all rules: verdict, group and reason, always preliminary: staff decide. (docs/rules.md, "Verdict")"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.engine.conditions import Facts, questions_of
from intake.engine.programme import Programme, Rule

REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule with its outcome (`yes`, `no`, `ask_staff`, `not_reached`) and the questions that decided it."""

    rule: str
    outcome: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """`verdict` is `eligible`, `not_eligible` or `ask_staff`; `reason` is the id of the result text."""

    verdict: str
    reason: str
    group: str | None


def first_no(rules: Sequence[Rule], facts: Facts) -> Rule | None:
    """Returns the first rule whose `no_if` certainly holds; it gives the reason. None: no rule is a no."""
    return next((rule for rule in rules if rule.no_if is not None and rule.no_if.holds(facts)), None)


def group_of(programme: Programme, facts: Facts) -> str | None:
    """Returns the first group whose `when` holds, or None if an earlier one is unknown or none holds."""
    for group in programme.groups:
        truth = group.when.holds(facts)
        if truth is not False:
            return group.id if truth else None
    return None


def assess(programme: Programme, facts: Facts, no: Rule | None, gaps: bool) -> Assessment:
    """Returns the verdict on what is certain. `no` is the rule that ended the walk; `gaps`: an answer is missing."""
    if no is not None:
        return Assessment("not_eligible", no.reason, None)
    group = group_of(programme, facts)
    if gaps or group is None or not all(rule.yes_if.holds(facts) for rule in programme.rules):
        return Assessment("ask_staff", REVIEW, group)
    return Assessment("eligible", f"eligible_{group}", group)


def trace(programme: Programme, facts: Facts) -> tuple[Judged, ...]:
    """Every rule with its outcome; a rule left open because a no ended the walk is `not_reached`."""
    return tuple(_judge(rule, facts) for rule in programme.rules)


def _judge(rule: Rule, facts: Facts) -> Judged:
    no_reads = questions_of(rule.no_if) if rule.no_if is not None else ()
    yes_reads = questions_of(rule.yes_if)
    if rule.no_if is not None and rule.no_if.holds(facts):
        outcome, reads = "no", no_reads
    elif rule.yes_if.holds(facts):
        outcome, reads = "yes", yes_reads
    else:
        outcome, reads = "ask_staff", tuple(dict.fromkeys((*no_reads, *yes_reads)))
        if any(facts.pending(id) for id in reads):
            return Judged(rule.id, "not_reached", ())
    used = (id for id in reads if id in facts.values or (outcome == "ask_staff" and id in facts.settled))
    return Judged(rule.id, outcome, tuple(used))
