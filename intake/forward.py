"""The time by which sessions, links and limits are judged: the clock's, but it never goes back.

With a clock that is set back, what had ended would live again, and what was begun would live longer. So the latest time
met is kept. When the clock is behind it, time goes on from there by the machine's monotonic clock, until the clock has
caught up. What is stored is dated by the same time, so that a link made meanwhile works as long as any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLACK = timedelta(minutes=1)  # a clock that is corrected by less stands still until then


class Forward:
    """Call it for the time. `latest`: the newest time stored, by this process or one before. `elapsed`: seconds by a
    clock that nobody sets.
    """

    def __init__(
        self, clock: Callable[[], datetime], latest: datetime | None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._elapsed = elapsed
        # the latest time met, when by `elapsed`, and whether the clock was set back since: one value, for threads
        self._met = latest or datetime.min.replace(tzinfo=UTC), elapsed(), False

    def __call__(self) -> datetime:
        now, (latest, met, set_back) = self._clock(), self._met
        passed = timedelta(seconds=self._elapsed() - met)
        reached = latest + passed if set_back else latest
        if now >= reached:
            self._met = now, self._elapsed(), False
            return now
        if not set_back and latest - now > SLACK:
            self._met = latest, met, True
            return latest + passed
        return reached
