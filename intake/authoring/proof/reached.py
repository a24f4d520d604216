"""Checks that every question, choice, rule, group, text and partner can be reached, and nobody lacks a choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import z3

from intake.authoring.proof.conditions_z3 import FALSE, TRUE, Formula, all_of, any_of
from intake.authoring.proof.example_persons import Person
from intake.authoring.proof.explain import Proof, found
from intake.authoring.proof.walk import Law
from intake.engine.conditions import And, Compare, Condition, InGroup, Not, Or
from intake.engine.findings import Finding
from intake.engine.programme import Group, Question
from intake.engine.settling import followed
from intake.engine.written import written

TIME = ("days_until", "years_since")  # measures that change as time passes


def unreached(proof: Proof) -> Iterator[Finding]:
    """Yields everything that nobody ever reaches, with a person who misses it."""
    for question in proof.programme.questions:
        yield from _question(proof, question)
    yield from _rules(proof)
    yield from _groups(proof)
    yield from _texts(proof)


def _question(proof: Proof, question: Question) -> Iterator[Finding]:
    walk, id = proof.walk, question.id
    asked, answered = walk.asked[id], walk.no_gap_before(id)
    passes_by = partial(_is_not_asked, id)
    here = [*walk.ways[id], Law("everything asked before is answered", answered)]
    if not proof.anybody(asked, answered):
        why = proof.why_nobody(TRUE, here)
        person = proof.somebody(walk.reading.met[id], answered, sure=passes_by)
        person = person or proof.somebody(walk.complete, sure=passes_by)  # stopped before it
        yield found("question_unreached", f"question.{id}", f"nobody is ever asked this, {why}", person)
        return
    offered = {
        choice.id: TRUE if choice.hide_if is None else z3.Not(walk.reading.true(choice.hide_if))
        for choice in question.choices
    }
    for choice in question.choices:
        if choice.hide_if is not None and not proof.anybody(asked, answered, offered[choice.id]):
            hidden = Law(f"it is hidden if {written(choice.hide_if)}", offered[choice.id])
            why = proof.why_nobody(TRUE, [*here, hidden])
            person = proof.somebody(asked, answered, sure=partial(_lacks, id, choice.id))
            key = f"question.{id}.choices.{choice.id}"
            yield found("choice_unreached", key, f"nobody is ever offered this, {why}", person)
    if offered and not question.optional:
        nothing = z3.And(asked, answered, z3.Not(any_of(offered.values())))
        if person := proof.somebody(nothing, sure=partial(_offers_nothing, id)):
            message = "somebody who must answer has nothing to choose: every choice is hidden"
            yield found("nothing_to_choose", f"question.{id}.choices", message, person)


def _is_not_asked(question: str, person: Person) -> bool:
    step = person.journey.step(question)
    return step is None or not step.asked


def _lacks(question: str, choice: str, person: Person) -> bool:
    step = person.journey.step(question)
    return step is not None and step.asked and choice not in step.offered


def _offers_nothing(question: str, person: Person) -> bool:
    step = person.journey.step(question)
    return step is not None and step.asked and not step.offered


def _rules(proof: Proof) -> Iterator[Finding]:
    """A rule that can be a no but never gives the reason, because an earlier one always does."""
    walk = proof.walk
    for rule in proof.programme.rules:
        if rule.no_if is None or proof.anybody(walk.reason_of[rule.id], walk.complete):
            continue
        no = walk.reading.true(rule.no_if)
        person = proof.somebody(no, walk.complete)
        if person is not None:  # else its condition is never true, which is another finding
            other = person.journey.judged.no
            message = f'never gives the reason: rule "{other.id if other else ""}" always does so before'
            yield found("rule_unreached", f"rule.{rule.id}", message, person)


def _groups(proof: Proof) -> Iterator[Finding]:
    walk, groups = proof.walk, proof.programme.groups
    for number, group in enumerate(groups):
        for other in groups[:number]:
            both = z3.And(walk.reading.true(group.when), walk.reading.true(other.when))
            if person := proof.somebody(both, walk.complete, sure=partial(_in_both, group, other)):
                message = f"somebody belongs to group {other.id} too: groups are to be disjoint"
                yield found("groups_overlap", f"group.{group.id}.when", message, person)


def _in_both(one: Group, other: Group, person: Person) -> bool:
    facts = person.journey.judged.facts
    return one.when.holds(facts) is True and other.when.holds(facts) is True


def _texts(proof: Proof) -> Iterator[Finding]:
    """Results, advice, organisations and partners that nobody reaches, and texts that are never used."""
    walk, programme = proof.walk, proof.programme
    # The requirements of being eligible one by one, so that a minimal set that excludes everybody can be named.
    met = [Law(f"rule {rule.id} has to be a yes", walk.reading.true(rule.yes_if)) for rule in programme.rules]
    met.append(Law("everything asked is answered", walk.complete))
    nos = [(rule.id, rule.no_if) for rule in programme.rules if rule.no_if is not None]
    met += [Law(f"rule {id} may not be a no", z3.Not(walk.reading.true(no_if))) for id, no_if in nos]
    for group in programme.groups:
        belongs = Law(f"group {group.id} holds", walk.group[group.id])
        yield from _unread(proof, f"result.eligible_{group.id}", TRUE, [*met, belongs])
    # By the answers, or once staff have decided a group.
    waiting = z3.And(walk.ask_staff, walk.complete)
    later = walk.by_staff.values()
    for id in programme.organisations:
        told = any_of(one.telling(id) for one in later)
        yield from _unread(proof, f"organisation.{id}", any_of([walk.informs(id), all_of([waiting, told])]))
    for advice in programme.advice:
        decided = any_of(one.advised[advice.id] for one in later)
        read = any_of([walk.by_answers.advised[advice.id], all_of([waiting, decided])])
        yield from _unread(proof, f"advice.{advice.id}", all_of([walk.complete, read]))
    for partner in programme.partners.values():
        if partner.takes_persons and partner.id != programme.owner:
            given = any_of(one.given(partner.id) for one in later)
            named = any_of([walk.named[partner.id], all_of([waiting, given])])
            yield from _unread(proof, f"partner.{partner.id}", named)
    yield from _never_said(proof)


def _never_said(proof: Proof) -> Iterator[Finding]:
    """Titles of sections without questions, and texts about settling a result that nothing can settle."""
    programme = proof.programme
    for section in programme.sections:
        if not any(question.section == section.id for question in programme.questions):
            yield from _unread(proof, f"section.{section.id}", FALSE, why="no question stands in this section")
    moved_by = {id for rule in programme.rules for id in followed(programme, rule)}
    for question in programme.questions:
        if question.find_out and question.id not in moved_by:
            why = "no rule reads the question, so its answer settles nothing"
            yield from _unread(proof, f"question.{question.id}.settle", FALSE, why=why)
    for rule in programme.rules:
        brought = _is_brought(rule.yes_if, True) or (rule.no_if is not None and _is_brought(rule.no_if, False))
        if rule.in_time and not brought:
            yield from _unread(proof, f"why.{rule.id}.later", FALSE, why="time never brings a yes here, nor ends a no")


def _is_brought(condition: Condition, wanted: bool) -> bool:
    """Whether the passing of time may make it so: `years_since` grows, `days_until` shrinks."""
    match condition:
        case Compare(measure, _, operator, _) if measure in TIME:
            over = (operator in (">", ">=")) == (measure == "years_since")  # becomes true once the limit has passed
            return operator in ("==", "!=") or over is wanted
        case Not(part):
            return _is_brought(part, not wanted)
        case And(members) | Or(members):
            return any(_is_brought(member, wanted) for member in members)
        case InGroup(_, meaning):
            return _is_brought(meaning, wanted)
    return False


def _unread(
    proof: Proof,
    key: str,
    formula: Formula,
    context: Sequence[Law] = (),
    why: str = "no route that anybody fits leads to it",
) -> Iterator[Finding]:
    here = [law.formula for law in context]
    if proof.anybody(formula, proof.walk.complete, *here):
        return
    partner = key.startswith("partner.")
    what = "nobody is ever referred here" if partner else "nobody ever reads this text"
    because = f", {proof.why_nobody(formula, context)}" if context else f": {why}"
    person = proof.nearest(proof.walk.complete, proof.walk.eligible)
    yield found("partner_unreached" if partner else "text_unreached", key, what + because, person)
