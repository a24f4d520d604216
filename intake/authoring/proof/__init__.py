"""Reads a programme, never a person: proves that whoever could answer it gets somewhere, or shows who does not.

Needs the optional extra `intake[proof]` (z3). What the solver finds is replayed by the engine before it is believed.
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
    """Whether anything can be proven here."""
    return not lacking()


def lacking() -> str:
    """Why nothing can be proven here; empty: the solver starts."""
    try:
        import z3  # noqa: F401
    except ModuleNotFoundError:
        return "the proof needs its solver: pip install 'vastkraft-intake[proof]' (in a checkout: make setup)"
    except Exception as error:  # a part of it is missing, or made for another machine: it raises what it likes
        why = " ".join(str(error).split())[:200] or type(error).__name__
        return f"the proof's solver does not start ({why}): install z3-solver again"
    return ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A programme's folder with everything that is found. `proven`: the proof was made; with what is wrong in the files
    it may have to wait. `seconds` is what the proof took."""

    programme: Programme | None
    findings: tuple[Finding, ...]
    proven: bool
    seconds: float = 0.0

    def errors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == "error")


def examine(files: Files, today: date, seconds: Callable[[], float] = monotonic) -> Examined:
    """The catalogue's findings and the proof's. Without the solver, or when the files do not say what is meant, it is
    not `proven`."""
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
    """Everything that does not hold of a programme, each with an example person. Raises NoProof without the solver.

    It holds for the day it is made on; dates are compared with that day.
    """
    proof = _proof(programme, today)
    from intake.authoring.proof.meaningless import meaningless
    from intake.authoring.proof.promised import broken_promises
    from intake.authoring.proof.reached import unreached
    from intake.authoring.proof.routed import unrouted
    from intake.authoring.proof.sent import unsent

    checks = (meaningless, unrouted, unreached, unsent, broken_promises)  # causes before what follows from them
    return [finding for check in checks for finding in check(proof)]


def adds_only(programme: Programme, today: date) -> frozenset[str]:
    """The routes that never give the lead: they only add offers or information. Raises NoProof."""
    proof = _proof(programme, today)
    from intake.authoring.proof.routed import adds_only as never_leading

    return never_leading(proof)


def difference(old: Programme, new: Programme, today: date) -> Difference | None:
    """Somebody who answers both versions the same and gets something else; None: nobody does. Raises NoProof."""
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
