"""Explains why no such person exists: a minimal set of constraints that makes it impossible."""

from __future__ import annotations

from collections.abc import Iterable

import z3

from intake.authoring.proof.conditions_z3 import Formula
from intake.authoring.proof.walk import Law, Walk

MOST_SAID = 4


def why_nobody(walk: Walk, wanted: Formula, context: Iterable[Law] = ()) -> str:
    """Returns "because ..." for an unsatisfiable formula; `context` are the laws of the place that it belongs to."""
    solver = z3.SolverFor("QF_LIA")
    solver.add(wanted)
    laws = {f"law{number}": law for number, law in enumerate([*walk.laws, *context])}
    marks = [z3.Bool(name) for name in laws]
    for mark, law in zip(marks, laws.values(), strict=True):
        solver.add(z3.Implies(mark, law.formula))
    solver.check(*marks)
    core = [mark for mark in marks if mark in {*solver.unsat_core()}]
    for mark in list(core):  # remove what the others do without
        others = [one for one in core if one is not mark]
        if solver.check(*others) == z3.unsat:
            core = others
    says = list(dict.fromkeys(laws[str(mark)].says for mark in core))
    if not says:
        return "because no answers can make it so"
    more = f" and {len(says) - MOST_SAID} more" if len(says) > MOST_SAID else ""
    return "because " + "; ".join(says[:MOST_SAID]) + more
