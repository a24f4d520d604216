"""Judges one batch of persons again and counts those whose result changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Any

from intake.authoring.replay.damage import is_sound
from intake.authoring.replay.judging import Judging, Outcome, unpacked
from intake.authoring.replay.report import Counted, OutcomeChange
from intake.engine.programme import Programme
from intake.errors import Damaged
from intake.records import SentIn


def timed(rows: Iterable[Sequence[SentIn]], report: Counted) -> Iterator[Sequence[SentIn]]:
    """Yields the batches, and counts the time to fetch each as reading."""
    began = perf_counter()
    for batch in rows:
        report.reading_seconds += perf_counter() - began
        yield batch
        began = perf_counter()


def replay_batch(judging: Judging, batch: Sequence[SentIn], persons: bool) -> Counted:
    """Returns the counts of one batch. `persons`: list those who change."""
    counted, began, judged = Counted(rows=len(batch)), perf_counter(), judging.judged
    coded = [_values(row.coded) for row in batch]
    counted.reading_seconds, began = perf_counter() - began, perf_counter()
    for row, values in zip(batch, coded, strict=True):
        try:
            _replay_row(judging, counted, row, values, persons)
        except Damaged:
            counted.damaged.append(row.reference or "?")
        except (TypeError, ValueError):
            if values is None or is_sound(row.judged_on, values, (judging.old, judging.new)):
                raise
            counted.damaged.append(row.reference or "?")
    counted.judged = judging.judged - judged
    counted.judging_seconds = perf_counter() - began
    return counted


def _replay_row(
    judging: Judging, counted: Counted, row: SentIn, values: Mapping[str, Any] | None, persons: bool
) -> None:
    """Raises Damaged if the stored data of this person cannot be read."""
    if values is None:
        raise Damaged("coded")
    complete = row.verdict != "not_eligible" and row.verdict is not None
    before_missing: tuple[str, ...] = ()
    is_read = row.offers is not None and row.verdict is not None and _sent_under(judging.old, row)
    if is_read:
        before = Outcome(str(row.verdict), row.group, row.lead, _offers(str(row.offers)))
    else:
        before, before_missing = judging.by_old(values, row.judged_on, complete)
    after = judging.by_new(values, row.judged_on, complete)
    counted.touched += 1
    counted.read_back += not is_read
    if after.missing:
        counted.never_asked.update({*after.missing} - {*before_missing})
    if before != after.outcome:
        change = OutcomeChange(before, after.outcome, row.municipality, bool(row.decided))
        counted.changes[change] += 1
        if persons:
            counted.persons.append((row.reference, change))


def _values(coded: str | Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Returns the typed answers; None if the stored text is no JSON object."""
    try:
        values = _decode(coded)[0] if isinstance(coded, str) else coded
    except ValueError:
        return None
    return unpacked(values) if isinstance(values, dict) else None


_decode = json.JSONDecoder().raw_decode  # the core of json.loads


@cache
def _offers(text: str) -> tuple[str, ...]:
    try:
        return tuple(json.loads(text))
    except (TypeError, ValueError):
        raise Damaged("offers") from None


def _sent_under(programme: Programme, row: SentIn) -> bool:
    """Whether the row was sent under this very version. Rows older than hashes have only the label."""
    if row.meaning and programme.meaning:
        return row.meaning == programme.meaning
    return row.version == programme.version
