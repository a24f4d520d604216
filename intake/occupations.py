"""Reads the open JobTech taxonomy's list of occupations (CSV) into a search list. All of it or nothing."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from intake.engine.programme import Entry
from intake.errors import BadSetting

COLUMNS = ("concept_id", "label_sv", "ssyk_code", "ssyk_label_en")


def read_occupations(path: Path) -> tuple[Entry, ...]:
    """The entries of the file. Raises BadSetting with the first lines that cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise BadSetting(f"{path}: the columns {', '.join(missing)} are missing; needed: {', '.join(COLUMNS)}")
            return _entries(path, rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSetting(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _entries(path: Path, rows: csv.DictReader[str]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    for row in rows:
        concept, label, code = ((row.get(name) or "").strip() for name in ("concept_id", "label_sv", "ssyk_code"))
        id = f"{code}:{concept}"
        if not re.fullmatch(r"\w{1,40}", concept) or not re.fullmatch(r"\d{4}", code) or not label or len(label) > 200:
            faults.append(f"line {rows.line_num}: needs a concept_id, a label_sv and an ssyk_code of four digits")
        elif id in entries:
            faults.append(f"line {rows.line_num}: {id} is there twice")
        else:
            # The group's English name helps to find it; the label shown in English is the Swedish one, which is exact.
            english = (row.get("ssyk_label_en") or "").strip()
            entries[id] = Entry(id, {"sv": (label,), "en": (label, english) if english else (label,)})
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise BadSetting(f"{path}: {'; '.join(faults[:3])}{more}; nothing was imported")
    if not entries:
        raise BadSetting(f"{path} holds no occupations; nothing was imported")
    return tuple(entries.values())
