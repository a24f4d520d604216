"""Reads programmes from their folders into engine values, strictly, with all findings at once. Knows no person."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from intake.catalog.build import FILE as FILE
from intake.catalog.cases import case_findings
from intake.catalog.files import UNREADABLE as UNREADABLE
from intake.catalog.files import Files
from intake.catalog.questions import fits_a_button as fits_a_button
from intake.catalog.reading import read
from intake.engine.findings import Finding, did_you_mean
from intake.engine.programme import Programme
from intake.errors import BadProgramme, NotFound


def find_folder(named: str, programmes: Path) -> Path:
    """The folder of a programme named by id or by its path. Raises NotFound, naming those there are."""
    for folder in (programmes / named, Path(named)):
        with suppress(OSError):  # a name too long for a file is none
            if (folder / FILE).is_file():
                return folder
    if len(named) < 256 and Path(named).is_dir():
        raise NotFound(f"{named} holds no {FILE}: a programme is a folder with one")
    by_id = {_id_of(path): path.parent for path in sorted(programmes.glob(f"*/{FILE}"))}
    if named in by_id:
        return by_id[named]
    raise NotFound(f'no programme "{named}" in {programmes}{did_you_mean(named, by_id)}')


def load_all(programmes: Path) -> dict[str, Programme]:
    """Every programme of a folder, by id. Raises BadProgramme with the findings of the first broken one."""
    folders = sorted(path.parent for path in programmes.glob(f"*/{FILE}"))
    if not folders:
        raise NotFound(f"no programme in {programmes}: a programme is a folder with a {FILE}")
    found: dict[str, Programme] = {}
    for folder in folders:
        programme = load(folder)
        if programme.id in found:
            twice = Finding("double_id", FILE, "id", f'another folder beside it has the id "{programme.id}" too')
            raise BadProgramme(str(folder), [twice])
        found[programme.id] = programme
    return found


def load(folder: Path) -> Programme:
    """The programme in `folder`. Raises BadProgramme with every finding; its cases are not run (see `check`)."""
    return _loaded(str(folder), Files.of(folder))


def load_stored(name: str, files: Mapping[str, str]) -> Programme:
    """A programme whose files were kept as text. Raises BadProgramme when this program cannot read them any more."""
    return _loaded(name, Files(files))


def texts_of(folder: Path) -> dict[str, str]:
    """Every file of the programme in `folder` by its name: what `load_stored` makes the programme of again."""
    return dict(Files.of(folder).texts)


def check(folder: Path) -> list[Finding]:
    """Every finding about the programme in `folder`, its example persons (cases.toml) included."""
    files = Files.of(folder)
    reading = read(files)
    findings = list(reading.findings)
    if any(one.file == FILE and one.code in UNREADABLE for one in findings):
        return findings
    return findings + list(case_findings(files, reading))


def _loaded(name: str, files: Files) -> Programme:
    reading = read(files)
    if reading.findings:
        raise BadProgramme(name, reading.findings)
    return reading.programmes[0]


def _id_of(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("id"))
    except (OSError, ValueError):
        return path.parent.name
