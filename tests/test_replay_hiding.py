"""Nobody can compute a small number of people back from what is shown: tried by looking for another table that fits."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from intake.authoring.replay.small_cells import FEW, HIDDEN, MANY, CountTable, Shown, parts, shown, table


def possible(value: Shown, most: int) -> range:
    """What a reader may think of a number that is shown so."""
    if isinstance(value, int):
        return range(value, value + 1)
    return range(FEW) if value == HIDDEN else range(FEW, most + 1)


def fits(value: int, said: Shown) -> bool:
    if isinstance(said, int):
        return value == said
    return value < FEW if said == HIDDEN else value >= int(said.removesuffix("+"))


def known_for_certain(drawn: CountTable) -> list[tuple[object, object]]:
    """Cells that are the same in every table that fits what is shown, sums and all."""
    most = 14
    cells = list(drawn.cells)
    seen: dict[tuple[object, object], set[int]] = {cell: set() for cell in cells}
    for guess in product(*(possible(drawn.cells[cell], most) for cell in cells)):
        tried = dict(zip(cells, guess, strict=True))
        columns = all(
            fits(sum(tried[row, column] for row in drawn.rows), drawn.column_sums[column]) for column in drawn.columns
        )
        rows = all(fits(sum(tried[row, column] for column in drawn.columns), drawn.row_sums[row]) for row in drawn.rows)
        if rows and columns and fits(sum(guess), drawn.sum):
            for cell in cells:
                seen[cell].add(tried[cell])
    assert all(seen.values()), "the real table fits"
    return [cell for cell in cells if len(seen[cell]) == 1]


@pytest.mark.parametrize("seed", range(40))
def test_small_cells_of_a_table_stay_unknown(seed: int) -> None:
    chance = Random(seed)
    rows, columns = chance.choice([(1, 2), (2, 1), (2, 2), (3, 1), (1, 3)])
    numbers = {
        (f"r{row}", f"c{column}"): chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 9])
        for row in range(rows)
        for column in range(columns)
    }
    drawn = table({cell: number for cell, number in numbers.items() if number})
    certain = {cell for cell in known_for_certain(drawn) if drawn.cells[cell] == HIDDEN} if drawn.rows else set()
    assert not [cell for cell in certain if 0 < numbers.get(cell, 0) < FEW], (numbers, drawn)  # type: ignore[call-overload]


def test_no_small_number_is_ever_shown() -> None:
    chance = Random(3)
    for _ in range(200):
        cells = {(row, column): chance.randrange(40) for row in range(6) for column in "AB" if chance.random() < 0.6}
        drawn = table(cells)
        numbers = [*drawn.cells.values(), *drawn.column_sums.values(), drawn.sum, *drawn.row_sums.values()]
        assert not [number for number in numbers if isinstance(number, int) and number < FEW]
        for cell, value in drawn.cells.items():
            assert value in ({HIDDEN} if cells.get(cell, 0) < FEW else {cells[cell], MANY})


def test_what_needs_no_hiding_is_shown() -> None:
    drawn = table({("Ale", "A"): 12, ("Ale", "B"): 7, ("Lerum", "A"): 30, ("Lerum", "B"): 5})
    assert list(drawn.cells.values()) == [12, 7, 30, 5]
    assert (list(drawn.row_sums.values()), list(drawn.column_sums.values()), drawn.sum) == ([19, 35], [42, 12], 54)


def test_one_small_number_alone_takes_the_next_larger_one_with_it() -> None:
    assert parts({"a": 37, "b": 3, "c": 9}) == {"a": 37, "b": HIDDEN, "c": MANY}
    assert parts({"a": 37, "b": 1, "c": 2}) == {"a": 37, "b": HIDDEN, "c": HIDDEN}
    assert parts({"a": 2}) == {"a": HIDDEN}


def test_a_group_of_few_takes_another_groups_sum_with_it() -> None:
    drawn = table({("Ale", "A"): 60, ("Lerum", "A"): 70, ("Ale", "B"): 3})
    assert drawn.sum == 133
    assert drawn.column_sums == {"A": MANY, "B": HIDDEN}
    assert MANY in (drawn.cells["Ale", "A"], drawn.cells["Lerum", "A"]), "or the sum of A could be added up"


def test_a_number_alone() -> None:
    assert [shown(number) for number in (0, 1, 4, 5)] == [0, HIDDEN, HIDDEN, 5]
