"""A backup is one file: every row of every table as JSON Lines, gzip, with the version that wrote it.

The same for both databases, so that an embedded one can move to a server's. What is sealed stays sealed: the keys are
not in it.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.config import Settings
from intake.errors import BadSetting
from intake.keys import Keys
from intake.store import at_head, known_keys, migrate
from intake.store.dump import Counted, dump, load, table_names
from intake.store.migrating import head

FORMAT = "intake-backup-1"


def backup(settings: Settings, file: Path) -> Counted:
    """Write a consistent copy of everything, readable by this user only; never over an existing file. How many rows.

    It gets its name when it is whole: what was cut off in the middle is never taken for a backup.
    """
    if not at_head(settings.database):
        raise BadSetting("the database has not this version's shape, or is not there at all: intake migrate")
    part: str | None = None
    try:
        if file.exists():
            raise BadSetting(f"{file} is there already; a backup never writes over a file")
        target, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(target, "wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8") as out:
                out.write(json.dumps({"format": FORMAT, "version": head()}) + "\n")
                counted = dump(settings.database, out)
                out.write(json.dumps({"end": counted}) + "\n")
            raw.flush()
            os.fsync(raw.fileno())
        Path(part).rename(file)
        part = None
    except OSError as error:
        raise BadSetting(f"{file} cannot be written: {error.strerror}") from None
    finally:
        if part is not None:
            Path(part).unlink()
    return counted


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Counted:
    """Put a backup into the database: all or nothing. Raises BadSetting for whatever does not fit."""
    keys = settings.keys()
    _check(file, keys)
    migrate(settings.database)
    return load(settings.database, _rows(file), keys, replace=replace)


def _check(file: Path, keys: Keys) -> None:
    """Refuse a file that is no backup, of another version, cut short or sealed with other keys, before anything is
    touched.
    """
    counted: Counted = dict.fromkeys(table_names(), 0)
    end: Counted | None = None
    for number, line in enumerate(_lines(file)):
        if number == 0:
            if line.get("format") != FORMAT:
                raise BadSetting(f"{file} is no backup of this program")
            if line.get("version") != head():
                raise BadSetting(f"{file} is of database version {line.get('version')}; this program restores {head()}")
        elif "end" in line:
            end = line["end"]
        else:
            table = line.get("table", "")
            counted[table] = counted.get(table, 0) + 1
            if table == "installation":
                known_keys(keys, line["row"])
    if end != counted:
        raise BadSetting(f"{file} is cut short or damaged; nothing was restored")


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((line["table"], line["row"]) for line in _lines(file) if "table" in line)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            for text in opened:
                line = json.loads(text)
                if not isinstance(line, dict):
                    raise ValueError("every line is an object")
                yield line
    except (OSError, EOFError, ValueError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged or no backup"
        raise BadSetting(f"{file} cannot be read: {why}") from None
