"""Replay: who would come to another result by another version of a programme. Nothing sealed is opened for it.

What was judged when somebody sent in is read from where it stands; judged again by the new version are only those whom
something that changed can touch, on the day they were judged on. (docs/replay.md)

Leaves to others: which rows (`intake.store.replays`, `intake.replaying.reading`), who may see them (`intake.cli`).
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from time import perf_counter
from typing import Any

from intake.engine.programme import Programme
from intake.errors import Damaged
from intake.records import SentIn
from intake.replaying.damage import is_sound
from intake.replaying.judging import Judging, Outcome, unpacked
from intake.replaying.report import Change, Report
from intake.replaying.touching import Touching

__all__ = ["Report", "changes_anyone", "replay"]


def replay(
    old: Programme,
    new: Programme,
    rows: Iterable[Sequence[SentIn]],
    *,
    persons: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Replay everybody in `rows`, which come in batches. `persons`: list those who change. `progress` gets how many
    are done.
    """
    report, touching, judging = Report(old, new), Touching(old, new), Judging(old, new)
    with _no_circles():
        began = perf_counter()
        for batch in rows:
            coded = [] if touching.nobody else _read(batch)
            read = perf_counter()
            report.reading_seconds += read - began
            report.rows += len(batch)
            for row, values in zip(batch, coded, strict=False):
                try:
                    _look_at(report, touching, judging, row, values, persons)
                except Damaged:
                    report.damaged.append(row.reference or "?")
                except (TypeError, ValueError):
                    if values is None or is_sound(row.judged_on, values, (old, new)):
                        raise
                    report.damaged.append(row.reference or "?")
            report.untouched += len(batch) - len(coded)
            began = perf_counter()
            report.judging_seconds += began - read
            progress(report.rows)
    report.judged = judging.judged
    return report


@contextmanager
def _no_circles() -> Iterator[None]:
    """Nothing is made here that points to itself; looking for it in a million rows would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def changes_anyone(old: Programme, new: Programme, persons: Iterable[Mapping[str, Any]], today: date) -> bool:
    """Whether any of these persons (typed answers, as `read_answers` gives them) comes to another result."""
    judging, day = Judging(old, new), today.isoformat()
    return any(
        judging.by_old(values, day, False).outcome != judging.by_new(values, day, False).outcome for values in persons
    )


def _read(batch: Sequence[SentIn]) -> list[Mapping[str, Any] | None]:
    """The answers of each; None where something else was written over them."""
    try:
        return [unpacked(_values(row.coded)) for row in batch]
    except Damaged:
        return [_values_or_none(row) for row in batch]


def _values_or_none(row: SentIn) -> Mapping[str, Any] | None:
    try:
        return unpacked(_values(row.coded))
    except Damaged:
        return None


def _values(coded: str | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        values = _decode(coded)[0] if isinstance(coded, str) else coded
    except ValueError:
        raise Damaged("coded") from None
    if not isinstance(values, dict):
        raise Damaged("coded")
    return values


_decode = json.JSONDecoder().raw_decode  # what json.loads is within


@cache
def _offers(text: str) -> tuple[str, ...]:
    try:
        return tuple(json.loads(text))
    except (TypeError, ValueError):
        raise Damaged("offers") from None


def _look_at(
    report: Report, touching: Touching, judging: Judging, row: SentIn, values: Mapping[str, Any] | None, persons: bool
) -> None:
    """Raises Damaged when what is stored of this person cannot be read."""
    if values is None:
        raise Damaged("coded")
    sent_under_old = _sent_under(touching.old, row)
    complete = row.verdict != "not_eligible" and row.verdict is not None
    if sent_under_old and complete and not touching.everybody and not touching.touches(values, row.judged_on):
        report.untouched += 1
        return
    before_missing: tuple[str, ...] = ()
    read_back = 0
    if sent_under_old and row.offers is not None and row.verdict is not None:
        before = Outcome(row.verdict, row.group, row.lead, _offers(row.offers))
    else:
        read_back = 1
        before, before_missing = judging.by_old(values, row.judged_on, complete)
    after = judging.by_new(values, row.judged_on, complete)
    report.touched += 1
    report.read_back += read_back
    if after.missing:
        report.never_asked.update({*after.missing} - {*before_missing})
    if before != after.outcome:
        change = Change(before, after.outcome, row.municipality, bool(row.decided))
        report.changes[change] += 1
        if persons:
            report.persons.append((row.reference, change))


def _sent_under(programme: Programme, row: SentIn) -> bool:
    """Whether this is a row of that very version. Rows older than hashes have the label only."""
    if row.meaning and programme.meaning:
        return row.meaning == programme.meaning
    return row.version == programme.version
