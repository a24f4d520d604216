"""An installation that serves one programme only: a copy of VästKraft in its own folder, made once for all tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from intake.config import PACKAGED


@cache
def only_vastkraft() -> Path:
    """The folder of programmes. With two of them one has to say which; most tests are about something else."""
    folder = Path(tempfile.mkdtemp(prefix="intake-programmes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(PACKAGED / "vastkraft", folder / "vastkraft")
    return folder
