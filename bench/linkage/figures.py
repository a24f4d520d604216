"""How many hits an attack had, and how many it would have had by chance; exact, nothing is drawn.

Chance knows the batches and how many of each chose a union, and nothing else: the unions' referrals of a batch belong
to people of it in any order (a *join*), or those who chose are any of its people (a *tell*). Where an attack cannot
decide between several people it is credited the share it would hit on average.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Scores = Sequence[float]


@dataclass(frozen=True, slots=True)
class Figure:
    """Hits, those expected by chance, and the variance of the latter. Figures of separate batches add up."""

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
        """By how many standard deviations the hits exceed chance; 0 when an attack decides nothing."""
        beyond = self.hits - self.expected
        if self.variance < 1e-9:
            return math.inf if beyond > 1e-6 else 0.0
        return beyond / self.deviation

    @property
    def sure(self) -> float:
        """The same by Bernstein's inequality, which holds for few decisions too: luck brings more than s with a chance
        of at most exp(-s*s/2). One lucky guess among many undecided is far in deviations, and not in this.
        """
        beyond = self.hits - self.expected
        return beyond / math.sqrt(self.variance + beyond / 3) if beyond > 1e-6 else 0.0


def of_join(scores: Sequence[Scores], truth: Sequence[int | None]) -> Figure:
    """`scores[row][person]`: how likely the row is the person's. `truth[row]`: the person.

    Each row is given to the person with the highest score. The variance is that of a sum over a random permutation
    (Hoeffding 1951): rows are filled up with empty ones to as many as there are people.
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
    """`scores[person]`: how likely they chose. As many as did are named, those with the highest scores."""
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
    """The share of each in being among the best `number`: 1, 0, or a part for those that are level at the border."""
    if number == 0:
        return [0.0] * len(scores)
    border = sorted(scores, reverse=True)[number - 1]
    above, level = sum(one > border for one in scores), sum(one == border for one in scores)
    part = (number - above) / level
    return [1.0 if one > border else part if one == border else 0.0 for one in scores]
