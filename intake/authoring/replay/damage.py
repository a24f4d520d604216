"""Detects damaged stored data of one person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from intake.engine.domains import AnyOf
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question


def is_sound(judged_on: str, values: Mapping[str, Any], programmes: tuple[Programme, ...]) -> bool:
    """Whether the day is valid, and every coded value fits its question's kind in one of the programmes."""
    if not _is_day(judged_on):
        return False
    asked = {id: [one.by_id[id] for one in programmes if id in one.by_id] for id in values}
    return all(any(_fits(one, values[id]) for one in questions) for id, questions in asked.items() if questions)


def _fits(question: Question, value: Any) -> bool:
    domain = KINDS[question.kind].domain
    if isinstance(domain, AnyOf):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    match domain.unit:
        case "number" | "year":
            return isinstance(value, int)
        case "day":
            return isinstance(value, str) and _is_day(value)
        case "month":
            return isinstance(value, str) and _is_day(f"{value}-01")
    return isinstance(value, str)


def _is_day(said: object) -> bool:
    try:
        date.fromisoformat(str(said))
    except ValueError:
        return False
    return True
