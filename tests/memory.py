"""Where tests keep what they write: in memory, if the machine has a folder there with room, else on the disk.

A new PostgreSQL database takes 12 ms there; on a disk that others write to, 60 to 280 ms. `INTAKE_TESTS_ON_DISK=1 make
test` keeps everything on the disk, and there after the tests.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
PREFIX = "intake-tests-"
ROOM = 4 * 1024**3  # bytes; a whole run needs less than one


def enter() -> Path | None:
    """Make a folder in memory that all temporary files go to, of the processes started from here too."""
    if os.environ.get("INTAKE_TESTS_ON_DISK") or not _has_room():
        return None
    _remove_left_behind()
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o755)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def leave(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    try:
        return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM < psutil.virtual_memory().available
    except OSError:
        return False


def _remove_left_behind() -> None:
    """What a run that was killed could not remove."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        with suppress(ValueError):
            if not psutil.pid_exists(int(folder.name.removeprefix(PREFIX))):
                leave(folder)
