"""Reads programmes from their folders into engine values, strictly, with all findings at once. Knows no person."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from intake.authoring.catalog.build import FILE as FILE
from intake.authoring.catalog.cases import case_findings
from intake.authoring.catalog.files import UNREADABLE as UNREADABLE
from intake.authoring.catalog.files import Files
from intake.authoring.catalog.load import LoadResult, read
from intake.authoring.catalog.questions import fits_a_button as fits_a_button
from intake.engine.findings import Finding, did_you_mean
from intake.engine.programme import Programme
from intake.errors import BadProgramme, NotFound


def find_folder(named: str, programmes: Path) -> Path:
    """Returns the folder of a programme, given by id or path. Raises NotFound with the programmes there are."""
    for folder in (programmes / named, Path(named)):
        with suppress(OSError):  # the name may be too long for a file
            if (folder / FILE).is_file():
                return folder
    if len(named) < 256 and Path(named).is_dir():
        raise NotFound(f"{named} holds no {FILE}: a programme is a folder with one")
    by_id = {_id_of(path): path.parent for path in sorted(programmes.glob(f"*/{FILE}"))}
    if named in by_id:
        return by_id[named]
    raise NotFound(f'no programme "{named}" in {programmes}{did_you_mean(named, by_id)}')


@dataclass(frozen=True, slots=True)
class Draft:
    """A programme as it is in its folder: the text of every file, the values read from them, and the findings."""

    folder: Path
    id: str
    files: Mapping[str, str]
    reading: LoadResult

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.reading.findings

    @property
    def programme(self) -> Programme:
        """Returns the programme. Raises BadProgramme with every finding; cases are not run (see `check`)."""
        if self.findings:
            raise BadProgramme(str(self.folder), self.findings)
        return self.reading.programmes[0]


def draft_in(folder: Path) -> Draft:
    """Reads the draft in `folder`."""
    files = Files.of(folder)
    reading = read(files)
    id = reading.programmes[0].id if reading.programmes else _id_of(folder / FILE)
    return Draft(folder, id, files.texts, reading)


def drafts(programmes: Path) -> list[Draft]:
    """Reads all drafts in a folder of programmes. Raises BadProgramme if two have the same id."""
    found: dict[str, Draft] = {}
    for path in sorted(programmes.glob(f"*/{FILE}")):
        draft = draft_in(path.parent)
        if draft.id in found:
            twice = Finding("double_id", FILE, "id", f'another folder beside it has the id "{draft.id}" too')
            raise BadProgramme(str(path.parent), [twice])
        found[draft.id] = draft
    return list(found.values())


def no_programme(programmes: Path) -> NotFound:
    return NotFound(f"no programme in {programmes}: a programme is a folder with a {FILE}")


def load(folder: Path) -> Programme:
    """Returns the programme in `folder`. Raises BadProgramme with every finding; cases are not run (see `check`)."""
    return draft_in(folder).programme


def load_draft(folder: Path) -> Programme:
    """Returns the programme in `folder` despite findings. Raises BadProgramme if they affect its meaning."""
    findings, programme = checked(Files.of(folder))
    if programme is None:
        raise BadProgramme(str(folder), findings)
    return programme


def load_stored(name: str, files: Mapping[str, str]) -> Programme:
    """Returns a programme from the text of its published files. Raises BadProgramme if it can no longer be read.

    It had no findings when it was published; findings of checks added since then are ignored.
    """
    reading = read(Files(files))
    if len(reading.programmes) != 1:
        raise BadProgramme(name, reading.findings)
    return reading.programmes[0]


def check(folder: Path) -> list[Finding]:
    """Returns every finding about the programme in `folder`, including its example persons (cases.toml)."""
    return checked(Files.of(folder))[0]


def checked(files: Files) -> tuple[list[Finding], Programme | None]:
    """Returns the findings, and the programme if they leave its meaning clear, so that persons can be walked."""
    reading = read(files)
    findings = list(reading.findings)
    if any(one.file == FILE and one.code in UNREADABLE for one in findings):
        return findings, None
    meant = all(one.code in HARMLESS or one.file != FILE for one in findings) and len(reading.programmes) == 1
    return findings + list(case_findings(files, reading)), reading.programmes[0] if meant else None


# Faults in programme.toml that do not change the meaning of anything else.
HARMLESS = frozenset(
    {"missing_key", "wrong_key", "unknown_key", "too_early", "nothing_to_choose", "id_too_long", "takes_no_persons"}
    | {"union_leads", "unknown_language"}
)


def _id_of(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("id"))
    except (OSError, ValueError):
        return path.parent.name
