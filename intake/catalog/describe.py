"""docs/programme-format.md, made from the loader's types; `make docs` writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from intake.catalog.format import CasesTable, ProgrammeTable
from intake.catalog.texts import LETTERS, LINES, PAIRS, PLAIN
from intake.engine.conditions import MAX_DEPTH, MAX_LENGTH, MAX_PARTS

HEAD = """# The format of a programme

Made from the loader's types (`make docs`); a test holds it in step. How conditions are read: docs/rules.md,
"Certain or unknown".

A programme is a folder: `programme.toml`, `texts/<language>.toml`, `letters/<language>/<letter>.txt`,
`lists/<list>.csv`, `cases.toml`. An unknown key is an error that names the file, the key and the nearest
known one; all findings come at once (`intake check FOLDER`).
"""

CONDITIONS = f"""
## Conditions

A named condition; `q == "id"`, `q in ["id"]`, `q in set` for one choice; `"id" in q` for several; `count(q)
>= n`; `days_until(q) <= n`, `years_since(q) >= n` for dates; `q <= n` for numbers; `group == "id"`;
`known(q)`; `and or not ( )`, `!=`, `not in`. A condition may name only earlier questions, never a verdict,
and no don't-know choice (write `not known(q)`). `known` may not stand in a `no_if`. At most {MAX_LENGTH}
characters, {MAX_DEPTH} levels, {MAX_PARTS} parts.
"""


def describe() -> str:
    """The whole page."""
    return HEAD + "".join(_tables()) + CONDITIONS + _texts() + _letters()


def _tables() -> Iterator[str]:
    waiting: list[tuple[str, type[BaseModel]]] = [("programme.toml", ProgrammeTable), ("cases.toml", CasesTable)]
    while waiting:
        title, model = waiting.pop(0)
        rows, inside = [], []
        for name, field in model.model_fields.items():
            inner = _model_in(field.annotation)
            key = field.alias or name
            if inner is not None:
                inside.append((f"[[{key}]]" if get_origin(field.annotation) is list else f"[{key}]", inner))
            rows.append(f"| `{key}` | {_type(field.annotation)} | {_default(field)} | {field.description or ''} |\n")
        waiting = inside + waiting
        yield f"\n## {title}\n\n| key | type | left out | meaning |\n|---|---|---|---|\n{''.join(rows)}"


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin in (UnionType, Union):
        return " or ".join(_type(one) for one in arguments if one is not NoneType)
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"table of {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    name = str(annotation.__name__)
    return {"str": "text", "bool": "true or false", "int": "number", "Any": "answer"}.get(name, name)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.default
    if default is None or default == [] or default == {} or isinstance(default, BaseModel):
        return ""
    return f"`{str(default).lower()}`" if isinstance(default, bool | int) else f"`{default}`"


def _texts() -> str:
    fixed = [f"`{table}.{key}`" for table, keys in PLAIN.items() for key in keys]
    lines = [f"`{table}.{key}`" for table, keys in LINES.items() for key in keys]
    pairs = [f"`{table}.{key}`" for table, keys in PAIRS.items() for key in keys]
    return f"""
## texts/<language>.toml

Every language has every text: {", ".join(fixed)}; lists of texts: {", ".join(lines)}; lists of {{title,
text}}: {", ".join(pairs)}; and per id `section.X.title`, `question.X.text` and `.short` (also `.help`,
`.why`, `.details_title`, `.details`), `choice.QUESTION.CHOICE` (a text, or a table with `text` and `help`),
`result.REASON.title` and `.text` (and `.steps`, required for every no), `hint.X`, `note.X`, `end.X.title` and
`.text`, `partner.X.name` and `.about`, `organisation.X.name` and `.about`, `outcome.X.staff` and `.person`,
`decline.X.staff` and `.person`. `{{union}}` in the union question is replaced by its name.
"""


def _letters() -> str:
    rows = "".join(f"| `{id}` | {', '.join(f'`{{{name}}}`' for name in names)} |\n" for id, names in LETTERS.items())
    return f"""
## letters/<language>/<letter>.txt

First line `Subject: ...` (no personal data, no union word), an empty line, the text.

| letter | may hold |
|---|---|
{rows}"""


if __name__ == "__main__":
    sys.stdout.write(describe())
