"""The basis of every check of the proof: the walk, its persons, and findings with an example."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from intake.authoring.proof.conditions_z3 import Formula
from intake.authoring.proof.example_persons import ExamplePersons, Person
from intake.authoring.proof.unsat_core import why_nobody
from intake.authoring.proof.walk import Law, Walk
from intake.engine.findings import Finding
from intake.engine.programme import Programme

FILE = "programme.toml"


@dataclass(frozen=True)
class Proof:
    """One programme on one day, with everybody who could ever answer it."""

    programme: Programme
    today: date

    @cached_property
    def walk(self) -> Walk:
        return Walk(self.programme, self.today)

    @cached_property
    def people(self) -> ExamplePersons:
        return ExamplePersons(self.walk)

    @cached_property
    def unstopped(self) -> Proof:
        """The same programme as if no rule ended the walk, to check what holds of conditions further down."""
        return _Unstopped(self.programme, self.today)

    def anybody(self, *wanted: Formula) -> bool:
        return self.people.any(*wanted)

    def somebody(self, *wanted: Formula, sure: Callable[[Person], bool] | None = None) -> Person | None:
        return self.people.find(*wanted, sure=sure)

    def nearest(self, *wishes: Formula) -> Person | None:
        """Returns a person who fulfils as many of the wishes as possible; the last are given up first."""
        for most in range(len(wishes), -1, -1):
            if (person := self.somebody(*wishes[:most])) is not None:
                return person
        return None

    def why_nobody(self, wanted: Formula, context: Iterable[Law] = ()) -> str:
        return why_nobody(self.walk, wanted, context)


class _Unstopped(Proof):
    @cached_property
    def walk(self) -> Walk:
        return Walk(self.programme, self.today, stops=False)


def found(code: str, key: str, message: str, person: Person | None, severity: str = "error") -> Finding:
    """Returns a finding of the proof; all are about programme.toml."""
    return Finding(code, FILE, key, message, severity, None if person is None else person.example())
