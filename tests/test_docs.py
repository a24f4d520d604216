"""The docs that are made from code are in step with it."""

from __future__ import annotations

from pathlib import Path

from intake.catalog.describe import describe

ROOT = Path(__file__).parent.parent


def test_the_format_page_is_made_from_the_loaders_types() -> None:
    assert (ROOT / "docs/programme-format.md").read_text(encoding="utf-8") == describe(), "run: make docs"
