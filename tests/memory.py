"""Where tests keep their files: in memory, if the machine has a folder there with room, else on the disk.

A new PostgreSQL database takes 12 ms there; on a busy disk 60 to 280 ms. `INTAKE_TESTS_ON_DISK=1 make test` keeps
everything on the disk, and there after the tests. The next run deletes the folder of a killed one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
PREFIX = "intake-tests-"
ROOM = 4 * 1024**3  # bytes; a whole run needs less than one
YOUNG = 60  # seconds in which a folder that nobody holds may be about to be held


def enter() -> Path | None:
    """Make a folder in memory that all temporary files go to, of the processes started from here too."""
    if os.environ.get("INTAKE_TESTS_ON_DISK") or not _fits():
        return None
    remove_left_behind(MEMORY)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    folder.chmod(0o755)  # PostgreSQL's user enters it
    hold(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    keep_bytecode(folder / "bytecode")
    return folder


def keep_bytecode(folder: Path) -> None:
    """Let processes share what they compile where nothing may be written beside the sources. A command that compiles
    all it imports takes 3 s of work to start, and hundreds are started.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def leave(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _fits() -> bool:
    """There is room, and programs may be started from there."""
    try:
        free, flags = shutil.disk_usage(MEMORY).free, os.statvfs(MEMORY).f_flag
    except OSError:
        return False
    return os.access(MEMORY, os.W_OK) and not flags & os.ST_NOEXEC and free > ROOM < psutil.virtual_memory().available


def hold(folder: Path) -> bool:
    """Whether nobody held it; it is ours until this process ends, however it ends."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return False
    return True


def remove_left_behind(memory: Path) -> None:
    """What a run that was killed could not remove."""
    for folder in memory.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if time.time() - folder.stat().st_mtime > YOUNG and hold(folder):
                leave(folder)
