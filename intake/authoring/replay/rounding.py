"""Rounds numbers of people to the nearest multiple of five, so that no report reveals small counts.

Each cell and each sum is rounded on its own, so sums of rounded numbers are less exact. What rounds to 0 may be nobody,
one or two; it is left out, with the row, column or line that it would be in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

BASE = 5
Name = str | None
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class CountTable:
    """Rounded numbers by row and column, with their sums."""

    cells: Mapping[tuple[Name, Name], int]
    row_sums: Mapping[Name, int]
    column_sums: Mapping[Name, int]
    sum: int


def rounded(number: int) -> int:
    """Rounds to the nearest multiple of five: 2 is 0, 3 and 7 are 5."""
    return (number + BASE // 2) // BASE * BASE


def by_size(numbers: Mapping[Key, int]) -> dict[Key, int]:
    """Rounds, and sorts the largest first. Equal ones are sorted by key, which reveals nothing of the exact numbers."""
    shown = ((key, rounded(number)) for key, number in numbers.items())
    return dict(sorted((one for one in shown if one[1]), key=lambda one: (-one[1], str(one[0]))))


def table(numbers: Mapping[tuple[Name, Name], int]) -> CountTable:
    """Returns the table of numbers by (row, column), sorted by name."""
    by_row, by_column = Counter[Name](), Counter[Name]()
    for (row, column), number in numbers.items():
        by_row[row] += number
        by_column[column] += number
    rows, columns = (
        {name: rounded(sums[name]) for name in sorted(sums, key=str) if rounded(sums[name])}
        for sums in (by_row, by_column)
    )
    cells = {(row, column): rounded(numbers.get((row, column), 0)) for row in rows for column in columns}
    return CountTable(cells, rows, columns, rounded(sum(numbers.values())))
