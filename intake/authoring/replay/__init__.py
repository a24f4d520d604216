"""Replay: finds who would get another result from another version of a programme, without decrypting anything.

The result at the time of sending in is read from the database; the new version judges everybody again, on the day of
the original judgement. Of very many, those with equivalent answers are judged once (`many`). (docs/replay.md)
Batches (`batches`), the source of the rows (`intake.store.replays`, `intake.authoring.replay.jsonl`) and who may see
them (`intake.cli`) are elsewhere.
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
MANY = 50_000  # submissions from which `replay_many` is worth its code; fewer take seconds


def replay(
    old: Programme,
    new: Programme,
    rows: Iterable[Sequence[SentIn]],
    *,
    persons: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Judges everybody in batches of `rows`. `persons`: list those who change; `progress` gets the number done."""
    report, judging = Report(old, new), Judging(old, new)
    for batch in timed(rows, report):
        report.add(replay_batch(judging, batch, persons))
        progress(report.rows)
    return report


def changes_anyone(old: Programme, new: Programme, persons: Iterable[Mapping[str, Any]], today: date) -> bool:
    """Whether any of these persons (typed answers, as `read_answers` returns them) would get another result."""
    judging, day = Judging(old, new), today.isoformat()
    return any(
        judging.by_old(values, day, False).outcome != judging.by_new(values, day, False).outcome for values in persons
    )
