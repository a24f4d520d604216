"""The packages that are served: each folder at the top that holds Python, but for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = tuple(sorted({path.parent.name for path in ROOT.glob("[a-z]*/*.py")} - {"tests", "bench"}))
