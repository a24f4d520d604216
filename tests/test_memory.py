"""The folder in memory belongs to one run, and a later run deletes one left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.memory import hold, remove_left_behind


def old(folder: Path) -> Path:
    folder.mkdir()
    os.utime(folder, (time.time() - 3600,) * 2)
    return folder


def test_what_was_left_behind_is_removed(tmp_path: Path) -> None:
    left, young, other = old(tmp_path / "intake-tests-a"), tmp_path / "intake-tests-b", old(tmp_path / "others")
    young.mkdir()
    remove_left_behind(tmp_path)
    assert not left.exists() and young.exists() and other.exists()


def test_what_somebody_holds_stays(tmp_path: Path) -> None:
    held = old(tmp_path / "intake-tests-c")
    assert hold(held)
    remove_left_behind(tmp_path)
    assert held.exists() and not hold(held)
