"""Computes an attack's hits, and those expected by chance, exactly and without sampling.

Chance knows the batches and how many of each chose a union: the union referrals of a batch belong to its people in any
order (a *join*), or any of its people chose (a *tell*). An attack that cannot decide between several people is credited
its average share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Scores = Sequence[float]


@dataclass(frozen=True, slots=True)
class Figure:
    """Hits, expected hits, and the variance of chance. Figures of separate batches add up."""

    hits: float = 0.0
    expected: float = 0.0
    variance: float = 0.0

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.hits + other.hits, self.expected + other.expected, self.variance + other.variance)

    @property
    def deviation(self) -> float:
        return math.sqrt(self.variance)

    @property
    def z(self) -> float:
        """The standard deviations by which hits exceed chance; 0 if an attack decides nothing."""
        beyond = self.hits - self.expected
        if self.variance < 1e-9:
            return math.inf if beyond > 1e-6 else 0.0
        return beyond / self.deviation

    @property
    def sure(self) -> float:
        """The same by Bernstein's inequality, valid for few decisions too: luck exceeds s with at most exp(-s*s/2).

        A single lucky guess among many undecided ones has many deviations, but a small value here.
        """
        beyond = self.hits - self.expected
        return beyond / math.sqrt(self.variance + beyond / 3) if beyond > 1e-6 else 0.0


def of_join(scores: Sequence[Scores], truth: Sequence[int | None]) -> Figure:
    """Returns the figure of a join. `scores[row][person]`: the likelihood of the pair. `truth[row]`: the person.

    Each row is given to the person with the highest score. The variance is that of a sum over a random permutation
    (Hoeffding 1951), with empty rows added up to the number of people.
    """
    people = len(scores[0]) if scores else 0
    if people == 0:
        return Figure()
    given = [_best(row, 1) for row in scores]
    hits = sum(row[who] for row, who in zip(given, truth, strict=True) if who is not None)
    expected = len(given) / people
    if people == 1:
        return Figure(hits, expected, 0.0)
    columns = [sum(row[who] for row in given) / people for who in range(people)]
    whole = sum(columns) / people
    squares = sum((row[who] - 1 / people - columns[who] + whole) ** 2 for row in given for who in range(people))
    empty = (people - len(given)) * sum((whole - column) ** 2 for column in columns)
    return Figure(hits, expected, (squares + empty) / (people - 1))


def of_tell(scores: Scores, yes: Sequence[bool]) -> Figure:
    """Returns the figure of a tell, which names as many people as chose. `scores[person]`: the likelihood of a yes."""
    people, chose = len(scores), sum(yes)
    if people == 0:
        return Figure()
    named = _best(scores, chose)
    hits = sum(share for share, said in zip(named, yes, strict=True) if said)
    mean = chose / people
    if people == 1:
        return Figure(hits, chose * mean, 0.0)
    spread = sum((share - mean) ** 2 for share in named)
    return Figure(hits, chose * mean, chose * (people - chose) / (people * (people - 1)) * spread)


def _best(scores: Scores, number: int) -> list[float]:
    """Returns each person's share of being among the best `number`: 1, 0, or a fraction for ties at the border."""
    if number == 0:
        return [0.0] * len(scores)
    border = sorted(scores, reverse=True)[number - 1]
    above, level = sum(one > border for one in scores), sum(one == border for one in scores)
    part = (number - above) / level
    return [1.0 if one > border else part if one == border else 0.0 for one in scores]
