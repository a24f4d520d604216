"""A backup is one file: every row of every table as JSON Lines, gzip, with the version that wrote it.

The same for both databases, so that an embedded one can move to a server's. What is sealed stays sealed: the keys are
not in it.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.config import Settings
from intake.errors import BadSetting
from intake.keys import Keys
from intake.store import known_keys, migrate
from intake.store.dump import Counted, dump, is_empty, load, table_names
from intake.store.migrating import head

FORMAT = "intake-backup-1"


def backup(settings: Settings, file: Path) -> Counted:
    """Write a consistent copy of everything, readable by this user only; never over an existing file. How many rows."""
    try:
        target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadSetting(f"{file} is there already; a backup never writes over a file") from None
    except OSError as error:
        raise BadSetting(f"{file} cannot be written: {error.strerror}") from None
    with os.fdopen(target, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as out:
        out.write(json.dumps({"format": FORMAT, "version": head()}) + "\n")
        counted = dump(settings.database, out)
        out.write(json.dumps({"end": counted}) + "\n")
        out.flush()
    return counted


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Counted:
    """Put a backup into the database: all or nothing. Raises BadSetting for whatever does not fit."""
    _whole(file)
    _opened_by(settings.keys(), file)
    migrate(settings.database)
    if not replace and not is_empty(settings.database):
        raise BadSetting(
            "the database holds data already: give --replace to lose it, or set another INTAKE_DATABASE_URL"
        )
    return load(settings.database, _rows(file))


def _whole(file: Path) -> None:
    """Refuse a file that is no backup, of another version, or cut short, before anything is touched."""
    counted: Counted = dict.fromkeys(table_names(), 0)
    end: Counted | None = None
    for number, line in enumerate(_lines(file)):
        if number == 0:
            if line.get("format") != FORMAT:
                raise BadSetting(f"{file} is no backup of this program")
            if line["version"] != head():
                raise BadSetting(f"{file} is of database version {line['version']}; this program restores {head()}")
        elif "end" in line:
            end = line["end"]
        else:
            counted[line["table"]] = counted.get(line["table"], 0) + 1
    if end != counted:
        raise BadSetting(f"{file} is cut short or damaged; nothing was restored")


def _opened_by(keys: Keys, file: Path) -> None:
    for table, row in _rows(file):
        if table == "installation":
            known_keys(keys, row)
            return


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((line["table"], line["row"]) for line in _lines(file) if "table" in line)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            for line in opened:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is damaged or no backup"
        raise BadSetting(f"{file} cannot be read: {why}") from None
