"""Why there is no such person: the fewest laws of the walk that together rule everybody out."""

from __future__ import annotations

from collections.abc import Iterable

import z3

from intake.proof.reading import Formula
from intake.proof.walk import Law, Walk

MOST_SAID = 4


def why_nobody(walk: Walk, wanted: Formula, context: Iterable[Law] = ()) -> str:
    """ "because ..." for something that `People` found nobody for; `context` are the laws of the place it stands at."""
    solver = z3.SolverFor("QF_LIA")
    solver.set(unsat_core=True)
    solver.set("core.minimize", True)
    solver.add(wanted)
    laws = [*walk.laws, *context]
    for number, law in enumerate(laws):
        solver.assert_and_track(law.formula, f"law{number}")
    solver.check()
    core = sorted(int(str(name).removeprefix("law")) for name in solver.unsat_core())
    says = list(dict.fromkeys(laws[number].says for number in core))
    if not says:
        return "its parts contradict each other"
    more = f" and {len(says) - MOST_SAID} more" if len(says) > MOST_SAID else ""
    return "because " + "; ".join(says[:MOST_SAID]) + more
