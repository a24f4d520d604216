"""A backup of every database version, with made-up people: `tests/store/backups/0001.gz` and so on.

A version's file is written by the program that has it, before there is a next one, and is never changed:

    python -m tests.store.old_backups 0003

Those of a version that no program had, because it came together with a later one, are made from the file before.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

from intake import Handle
from intake.keys import Keys
from intake.operations.backup import Written, backup, write
from intake.store import migrate
from intake.store.dump import load
from intake.store.migrating import head, versions
from tests.offices import OWN_BUSINESS, PROGRAMME, WHITE, office

FOLDER = Path(__file__).parent / "backups"
KEYS = f"k1:{'A' * 43}="  # known to everybody: only made-up people are sealed with it
WAITING, NOTE = Handle("telegram", "1000"), "Ringer på måndag"
# Who sent in: the office of the tests called its browsers otherwise until version 0007.
SENT = Handle("web", "browser 1"), Handle("web", f"browser-{1:0>20}")


def file_of_version(version: str) -> Path:
    return FOLDER / f"{version}.gz"


def make(version: str, file: Path) -> None:
    """Write the backup of a version; never over a file."""
    with tempfile.TemporaryDirectory() as var:
        url = f"sqlite:///{var}/old.sqlite"
        if version == head():
            migrate(url)
            _fill(url, Path(var), file)
            return
        before = Written(file_of_version(versions()[versions().index(version) - 1]))
        load(url, before.version, before.rows(), Keys.from_text(KEYS), replace=False, to=version)
        with file.open("xb") as raw, gzip.open(raw, "wb") as out:
            write(url, out, version)


def _fill(url: str, var: Path, file: Path) -> None:
    """Two cases - one picked up, with a note and letters - and somebody in the middle of it."""
    with office(url, var, secret_keys=KEYS) as there:
        case = there.sends(WHITE, ("trr",), union=True, phone="0701740605")
        there.sends(OWN_BUSINESS, ("brg",))
        there.app.casework.pick_up(there.staff("trr"), case.reference)
        there.app.casework.note(there.staff("trr"), case.reference, NOTE)
        there.app.desk.start(WAITING, PROGRAMME, "sv")
        there.app.desk.answer(WAITING, PROGRAMME, "employment_status", ("uppsagd_notice",))
        backup(there.app.settings, file)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        make(wanted, file_of_version(wanted))
        file_of_version(wanted).chmod(0o644)
        print(file_of_version(wanted))
