"""A programme in which everything is as long as `intake check` permits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from intake.authoring.catalog.build import Builder
from intake.authoring.catalog.format import ProgrammeTable
from intake.authoring.catalog.questions import fits_a_button
from intake.authoring.catalog.texts import _needed
from intake.authoring.skeleton import BLANK
from intake.engine import lengths
from intake.engine.programme import Entry, Texts

LIST = "l" * lengths.ID
CONSENT = "v" * lengths.CODE  # the version of the consent text


def long(stem: str, longest: int = lengths.ID) -> str:
    return stem + "_" * (longest - len(stem) - 1) + "z"


def choice(question: str, stem: str) -> str:
    """The longest id of a choice that a button carries with this question's."""
    longest = max(n for n in range(len(stem), lengths.ID + 1) if fits_a_button(question, "c" * n))
    return stem + "z" * (longest - len(stem))


PROGRAMME, VERSION = long("longest"), long("version")
OWNER, LEAD, OFFERED, UNION = long("owner"), long("lead"), long("offered"), long("union")
GROUP, RULE, REASON = long("group"), long("rule"), long("reason", lengths.CODE)
ROUTE, OTHERWISE, UNSURE = long("route"), long("otherwise"), long("unsure")
STATUS, PLACE, TRADE, WISHES = long("status"), "placeplac", long("trade"), "wisheswis"  # with short and long choices
YES, NO, MAYBE = (choice(STATUS, one) for one in ("y", "n", "m"))
HERE = choice(PLACE, "here")
WISH = choice(WISHES, "wish")
ENTRY = choice(TRADE, "e")
EMAIL, PHONE, WHO, UNIONS, READ = long("email"), long("phone"), "whowhowho", "unionunio", long("read")
BEFORE, AFTER = long("before"), long("after")


def table() -> dict[str, Any]:
    one = {"section": BEFORE}
    later = {"section": AFTER}
    return {
        "id": PROGRAMME, "version": VERSION, "languages": ["sv"], "owner": OWNER, "phone": "0" * lengths.PHONE,
        "reference": "LONG", "limits": {"text": 2000},
        "section": [{"id": BEFORE}, {"id": AFTER, "after_result": True}],
        "partner": [{"id": OWNER}, {"id": LEAD}, {"id": OFFERED}, {"id": HERE}, {"id": UNION, "union": True}],
        "question": [
            {"id": STATUS, "kind": "choice", **one,
             "choices": [{"id": YES}, {"id": NO}, {"id": MAYBE, "dont_know": True}]},
            {"id": PLACE, "kind": "choice", **one, "choices": [{"id": HERE}, {"id": choice(PLACE, "far")}]},
            {"id": WISHES, "kind": "choices", **one, "choices": [{"id": WISH}, {"id": choice(WISHES, "no")}]},
            {"id": TRADE, "kind": "search", "list": LIST, "optional": True, **one},
            {"id": "name", "kind": "text", **later},
            {"id": EMAIL, "kind": "email", "one_of": long("contact"), **later},
            {"id": PHONE, "kind": "phone", "one_of": long("contact"), **later},
            {"id": WHO, "kind": "consents", "of": "partners", **later},
            {"id": UNIONS, "kind": "consents", "of": "unions", **later},
            {"id": READ, "kind": "confirm", **later},
        ],
        "group": [{"id": GROUP, "when": f'{PLACE} == "{HERE}"'}],
        "rule": [{"id": RULE, "no_if": f'{STATUS} == "{NO}"', "reason": REASON}],
        "route": [
            {"id": UNSURE, "lead": OWNER, "ask_staff": True},
            {"id": ROUTE, "when": f'"{WISH}" in {WISHES}', "lead": LEAD, "offer": [OFFERED, f"{{{PLACE}}}", UNION]},
            {"id": OTHERWISE, "lead": OWNER, "otherwise": True},
        ],
    }  # fmt: skip


def write(folder: Path) -> Path:
    """The programme as files; the folder of programmes it is in."""
    home = folder / PROGRAMME
    entries = (Entry(ENTRY, {"sv": ("Svetsare",)}),)
    values = table()
    programme = Builder(ProgrammeTable.model_validate(values), {LIST: entries}).build(Texts({}), {})
    shapes: dict[str, Any] = {"text": "Text", "choice": "Val", "lines": ["Rad"], "pairs": [{"title": "T", "text": "X"}]}
    texts = {path: shapes[shape] for path, shape in _needed(programme)} | {("consent", "version"): CONSENT}
    files = {
        "programme.toml": "\n".join(_toml(values)),
        "texts/sv.toml": "\n".join(f"{_key(path)} = {_value(value)}" for path, value in texts.items()),
        f"lists/{LIST}.csv": f"id,sv\n{ENTRY},Svetsare\n",
        "cases.toml": "\n".join(_toml({"case": [_case()]})),
    }
    for letter in (BLANK / "letters" / "sv").iterdir():
        files[f"letters/sv/{letter.name}"] = re.sub(r"«\w+»", "VästKraft", letter.read_text())
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text + "\n")
    return folder


def _case() -> dict[str, Any]:
    answers = {STATUS: YES, PLACE: HERE, WISHES: [WISH], TRADE: ENTRY}
    expect = {"verdict": "eligible", "group": GROUP, "route": ROUTE, "lead": LEAD}
    return {"id": long("case"), "today": "2026-11-23", "answers": answers, "expect": expect}


def _toml(values: dict[str, Any]) -> list[str]:
    """Plain keys first, then each table of a list."""
    lines = [f"{key} = {_value(value)}" for key, value in values.items() if not _tables(value)]
    for key, value in values.items():
        for one in value if _tables(value) else ():
            lines += [f"[[{key}]]", *(f"{_key((name,))} = {_value(said)}" for name, said in one.items())]
    return lines


def _tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _key(path: tuple[str, ...]) -> str:
    return ".".join(json.dumps(step) for step in path)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key((key,))} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return "2026-11-23" if value == "2026-11-23" else json.dumps(value, ensure_ascii=False)
