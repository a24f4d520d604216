"""Reads programmes from their folders into engine values, strictly, with all findings at once. Knows no person."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from intake.catalog.build import Builder
from intake.catalog.cases import case_findings
from intake.catalog.format import CasesTable, ProgrammeTable
from intake.catalog.texts import letter_findings, text_findings
from intake.engine.findings import Finding, did_you_mean
from intake.engine.programme import Entry, Letter, Programme, Texts
from intake.errors import BadProgramme, NotFound

Model = TypeVar("Model", bound=BaseModel)


def find_folder(named: str, programmes: Path) -> Path:
    """The folder of a programme named by id or by its path. Raises NotFound, naming those there are."""
    for folder in (programmes / named, Path(named)):
        if (folder / "programme.toml").is_file():
            return folder
    there_are = sorted(path.parent.name for path in programmes.glob("*/programme.toml"))
    raise NotFound(f'no programme "{named}" in {programmes}{did_you_mean(named, there_are)}')


def load_all(programmes: Path) -> dict[str, Programme]:
    """Every programme of a folder, by id. Raises BadProgramme with the findings of the first broken one."""
    folders = sorted(path.parent for path in programmes.glob("*/programme.toml"))
    if not folders:
        raise NotFound(f"no programme in {programmes}: a programme is a folder with a programme.toml")
    found = [load(folder) for folder in folders]
    return {programme.id: programme for programme in found}


def load(folder: Path) -> Programme:
    """The programme in `folder`. Raises BadProgramme with every finding; its cases are not run (see `check`)."""
    programme, findings = read(folder)
    if programme is None or findings:
        raise BadProgramme(folder.name, findings)
    return programme


def check(folder: Path) -> list[Finding]:
    """Every finding about the programme in `folder`, its example persons (cases.toml) included."""
    programme, findings = read(folder)
    if programme is not None and not any(finding.file == "programme.toml" for finding in findings):
        findings += _cases(programme, folder)
    return findings


def read(folder: Path) -> tuple[Programme | None, list[Finding]]:
    """The programme as far as it can be read, with all findings. None when programme.toml has no usable shape."""
    findings: list[Finding] = []
    table = _toml(folder / "programme.toml", ProgrammeTable, findings)
    if table is None:
        return None, findings
    texts = {language: _plain_toml(folder / "texts" / f"{language}.toml", findings) for language in table.languages}
    lists = {path.stem: _list(path, findings) for path in sorted((folder / "lists").glob("*.csv"))}
    builder = Builder(table, lists)
    programme = builder.build(Texts(texts), _letters(folder, table.languages, findings))
    findings += builder.findings
    if not builder.findings:
        findings += [*text_findings(programme), *letter_findings(programme)]
    return programme, findings


def _cases(programme: Programme, folder: Path) -> list[Finding]:
    findings: list[Finding] = []
    table = _toml(folder / "cases.toml", CasesTable, findings)
    return findings if table is None else [*findings, *case_findings(programme, table)]


def _plain_toml(path: Path, findings: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        findings.append(Finding("missing_file", _relative(path), "", "the file is missing"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        findings.append(Finding("not_toml", _relative(path), "", f"cannot be read: {error}"))
    return {}


def _toml(path: Path, model: type[Model], findings: list[Finding]) -> Model | None:
    before = len(findings)
    values = _plain_toml(path, findings)
    if len(findings) > before:
        return None
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            findings.append(_shape_finding(_relative(path), values, model, detail))
    return None


def _shape_finding(file: str, values: Mapping[str, Any], model: type[BaseModel], detail: Any) -> Finding:
    """One of pydantic's errors, with the place named by ids and the nearest permitted key."""
    place: list[str] = []
    at: Any = values
    for step in detail["loc"]:
        at = (
            at[step]
            if (isinstance(at, dict) and step in at) or (isinstance(at, list) and isinstance(step, int))
            else None
        )
        named = at.get("id") if isinstance(at, dict) and isinstance(step, int) else None
        place.append(str(named if named is not None else step))
    message = detail["msg"]
    if detail["type"] == "extra_forbidden":
        message = f"there is no such key{did_you_mean(detail['loc'][-1], _keys_at(model, detail['loc'][:-1]))}"
    elif "input" in detail and isinstance(detail["input"], str | int | float | bool):
        message = f"{message} (it is {detail['input']!r:.60})"
    code = {"extra_forbidden": "unknown_key", "missing": "missing_key"}.get(detail["type"], "wrong_type")
    return Finding(code, file, ".".join(place), message)


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """The keys that the table at `loc` may have."""
    for step in loc:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())] if field is not None else []
        model = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return list(model.model_fields)


def _letters(folder: Path, languages: list[str], findings: list[Finding]) -> dict[tuple[str, str], Letter]:
    letters = {}
    for path in (path for language in languages for path in sorted((folder / "letters" / language).glob("*.txt"))):
        first, _, body = path.read_text(encoding="utf-8").partition("\n")
        if not first.startswith("Subject: ") or not body.strip():
            findings.append(
                Finding(
                    "wrong_type", _relative(path, 3), "", 'should begin with "Subject: ...", an empty line, the text'
                )
            )
            continue
        letters[(path.stem, path.parent.name)] = Letter(first.removeprefix("Subject: ").strip(), body.strip() + "\n")
    return letters


def _list(path: Path, findings: list[Finding]) -> tuple[Entry, ...]:
    """A search list: columns id and one per language; a cell is the label, then synonyms, separated by |."""
    entries: dict[str, Entry] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            id = (row.get("id") or "").strip()
            words = {
                language: tuple(word.strip() for word in cell.split("|") if word.strip())
                for language, cell in row.items()
                if language != "id" and isinstance(cell, str) and cell.strip()
            }
            if not id or not words or id in entries:
                why = (
                    "this id is there more than once"
                    if id in entries
                    else "a line needs an id and a word in each language"
                )
                findings.append(Finding("bad_line", _relative(path), f"line {line}", why))
                continue
            entries[id] = Entry(id, words)
    return tuple(entries.values())


def _relative(path: Path, parts: int | None = None) -> str:
    """The path as seen from the programme's folder."""
    depth = parts or (1 if path.name in ("programme.toml", "cases.toml") else 2)
    return "/".join(path.parts[-depth:])
