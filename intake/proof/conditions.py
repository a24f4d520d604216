"""Does every condition, and every part of one, say something?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import z3

from intake.engine.conditions import All, Condition, Either, Is, Not
from intake.engine.findings import Finding
from intake.engine.written import written
from intake.proof.places import Place, named_parts, places
from intake.proof.reading import Formula, any_of, parts_of, replaced
from intake.proof.saying import Proof, found

# What a part could be instead: true, false, unknown.
INSTEAD: tuple[Condition, ...] = (All(()), Either(()), Is("", frozenset()))


@dataclass
class Use:
    """One part of conditions: a named one may stand in several places, and counts where any of them needs it."""

    key: str
    part: Condition
    says: set[str] = field(default_factory=set)
    place: Place | None = None


def meaningless(proof: Proof) -> Iterator[Finding]:
    """Conditions that are always or never true, parts that change nothing, names that nothing uses."""
    named, uses = named_parts(proof.programme), dict[tuple[str, int], Use]()
    used: set[int] = set()
    for place in places(proof.walk):
        used |= {id(part) for part in place.condition.parts()}
        constant = _constant(proof, place.condition, place)
        if constant:
            yield from _always(proof, place, constant)
            continue
        for part in parts_of(place.condition):
            if part is place.condition or isinstance(part, Not):
                continue
            use = uses.setdefault((named.get(id(part), place.key), id(part)), Use(named.get(id(part), place.key), part))
            use.says.add(_constant(proof, part, place) or ("" if _matters(proof, part, place) else "idle"))
            use.place = place
    for use in uses.values():
        if len(use.says) == 1 and "" not in use.says and use.place is not None:
            yield _part(proof, use, use.says.pop(), use.place)
    for name, condition in proof.programme.named.items():
        if id(condition) not in used:
            message = "nothing uses this condition"
            yield found("condition_unused", f"conditions.{name}", message, None, "warning")


def _constant(proof: Proof, condition: Condition, place: Place) -> str:
    reading = proof.walk.reading
    if not proof.anybody(place.here, reading.true(condition)):
        return "never"
    if not proof.anybody(place.here, z3.Not(reading.true(condition))):
        return "always"
    return ""


def _always(proof: Proof, place: Place, constant: str) -> Iterator[Finding]:
    """A question that nobody is asked is said of the question already."""
    true = proof.walk.reading.true(place.condition)
    if not proof.anybody(place.here):
        return  # nobody comes here, whatever it says: that is said where they are held up
    if place.key.endswith(".ask_if") and constant == "never":
        return
    # Why nobody is otherwise; and somebody for whom it is read.
    why = proof.why_nobody(true if constant == "never" else z3.Not(true), place.context)
    message = f"is {constant} true ({written(place.condition)[:200]}), {why}"
    yield found(f"condition_{constant}", place.key, message, proof.somebody(place.here))


def _matters(proof: Proof, part: Condition, place: Place) -> bool:
    """Whether anybody's outcome - true, false or unknown - would change with what this part says."""
    reading, condition = proof.walk.reading, place.condition
    changes: list[Formula] = []
    for instead in INSTEAD:
        other = replaced(condition, part, instead)
        changes.append(z3.Xor(reading.true(condition), reading.true(other)))
        changes.append(z3.Xor(reading.false(condition), reading.false(other)))
    return proof.anybody(place.here, any_of(changes))


def _part(proof: Proof, use: Use, says: str, place: Place) -> Finding:
    text = written(use.part)[:200]
    if says == "idle":
        message = f"the part {text} changes nobody's outcome: leave it out, or mend what stands beside it"
        return found("part_idle", use.key, message, proof.somebody(place.here), "warning")
    true = proof.walk.reading.true(use.part)
    why = proof.why_nobody(true if says == "never" else z3.Not(true), place.context)
    message = f"the part {text} is {says} true here, {why}"
    return found(f"part_{says}", use.key, message, proof.somebody(place.here), "warning")
