"""Reads persons from a JSON Lines file, in the format of `intake assess`, to replay them without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.authoring.assessing import WrongAnswers, documents_in, read_answers, read_object
from intake.engine.programme import Programme
from intake.errors import IntakeError
from intake.records import SentIn

WRAPPED = {"answers", "today", "reference"}


class WrongLine(IntakeError):
    """A line that cannot be read."""


def read_lines(source: bytes, old: Programme, new: Programme, today: date) -> Iterator[list[SentIn]]:
    """Yields one person per line: answers, or {"answers": ..., "today": ..., "reference": ...}. Raises WrongLine.

    An answer counts if one of the two programmes accepts it. Without a reference the line number is used.
    """
    for number, document in enumerate(documents_in(source), 1):
        try:
            yield [_person(read_object(document), old, new, today, number)]
        except WrongAnswers as error:
            raise WrongLine(f"line {number}: {_why(**error.errors[0])}") from None


def _why(question: str | None, value: Any, permitted: Any) -> str:
    words = permitted if isinstance(permitted, list) else [permitted]
    said = json.dumps(value, ensure_ascii=False)
    return f"{f'{question}: ' if question else ''}{said} is not permitted (permitted: {', '.join(map(str, words))})"


def _person(found: dict[str, Any], old: Programme, new: Programme, today: date, number: int) -> SentIn:
    wrapped = isinstance(found.get("answers"), dict) and found.keys() <= WRAPPED
    raw: Mapping[str, Any] = found["answers"] if wrapped else found
    day = _day(found.get("today"), today) if wrapped else today
    answers = {id: value for one in raw.items() for id, value in _answer(one, old, new).items() if value is not None}
    place = answers.get(new.placed_by or old.placed_by or "")
    return SentIn(
        reference=str(found["reference"]) if wrapped and found.get("reference") is not None else f"line {number}",
        version="",
        meaning=None,
        judged_on=day.isoformat(),
        verdict=None,
        group=None,
        lead=None,
        offers=None,
        municipality=None if place is None else str(place),
        decided=False,
        coded=answers,
    )


def _day(said: Any, today: date) -> date:
    try:
        return today if said is None else date.fromisoformat(said)
    except (TypeError, ValueError):
        error = {"question": "today", "value": said, "permitted": "a date that exists, as 2026-11-23"}
        raise WrongAnswers([error]) from None


def _answer(one: tuple[str, Any], old: Programme, new: Programme) -> dict[str, Any]:
    """Reads an answer by the old programme, else by the new one."""
    first, second = (old, new) if one[0] in old.by_id else (new, old)
    try:
        return read_answers(first, dict([one]))
    except WrongAnswers:
        if one[0] not in second.by_id:
            raise
        return read_answers(second, dict([one]))
