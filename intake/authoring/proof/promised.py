"""Checks what a programme promises participants.

No identity early or twice, no more questions than stated, no yes together with a no, no answers for unions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import z3

from intake.authoring.proof.example_persons import Person
from intake.authoring.proof.explain import Proof, found
from intake.engine.findings import Finding
from intake.engine.kinds import KINDS
from intake.engine.programme import Question


def broken_promises(proof: Proof) -> Iterator[Finding]:
    yield from _early(proof)
    yield from _twice(proof)
    yield from _long(proof)
    yield from _contradictions(proof)
    yield from _read_by_unions(proof)


def _early(proof: Proof) -> Iterator[Finding]:
    """No identity before it is needed (docs/promises.md). The catalogue refuses addresses and numbers."""
    for question in proof.programme.before_result:
        if not KINDS[question.kind].free:
            continue
        asked, answered = proof.walk.asked[question.id], proof.walk.no_gap_before(question.id)
        if person := proof.somebody(asked, answered, sure=partial(_is_asked, {question.id})):
            message = "own words before the result may say who somebody is: take a search, or ask after the result"
            yield found("own_words_early", f"question.{question.id}", message, person, "warning")


def _twice(proof: Proof) -> Iterator[Finding]:
    """Two questions for the same thing: two addresses, two numbers, two consents for the same kind of partner."""
    asked: list[Question] = []
    for question in proof.programme.questions:
        if not KINDS[question.kind].once:
            continue
        for other in asked:
            if (question.kind, question.of) != (other.kind, other.of):
                continue
            both = z3.And(proof.walk.asked[question.id], proof.walk.asked[other.id])
            if person := proof.somebody(both, sure=partial(_is_asked, {question.id, other.id})):
                message = f"asks for the same as {other.id}, which the same person was asked before"
                yield found("identity_twice", f"question.{question.id}", message, person)
        asked.append(question)


def _long(proof: Proof) -> Iterator[Finding]:
    """Nobody is asked more questions before the result than `[limits] questions` states."""
    most = proof.programme.limits.questions
    if most is None:
        return
    asked = [z3.If(proof.walk.asked[question.id], 1, 0) for question in proof.programme.before_result]
    long = z3.And(z3.Sum(asked) > most, proof.walk.complete)
    if person := proof.somebody(long, sure=lambda one: len(_before(one)) > most):
        message = f"somebody is asked {len(_before(person))} questions before the result, more than {most}"
        yield found("journey_too_long", "limits.questions", message, person)


def _contradictions(proof: Proof) -> Iterator[Finding]:
    """A rule's yes and no together: preferably of somebody it stops, else as if no rule ended the walk."""
    free = proof.unstopped
    for rule in proof.programme.rules:
        if rule.no_if is None:
            continue
        stopped = z3.And(proof.walk.reason_of[rule.id], proof.walk.reading.true(rule.yes_if))
        both = z3.And(free.walk.reading.true(rule.no_if), free.walk.reading.true(rule.yes_if))
        if person := proof.somebody(stopped) or free.somebody(both):
            message = "yes_if and no_if hold for the same person"
            yield found("yes_and_no", f"rule.{rule.id}", message, person)


def _read_by_unions(proof: Proof) -> Iterator[Finding]:
    """The check page says that a union gets "no answers" (docs/rules.md, "Unions")."""
    for partner in proof.programme.partners.values():
        read = [question.id for question in proof.programme.before_result if partner.reads(question.id)]
        if partner.union and read:
            person = proof.nearest(proof.walk.eligible, proof.walk.named[partner.id])
            message = f"a union gets no answers, and would read {', '.join(read[:3])}{', ...' * (len(read) > 3)}"
            yield found("union_reads", f"partner.{partner.id}.sees", message, person)


def _is_asked(questions: set[str], person: Person) -> bool:
    return questions <= {step.question.id for step in person.journey.asked()}


def _before(person: Person) -> list[str]:
    return [step.question.id for step in person.journey.asked() if not step.question.after_result]
