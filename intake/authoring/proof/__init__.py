"""Proves properties of a programme for everybody who could ever answer it, or gives a counterexample.

Needs the optional extra `intake[proof]` (z3). Each finding of the solver is verified by the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import TYPE_CHECKING

from intake.authoring.catalog import checked
from intake.authoring.catalog.files import Files
from intake.engine.findings import Finding
from intake.engine.programme import Programme
from intake.errors import IntakeError

if TYPE_CHECKING:
    from intake.authoring.proof.explain import Proof
    from intake.authoring.proof.first_difference import Difference


class NoProof(IntakeError):
    """The solver is not installed, or does not start."""


def installed() -> bool:
    """Whether the solver can be used."""
    return not lacking()


def lacking() -> str:
    """Returns why the solver cannot be used; empty if it can."""
    try:
        import z3  # noqa: F401
    except ModuleNotFoundError:
        return "the proof needs its solver: pip install 'vastkraft-intake[proof]' (in a checkout: make setup)"
    except Exception as error:  # missing or built for another machine: it raises arbitrary exceptions
        why = " ".join(str(error).split())[:200] or type(error).__name__
        return f"the proof's solver does not start ({why}): install z3-solver again"
    return ""


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings of a folder, whether the proof could be made (`proven`), and its time in `seconds`."""

    programme: Programme | None
    findings: tuple[Finding, ...]
    proven: bool
    seconds: float = 0.0

    def errors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "error")


def examine(files: Files, today: date, seconds: Callable[[], float] = monotonic) -> Examined:
    """Returns all findings; not `proven` without the solver, or if the files leave the meaning unclear."""
    findings, programme = checked(files)
    if programme is None or not installed():
        return Examined(programme, tuple(findings), False)
    from intake.authoring.proof.meeting import with_examples

    began = seconds()
    proof = _proof(programme, today)
    shown = prove(programme, today)
    told = {(one.code, one.key) for one in shown}
    files_lack = (one for one in findings if (one.code, one.key) not in told)
    everything = (*with_examples(proof, files_lack), *shown)
    return Examined(programme, everything, True, seconds() - began)


def prove(programme: Programme, today: date) -> list[Finding]:
    """Returns everything that does not hold of a programme, each with an example person. Raises NoProof.

    It is valid for one day, with which dates are compared.
    """
    proof = _proof(programme, today)
    from intake.authoring.proof.meaningless import meaningless
    from intake.authoring.proof.promised import broken_promises
    from intake.authoring.proof.reached import unreached
    from intake.authoring.proof.routed import unrouted
    from intake.authoring.proof.sent import unsent

    checks = (meaningless, unrouted, unreached, unsent, broken_promises)  # causes before their consequences
    return [finding for check in checks for finding in check(proof)]


def adds_only(programme: Programme, today: date) -> frozenset[str]:
    """Returns the routes that never lead, but only add offers or information. Raises NoProof."""
    proof = _proof(programme, today)
    from intake.authoring.proof.routed import adds_only as never_leading

    return never_leading(proof)


def difference(old: Programme, new: Programme, today: date) -> Difference | None:
    """Returns a person who answers both versions alike with different results, or None. Raises NoProof."""
    _needs_solver()
    from intake.authoring.proof.first_difference import telling_difference

    return telling_difference(old, new, today)


def _proof(programme: Programme, today: date) -> Proof:
    _needs_solver()
    from intake.authoring.proof.explain import Proof

    return Proof(programme, today)


def _needs_solver() -> None:
    if why := lacking():
        raise NoProof(why)
