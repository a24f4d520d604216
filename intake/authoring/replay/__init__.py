"""Replay: who would come to another result by another version of a programme. Nothing sealed is opened for it.

What was judged when somebody sent in is read from where it stands; the new version judges everybody again, on the day
they were judged on. Of very many, those who are alike are judged once (`many`). (docs/replay.md)

Leaves to others: one batch of people (`batches`), which rows (`intake.store.replays`, `intake.authoring.replay.jsonl`),
who may see them (`intake.cli`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from intake.authoring.replay.batches import replay_batch, timed
from intake.authoring.replay.judging import Judging
from intake.authoring.replay.many import replay_many
from intake.authoring.replay.report import Report
from intake.engine.programme import Programme
from intake.records import SentIn

__all__ = ["MANY", "Report", "changes_anyone", "replay", "replay_many"]
MANY = 50_000  # submissions from which `replay_many` is worth its code; fewer take seconds one by one


def replay(
    old: Programme,
    new: Programme,
    rows: Iterable[Sequence[SentIn]],
    *,
    persons: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Judge everybody in `rows`, which come in batches, one by one. `persons`: list those who change. `progress` gets
    how many are done.
    """
    report, judging = Report(old, new), Judging(old, new)
    for batch in timed(rows, report):
        report.add(replay_batch(judging, batch, persons))
        progress(report.rows)
    return report


def changes_anyone(old: Programme, new: Programme, persons: Iterable[Mapping[str, Any]], today: date) -> bool:
    """Whether any of these persons (typed answers, as `read_answers` gives them) comes to another result."""
    judging, day = Judging(old, new), today.isoformat()
    return any(
        judging.by_old(values, day, False).outcome != judging.by_new(values, day, False).outcome for values in persons
    )
