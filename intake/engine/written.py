"""A condition as text that `intake.engine.parsing` reads back as the same tree; names of sets are gone from it."""

from __future__ import annotations

from intake.engine.conditions import All, Compare, Condition, Either, Has, InGroup, Is, Known, Not


def written(condition: Condition) -> str:
    """The condition in the language of programme.toml."""
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
        case All(members):
            return " and ".join(_within(member) for member in members)
        case Either(members):
            return " or ".join(_within(member) for member in members)


def _one_of(question: str, choices: frozenset[str], one: str, several: str) -> str:
    ids = [f'"{choice}"' for choice in sorted(choices)]
    return f"{question} {one} {ids[0]}" if len(ids) == 1 else f"{question} {several} [{', '.join(ids)}]"


def _within(part: Condition) -> str:
    return f"({written(part)})" if isinstance(part, All | Either) else written(part)
