"""Shipped programmes are proven, and their stamp lets the first start publish them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from intake.authoring.catalog import FILE, draft_in
from intake.authoring.catalog.files import Files
from intake.authoring.proof import examine
from intake.config import PACKAGED
from intake.publishing.versions import STAMP, is_stamped

SHIPPED = sorted(path.parent for path in PACKAGED.glob(f"*/{FILE}"))


def day_of(folder: Path) -> date:
    proven_on = tomllib.loads((folder / STAMP).read_text(encoding="utf-8"))["proven_on"]
    assert isinstance(proven_on, date)
    return proven_on


def test_what_is_invented_is_published_by_somebody_or_not_at_all() -> None:
    assert [folder.name for folder in SHIPPED if (folder / STAMP).exists()] == ["vastkraft"]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_what_is_shipped_is_proven_and_a_stamp_is_in_step(folder: Path) -> None:
    days = [date.today()]  # noqa: DTZ011 - dates are compared with the day it is proven on
    if (folder / STAMP).exists():
        assert is_stamped(draft_in(folder)), f"run: make docs (or: intake publish {folder.name} --stamp)"
        days.append(day_of(folder))
    for day in days:
        examined = examine(Files.of(folder), day)
        assert examined.proven and examined.findings == ()
