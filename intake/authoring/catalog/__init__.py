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


@dataclass(frozen=True, slots=True)
class Draft:
    """A programme as it lies in its folder: every file as text, what they make, and what is wrong with it."""

    folder: Path
    id: str
    files: Mapping[str, str]
    reading: LoadResult

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.reading.findings

    @property
    def programme(self) -> Programme:
        """Raises BadProgramme with every finding; its cases are not run (see `check`)."""
        if self.findings:
            raise BadProgramme(str(self.folder), self.findings)
        return self.reading.programmes[0]


def draft_in(folder: Path) -> Draft:
    """What lies in `folder`."""
    files = Files.of(folder)
    reading = read(files)
    id = reading.programmes[0].id if reading.programmes else _id_of(folder / FILE)
    return Draft(folder, id, files.texts, reading)


def drafts(programmes: Path) -> list[Draft]:
    """Everything in a folder of programmes. Raises BadProgramme when two have one id."""
    found: dict[str, Draft] = {}
    for path in sorted(programmes.glob(f"*/{FILE}")):
        draft = draft_in(path.parent)
        if draft.id in found:
            twice = Finding("double_id", FILE, "id", f'another folder beside it has the id "{draft.id}" too')
            raise BadProgramme(str(path.parent), [twice])
        found[draft.id] = draft
    return list(found.values())


def load_all(programmes: Path) -> dict[str, Programme]:
    """Every programme of a folder, by id. Raises BadProgramme with the findings of the first broken one."""
    found = drafts(programmes)
    if not found:
        raise no_programme(programmes)
    return {draft.id: draft.programme for draft in found}


def no_programme(programmes: Path) -> NotFound:
    return NotFound(f"no programme in {programmes}: a programme is a folder with a {FILE}")


def load(folder: Path) -> Programme:
    """The programme in `folder`. Raises BadProgramme with every finding; its cases are not run (see `check`)."""
    return draft_in(folder).programme


def load_draft(folder: Path) -> Programme:
    """The programme in `folder` although there are findings. Raises BadProgramme when they touch what it means."""
    findings, programme = checked(Files.of(folder))
    if programme is None:
        raise BadProgramme(str(folder), findings)
    return programme


def load_stored(name: str, files: Mapping[str, str]) -> Programme:
    """A programme whose files were kept as text when it was published. It had no findings then: what this program has
    come to ask for since, it lacks. Raises BadProgramme when it cannot be read any more.
    """
    reading = read(Files(files))
    if len(reading.programmes) != 1:
        raise BadProgramme(name, reading.findings)
    return reading.programmes[0]


def check(folder: Path) -> list[Finding]:
    """Every finding about the programme in `folder`, its example persons (cases.toml) included."""
    return checked(Files.of(folder))[0]


def checked(files: Files) -> tuple[list[Finding], Programme | None]:
    """The findings about a programme, and the programme when they do not touch what it means: persons can be walked."""
    reading = read(files)
    findings = list(reading.findings)
    if any(one.file == FILE and one.code in UNREADABLE for one in findings):
        return findings, None
    meant = all(one.code in HARMLESS or one.file != FILE for one in findings) and len(reading.programmes) == 1
    return findings + list(case_findings(files, reading)), reading.programmes[0] if meant else None


# Faults in programme.toml that leave everything else what it says.
HARMLESS = frozenset(
    {"missing_key", "wrong_key", "unknown_key", "too_early", "nothing_to_choose", "id_too_long", "takes_no_persons"}
    | {"union_leads", "unknown_language"}
)


def _id_of(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("id"))
    except (OSError, ValueError):
        return path.parent.name
