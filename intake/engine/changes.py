"""Differences in meaning between two programmes, by place. Texts are compared apart; replay uses the same list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from intake.engine.conditions import And, Compare, Has, InGroup, Is, Known, Not, Or
from intake.engine.programme import Programme
from intake.engine.written import flat

CONDITION = (Is, Has, Compare, Known, Not, And, Or, InGroup)
KEPT = ("languages", "owner", "reference", "limits")  # of the programme itself
WHERE: Mapping[str, str] = {
    "section": "sections", "question": "questions", "group": "groups", "rule": "rules", "route": "routes",
    "partner": "partners", "organisation": "organisations", "advice": "advice",
}  # fmt: skip
# The order of these decides something: what is asked when; which group, reason or lead is the first to hold.
ORDERED = frozenset({"section", "question", "group", "rule", "route"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `place` is written as in findings: `question.industry.ask_if`.

    `what`: "added", "removed" (`old` or `new` is the item, None for the other), "order" (ids), "condition" (`None`
    where there is none), "value" (anything else).
    """

    place: str
    what: str
    old: Any = None
    new: Any = None


def changed(old: Programme, new: Programme) -> list[Change]:
    """Returns every difference of meaning, in the order of programme.toml; empty if both mean the same."""
    found = [*_values("", old, new, KEPT)]
    for name, attribute in WHERE.items():
        found += _items(name, _listed(getattr(old, attribute)), _listed(getattr(new, attribute)), name in ORDERED)
    for name in dict.fromkeys((*old.lists, *new.lists)):
        were, are = (frozenset(entry.id for entry in one.lists.get(name, ())) for one in (old, new))
        if were != are:
            found.append(Change(f"list.{name}", "value", tuple(sorted(were - are)), tuple(sorted(are - were))))
    return found


def _listed(items: Any) -> list[Any]:
    return list(items.values() if isinstance(items, Mapping) else items)


def _items(name: str, old: Sequence[Any], new: Sequence[Any], ordered: bool) -> Iterator[Change]:
    """Items with ids: removed, added, changed within, or in another order."""
    were, are = {item.id: item for item in old}, {item.id: item for item in new}
    for id in dict.fromkeys((*were, *are)):
        place = f"{name}.{id}"
        if id not in are:
            yield Change(place, "removed", old=were[id])
        elif id not in were:
            yield Change(place, "added", new=are[id])
        else:
            yield from _values(f"{place}.", were[id], are[id], [one.name for one in fields(were[id])])
    both = [id for id in were if id in are], [id for id in are if id in were]
    if ordered and both[0] != both[1]:
        yield Change(name, "order", tuple(both[0]), tuple(both[1]))


def _values(place: str, old: Any, new: Any, names: Sequence[str]) -> Iterator[Change]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was == now:
            continue
        if name == "choices":
            yield from _items(f"{place}choices", was, now, ordered=True)
        elif isinstance(was, CONDITION) or isinstance(now, CONDITION):
            if was is None or now is None or flat(was) != flat(now):
                yield Change(f"{place}{name}", "condition", was, now)
        else:
            yield Change(f"{place}{name}", "value", was, now)


def changed_words(old: Programme, new: Programme) -> list[str]:
    """The places of every changed text, letter and list word, as `sv question.needs.text`."""
    were, are = _words(old), _words(new)
    return [place for place in dict.fromkeys((*were, *are)) if were.get(place) != are.get(place)]


def _words(programme: Programme) -> dict[str, object]:
    said: dict[str, object] = {"phone": programme.phone}
    for language, texts in programme.texts.by_language.items():
        said |= {f"{language} {path}": text for path, text in _leaves(texts)}
    for (letter, language), one in programme.letters.items():
        said[f"{language} letter {letter}"] = (one.subject, one.body)
    for name, entries in programme.lists.items():
        said |= {f"list.{name}.{entry.id}": entry.words for entry in entries}
    return said


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
