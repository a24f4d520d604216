"""What is shipped says that it is proven, and is."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from intake.catalog import FILE, draft_in
from intake.catalog.files import Files
from intake.config import PACKAGED
from intake.proof import examine
from intake.publishing import STAMP, is_stamped

SHIPPED = sorted(path.parent for path in PACKAGED.glob(f"*/{FILE}"))


def day_of(folder: Path) -> date:
    proven_on = tomllib.loads((folder / STAMP).read_text(encoding="utf-8"))["proven_on"]
    assert isinstance(proven_on, date)
    return proven_on


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_stamp_is_in_step_and_true(folder: Path) -> None:
    assert is_stamped(draft_in(folder)), f"run: make docs (or: intake publish {folder.name} --stamp)"
    for day in (day_of(folder), date.today()):  # noqa: DTZ011 - dates are compared with the day it is proven on
        examined = examine(Files.of(folder), day)
        assert examined.proven and examined.findings == ()
