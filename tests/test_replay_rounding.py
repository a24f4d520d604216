"""What rounded numbers reveal, by searching for every table that would be shown the same."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from intake.authoring.replay.rounding import BASE, Name, by_size, rounded, table

Cell = tuple[Name, Name]


def test_to_the_nearest_multiple_of_five() -> None:
    shown = {number: rounded(number) for number in range(13)}
    assert [shown[number] for number in (0, 1, 2)] == [0, 0, 0], "nobody, one and two are told alike"
    assert [shown[number] for number in range(3, 13)] == [5, 5, 5, 5, 5, 10, 10, 10, 10, 10]
    assert (rounded(999_998), rounded(1_000_002), rounded(1_000_003)) == (1_000_000, 1_000_000, 1_000_005)


@pytest.mark.parametrize("number", range(60))
def test_every_number_shown_stands_for_five(number: int) -> None:
    """One shown 0 stands for three."""
    same = [other for other in range(number + BASE) if rounded(other) == rounded(number)]
    assert len(same) == (BASE if rounded(number) else 3) and number in same
    assert abs(rounded(number) - number) <= 2


def test_the_largest_comes_first_and_the_order_tells_no_more() -> None:
    assert list(by_size({"b": 7, "a": 6, "c": 30, "few": 2})) == ["c", "a", "b"]
    assert by_size({"b": 6, "a": 7}) == by_size({"b": 7, "a": 6}) == {"a": 5, "b": 5}


def test_a_table_rounds_each_sum_from_what_it_is() -> None:
    drawn = table({("Ale", "A"): 7, ("Ale", "B"): 7, ("Lerum", "A"): 7, ("Lerum", "B"): 2, ("Tjörn", "C"): 1})
    assert drawn.cells == {("Ale", "A"): 5, ("Ale", "B"): 5, ("Lerum", "A"): 5, ("Lerum", "B"): 0}
    assert drawn.row_sums == {"Ale": 15, "Lerum": 10}, "not 10 and 5"
    assert drawn.column_sums == {"A": 15, "B": 10}
    assert drawn.sum == 25, "24, with the one whose row and column are left out"


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_out_may_be_nobody(seed: int) -> None:
    """A row or column of one or two people, in which all are few, is shown as the table without them, but for sums."""
    chance = Random(seed)
    cells: dict[Cell, int] = {(row, column): chance.randrange(3, 40) for row in "ab" for column in "xy"}
    few: dict[Cell, int] = {("z", chance.choice("xy")): chance.choice([1, 2])}
    drawn, without = table(cells | few), table(cells)
    assert drawn.cells == without.cells and drawn.row_sums == without.row_sums


def test_how_many_cells_the_sums_give_away() -> None:
    """Sums that are rounded on their own narrow the cells: docs/replay.md says how much."""
    chance, known, cells = Random(1), 0, 0
    names: list[Cell] = [(row, column) for row in "ab" for column in "xy"]
    for _ in range(60):
        real = {name: chance.choice([0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 9, 12]) for name in names}
        seen = everything_shown_like(real)
        assert all(real[name] in seen[name] for name in names), "the real table is among them"
        known += sum(len(seen[name]) == 1 for name in names)
        cells += len(names)
    print(f"{known} of {cells} cells")
    assert known / cells < 0.08


def everything_shown_like(real: dict[Cell, int]) -> dict[Cell, set[int]]:
    """By cell, what it is in any of the tables that would be shown as this one is."""
    drawn = table(real)
    seen: dict[Cell, set[int]] = {name: set() for name in real}
    around = [range(max(rounded(number) - 2, 0), rounded(number) + 3) for number in real.values()]
    for guess in product(*around):
        tried = dict(zip(real, guess, strict=True))
        if table(tried) == drawn:
            for name, number in tried.items():
                seen[name].add(number)
    return seen
