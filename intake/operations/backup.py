"""Backup and restore: one gzip file of JSON Lines with every row of every table, the version and a checksum.

The format is the same for both databases, so that an embedded database can move to a server. Encrypted data stays
encrypted: the file does not contain the keys. A backup of an older version is migrated during restore.
The first line is {"format", "version"}, then {"table", "row"} for each row, then {"end": rows of each table, "sha256":
of all lines before}. The first format had no checksum; it is still read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.config import Settings
from intake.errors import BadSetting
from intake.keys import Keys
from intake.store import PROOFS, known_keys
from intake.store.dump import Counted, Row, dump, load, typed
from intake.store.migrating import head, must_be_at_head, shape, versions

FORMAT, UNCHECKED = "intake-backup-2", "intake-backup-1"


def backup(settings: Settings, file: Path) -> Counted:
    """Writes a consistent copy of everything, readable by this user only, to a new file; returns rows per table.

    The file gets its name once complete, so that an interrupted backup is never taken for a whole one.
    """
    must_be_at_head(settings.database)
    part: str | None = None
    try:
        if file.exists():
            raise BadSetting(f"{file} is there already; a backup never writes over a file")
        target, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(target, "wb") as raw:
            with gzip.open(raw, "wb") as out:
                counted = write(settings.database, out, head())
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


def write(url: str, out: gzip.GzipFile, version: str) -> Counted:
    """Writes every line of a backup of a database with the schema of `version`; returns rows per table."""
    digest = hashlib.sha256()

    def line(text: str) -> None:
        written = text.encode()
        digest.update(written)
        out.write(written)

    line(json.dumps({"format": FORMAT, "version": version}) + "\n")
    counted = dump(url, line, shape(version))
    out.write(json.dumps({"end": counted, "sha256": digest.hexdigest()}).encode() + b"\n")
    return counted


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Counted:
    """Restores a backup, migrated to this version: all or nothing. Raises BadSetting for whatever does not fit.

    The whole file is read once before anything is changed. Whoever was erased, here or there, is erased again.
    """
    written, keys = Written(file), settings.keys()
    written.check(keys)
    return load(settings.database, written.version, written.rows(), keys, replace=replace)


class Written:
    """The file of a backup, read line by line; every fault is a BadSetting of one line."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.format, self.version = self._head()
        self.tables = shape(self.version)

    def check(self, keys: Keys) -> None:
        """Reads the whole file. Raises WrongKey if these keys do not open it."""
        proven = set()
        for table, row in self.rows():
            if table == "installation":
                known_keys(keys, row)
                proven.add(row["name"])
        if proven and not proven.issuperset(PROOFS):  # none at all: the database was never opened
            raise self._damaged("it does not say with which INTAKE_SECRET_KEYS it was sealed")

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Yields each row with the name of its table, then checks the end of the file."""
        digest, counted, end = hashlib.sha256(), Counter[str](), None
        for number, text, line in self._lines():
            if end is not None:
                raise self._damaged(f"line {number} follows its end")
            if "end" in line:
                end = line
                continue
            digest.update(text)
            if number > 1:
                table, row = str(line.get("table")), self._typed(number, line)
                counted[table] += 1
                yield table, row
        if end is None or not isinstance(end["end"], dict) or Counter(end["end"]) != counted:
            raise self._damaged("it is cut short, or its rows are not those it was written with")
        if (self.format == FORMAT or "sha256" in end) and end.get("sha256") != digest.hexdigest():
            raise self._damaged("its checksum is another")

    def _head(self) -> tuple[str, str]:
        first = next(self._lines(), None)
        if first is None:
            raise self._damaged("it is empty")
        format, version = first[2].get("format"), first[2].get("version")
        if format not in (FORMAT, UNCHECKED):
            raise BadSetting(f"{self.file} is no backup of this program")
        if version not in versions():
            raise BadSetting(
                f"{self.file} is of database version {str(version)[:40]}, which this program does not know: "
                "restore it with the program that wrote it, or a newer one"
            )
        return str(format), str(version)

    def _typed(self, number: int, line: dict[str, Any]) -> Row:
        try:
            return typed(self.tables, line.get("table"), line.get("row"))
        except ValueError as error:
            why = "" if isinstance(error, UnicodeError) else f": {error}"
            raise self._damaged(f"line {number} cannot be read{why}") from None

    def _lines(self) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
        try:
            with gzip.open(self.file, "rb") as opened:
                for number, text in enumerate(opened, 1):
                    yield number, text, self._parsed(number, text)
        except gzip.BadGzipFile:
            raise self._damaged("it is no backup, or not whole") from None
        except (EOFError, zlib.error):
            raise self._damaged("it is cut short, or not as it was written") from None
        except OSError as error:
            raise BadSetting(f"{self.file} cannot be read: {error.strerror or error}") from None

    def _parsed(self, number: int, text: bytes) -> dict[str, Any]:
        try:
            line = json.loads(text.decode())
        except (ValueError, RecursionError):
            line = None
        if not isinstance(line, dict):
            raise self._damaged(f"line {number} is none of a backup")
        return line

    def _damaged(self, why: str) -> BadSetting:
        return BadSetting(f"{self.file} is damaged: {why}; nothing was restored")
