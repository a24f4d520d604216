"""Fixtures of commands: a programme to break, and an office that is run by commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.broken import Copy
from tests.cli.commands import Said, call
from tests.houses import only_vastkraft
from tests.openings import KEYS

Office = Callable[..., Said]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the packaged programme, whole."""
    return Copy(tmp_path / "vastkraft")


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Office:
    """`office("staff", "list")`: commands on a database of the test's own, outside demo unless it says INTAKE_DEMO."""
    settings = {"INTAKE_DATABASE_URL": sqlite_url, "INTAKE_SECRET_KEYS": KEYS, "INTAKE_VAR": str(tmp_path / "var")}
    settings["INTAKE_PROGRAMMES"] = str(only_vastkraft())  # with two one has to say which

    def run(*arguments: str | Path, **env: str) -> Said:
        return call(*arguments, **{**settings, **env})

    return run
