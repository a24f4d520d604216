"""Describes the differences between two versions in plain words: one line per change of meaning, texts counted.

`intake.engine.changes` finds them. A condition that changed only through the group it names is left out, because the
group's own change is listed.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from intake.authoring.wording import choice_name, question_name, sentence
from intake.engine.changes import CONDITION, ORDERED, Change, changed, changed_words
from intake.engine.conditions import Condition, Not
from intake.engine.programme import Programme
from intake.engine.written import written

# What a condition decides, by its key.
DECIDES = {"ask_if": "is asked", "hide_if": "is not offered", "when": "holds", "no_if": "is a no", "yes_if": "is a yes"}
NAMED = 5  # the most changed texts that are named
WITHOUT = {"ask_if": "always", "hide_if": "never", "when": "when no other does", "no_if": "never", "yes_if": "never"}


def told(old: Programme, new: Programme, language: str) -> list[str]:
    """Returns one line per change of meaning, then one that counts the changed texts. Empty: nothing changed."""
    lines = [_line(one, old, new, language) for one in changed(old, new) if not _follows(one, old, new)]
    words = changed_words(old, new)
    if words:
        counted = "1 text has" if len(words) == 1 else f"{len(words)} texts have"
        lines.append(f"{counted} other words: {', '.join(words[:NAMED])}{', ...' if words[NAMED:] else ''}")
    return lines


def as_json(old: Programme, new: Programme) -> dict[str, Any]:
    """Returns the differences for programs, with conditions in the syntax of programme.toml."""
    return {
        "programme": new.id,
        "old": {"version": old.version, "meaning": old.meaning, "wording": old.wording},
        "new": {"version": new.version, "meaning": new.meaning, "wording": new.wording},
        "changes": [
            {"place": one.place, "what": one.what, "old": _plain(one.old), "new": _plain(one.new)}
            for one in changed(old, new)
        ],
        "words": changed_words(old, new),
    }


def _follows(change: Change, old: Programme, new: Programme) -> bool:
    """Whether this change follows from another: from that of a group, or a yes_if derived from no_if."""
    if change.what != "condition":
        return False
    if change.old is not None and change.new is not None and written(change.old) == written(change.new):
        return True
    what, _, rest = change.place.partition(".")
    id, _, key = rest.rpartition(".")
    return what == "rule" and key == "yes_if" and all(_is_rest(one, id) for one in (old, new))


def _is_rest(programme: Programme, rule: str) -> bool:
    found = next(one for one in programme.rules if one.id == rule)
    return found.no_if is not None and found.yes_if == Not(found.no_if)


def _line(change: Change, old: Programme, new: Programme, language: str) -> str:
    name = _name(change.place, old if change.what == "removed" else new, language)
    key = change.place.rpartition(".")[2]
    match change.what:
        case "added":
            return f"{name} is new"
        case "removed":
            return f"{name} is gone"
        case "order":
            return f"{name} stand in another order: {', '.join(change.new)} (before: {', '.join(change.old)})"
        case "condition":
            now, before = _when(change.new, key, new, language), _when(change.old, key, old, language)
            return f"{name} {DECIDES[key]} {now} (before: {before})"
    if change.place.startswith("list."):
        return f"{name}: {len(change.new)} entries are new, {len(change.old)} are gone"
    return f"{name}: {key} is {_value(change.new)} (before: {_value(change.old)})"


def _when(condition: Condition | None, key: str, programme: Programme, language: str) -> str:
    return WITHOUT[key] if condition is None else f"when {sentence(condition, programme, language)}"


def _name(place: str, programme: Programme, language: str) -> str:
    """Names a place such as `question.industry.choices.teknik.hide_if` in words, with ids to find it in the file."""
    parts = place.split(".")
    if len(parts) == 1:
        return f"{place}s" if place in ORDERED else "the programme"
    what, id = parts[0], parts[1]
    question = programme.by_id.get(id) if what == "question" else None
    if question is not None:
        named = f"question “{question_name(programme, id, language)}” ({id})"
        if parts[2:] == ["choices"]:
            return f"{named}: choices"
        if parts[2:3] == ["choices"]:
            return f"{named}: choice “{choice_name(programme, question, parts[3], language)}” ({parts[3]})"
        return named
    if what in ("partner", "organisation"):
        name = programme.texts.say(language, what, id, "name")
        return f"{what} “{name}” ({id})" if name else f"{what} {id}"
    return f"{what} {id}"


def _value(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in plain.items())
    if isinstance(plain, list):
        return "; ".join(map(_value, plain)) or "nothing"
    return {True: "yes", False: "no", None: "nothing"}.get(plain) or str(plain)


def _plain(value: Any) -> Any:
    """Converts a value for JSON: a condition to its text, an item to a table."""
    if isinstance(value, CONDITION):
        return written(value)
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
