"""An example person for whom two versions differ, for `intake diff` and `intake publish`. No union is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from intake.authoring.assessing import judged
from intake.authoring.proof import difference, installed
from intake.engine.advising import advised
from intake.engine.journey import Journey
from intake.engine.moving import means_the_same
from intake.engine.programme import Programme
from intake.publishing.receipts import A_UNION

if TYPE_CHECKING:
    from intake.authoring.proof.example_persons import Person

NOBODY = "for nobody who answers both the same is anything else asked, said or offered (proven)"
FIRST = "to answer first"
RESULT = ("verdict", "group", "reason", "route", "lead", "offers", "information", "advice")
LONG = ("asked", "choices", "notes")
HIDES = {FIRST: (*RESULT, *LONG), "asked": ("choices",)}  # differences that follow from these are left out


@dataclass(frozen=True, slots=True)
class Differing:
    """The person found by the solver. `answers` None: there is none.

    `looked` False: the solver is not installed, only words changed, or its answer does not cover everybody.
    """

    looked: bool
    today: date
    answers: Mapping[str, Any] | None = None
    differs: tuple[tuple[str, Any, Any], ...] = ()

    def lines(self) -> Iterator[str]:
        if not self.looked:
            return
        if self.answers is None:
            yield NOBODY
            return
        yield f"for example {json.dumps(self.answers, ensure_ascii=False)}"
        differs = "; ".join(_difference(*one) for one in self.differs)
        yield f"    on {self.today}: {differs or 'the same result, which staff would decide otherwise read'}"

    def figures(self) -> dict[str, Any]:
        """Returns the result for --json: no key if nobody looked, null if there is nobody."""
        if not self.looked:
            return {}
        differs = [{"what": what, "old": old, "new": new} for what, old, new in self.differs]
        shown = {"today": self.today.isoformat(), "answers": self.answers, "differs": differs}
        return {"example": shown if self.answers is not None else None}


def differing(old: Programme, new: Programme, today: date) -> Differing:
    """Finds somebody for whom the versions differ."""
    if old.meaning == new.meaning or not installed():
        return Differing(False, today)
    found = difference(old, new, today)
    if found is None:  # persons asked a question whose meaning changed are not searched
        kept = [(one, new.by_id[one.id]) for one in old.questions if one.id in new.by_id]
        return Differing(all(means_the_same(was, now) for was, now in kept), today)
    consents = {question.id for question in old.questions if question.of}  # they name partners
    answers = {id: said for id, said in found.before.example()["answers"].items() if id not in consents}
    return Differing(True, today, answers, tuple(_differs(found.before, found.after)))


def _differs(before: Person, after: Person) -> Iterator[tuple[str, Any, Any]]:
    """Yields the differences, without those that only follow from another (`HIDES`)."""
    was, now = (_gets(one.journey) for one in (before, after))
    differs = [what for what in was if was[what] != now[what]]
    hidden = {part for what in differs for part in HIDES.get(what, ())}
    yield from ((what, was[what], now[what]) for what in differs if what not in hidden)


def _gets(journey: Journey) -> dict[str, Any]:
    """Returns what a person is shown and the result."""
    programme, routing = journey.programme, journey.routing
    asked = [step for step in journey.asked() if not step.question.of]
    notes = [note for step in asked for note in step.question.notes if note.when.holds(journey.facts)]
    return {
        FIRST: list(journey.missing()),
        **judged(journey),
        "offers": [A_UNION if programme.partners[id].union else id for id in routing.offers],
        "advice": [one.id for one in advised(programme, journey.judged.facts)],
        "asked": [step.question.id for step in journey.asked()],
        "choices": [f"{step.question.id}:{id}" for step in asked for id in step.offered if step.question.choices],
        "notes": [note.text for note in notes],
    }


def _difference(what: str, old: Any, new: Any) -> str:
    """Formats a difference as `lead gr -> af`; of long lists only what was added (+) or removed (-)."""
    if what == FIRST and not old:
        return f"has to answer {', '.join(new)} first"
    if what in LONG and set(old) != set(new):
        return " ".join([what, *(f"+{id}" for id in new if id not in old), *(f"-{id}" for id in old if id not in new)])
    return f"{what} {_value(old)} -> {_value(new)}"


def _value(value: Any) -> str:
    return (", ".join(value) if isinstance(value, list) else value) or "none"
