"""Reads the open JobTech taxonomy's list of occupations (CSV) into a search list, completely or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from intake.engine.programme import Entry
from intake.errors import BadSetting

COLUMNS = ("concept_id", "label_sv", "ssyk_code", "ssyk_label_en")
LONGEST_LABEL = 200
NEEDED = "needs a concept_id of letters, digits and _, a label_sv and an ssyk_code of four digits"


def read_occupations(path: Path, fits: Callable[[str], bool] = lambda id: True) -> tuple[Entry, ...]:
    """Returns the entries of the file. `fits` decides whether an id can be used. Raises BadSetting."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            needed = f"needed, with commas between: {', '.join(COLUMNS)}"
            raise BadSetting(f"{path}: the columns {', '.join(missing)} are missing; {needed}")
        return _entries(path, rows, fits)
    except UnicodeDecodeError:
        raise BadSetting(f"{path} cannot be read: it is not UTF-8 text") from None
    except (OSError, csv.Error) as error:
        raise BadSetting(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _entries(path: Path, rows: csv.DictReader[str], fits: Callable[[str], bool]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    for row in rows:
        concept, label, code, english = (" ".join((row[name] or "").split()) for name in COLUMNS)
        id = f"{code}:{concept}"
        if not re.fullmatch(r"[0-9]{4}:[A-Za-z0-9_]+", id) or not label or len(label) > LONGEST_LABEL:
            faults.append(f"line {rows.line_num}: {NEEDED}")
        elif id in entries:
            faults.append(f"line {rows.line_num}: {id} is there twice")
        elif not fits(id):
            faults.append(f"line {rows.line_num}: {id} is too long for a button in Telegram")
        else:
            # The group's English name is a search word; the label shown in English is the Swedish one, which is exact.
            entries[id] = Entry(id, {"sv": (label,), "en": (label, english) if english else (label,)})
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise BadSetting(f"{path}: {'; '.join(faults[:3])}{more}; nothing was imported")
    if not entries:
        raise BadSetting(f"{path} holds no occupations; nothing was imported")
    return tuple(entries.values())
