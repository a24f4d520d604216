"""Small numbers of people are hidden, and so that nobody can compute them back from the sums.

A table with its sums is a flow: from a source to each column, from there to the other end through the column's cells,
and back as the sum of all. As much flows into a knot as out of it; that is all that a reader can compute with. A hidden
number is safe when the flow could go another way: when there is a circle of hidden numbers through it along which one
more, or one less, could flow. As long as a small number is not safe, the next larger one is hidden beside it ("5+",
which is true). Sums across a row are not exact where one of its cells is hidden: "at least", from what is shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

FEW = 5  # a number of people under this is never shown
HIDDEN, MANY = f"<{FEW}", f"{FEW}+"
Shown = int | str
_SOURCE, _SINK = ("source",), ("sink",)


@dataclass(frozen=True, slots=True)
class CountTable:
    """Numbers by row and column, with the sums, as they may be shown."""

    rows: tuple[Hashable, ...]
    columns: tuple[Hashable, ...]
    cells: Mapping[tuple[Hashable, Hashable], Shown]
    row_sums: Mapping[Hashable, Shown]
    column_sums: Mapping[Hashable, Shown]
    sum: Shown


@dataclass(frozen=True, slots=True)
class _Number:
    tail: Hashable
    head: Hashable
    value: int

    def bounds(self) -> tuple[int, float]:
        """What a reader knows of it when it is hidden."""
        return (0, FEW - 1) if self.value < FEW else (FEW, float("inf"))


def shown(number: int) -> Shown:
    """One number that stands alone. That it is nobody may be said."""
    return number if number == 0 or number >= FEW else HIDDEN


def table(numbers: Mapping[tuple[Hashable, Hashable], int]) -> CountTable:
    """A table by (row, column), in the order in which rows and columns come."""
    rows = tuple(dict.fromkeys(row for row, _ in numbers))
    columns = tuple(dict.fromkeys(column for _, column in numbers))
    full = {(row, column): numbers.get((row, column), 0) for row in rows for column in columns}
    by_column = {column: sum(full[row, column] for row in rows) for column in columns}
    flow = [
        *(_Number(("column", column), _SINK, value) for (_, column), value in full.items()),
        *(_Number(_SOURCE, ("column", column), value) for column, value in by_column.items()),
        _Number(_SINK, _SOURCE, sum(full.values())),
    ]
    said = _as_shown(flow)
    cells = dict(zip(full, said, strict=False))
    row_sums = {row: _at_least([cells[row, column] for column in columns]) for row in rows}
    return CountTable(rows, columns, cells, row_sums, dict(zip(columns, said[len(full) :], strict=False)), said[-1])


def _at_least(cells: Sequence[Shown]) -> Shown:
    known = sum(cell if isinstance(cell, int) else FEW if cell == MANY else 0 for cell in cells)
    return known if all(isinstance(cell, int) for cell in cells) else f"{max(known, 1)}+"


def parts(numbers: Mapping[Hashable, int]) -> dict[Hashable, Shown]:
    """Numbers whose sum is known."""
    back = _Number(_SINK, _SOURCE, sum(numbers.values()))
    flow = [*(_Number(_SOURCE, _SINK, value) for value in numbers.values()), back]
    return dict(zip(numbers, _as_shown(flow), strict=False))


def _as_shown(flow: Sequence[_Number]) -> list[Shown]:
    """Each number as it may be shown. The last is the sum of all: it is told elsewhere too, and hides nothing."""
    hidden = {place for place, number in enumerate(flow) if number.value < FEW}
    for place in sorted(hidden):
        while flow[place].value and not _safe(flow, hidden, place):
            others = sorted((number.value, other) for other, number in enumerate(flow[:-1]) if other not in hidden)
            if not others:
                break
            enough = (other for _, other in others if _safe(flow, hidden | {other}, place))
            hidden.add(next(enough, others[0][1]))
    return [
        number.value if place not in hidden else HIDDEN if number.value < FEW else MANY
        for place, number in enumerate(flow)
    ]


def _safe(flow: Sequence[_Number], hidden: set[int], place: int) -> bool:
    """Whether one more or one less could be here, with everything that is shown as it is."""
    number, around = flow[place], hidden - {place}
    low, high = number.bounds()
    return (number.value < high and _leads(flow, around, number.head, number.tail)) or (
        number.value > low and _leads(flow, around, number.tail, number.head)
    )


def _leads(flow: Sequence[_Number], hidden: set[int], start: Hashable, goal: Hashable) -> bool:
    """Whether one more could flow from `start` to `goal` through hidden numbers alone."""
    reached, left = {start}, [start]
    while left:
        here = left.pop()
        for place in hidden:
            number = flow[place]
            low, high = number.bounds()
            if number.tail == here and number.value < high:
                there = number.head
            elif number.head == here and number.value > low:
                there = number.tail
            else:
                continue
            if there == goal:
                return True
            if there not in reached:
                reached.add(there)
                left.append(there)
    return False
