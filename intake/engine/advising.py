"""What a person does without us, and until when: the advice of a programme. (docs/rules.md, "Advice")

Whoever reads "you need not do anything more" may miss a day of unemployment benefit, or the term of a transition
organisation. Advice follows from the answers alone: it is the same beside the result, on the own page and in letters.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from intake.engine.conditions import Facts, questions_of
from intake.engine.journey import Answers, travel
from intake.engine.programme import Advice, LastDay, Programme
from intake.engine.prompts import Dated

NOW, UNDATED, PAST = "text", "undated", "past"  # the texts of an advice; the last two only if it has a last day


def advised(programme: Programme, facts: Facts) -> tuple[Advice, ...]:
    """Returns the advice of somebody, in order. It may depend on the group that staff decided."""
    return tuple(one for one in programme.advice if one.when is None or one.when.holds(facts))


def advice_for(
    programme: Programme, facts: Facts, language: str, may_read: Callable[[str], bool] = lambda _question: True
) -> tuple[Dated, ...]:
    """Returns the sentences of somebody's advice, as of `facts.today`. `may_read`: none that tells of other answers."""
    readable = (one for one in advised(programme, facts) if all(may_read(question) for question in _reads(one)))
    return tuple(_said(programme, one, facts, language) for one in readable)


def facts_since(programme: Programme, answers: Answers, judged_on: date, group: str | None, today: date) -> Facts:
    """Returns what is certain of somebody who has sent in: by the walk of then, the group that staff decided since
    (None: they did not) and the day of now.
    """
    facts = travel(programme, answers, judged_on).judged.facts
    return replace(facts, today=today, decided=group)


def _reads(advice: Advice) -> tuple[str, ...]:
    by = () if advice.by is None else (advice.by.question,)
    return (*by, *(() if advice.when is None else questions_of(advice.when)))


def _said(programme: Programme, advice: Advice, facts: Facts, language: str) -> Dated:
    day = None if advice.by is None else last_day(advice.by, facts)
    key = NOW
    if advice.by is not None:
        key = UNDATED if day is None else PAST if day < facts.today else NOW
    return Dated(programme.texts.say(language, "advice", advice.id, key), day)


def last_day(by: LastDay, facts: Facts) -> date | None:
    """Returns the last day; None if no day was answered. A month later than 31 January is the last of February."""
    said = facts.values.get(by.question)
    if not isinstance(said, str):
        return None
    day = date.fromisoformat(said)
    year, month = divmod(day.year * 12 + day.month - 1 + by.years * 12 + by.months, 12)
    if not 1 <= year <= date.max.year:
        return None
    day = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + timedelta(days=by.days) if date.max - day >= timedelta(days=by.days) else None
