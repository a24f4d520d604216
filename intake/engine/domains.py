"""What conditions can ask of an answer: one of a few domains, which each kind of question names.

The engine reads conditions by them, the proof makes formulas of them, and `settling` tries values from them.
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
    """Any of the choices."""

    unit: ClassVar[str] = ""
    measures: ClassVar[tuple[str, ...]] = ("count",)
    ways: ClassVar[tuple[str, ...]] = ('"id" in {q}', "count({q}) >= n", '"id" not in {q}')


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything else: a condition can only ask whether there is an answer."""

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
    """A number within bounds. A day counts as its ordinal, a month as 12 times its year and the months before it."""

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
        """The amount as an answer is kept."""
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
