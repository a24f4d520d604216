"""Keys of equivalent answers: persons with the same key get the same result.

Conditions read an answer only through their parts that read one question. Two answers are equivalent if all these parts
have the same truth for them and they are offered and end a journey alike. A million persons become some thousand keys,
each judged once by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain

from intake.authoring.replay.judging import Values, day_of
from intake.engine.conditions import And, Compare, Condition, Facts, InGroup, Not, Or, Value, questions_of
from intake.engine.programme import Programme, Question

Apart = Callable[[Value], object]


def atoms(condition: Condition) -> Iterator[Condition]:
    """Yields the largest parts that read a single question; their truths determine the truth of the whole."""
    reads = questions_of(condition)
    if len(reads) == 1:
        yield condition
    elif isinstance(condition, And | Or):
        for member in condition.members:
            yield from atoms(member)
    elif isinstance(condition, Not):
        yield from atoms(condition.part)
    elif isinstance(condition, InGroup):
        yield from atoms(condition.meaning)


def judging_conditions(programme: Programme) -> Iterator[Condition]:
    """Yields every condition on which the walk to the result, the verdict, the group, the lead or offers depend."""
    for question in programme.before_result:
        yield from filter(None, (question.ask_if, *(choice.hide_if for choice in question.choices)))
    for rule in programme.rules:
        yield from filter(None, (rule.no_if, rule.yes_if))
    yield from (group.when for group in programme.groups)
    yield from filter(None, (route.when for route in programme.routes))


class AnswerClasses:
    """Keys of answers to both programmes. Equal keys mean equal results but for the place in a partner's id."""

    def __init__(self, old: Programme, new: Programme, places: Places) -> None:
        both = (old, new)
        several = {question.id for one in both for question in one.questions if question.kind == "choices"}
        conditions = chain.from_iterable(map(judging_conditions, both))
        parts: dict[str, list[Condition]] = {}
        for atom in dict.fromkeys(chain.from_iterable(map(atoms, conditions))):
            parts.setdefault(questions_of(atom)[0], []).append(atom)
        apart = dict(_apart(both, parts.keys(), places))
        columns = [_Column(id, parts.get(id, []), apart.get(id)) for id in {**apart, **parts}]
        self._dated = [one for one in columns if _by_day(one.parts)]
        self._several = [(one.id, one.known, one) for one in columns if one.id in several]
        plain = (one for one in columns if one.id not in several and one not in self._dated)
        self._single = [(one.id, one.known, one) for one in plain]

    def key(self, values: Values, day: str) -> tuple[object, ...]:
        """Returns the key. `day`: the day of judgement, as ISO text. Runs a million times, hence the plain code."""
        get = values.get
        key = (
            *[known.get(get(id)) for id, known, _ in self._single],
            *[known.get(tuple(get(id, ()))) for id, known, _ in self._several],
            *[column.of((get(column.id), day), get(column.id), day) for column in self._dated],
        )
        if None not in key:
            return key
        return (  # a value occurs for the first time
            *[column.of(get(id), get(id), day) for id, _, column in self._single],
            *[column.of(tuple(get(id, ())), get(id), day) for id, _, column in self._several],
            *[column.of((get(column.id), day), get(column.id), day) for column in self._dated],
        )


class _Column:
    """The classes of one question's values: small numbers, 0 for no value."""

    def __init__(self, id: str, parts: list[Condition], apart: Apart | None) -> None:
        self.id, self.parts, self.apart = id, parts, apart
        self.known: dict[object, int] = {}
        self.numbers: dict[object, int] = {}

    def of(self, named: object, value: Value | None, day: str) -> int:
        number = self.known.get(named)
        if number is None:
            number = 0
            if value is not None:
                facts = Facts(day_of(day), {self.id: value})
                truths = tuple(part.holds(facts) for part in self.parts)
                same = (truths, self.apart(value) if self.apart else None)
                number = self.numbers.setdefault(same, len(self.numbers) + 1)
            self.known[named] = number
        return number


def _by_day(parts: Iterable[Condition]) -> bool:
    """Whether their truth for the same answer depends on the day."""
    leaves = chain.from_iterable(part.parts() for part in parts)
    return any(isinstance(leaf, Compare) and leaf.measure in ("days_until", "years_since") for leaf in leaves)


def _apart(both: tuple[Programme, Programme], read: Set[str], places: Places) -> Iterator[tuple[str, Apart]]:
    """Yields, per question, what distinguishes two of its values besides the atoms."""
    placed = {one.placed_by for one in both}
    for id in dict.fromkeys(question.id for one in both for question in one.before_result):
        same = [one.by_id[id] for one in both if id in one.by_id]
        if id not in read | placed and all(question.optional for question in same):
            continue  # neither a value nor its absence makes a difference
        turning = _itself if _varies(same) else _turning([choices_of(question) for question in same])
        yield id, _both(turning, places.apart) if id in placed else turning


class Places:
    """Local partners: the `{question}` in a lead or offer. Two towns' results may differ in the partner's id only."""

    def __init__(self, old: Programme, new: Programme) -> None:
        self._both = (old, new)
        named = {template for one in self._both for route in one.routes for template in (route.lead, *route.offer)}
        self._templates = sorted(template for template in named if "{" in template)
        self._plain = named.difference(self._templates)
        asked = {one.placed_by for one in self._both} - {None}
        self.question = asked.pop() if len(asked) == 1 else None

    def apart(self, place: Value) -> object:
        """Returns equal values for places that can stand for each other."""
        ids = self.ids(place)
        if self.question is None or len(set(ids)) < len(ids) or self._plain.intersection(ids):
            return _itself(place)
        partners = [one.partners.get(id) for one in self._both for id in ids]
        return tuple(partner is not None and partner.takes_persons for partner in partners)

    def ids(self, place: object) -> list[str]:
        """Returns the partner ids of a place by template, whether they exist or not."""
        return [re.sub(r"{\w+}", lambda _: str(place), template) for template in self._templates]


def choices_of(question: Question) -> dict[str, tuple[bool, bool]]:
    """Returns the effects of each choice besides answering: settle without a value, end the journey."""
    return {choice.id: (choice.dont_know, choice.ends is not None) for choice in question.choices}


def _varies(both: list[Question]) -> bool:
    """Whether the choices differ between persons, so that what remains of an answer depends on other answers."""
    hides = any(choice.hide_if is not None for question in both for choice in question.choices)
    return hides or len({(question.kind, *sorted(choices_of(question))) for question in both}) > 1


def _both(one: Apart, other: Apart) -> Apart:
    return lambda value: (one(value), other(value))


def _itself(value: Value) -> object:
    return tuple(value) if isinstance(value, list) else value


def _turning(tables: list[dict[str, tuple[bool, bool]]]) -> Apart:
    """For questions with the same choices for everybody: which of the chosen ones exist, and their effects."""

    def apart(value: Value) -> object:
        named = value if isinstance(value, list) else [str(value)]
        return tuple(tuple(table.get(one) for one in named if one not in table or any(table[one])) for table in tables)

    return apart
