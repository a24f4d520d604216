"""Answers that a programme cannot tell apart, as one key: whoever has the same key comes to the same result.

Conditions see an answer only through their parts that read one question. Two answers for which all of these are equally
true, and that are offered and end a journey alike, are of one class. So a million persons are some thousand keys, and
each key is judged once, by the engine itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

from intake.engine.conditions import All, Compare, Condition, Either, Facts, InGroup, Not, Value, questions_of
from intake.engine.programme import Programme, Question

Values = Mapping[str, Any]
day_of = cache(date.fromisoformat)


def atoms(condition: Condition) -> Iterator[Condition]:
    """The largest parts that read one question only; with their truths the whole has its truth."""
    reads = questions_of(condition)
    if len(reads) == 1:
        yield condition
    elif isinstance(condition, All | Either):
        for member in condition.members:
            yield from atoms(member)
    elif isinstance(condition, Not):
        yield from atoms(condition.part)
    elif isinstance(condition, InGroup):
        yield from atoms(condition.meaning)


def judging_conditions(programme: Programme) -> Iterator[Condition]:
    """Every condition that the walk to the result, the verdict, the group, the lead or the offers depend on."""
    for question in programme.before_result:
        yield from filter(None, (question.ask_if, *(choice.hide_if for choice in question.choices)))
    for rule in programme.rules:
        yield from filter(None, (rule.no_if, rule.yes_if))
    yield from (group.when for group in programme.groups)
    yield from filter(None, (route.when for route in programme.routes))


class Classes:
    """Keys of answers. `told_apart` gives for a question what else than its atoms tells two of its values apart."""

    def __init__(self, conditions: Iterable[Condition], told_apart: Mapping[str, Callable[[Value], object]]) -> None:
        parts: dict[str, list[Condition]] = {id: [] for id in told_apart}
        for atom in dict.fromkeys(chain.from_iterable(map(atoms, conditions))):
            parts.setdefault(questions_of(atom)[0], []).append(atom)
        self._columns: list[tuple[str, bool, dict[Any, object], Callable[[Value, str], object]]] = [
            (id, _by_day(own), {}, _class_of(id, own, told_apart.get(id))) for id, own in parts.items()
        ]

    def key(self, values: Values, day: str) -> tuple[object, ...]:
        """`day`: the day they were judged on, as ISO text."""
        found: list[object] = []
        for id, by_day, known, classify in self._columns:
            value = values.get(id)
            if value is not None:
                said = tuple(value) if value.__class__ is list else value
                named = (said, day) if by_day else said
                value = known.get(named)
                if value is None:
                    value = known[named] = classify(values[id], day)
            found.append(value)
        return tuple(found)


def _by_day(parts: Iterable[Condition]) -> bool:
    """Whether what they say of one answer is another thing from day to day."""
    leaves = chain.from_iterable(part.parts() for part in parts)
    return any(isinstance(leaf, Compare) and leaf.measure in ("days_until", "years_since") for leaf in leaves)


def _class_of(
    id: str, parts: list[Condition], told_apart: Callable[[Value], object] | None
) -> Callable[[Value, str], object]:
    classes: dict[object, int] = {}  # a small number in place of what it stands for: keys are made by the million

    def classify(value: Value, day: str) -> object:
        facts = Facts(day_of(day), {id: value})
        truths = tuple(part.holds(facts) for part in parts)
        return classes.setdefault((truths, told_apart(value) if told_apart else None), len(classes))

    return classify


def all_classes(old: Programme, new: Programme) -> Classes:
    """Keys that hold for both programmes: same key, same result in each."""
    conditions = [*judging_conditions(old), *judging_conditions(new)]
    read = {id for condition in conditions for id in questions_of(condition)}
    placed = {one.placed_by for one in (old, new)}
    apart: dict[str, Callable[[Value], object]] = {}
    for id in dict.fromkeys(question.id for question in (*old.before_result, *new.before_result)):
        both = [one.by_id[id] for one in (old, new) if id in one.by_id]
        if id not in read | placed and all(question.optional for question in both):
            continue  # whatever is said there makes no difference, nor that nothing is
        apart[id] = _itself if id in placed or _varies(both) else _turning([choices_of(question) for question in both])
    return Classes(conditions, apart)


def choices_of(question: Question) -> dict[str, tuple[bool, bool]]:
    """What each choice does beside answering: settle without a value, end the journey."""
    return {choice.id: (choice.dont_know, choice.ends is not None) for choice in question.choices}


def _varies(both: list[Question]) -> bool:
    """Whether not everybody has the same choices: then what is left of an answer depends on more than itself."""
    hides = any(choice.hide_if is not None for question in both for choice in question.choices)
    return hides or len({(question.kind, *sorted(choices_of(question))) for question in both}) > 1


def _itself(value: Value) -> object:
    return tuple(value) if isinstance(value, list) else value


def _turning(tables: list[dict[str, tuple[bool, bool]]]) -> Callable[[Value], object]:
    """Of questions whose choices everybody has: which ones are there, and what they do."""

    def apart(value: Value) -> object:
        named = value if isinstance(value, list) else [str(value)]
        return tuple(tuple(table.get(one) for one in named if one not in table or any(table[one])) for table in tables)

    return apart
