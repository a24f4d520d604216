"""Reads a programme, never a person: proves that whoever could answer it gets somewhere, or shows who does not.

Needs the optional extra `intake[proof]` (z3). What the solver finds is replayed by the engine before it is believed.
"""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING

from intake.engine.findings import Finding
from intake.engine.programme import Programme
from intake.errors import IntakeError

if TYPE_CHECKING:
    from intake.proof.saying import Proof


class NoProof(IntakeError):
    """The solver is not installed."""


def installed() -> bool:
    return find_spec("z3") is not None


def prove(programme: Programme, today: date) -> list[Finding]:
    """Everything that does not hold of a programme, each with an example person. Raises NoProof without the solver.

    It holds for the day it is made on; dates are compared with that day.
    """
    proof = _proof(programme, today)
    from intake.proof.conditions import meaningless
    from intake.proof.promised import broken_promises
    from intake.proof.reached import unreached
    from intake.proof.routed import unrouted

    return [finding for check in (unrouted, unreached, broken_promises, meaningless) for finding in check(proof)]


def adds_only(programme: Programme, today: date) -> frozenset[str]:
    """The routes that never give the lead: they only add offers or information. Raises NoProof."""
    proof = _proof(programme, today)
    from intake.proof.routed import adds_only as never_leading

    return never_leading(proof)


def _proof(programme: Programme, today: date) -> Proof:
    if not installed():
        raise NoProof("the proof needs its solver: pip install 'vastkraft-intake[proof]' (in a checkout: make setup)")
    from intake.proof.saying import Proof

    return Proof(programme, today)
