"""Style of templates: short lines, so that diffs are readable."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
LONGEST = 160


def test_no_line_of_a_template_is_long() -> None:
    paths = {path.relative_to(TEMPLATES).as_posix(): path for path in TEMPLATES.rglob("*.html")}
    assert len(paths) > 40
    long = {
        f"{name}:{number}"
        for name, path in paths.items()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    }
    assert long == set()
