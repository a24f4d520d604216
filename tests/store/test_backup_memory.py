"""Backup and restore work in batches of rows: their memory does not grow with a table.

    python -m pytest tests/store/test_backup_memory.py --effort 10 -s

tries 200,000 rows and prints the memory used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from intake.config import load_settings
from intake.operations.backup import backup, restore
from tests.databases import Databases
from tests.store.conftest import KEYS
from tests.store.inside import ask, count

ROWS, SIZE = 12_000, 2_000  # 24 MB in one table
MOST = 16  # MB that either may need beyond what the process has: caches of the drivers and of gzip
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})"
    " INSERT INTO list_entries SELECT 'many', n, n, printf('%.*c', {size}, 'x') FROM numbers",
    "postgresql": "INSERT INTO list_entries SELECT 'many', n, n, repeat('x', {size}) FROM generate_series(1, {rows}) n",
}


def needed(act: Callable[[], object]) -> float:
    """By how many MB this process was larger at its peak, the drivers' own memory included."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from now
    before = _memory("VmRSS")
    act()
    return _memory("VmHWM") - before


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1000


def test_no_table_is_held_in_memory(databases: Databases, database_url: str, tmp_path: Path, effort: int) -> None:
    kind, rows, file = database_url.partition("+")[0].partition(":")[0], ROWS * effort, tmp_path / "backup.gz"
    ask(database_url, NUMBERS[kind].format(rows=rows, size=SIZE))
    settings = load_settings(database_url=database_url, secret_keys=KEYS)
    out = needed(lambda: backup(settings, file))
    back = needed(lambda: restore(settings, file, replace=True))
    print(f"\n{kind}: {rows:,} rows of {SIZE:,} bytes: backup {out:.1f} MB, restore {back:.1f} MB")
    assert count(database_url, "list_entries") == rows
    assert out < MOST and back < MOST, (out, back)
