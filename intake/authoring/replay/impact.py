"""Who may come to another result at all: whom one changed part touches. The others are not judged again.

Whoever sent in had met every question before the result, and no rule was a no: what they said are the facts, the rest
is settled. Take the new programme's walk with the same answers. Conditions look back only and have the same truth at
the end as on the way. If every changed condition comes out as before, and nothing else that changed concerns the
answers, then each question in turn is asked, offered and answered as before, no rule has become a no, and verdict,
group, lead and offers are the same. What is not known to be harmless touches everybody. (tests/test_replay_sound.py)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intake.authoring.replay.answer_classes import Classes, Values, day_of, several_of
from intake.authoring.replay.judging import facts_of
from intake.engine.changes import Change, changed
from intake.engine.conditions import All, Condition, Facts, Has, Is, Known, Not, Truth
from intake.engine.programme import Programme, Question
from intake.engine.written import written

# Parts that no verdict, group, lead or offer depends on. What is not named here or below touches everybody.
HARMLESS = {
    "question": {"section", "list", "of", "max", "notes", "find_out"},
    "rule": {"reason", "in_time", "order"},
    "route": {"tell", "hint"},
    "partner": {"union", "hint", "sees", "added", "removed", "takes_persons"},  # see `_of_partners`
}
ALWAYS_HARMLESS = {"languages", "owner", "reference", "limits", "section", "organisation", "list"}

Differ = Callable[[Truth, Truth], bool]


def _otherwise(old: Truth, new: Truth) -> bool:
    """Certain in one, not in the other: what is unknown does as little as what is false."""
    return bool(old) is not bool(new)


def _exactly(old: Truth, new: Truth) -> bool:
    return old is not new


def _either(old: Truth, new: Truth) -> bool:
    return bool(old or new)


def _now(_: Truth, new: Truth) -> bool:
    return bool(new)


@dataclass(frozen=True, slots=True)
class Watch:
    """One condition, then and now. `without`: what holds where there is none."""

    old: Condition | None
    new: Condition | None
    differ: Differ
    without: bool = False

    def touches(self, old: Facts, new: Facts) -> bool:
        before = self.without if self.old is None else self.old.holds(old)
        after = self.without if self.new is None else self.new.holds(new)
        return self.differ(before, after)


class Everybody(Exception):
    """A change that may concern anybody."""


class Touching:
    """Whom the changes from one programme to another touch. `everybody` and `nobody` need not be asked about one."""

    def __init__(self, old: Programme, new: Programme) -> None:
        self.old, self.new = old, new
        self.everybody = False
        self._watches: list[Watch] = []
        changes = changed(old, new)
        try:
            for change in changes:
                self._watches += _watches(change, old, new)
            self._watches += _of_partners(changes, old, new)
        except Everybody:
            self.everybody = True
        self.nobody = not self.everybody and not self._watches
        conditions = (one for watch in self._watches for one in (watch.old, watch.new) if one is not None)
        self._classes = Classes(conditions, several_of(old, new), {})
        self._known: dict[tuple[object, ...], bool] = {}

    def touches(self, values: Values, day: str) -> bool:
        """Whether this person, who sent in under the old programme on that day, may come to another result."""
        key = self._classes.key(values, day)
        touched = self._known.get(key)
        if touched is None:
            old, new = (facts_of(one, values, day_of(day)) for one in (self.old, self.new))
            touched = self._known[key] = any(watch.touches(old, new) for watch in self._watches)
        return touched


def _watches(change: Change, old: Programme, new: Programme) -> Iterator[Watch]:
    """What to look at for one change. Raises Everybody."""
    area, _, rest = change.place.partition(".")
    part = rest.rpartition(".")[2] if "." in rest and change.what in ("value", "condition") else change.what
    if area in ALWAYS_HARMLESS or part in HARMLESS.get(area, ()):
        return
    if change.what == "condition" and _reads_the_same(change.old, change.new):
        return  # a group that it names changed: that is watched there
    if area == "question":
        yield from _of_question(change, rest, old, new)
    elif area == "group" and part == "when":
        yield Watch(change.old, change.new, _exactly)
    elif area == "rule":
        yield from _of_rule(change, part)
    elif area == "route":
        yield from _of_route(change, rest.partition(".")[0], old, new)
    else:
        raise Everybody


def _reads_the_same(old: Condition | None, new: Condition | None) -> bool:
    return old is not None and new is not None and written(old) == written(new)


def _of_question(change: Change, place: str, old: Programme, new: Programme) -> Iterator[Watch]:
    if not place:  # their order
        if _order(old, new) != _order(new, old):
            raise Everybody
        return
    id, _, part = place.partition(".")
    was, now = old.by_id.get(id), new.by_id.get(id)
    if all(question is None or question.after_result for question in (was, now)):
        return
    if was is None or now is None:
        if any(question is not None and question.one_of for question in (was, now)):
            raise Everybody
        if now is not None and not now.optional:
            yield Watch(None, now.ask_if, _now, without=True)
    elif part == "ask_if":
        yield Watch(was.ask_if, now.ask_if, _otherwise, without=True)
    elif part.startswith("choices"):
        yield from _of_choice(change, part, was)
    elif part == "optional":
        unanswered = Not(Known(id)) if now.ask_if is None else All((now.ask_if, Not(Known(id))))
        yield from () if now.optional else [Watch(None, unanswered, _now)]
    else:
        raise Everybody


def _order(one: Programme, other: Programme) -> list[str]:
    both = {question.id for question in other.before_result}
    return [question.id for question in one.before_result if question.id in both]


def _of_choice(change: Change, part: str, was: Question) -> Iterator[Watch]:
    _, _, rest = part.partition(".")
    id, _, field = rest.partition(".")
    if field == "hide_if":
        yield Watch(change.old, change.new, _otherwise)
    elif change.what == "removed" and not change.old.dont_know:
        yield Watch(Has(was.id, id) if was.kind == "choices" else Is(was.id, frozenset([id])), None, _either)
    elif change.what != "added" and change.what != "order" and field != "alone":
        raise Everybody


def _of_rule(change: Change, part: str) -> Iterator[Watch]:
    if change.what not in ("added", "removed", "condition"):
        raise Everybody
    for side in ("no_if", "yes_if") if change.what != "condition" else (part,):
        was, now = (
            (change.old, change.new)
            if change.what == "condition"
            else (None if rule is None else getattr(rule, side) for rule in (change.old, change.new))
        )
        yield Watch(was, now, _either) if side == "no_if" else Watch(was, now, _otherwise, without=True)


def _of_route(change: Change, id: str, old: Programme, new: Programme) -> Iterator[Watch]:
    was, now = (next((route for route in one.routes if route.id == id), None) for one in (old, new))
    if not id or any(route is not None and (route.otherwise or route.ask_staff) for route in (was, now)):
        raise Everybody  # their order, or those that fit when no other does
    fits = was.when if was is not None else None, now.when if now is not None else None
    yield Watch(*fits, _otherwise if change.what == "condition" else _either)


def _of_partners(changes: list[Change], old: Programme, new: Programme) -> Iterator[Watch]:
    """A partner that came, went, or takes persons now: whoever fits a route that stayed and may mean it."""
    other = {change.place.split(".")[1] for change in changes if change.place.startswith("partner.")
             and (change.what in ("added", "removed") or change.place.endswith(".takes_persons"))}  # fmt: skip
    were = {route.id: route for route in old.routes}
    for now in new.routes:
        was = were.get(now.id)
        if was is not None and any(_may_mean(template, other) for template in (now.lead, *now.offer)):
            if now.otherwise or now.ask_staff:
                raise Everybody
            yield Watch(was.when, now.when, _either)


def _may_mean(template: str, partners: set[str]) -> bool:
    meant = re.compile(".*".join(map(re.escape, re.split(r"{\w+}", template))))
    return any(meant.fullmatch(id) for id in partners)
