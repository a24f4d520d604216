"""Writes a condition as text that `intake.engine.parsing` reads back as the same tree, with sets written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intake.engine.conditions import And, Compare, Condition, Has, InGroup, Is, Known, Not, Or


def written(condition: Condition) -> str:
    """Returns the condition in the syntax of programme.toml."""
    match condition:
        case Is(question, choices):
            return _one_of(question, choices, "==", "in")
        case Has(question, choice):
            return f'"{choice}" in {question}'
        case Compare("value", question, operator, number):
            return f"{question} {operator} {number}"
        case Compare(measure, question, operator, number):
            return f"{measure}({question}) {operator} {number}"
        case Known(question):
            return f"known({question})"
        case InGroup(group, _):
            return f'group == "{group}"'
        case Not(Is(question, choices)):
            return _one_of(question, choices, "!=", "not in")
        case Not(Has(question, choice)):
            return f'"{choice}" not in {question}'
        case Not(InGroup(group, _)):
            return f'group != "{group}"'
        case Not(part):
            return f"not {_within(part)}"
        case And(members):
            return " and ".join(_within(member) for member in members)
        case Or(members):
            return " or ".join(_within(member) for member in members)


def flat(condition: Condition) -> Condition:
    """Returns the condition without redundant nesting: an `and` within an `and`, an `or` within an `or`."""
    match condition:
        case Not(part):
            return Not(flat(part))
        case And(members):
            return And(tuple(_unfolded(And, members)))
        case Or(members):
            return Or(tuple(_unfolded(Or, members)))
    return condition


def _unfolded(kind: type[And] | type[Or], members: Iterable[Condition]) -> Iterator[Condition]:
    for member in map(flat, members):
        if isinstance(member, kind):
            yield from member.members
        else:
            yield member


def _one_of(question: str, choices: frozenset[str], one: str, several: str) -> str:
    ids = [f'"{choice}"' for choice in sorted(choices)]
    return f"{question} {one} {ids[0]}" if len(ids) == 1 else f"{question} {several} [{', '.join(ids)}]"


def _within(part: Condition) -> str:
    return f"({written(part)})" if isinstance(part, And | Or) else written(part)
