"""Generates docs/programme-format.md: `python -m intake.authoring.catalog.format_page > docs/programme-format.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from intake.authoring.catalog.format import CasesTable, ProgrammeTable
from intake.authoring.catalog.texts import LETTERS, LINES, PAIRS, PLAIN
from intake.engine.kind import Kind
from intake.engine.kinds import KINDS
from intake.engine.parsing import MAX_DEPTH, MAX_LENGTH, MAX_PARTS
from intake.engine.referral import DECLINES, OUTCOMES

HEAD = """# The format of a programme

Made from the loader's types (`python -m intake.authoring.catalog.format_page`); a test holds it in step. How
conditions are read: docs/rules.md, "Certain or unknown".

A programme is a folder: `programme.toml`, `texts/<language>.toml`, `letters/<language>/<letter>.txt`,
`lists/<list>.csv`, `cases.toml`. Ids are small letters, digits and `_`, a letter first, at most 40 characters; those of
choices, partners, groups and routes may be any letters and digits with one `:` (`1480`, `municipality:1480`). A rule's
`reason` and the text `consent.version` may have 64: they are kept with every submission and consent.

Tables are written as TOML has them; those inside a table most shortly on a line each:

```toml
[[question]]
id = "reason"
kind = "choice"
section = "situation"
ask_if = 'situation in ["on_notice", "left"]'
choices = [
    { id = "redundancy" },
    { id = "voluntary", hide_if = 'situation == "left"' },
    { id = "unclear", dont_know = true },
]
```

`intake check FOLDER` says everything that is wrong at once: file, key, what is the matter, the nearest right thing,
and a code (last section). What it understands in spite of a fault it reads as it was probably meant, so that a slip in
one place does not hide one in another.
"""

CODES: Mapping[str, str] = {
    "missing_file": "a file is not there",
    "unreadable_file": "a file cannot be opened, or is not UTF-8 text",
    "not_toml": "a file is not TOML; the key is the line",
    "bad_line": "a line of a search list lacks something",
    "unknown_key": "a key, text or letter that nothing reads",
    "missing_key": "something that must be said is not",
    "wrong_type": "a value of another type than the key takes",
    "wrong_key": "a key that means nothing where it stands",
    "bad_id": "an id written in a way that is not permitted, or that means something else",
    "double_id": "an id that is there more than once",
    "unknown_id": "a partner, section, question, list or organisation that does not exist",
    "unknown_language": "a language that the product, or the programme, does not have",
    "missing_text": "a text or letter that one language lacks, or that is empty",
    "unknown_placeholder": "a blank that nobody fills in",
    "missing_placeholder": "a blank that the same text has in another language",
    "bad_condition": "a condition that cannot be read",
    "looks_forward": "a condition that names what is not yet known where it stands",
    "known_in_no_if": "`known` in a `no_if`: what is not known may still be said",
    "out_of_order": "questions or sections in another order than they are walked in",
    "too_early": "identity, or an end of the journey, before the result",
    "nothing_to_choose": "a required question of which every choice may be hidden",
    "id_too_long": "an id that Telegram's buttons cannot carry together with its question's",
    "takes_no_persons": "a partner that never gets persons leads, is offered or owns",
    "union_leads": "a union leads",
    "case_unreadable": "an example person with an answer that is not permitted",
    "case_failed": "an example person who gets something else than expected",
    "case_undecided": "example persons that can be tried first when the rest is mended",
}

CONDITIONS = f"""
## Conditions

What can be asked of a question stands above, by its kind. Numbers are compared by `<` `<=` `>` `>=` `==` `!=`, also as
in `0 <= days_until(q) <= 30`; a day that has passed is below 0. `years_since` of a date or month counts completed
years. Besides there is a named condition by its name, `group == "id"`, `known(q)`, `and`, `or`, `not` and brackets. A
condition may stand on several lines. It may name only earlier questions, never a verdict, and no don't-know choice
(write `not known(q)`). `known` may not stand in a `no_if`. At most {MAX_LENGTH} characters, {MAX_DEPTH} levels,
{MAX_PARTS} parts.

Without an answer a comparison is unknown, and so is its `not`: `not (q == "no")` holds of nobody who skipped q. Whoever
means them too writes `q == "yes" or not known(q)`.
"""


LISTS = """
## lists/<list>.csv

The first line is `id` and the languages, `id,en,sv`. In each cell stands the label, then other words for the same,
between `|`: `machinist,Machinist|machine operator,Maskinoperatör`.
"""


def describe() -> str:
    """Returns the whole page."""
    return HEAD + "".join(_tables()) + _kinds() + CONDITIONS + _texts() + _letters() + LISTS + _codes()


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


def _kinds() -> str:
    rows = "".join(f"| `{kind.name}` | {kind.means} | {kind.in_file} | {_ways(kind)} |\n" for kind in KINDS.values())
    head = "| kind | an answer is | in cases.toml | in conditions |\n|---|---|---|---|\n"
    return f"\n## Kinds of question\n\n{head}{rows}{IDS}"


def _ways(kind: Kind) -> str:
    return ", ".join(f"`{way.format(q='q')}`" for way in kind.domain.ways or ("known({q})",))


# Question ids that have a meaning of their own to the product.
IDS = """
Some ids mean something: `name`, `interpreter` and `interpreter_language` are told to whoever picks a case up.
`want_referral` (a yes lets the owner have the answers) and `protected_identity` are not shown to staff; whoever says no
to the first or yes to the second should end there (`ends`), before anything is asked that says who they are.
"""


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
`result.REASON.title` and `.text` (and `.steps`, required for every no) for the `reason` of each rule, for
`review` (staff decide) and for `eligible_GROUP` of each group, `note.X`, `end.X.title` and `.text`,
`advice.X.text`, and for an advice with `by` also `.undated` (read when no day was answered) and `.past`; `{{date}}` in
the first and the last is replaced by the day, `partner.X.name` and `.about`, `organisation.X.name` and `.about`,
`outcome.X.staff` and `.person`,
`decline.X.staff` and `.person`, where X of an outcome is {_ids(OUTCOMES)}, and of a decline
{_ids(DECLINES)}. `{{union}}` in what the union question shows is replaced
by its name, `{{partner}}` in `consent.telephone` by the partner's. Where nobody fills in a blank it is a finding.

Why a result came out so is said in sentences: `why.RULE.yes`, `.ask_staff`, and `.no` for a rule with
`no_if`. `{{question}}` in them, of any question before the result, is replaced by the answer as it is shown; where
there is none, by `why.unsaid`; `{{because}}` by all the answers that decided the rule, each after its question's
`short`. What staff say who decide a no because of a rule: `why.RULE.staff_no`, needed for a rule without `no_if`; left
out, it is the rule's `no`. What would settle a result: `question.X.settle` ("if ...") for a question with
`find_out`, and `why.RULE.later` with `{{date}}` ("from {{date}}") for a rule with `in_time`.
"""


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id}`" for id in ids)


def _letters() -> str:
    rows = "".join(f"| `{id}` | {', '.join(f'`{{{name}}}`' for name in names)} |\n" for id, names in LETTERS.items())
    return f"""
## letters/<language>/<letter>.txt

First line `Subject: ...` (no personal data, no union word), an empty line, the text.

| letter | may hold |
|---|---|
{rows}"""


def _codes() -> str:
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items())
    return f"\n## What is found\n\n| code | meaning |\n|---|---|\n{rows}"


if __name__ == "__main__":
    sys.stdout.write(describe())
