"""Validates the values of a TOML file against the tables of `format.py`.

A value that does not fit is a finding, and is replaced by what was probably meant, so that the rest can be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from intake.engine.findings import Finding, did_you_mean, nearest

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

UNSAID = "left_out"  # placeholder for a missing required text
ROUNDS = 8  # the most rounds of mending and validating

MEANT = {
    "string_type": "should be a text in quotes",
    "list_type": "should be a list",
    "bool_type": "should be true or false",
    "int_type": "should be a whole number",
    "model_type": "should be a table, as { id = ... }",
    "dict_type": "should be a table",
    "date_type": "should be a date, as 2026-11-23 without quotes",
    "missing": "is missing",
    "string_too_short": "may not be empty",
    "too_short": "may not be empty",
}
CODES = {"extra_forbidden": "unknown_key", "missing": "missing_key"}


def shaped(values: Mapping[str, Any], model: type[Model], file: str) -> tuple[Model | None, list[Finding]]:
    """Returns the values as a table, with the findings; None if they cannot even be guessed."""
    mended: Any = deepcopy(dict(values))
    found: dict[str, Finding] = {}
    for _ in range(ROUNDS):
        try:
            return model.model_validate(mended), list(found.values())
        except ValidationError as error:
            details = error.errors(include_url=False)
        for detail in details:
            finding = _finding(file, mended, model, detail)
            if detail["input"] != UNSAID and UNSAID not in finding.key.split("."):  # else it is a finding already
                found.setdefault(finding.key, finding)
        for detail in reversed(details):  # backwards, so that positions in lists remain valid
            _mend(mended, model, detail)
    return None, list(found.values())


def _finding(file: str, values: Any, model: type[BaseModel], detail: Any) -> Finding:
    """Converts an error of pydantic to a finding, with ids in its place and the nearest permitted key."""
    kind, place, said = detail["type"], detail["loc"], detail["input"]
    if kind == "extra_forbidden":
        message = f"there is no such key{did_you_mean(place[-1], _keys(_table_at(model, place[:-1])))}"
    elif kind == "literal_error":
        message = f'"{said}" is not permitted{did_you_mean(said, _permitted(_field_at(model, place)))}'
    else:
        message = MEANT.get(kind, detail["msg"])
        if kind == "string_too_short" and said:
            message = f"needs at least {detail['ctx']['min_length']} characters"
        if kind != "missing" and isinstance(said, str | int | float | bool):
            message = f"{message} (it is {said!r:.60})"
    return Finding(CODES.get(kind, "wrong_type"), file, ".".join(_named(values, place)), message)


def _named(values: Any, place: Place) -> Iterator[str]:
    """Yields the place in words: an item with an id is named by it, others are numbered from 1."""
    at = values
    for step in place:
        try:
            at = at[step]
        except (LookupError, TypeError):
            at = None
        id = at.get("id") if isinstance(at, dict) and isinstance(step, int) else None
        yield str(id) if id not in (None, "") else str(step + 1) if isinstance(step, int) else step


def _mend(values: Any, model: type[BaseModel], detail: Any) -> None:
    """Changes the value at an error's place to what was probably meant, or removes it."""
    *path, last = detail["loc"]
    try:
        holder = values
        for step in path:
            holder = holder[step]
    except (LookupError, TypeError):
        return
    said = holder.get(last) if isinstance(holder, dict) else holder[last]
    field = _field_at(model, detail["loc"])
    match detail["type"]:
        case "extra_forbidden":
            near = nearest(last, _keys(_table_at(model, tuple(path))))
            if near is not None and near not in holder:
                holder[near] = said
            del holder[last]
        case "list_type" if isinstance(said, str | dict):
            holder[last] = [said]
        case "string_type" if isinstance(said, bool | int | float):
            holder[last] = str(said)
        case "model_type" if isinstance(said, str) and isinstance(holder, list):
            holder[last] = {"id": said}
        case "literal_error" if field is not None:
            holder[last] = nearest(said, _permitted(field)) or _permitted(field)[0]
        case _ if isinstance(holder, list):
            del holder[last]
        case "missing" | "string_type" | "string_too_short" if field is not None and field.is_required():
            holder[last] = (_permitted(field) or [UNSAID])[0]
        case _ if field is None or not field.is_required():
            holder.pop(last, None)
        case _:
            _take_out(values, tuple(path))


def _take_out(values: Any, path: Place) -> None:
    """Removes the innermost list item on this path, because it lacks something required."""
    numbers = [at for at, step in enumerate(path) if isinstance(step, int)]
    if not numbers:
        return
    for step in path[: numbers[-1]]:
        values = values[step]
    del values[path[numbers[-1]]]


def _table_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """Returns the type of the table at a place; None within lists and tables of plain values."""
    table: type[BaseModel] | None = model
    for step in place:
        if isinstance(step, int):
            continue
        field = None if table is None else _fields(table).get(step)
        inner = [field.annotation, *get_args(field.annotation)] if field is not None else []
        table = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), None)
    return table


def _field_at(model: type[BaseModel], place: Place) -> FieldInfo | None:
    table = _table_at(model, place[:-1])
    return None if table is None or isinstance(place[-1], int) else _fields(table).get(place[-1])


def _fields(table: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _keys(table: type[BaseModel] | None) -> list[str]:
    return [] if table is None else list(_fields(table))


def _permitted(field: FieldInfo | None) -> list[str]:
    """Returns the permitted words of a field with a fixed set; empty for other fields."""
    annotations = () if field is None else (field.annotation, *get_args(field.annotation))
    return [word for one in annotations if get_origin(one) is Literal for word in get_args(one)]
