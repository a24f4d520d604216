"""A condition written as text is parsed back as the same tree."""

from __future__ import annotations

import pytest

from intake.authoring.catalog import load
from intake.config import PACKAGED
from intake.engine.conditions import Condition, InGroup
from intake.engine.parsing import ConditionScope, parse
from intake.engine.programme import Choice, Programme, Question
from intake.engine.written import written


def conditions(programme: Programme) -> dict[str, Condition]:
    found = {f"conditions.{name}": condition for name, condition in programme.named.items()}
    found |= {f"{one.id}.ask_if": one.ask_if for one in programme.questions if one.ask_if is not None}
    found |= {f"{rule.id}.no_if": rule.no_if for rule in programme.rules if rule.no_if is not None}
    found |= {f"{rule.id}.yes_if": rule.yes_if for rule in programme.rules}
    return found | {route.id: route.when for route in programme.routes if route.when is not None}


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in PACKAGED.glob("*/programme.toml")))
def test_every_condition_of_the_programmes(folder: str) -> None:
    programme = load(PACKAGED / folder)
    scope = ConditionScope(programme.by_id, {}, {}, groups(programme))
    for place, condition in conditions(programme).items():
        assert parse(written(condition), scope) == condition, place


def groups(programme: Programme) -> dict[str, Condition]:
    everywhere = [part for one in conditions(programme).values() for part in one.parts()]
    return {part.group: part.meaning for part in everywhere if isinstance(part, InGroup)}


@pytest.mark.parametrize(
    "text",
    [
        'a == "x" and (b == "x" or not known(a))',
        '(a == "x" or b == "y") and not (a == "y" and b == "y")',
        'a not in ["x", "y"] or count(several) >= 2',
        '"x" not in several and days_until(day) <= -3',
        "not (not known(a)) and 1 <= count(several) < 3",
        "number != 4 or years_since(day) > 2",
    ],
)
def test_any_shape(text: str) -> None:
    two = (Choice("x"), Choice("y"))
    kinds = {"a": "choice", "b": "choice", "several": "choices", "day": "date", "number": "number"}
    questions = {id: Question(id, kind, "s", choices=two if "choice" in kind else ()) for id, kind in kinds.items()}
    scope = ConditionScope(questions, {}, {}, {})
    tree = parse(text, scope)
    assert parse(written(tree), scope) == tree
