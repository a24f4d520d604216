"""Random single edits of a programme's conditions: still valid, but with another meaning."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.engine.programme import Programme

CONDITIONS = ("ask_if", "hide_if", "when", "no_if", "yes_if")
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Edit:
    """One condition, as it was and as it is now."""

    place: str
    before: str
    after: str
    programme: Programme

    def __str__(self) -> str:
        return f"{self.place}: {self.before}  ->  {self.after}"


def random_edits(folder: Path, programme: Programme, rng: Random) -> Iterator[Edit]:
    """Edits without end, each of the programme as it is. What the catalogue refuses is tried again otherwise."""
    table = tomllib.loads((folder / "programme.toml").read_text(encoding="utf-8"))
    places = list(_places(table))
    while True:
        place = rng.choice(places)
        before = str(_at(table, place))
        after = _slip(before, programme, rng)
        edited = deepcopy(table)
        _at(edited, place[:-1])[place[-1]] = after
        builder = Builder(ProgrammeTable.model_validate(edited), programme.lists)
        built = builder.build(programme.texts, programme.letters)
        built = replace(built, meaning=programme.meaning, wording=programme.wording)
        if not builder.findings and built != programme:
            yield Edit(".".join(_named(table, place)), before, after, built)


def _places(value: Any, path: Place = ()) -> Iterator[Place]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        here = (*path, key)
        if isinstance(inner, str) and (key in CONDITIONS or path == ("conditions",)):
            yield here
        else:
            yield from _places(inner, here)


def _at(value: Any, path: Place) -> Any:
    for key in path:
        value = value[key]
    return value


def _named(value: Any, path: Place) -> Iterator[str]:
    for key in path:
        value = value[key]
        yield str(value.get("id", key)) if isinstance(value, dict) and isinstance(key, int) else str(key)


def _slip(text: str, programme: Programme, rng: Random) -> str:
    """The text with one thing changed: a not too many or too few, and for or, a part left out, another constant."""
    tree = ast.parse(text.strip(), mode="eval")
    ways: list[Callable[[], object]] = []
    for parent in ast.walk(tree):
        for put, child in _inside(parent):
            ways.append(partial(put, ast.UnaryOp(ast.Not(), child)))
            if isinstance(child, ast.UnaryOp):
                ways.append(partial(put, child.operand))
            if isinstance(child, ast.BoolOp):
                ways += [partial(put, _without(child, at)) for at in range(len(child.values))]
        if isinstance(parent, ast.BoolOp):
            ways.append(partial(setattr, parent, "op", ast.Or() if isinstance(parent.op, ast.And) else ast.And()))
        if isinstance(parent, ast.Compare):
            ways += _comparisons(parent, programme, rng)
    rng.choice(ways)()
    return ast.unparse(tree)


def _inside(parent: ast.AST) -> Iterator[tuple[Callable[[ast.expr], object], ast.expr]]:
    """The conditions within one, each with how another is put in its place."""
    match parent:
        case ast.Expression(body=child):
            yield partial(setattr, parent, "body"), child
        case ast.UnaryOp(operand=child):
            yield partial(setattr, parent, "operand"), child
        case ast.BoolOp(values=values):
            yield from ((partial(values.__setitem__, at), child) for at, child in enumerate(values))


def _without(parent: ast.BoolOp, at: int) -> ast.expr:
    left = [value for number, value in enumerate(parent.values) if number != at]
    return left[0] if len(left) == 1 else ast.BoolOp(parent.op, left)


OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip


def _comparisons(node: ast.Compare, programme: Programme, rng: Random) -> Iterator[Callable[[], object]]:
    if (other := OTHER.get(type(node.ops[0]))) is not None:
        yield partial(node.ops.__setitem__, 0, other())
    sides = [node.left, *node.comparators]
    named = next((side.id for side in sides if isinstance(side, ast.Name) and side.id in programme.by_id), "")
    ids = [choice.id for choice in programme.by_id[named].choices if not choice.dont_know] if named else []
    if any(isinstance(side, ast.Name) and side.id == "group" for side in sides):
        ids = [group.id for group in programme.groups]
    for one in (inner for side in sides for inner in ast.walk(side)):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and ids:
            yield partial(setattr, one, "value", rng.choice(ids))
        if isinstance(one, ast.Constant) and isinstance(one.value, int):
            yield partial(setattr, one, "value", one.value + rng.choice([-1, 1]))
        if isinstance(one, ast.List):
            if len(one.elts) > 1:
                yield partial(one.elts.pop, rng.randrange(len(one.elts)))
            if ids:
                yield partial(one.elts.append, ast.Constant(rng.choice(ids)))
