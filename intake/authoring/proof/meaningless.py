"""Finds conditions, and parts of conditions, that have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import z3

from intake.authoring.proof.conditions_z3 import Formula, any_of, parts_of, replaced
from intake.authoring.proof.explain import Proof, found
from intake.authoring.proof.places import Place, named_parts, places
from intake.authoring.proof.walk import Law
from intake.engine.conditions import And, Condition, Is, Not, Or
from intake.engine.findings import Finding
from intake.engine.written import written

# Replacements for a part: true, false, unknown.
INSTEAD: tuple[Condition, ...] = (And(()), Or(()), Is("", frozenset()))


@dataclass
class Use:
    """One part of conditions. A named one may occur in several places; it counts if any of them needs it."""

    key: str
    part: Condition
    says: set[str] = field(default_factory=set)
    place: Place | None = None


def meaningless(proof: Proof) -> Iterator[Finding]:
    """Yields conditions that are always or never true, parts without effect, and unused names."""
    every = [(place, _constant(proof, place.condition, place)) for place in places(proof.walk)]
    # If everybody gets a no, nothing further down can be true: causes come before their consequences.
    for place, constant in sorted(every, key=lambda one: not (one[0].ends and one[1] == "always")):
        if constant:
            yield from _always(proof, place, constant)
    yield from _parts(proof, [place for place, constant in every if not constant])
    used = {id(part) for place, _ in every for part in place.condition.parts()}
    for name, condition in proof.programme.named.items():
        if id(condition) not in used:
            message = "nothing uses this condition"
            yield found("condition_unused", f"conditions.{name}", message, None, "warning")
    for name in proof.programme.spare_sets:
        yield found("set_unused", f"sets.{name}", "no condition names this set", None, "warning")


def _parts(proof: Proof, varying: Sequence[Place]) -> Iterator[Finding]:
    named, uses = named_parts(proof.programme), dict[tuple[str, int], Use]()
    for place in varying:
        spare = {id(part) for part, without in _without_each(place.condition) if _same(proof, without, place)}
        for part in parts_of(place.condition):
            if part is place.condition or isinstance(part, Not):
                continue
            use = uses.setdefault((named.get(id(part), place.key), id(part)), Use(named.get(id(part), place.key), part))
            idle = id(part) in spare or not _matters(proof, part, place)
            use.says.add(_constant(proof, part, place) or ("idle" if idle else ""))
            use.place = place
    told = set[tuple[str, str]]()
    for use in uses.values():
        if len(use.says) == 1 and "" not in use.says and use.place is not None:
            finding = _part(proof, use, use.says.pop(), use.place)
            if (finding.key, finding.message) not in told:  # report a part that is written twice only once
                yield finding
            told.add((finding.key, finding.message))


def _constant(proof: Proof, condition: Condition, place: Place) -> str:
    if not proof.anybody(place.here, proof.walk.reading.true(condition)):
        # A part that is true only of persons whom the whole condition stops has an effect.
        says = condition is not place.condition and place.ends and _is_ever(proof.unstopped, condition)
        return "" if says else "never"
    return "always" if _is_always(proof, condition, place) else ""


def _is_always(proof: Proof, condition: Condition, place: Place) -> bool:
    """Whether it is true of everybody who reaches it. Conditions that end walks are checked as if none did."""
    if not place.ends:
        return not proof.anybody(place.here, z3.Not(proof.walk.reading.true(condition)))
    free = proof.unstopped
    return not free.anybody(free.walk.complete, z3.Not(free.walk.reading.true(condition)))


def _is_ever(proof: Proof, condition: Condition) -> bool:
    return proof.anybody(proof.walk.complete, proof.walk.reading.true(condition))


def _always(proof: Proof, place: Place, constant: str) -> Iterator[Finding]:
    """Yields a finding for a constant condition, except for a question never asked, which is another finding."""
    if not proof.anybody(place.here):
        return  # nobody reaches this place, which is reported where they are stopped
    if place.key.endswith(".ask_if") and constant == "never":
        return
    why = _why(proof, place.condition, place, constant)
    message = f"is {constant} true ({written(place.condition)[:200]}), {why}"
    parts = place.condition.members if isinstance(place.condition, And) else ()
    person = proof.nearest(place.here, *map(proof.walk.reading.true, parts))  # for whom at least the first part holds
    yield found(f"condition_{constant}", place.key, message, person)


def _why(proof: Proof, condition: Condition, place: Place, constant: str) -> str:
    """Returns why nobody is an exception."""
    if constant == "never":
        return proof.why_nobody(proof.walk.reading.true(condition), place.context)
    if not place.ends:
        return proof.why_nobody(z3.Not(proof.walk.reading.true(condition)), place.context)
    free = proof.unstopped
    answered = Law("everything asked is answered", free.walk.complete)
    return free.why_nobody(z3.Not(free.walk.reading.true(condition)), [answered])


def _matters(proof: Proof, part: Condition, place: Place) -> bool:
    """Whether the outcome (true, false or unknown) of anybody depends on this part."""
    others = [replaced(place.condition, part, instead) for instead in INSTEAD]
    changes = any_of(_differs(proof, place, other) for other in others)
    return proof.anybody(place.here, changes) or any(_meets_no(proof, other, place) for other in others)


def _without_each(condition: Condition) -> Iterator[tuple[Condition, Condition]]:
    """Yields every part that could be left out, with the condition that remains. Of two equal parts, one is enough."""
    for whole in parts_of(condition):
        if isinstance(whole, And | Or):
            for place, part in enumerate(whole.members):
                left = type(whole)((*whole.members[:place], *whole.members[place + 1 :]))
                yield part, replaced(condition, whole, left)


def _same(proof: Proof, other: Condition, place: Place) -> bool:
    """Whether another condition has the same outcome for everybody, including those who skipped something."""
    return not proof.anybody(place.anyhow, _differs(proof, place, other)) and not _meets_no(proof, other, place)


def _meets_no(proof: Proof, other: Condition, place: Place) -> bool:
    """Whether yes_if in this form would overlap with no_if, and as written does not."""
    if place.no_if is None:
        return False
    free, read = proof.unstopped, proof.unstopped.walk.reading
    no, yes = read.true(place.no_if), read.true(place.condition)
    return free.anybody(no, read.true(other)) and not free.anybody(no, yes)


def _differs(proof: Proof, place: Place, other: Condition) -> Formula:
    reading, condition = proof.walk.reading, place.condition
    return any_of(z3.Xor(read(condition), read(other)) for read in (reading.true, reading.false))


def _part(proof: Proof, use: Use, says: str, place: Place) -> Finding:
    text = written(use.part)[:200]
    if says == "idle":
        message = f"the part {text} changes nobody's outcome: leave it out, or mend what stands beside it"
        return found("part_idle", use.key, message, proof.somebody(place.here), "warning")
    why = _why(proof, use.part, place, says)
    message = f"the part {text} is {says} true here, {why}"
    return found(f"part_{says}", use.key, message, proof.somebody(place.here), "warning")
