"""Carries answers given under one version of a programme over to another.

An answer is kept if its question means the same: the same kind, choices and list. Texts, conditions and order do not
matter here; the walk applies those. An answer whose question changed is dropped, and the question is kept under
`@returned` until it is answered again. An answer whose question was removed is dropped silently.
"""

from __future__ import annotations

from intake.engine.conditions import Value
from intake.engine.journey import RETURNED, Answers, returned
from intake.engine.programme import Programme, Question


def carried(old: Programme, new: Programme, answers: Answers) -> dict[str, Value | None]:
    """Returns the answers that are valid under `new`."""
    kept: dict[str, Value | None] = {}
    back = [id for id in returned(answers) if id in new.by_id]
    for id, said in answers.items():
        was, now = old.by_id.get(id), new.by_id.get(id)
        if id.startswith("@") or (now is not None and (was is None or means_the_same(was, now))):
            kept[id] = said
        elif now is not None:
            back.append(id)
    kept.pop(RETURNED, None)
    if back:
        kept[RETURNED] = list(dict.fromkeys(back))
    return kept


def means_the_same(was: Question, now: Question) -> bool:
    """Whether an answer to one question is an answer to the other."""
    return _asked(was) == _asked(now)


def _asked(question: Question) -> tuple[object, ...]:
    choices = {choice.id: (choice.alone, choice.dont_know, choice.ends) for choice in question.choices}
    return question.kind, choices, question.list, question.of, question.one_of, question.optional
