"""Replay: who would come to another result by another version of a programme. Nothing sealed is opened for it.

What was judged when somebody sent in is read from where it stands; judged again by the new version are only those whom
something that changed can touch, on the day they were judged on. (docs/replay.md)

Leaves to others: one batch of people (`batches`), which rows (`intake.store.replays`, `intake.authoring.replay.jsonl`),
who may see them (`intake.cli`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from datetime import date
from itertools import islice
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from time import perf_counter
from typing import Any

from intake.authoring.replay.batches import Looking
from intake.authoring.replay.judging import Judging
from intake.authoring.replay.report import Counted, Report
from intake.engine.programme import Programme
from intake.records import SentIn

__all__ = ["Report", "changes_anyone", "replay"]
ALONE = 10  # batches before other processes are worth their start


def replay(
    old: Programme,
    new: Programme,
    rows: Iterable[Sequence[SentIn]],
    *,
    persons: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    processes: int = 1,
    alone: int = ALONE,
) -> Report:
    """Replay everybody in `rows`, which come in batches. `persons`: list those who change. `progress` gets how many
    are done. After the first batches (`alone`) so many `processes` share the rest.
    """
    report, looking = Report(old, new), Looking(old, new, persons)
    side_by_side = processes > 1 and not looking.at_nobody
    batches = _timed(rows, report)
    with _no_circles():
        for batch in islice(batches, alone if side_by_side else None):
            report.add(looking.at(batch))
            progress(report.rows)
        if side_by_side:
            for counted in _side_by_side(batches, processes, (old, new, persons)):
                report.processes = processes
                report.add(counted)
                progress(report.rows)
    return report


def _timed(rows: Iterable[Sequence[SentIn]], report: Report) -> Iterator[Sequence[SentIn]]:
    """The time it takes to get each batch counts as reading."""
    began = perf_counter()
    for batch in rows:
        report.reading_seconds += perf_counter() - began
        yield batch
        began = perf_counter()


def _side_by_side(
    batches: Iterator[Sequence[SentIn]], processes: int, given: tuple[Programme, Programme, bool]
) -> Iterator[Counted]:
    """As many processes as there are, each with a memory of its own. Only few batches wait at a time."""
    first = next(batches, None)
    if first is None:
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, given) as pool:
        waiting: set[Future[Counted]] = {pool.submit(_at, [*map(tuple, first)])}
        for batch in batches:
            if len(waiting) >= 2 * processes:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
            waiting.add(pool.submit(_at, [*map(tuple, batch)]))
        yield from (one.result() for one in wait(waiting).done)


_looking: list[Looking] = []  # of a process that helps


def _begin(old: Programme, new: Programme, persons: bool) -> None:
    gc.disable()
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for whoever waits
    _looking.append(Looking(old, new, persons))


def _at(batch: list[tuple[Any, ...]]) -> Counted:
    return _looking[0].at([*map(SentIn._make, batch)])


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
