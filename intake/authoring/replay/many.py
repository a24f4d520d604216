"""Replay for more than 50,000: equivalent answers are judged once, and several processes share the batches.

It is kept as long as it is short and `python -m bench replay` shows its gain (docs/replay.md).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import Any

from intake.authoring.replay.answer_classes import AnswerClasses, Places
from intake.authoring.replay.batches import replay_batch, timed
from intake.authoring.replay.judging import Judging, Outcome, Result, Values
from intake.authoring.replay.report import Counted, Report
from intake.engine.programme import Programme
from intake.records import SentIn

# The place first judged, its result, and the results of other places.
Known = tuple[object, Result, dict[object, Result]]


class JudgingAlike(Judging):
    """Judges once for all equivalent answers, and caches the result."""

    def __init__(self, old: Programme, new: Programme) -> None:
        super().__init__(old, new)
        self._places = Places(old, new)
        self._classes = AnswerClasses(old, new, self._places)
        self._known: dict[tuple[object, ...], Known] = {}

    def by(self, programme: Programme, values: Values, day: str, complete: bool) -> Result:
        key = (programme is self.new, complete, *self._classes.key(values, day))
        place = None if self._places.question is None else values.get(self._places.question)
        there = self._known.get(key)
        if there is None:
            there = self._known[key] = (place, super().by(programme, values, day, complete), {})
        judged_at, result, elsewhere = there
        if place == judged_at:
            return result
        moved = elsewhere.get(place)
        if moved is None:
            moved = elsewhere[place] = self._moved(result, judged_at, place)
        return moved

    def _moved(self, result: Result, there: object, here: object) -> Result:
        """Returns the result of an otherwise equivalent person from another place."""
        other = dict(zip(self._places.ids(there), self._places.ids(here), strict=True))
        verdict, group, lead, offers = result.outcome
        offers = tuple(other.get(id, id) for id in offers)
        return Result(Outcome(verdict, group, other.get(lead, lead) if lead else None, offers), result.missing)


def replay_many(
    old: Programme,
    new: Programme,
    rows: Iterable[Sequence[SentIn]],
    *,
    persons: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    processes: int = 1,
) -> Report:
    """Replays as `replay` does, in several processes. Judges nobody if both versions mean the same."""
    report = Report(old, new)
    batches = timed(rows, report)
    counts = (
        (Counted(rows=len(batch), untouched=len(batch)) for batch in batches)
        if report.same_meaning
        else _side_by_side(batches, processes, (old, new, persons))
    )
    for counted in counts:
        report.processes = 1 if report.same_meaning else processes
        report.add(counted)
        progress(report.rows)
    return report


def _side_by_side(
    batches: Iterator[Sequence[SentIn]], processes: int, given: tuple[Programme, Programme, bool]
) -> Iterator[Counted]:
    """Yields the counts of worker processes, each with its own cache. Limits the batches in flight."""
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, given) as pool:
        waiting: set[Future[Counted]] = set()
        for batch in batches:
            if len(waiting) >= 2 * processes:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
            waiting.add(pool.submit(_replay, [*map(tuple, batch)]))
        yield from (one.result() for one in wait(waiting).done)


_given: list[tuple[Judging, bool]] = []  # the state of a worker process


def _begin(old: Programme, new: Programme, persons: bool) -> None:
    gc.disable()  # there are no reference cycles, and looking for them would take a third of the time
    signal(SIGINT, SIG_IGN)  # Ctrl-C is handled by the parent
    _given.append((JudgingAlike(old, new), persons))


def _replay(batch: list[tuple[Any, ...]]) -> Counted:
    judging, persons = _given[0]
    return replay_batch(judging, [*map(SentIn._make, batch)], persons)
