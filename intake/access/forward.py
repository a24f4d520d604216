"""The time by which sessions, links and limits are judged: the clock's, but it never goes back.

If the clock were set back, expired things would be valid again and new ones for too long. So the latest time returned
is kept. While the clock is behind the expected time, time advances by the machine's monotonic clock until the clock has
caught up. What is stored is dated by the same time, so that a link made meanwhile lasts as long as any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLACK = timedelta(minutes=1)  # smaller corrections of the clock are accepted


class Forward:
    """Returns the time when called. `latest`: the newest time stored; `elapsed`: seconds of an unsettable clock."""

    def __init__(
        self, clock: Callable[[], datetime], latest: datetime | None, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._elapsed = elapsed
        # the latest time returned, and its `elapsed`: one value, so that threads see both or neither
        self._told = latest or datetime.fromtimestamp(0, UTC), elapsed()

    def __call__(self) -> datetime:
        now, elapsed, (latest, told) = self._clock(), self._elapsed(), self._told
        expected = latest + timedelta(seconds=elapsed - told)
        reached = max(now, latest) if now >= expected - SLACK else expected
        self._told = reached, elapsed
        return reached
