"""The time by which sessions, links and limits are judged: the clock's, but it never goes back.

With a clock that is set back, what had ended would live again, and what was begun would live longer. So the latest time
told is kept. When the clock is behind what it should be by now, time goes on by the machine's monotonic clock, until
the clock has caught up. What is stored is dated by the same time: a link made meanwhile works as long as any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLACK = timedelta(minutes=1)  # a clock that is corrected by less is believed


class Forward:
    """Call it for the time. `latest`: the newest time stored, by this process or one before. `elapsed`: seconds by a
    clock that nobody sets.
    """

    def __init__(
        self, clock: Callable[[], datetime], latest: datetime | None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._elapsed = elapsed
        # the latest time told, and when that was by `elapsed`: one value, for threads
        self._told = latest or datetime.fromtimestamp(0, UTC), elapsed()

    def __call__(self) -> datetime:
        now, elapsed, (latest, told) = self._clock(), self._elapsed(), self._told
        expected = latest + timedelta(seconds=elapsed - told)
        reached = max(now, latest) if now >= expected - SLACK else expected
        self._told = reached, elapsed
        return reached
