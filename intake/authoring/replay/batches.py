"""One batch of people looked at: whom something that changed can touch, and who of them comes to something else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Any

from intake.authoring.replay.damage import is_sound
from intake.authoring.replay.impact import Touching
from intake.authoring.replay.judging import Judging, Outcome, unpacked
from intake.authoring.replay.report import Counted, OutcomeChange
from intake.engine.programme import Programme
from intake.errors import Damaged
from intake.records import SentIn


class Looking:
    """Remembers what was judged, from batch to batch. `persons`: list those who change."""

    def __init__(self, old: Programme, new: Programme, persons: bool) -> None:
        self.old, self.new, self.persons = old, new, persons
        self._touching, self._judging = Touching(old, new), Judging(old, new)

    @property
    def at_nobody(self) -> bool:
        """Nobody need be looked at."""
        return self._touching.nobody

    def at(self, batch: Sequence[SentIn]) -> Counted:
        """What there is to count of these."""
        counted, began, judged = Counted(rows=len(batch)), perf_counter(), self._judging.judged
        coded = [] if self.at_nobody else _read(batch)
        counted.reading_seconds, began = perf_counter() - began, perf_counter()
        for row, values in zip(batch, coded, strict=False):
            try:
                self._look_at(counted, row, values)
            except Damaged:
                counted.damaged.append(row.reference or "?")
            except (TypeError, ValueError):
                if values is None or is_sound(row.judged_on, values, (self.old, self.new)):
                    raise
                counted.damaged.append(row.reference or "?")
        counted.untouched += len(batch) - len(coded)
        counted.judged = self._judging.judged - judged
        counted.judging_seconds = perf_counter() - began
        return counted

    def _look_at(self, counted: Counted, row: SentIn, values: Mapping[str, Any] | None) -> None:
        """Raises Damaged when what is stored of this person cannot be read."""
        if values is None:
            raise Damaged("coded")
        touching, judging = self._touching, self._judging
        sent_under_old = _sent_under(self.old, row)
        complete = row.verdict != "not_eligible" and row.verdict is not None
        if sent_under_old and complete and not touching.everybody and not touching.touches(values, row.judged_on):
            counted.untouched += 1
            return
        before_missing: tuple[str, ...] = ()
        read_back = 0
        if sent_under_old and row.offers is not None and row.verdict is not None:
            before = Outcome(row.verdict, row.group, row.lead, _offers(row.offers))
        else:
            read_back = 1
            before, before_missing = judging.by_old(values, row.judged_on, complete)
        after = judging.by_new(values, row.judged_on, complete)
        counted.touched += 1
        counted.read_back += read_back
        if after.missing:
            counted.never_asked.update({*after.missing} - {*before_missing})
        if before != after.outcome:
            change = OutcomeChange(before, after.outcome, row.municipality, bool(row.decided))
            counted.changes[change] += 1
            if self.persons:
                counted.persons.append((row.reference, change))


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


def _sent_under(programme: Programme, row: SentIn) -> bool:
    """Whether this is a row of that very version. Rows older than hashes have the label only."""
    if row.meaning and programme.meaning:
        return row.meaning == programme.meaning
    return row.version == programme.version
