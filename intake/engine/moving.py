"""Answers given under one version of a programme, carried over to another.

What was answered counts on when its question means what it meant: the same kind, choices, list. Other words, another
condition or another place in the order change nothing here; the walk takes care of these. An answer whose question
changed is dropped, and which it was is kept under `@returned` until it is answered again. One whose question is gone is
dropped in silence.
"""

from __future__ import annotations

from intake.engine.conditions import Value
from intake.engine.journey import RETURNED, Answers, returned
from intake.engine.programme import Programme, Question


def carried(old: Programme, new: Programme, answers: Answers) -> dict[str, Value | None]:
    """The answers as they count under `new`."""
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
    """Whether an answer to the one answers the other."""
    return _asked(was) == _asked(now)


def _asked(question: Question) -> tuple[object, ...]:
    choices = {choice.id: (choice.alone, choice.dont_know, choice.ends) for choice in question.choices}
    return question.kind, choices, question.list, question.of, question.one_of, question.optional
