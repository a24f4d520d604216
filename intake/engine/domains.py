"""Domains: the few forms of answer that conditions can test. Each kind of question names one.

Parsing checks conditions against them, the proof builds formulas from them, and `settling` tries values from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from intake.engine.conditions import Value

EARLIEST, LATEST = 1900, 2100  # the years that a date, a month or a year may have


@dataclass(frozen=True, slots=True)
class OneOf:
    """One choice, by id."""

    unit: ClassVar[str] = ""
    measures: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[tuple[str, ...]] = ('{q} == "id"', '{q} in ["id"]', '{q} != "id"', "{q} not in set")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any number of choices, by id."""

    unit: ClassVar[str] = ""
    measures: ClassVar[tuple[str, ...]] = ("count",)
    ways: ClassVar[tuple[str, ...]] = ('"id" in {q}', "count({q}) >= n", '"id" not in {q}')


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other answer: a condition can only test whether there is one."""

    unit: ClassVar[str] = ""
    measures: ClassVar[tuple[str, ...]] = ()
    ways: ClassVar[tuple[str, ...]] = ()


Unit = Literal["day", "month", "year", "number"]
MEASURES: dict[Unit, tuple[str, ...]] = {
    "day": ("days_until", "years_since"),
    "month": ("years_since",),
    "year": ("years_since", "value"),
    "number": ("value",),
}
WAYS = {"days_until": "days_until({q}) <= n", "years_since": "years_since({q}) >= n", "value": "{q} >= n"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number within bounds. A day is its ordinal; a month is 12 times its year plus the months before it."""

    unit: Unit
    least: int
    most: int

    @property
    def measures(self) -> tuple[str, ...]:
        return MEASURES[self.unit]

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(WAYS[measure] for measure in self.measures)

    def value(self, amount: int) -> Value:
        """Returns the amount in the form in which an answer is stored."""
        match self.unit:
            case "day":
                return date.fromordinal(amount).isoformat()
            case "month":
                return f"{amount // 12:04}-{amount % 12 + 1:02}"
        return amount


DAYS = Amount("day", date(EARLIEST, 1, 1).toordinal(), date(LATEST, 12, 31).toordinal())
MONTHS = Amount("month", EARLIEST * 12, LATEST * 12 + 11)
YEARS = Amount("year", EARLIEST, LATEST)
NUMBERS = Amount("number", 0, 999_999_999)

Domain = OneOf | AnyOf | Amount | Opaque
