"""Checks that everybody who sends in can be contacted, and was asked about everybody who gets the answers."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from intake.authoring.proof.conditions_z3 import FALSE, Formula, any_of
from intake.authoring.proof.example_persons import Person
from intake.authoring.proof.explain import Proof, found
from intake.engine.findings import Finding
from intake.engine.journey import CHECK
from intake.engine.kinds import KINDS


def unsent(proof: Proof) -> Iterator[Finding]:
    """Yields persons who send in without contact details, and partners that nobody is asked about."""
    has, questions = proof.walk.reading.has, proof.programme.questions
    reached = any_of(has[question.id] for question in questions if KINDS[question.kind].contact)
    sends = _sends(proof)
    if person := proof.somebody(sends, z3.Not(reached), sure=_is_at_the_check):
        message = "somebody can send in without an address or a number: nobody could answer"
        yield found("contact_missing", "question", message, person)
    if person := proof.somebody(sends, z3.Not(has.get("name", FALSE)), sure=_is_at_the_check):
        message = 'somebody can send in without a name: the question with the id "name" is not asked, or may be skipped'
        yield found("contact_missing", "question.name", message, person)
    yield from _unasked(proof, sends)


def _sends(proof: Proof) -> Formula:
    """Everything asked is answered, also after the result, and no answer there has ended the journey."""
    walk = proof.walk
    ended = any_of(
        walk.reading.said[question.id, choice.id]
        for question in proof.programme.after_result
        for choice in question.choices
        if choice.ends
    )
    return z3.And(z3.Not(walk.no), z3.Not(any_of(walk.gap.values())), z3.Not(ended))


def _is_at_the_check(person: Person) -> bool:
    return person.journey.place == CHECK


def _unasked(proof: Proof, sends: Formula) -> Iterator[Finding]:
    """Nothing is passed on without a yes, so a partner that nobody is asked about is offered in vain."""
    walk, programme = proof.walk, proof.programme
    for of, union in (("partners", False), ("unions", True)):
        questions = [one.id for one in programme.questions if one.of == of]
        asked = any_of(walk.asked[id] for id in questions)
        for partner in programme.partners.values():
            if partner.union != union or partner.id == programme.owner:
                continue
            if person := proof.somebody(sends, walk.named[partner.id], z3.Not(asked), sure=_is_at_the_check):
                message = f'somebody is offered this and never asked about it: that is for a question with of = "{of}"'
                yield found("consent_missing", f"partner.{partner.id}", message, person)
                break  # the others lack the same question
