"""Example persons for findings of the catalogue (a text, a route or a partner is missing): one who would need it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import z3

from intake.authoring.proof.conditions_z3 import FALSE, TRUE, Formula, any_of
from intake.authoring.proof.explain import Proof
from intake.engine.findings import Finding


def with_examples(proof: Proof, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yields the findings of the catalogue, each with an example person if one can be found."""
    for finding in findings:
        formula = _meets(proof, finding)
        person = None if formula is None else proof.somebody(formula)
        yield finding if person is None else replace(finding, example=person.example())


def _meets(proof: Proof, finding: Finding) -> Formula | None:
    path = finding.key.split(".")
    if finding.file.startswith("texts/"):
        return _reads(proof, path)
    if finding.file.startswith("letters/"):
        return z3.Not(proof.walk.no)
    if finding.file != "programme.toml" or len(path) < 2 or finding.code == "nothing_to_choose":
        return None  # the proof itself reports whether anybody has nothing to choose
    what, id = path[0], path[1]
    match what:
        case "question" if finding.code == "too_early":
            return proof.walk.reading.met.get(id)
        case "question":
            return proof.walk.asked.get(id)
        case "route" if any(route.id == id and route.ask_staff for route in proof.programme.routes):
            return proof.walk.ask_staff
        case "route" if path[2:] == ["otherwise"]:
            return z3.And(proof.walk.eligible, z3.Not(any_of(proof.walk.leads.values())))  # whom the last would lead
        case "route":
            return z3.And(proof.walk.eligible, proof.walk.by_answers.fits.get(id, _unfitted(proof)))
    return None


def _unfitted(proof: Proof) -> Formula:
    """No route with a condition fits, so that the last one should."""
    return z3.Not(any_of(proof.walk.by_answers.fits.values()))


def _reads(proof: Proof, path: list[str]) -> Formula | None:
    """Returns who reads this text. Texts of every page are read by anybody."""
    walk, programme = proof.walk, proof.programme
    what, id, *rest = [*path, ""]
    match what:
        case "section":
            return any_of(walk.asked[one.id] for one in programme.questions if one.section == id)
        case "question":
            return walk.asked.get(id)
        case "choice":
            said = walk.reading.said.get((id, rest[0]))
            return said if said is not None else walk.asked.get(id)
        case "result":
            return _has_result(proof, id)
        case "why":
            return _has_outcome(proof, id, rest[0])
        case "advice":
            return walk.by_answers.advised.get(id, FALSE)
        case "partner":
            return walk.named.get(id, FALSE) if id != programme.owner else walk.eligible
        case "organisation":
            return walk.informs(id)
        case "end":
            choices = [(one.id, choice) for one in programme.questions for choice in one.choices]
            return any_of(walk.reading.said[question, one.id] for question, one in choices if one.ends == id)
        case "note":
            notes = [(one, note) for one in programme.questions for note in one.notes if note.text == id]
            return any_of(z3.And(walk.asked[one.id], walk.reading.true(note.when)) for one, note in notes)
    return TRUE


def _has_result(proof: Proof, reason: str) -> Formula:
    walk = proof.walk
    if reason == "review":
        return walk.ask_staff
    groups = [z3.And(walk.eligible, held) for id, held in walk.group.items() if reason == f"eligible_{id}"]
    return any_of([*groups, *(walk.reason_of[rule.id] for rule in proof.programme.rules if rule.reason == reason)])


def _has_outcome(proof: Proof, id: str, outcome: str) -> Formula | None:
    rule = next((rule for rule in proof.programme.rules if rule.id == id), None)
    if rule is None:
        return TRUE
    reading = proof.walk.reading
    no = FALSE if rule.no_if is None else reading.true(rule.no_if)
    yes = reading.true(rule.yes_if)
    return {"no": no, "yes": yes}.get(outcome, z3.And(z3.Not(no), z3.Not(yes), proof.walk.ask_staff))
