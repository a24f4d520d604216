"""Rate limits in memory: a token bucket per key, in bounded number."""

from __future__ import annotations

from collections import OrderedDict

MOST = 20_000  # buckets of one kind; the oldest is dropped first, and is full when it is created again


class Buckets:
    """A full bucket holds `size` tokens and regains `a_minute` of them. Times are seconds of any steady clock.

    The only value stored of a bucket is when it will be full again. A missing bucket is a full one.
    """

    def __init__(self, size: int, a_minute: int, most: int = MOST) -> None:
        self.interval = 60 / a_minute  # seconds for one token
        self.slack = (size - 1) * self.interval + 1e-6  # a rounded clock must not cost a token
        self.most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, who: str, now: float) -> float:
        """Takes a token and returns 0, or returns the seconds until there is one."""
        full_at = self._full_at.get(who)
        if full_at is None:
            if len(self._full_at) >= self.most:
                self._full_at.popitem(last=False)
            full_at = now
        elif full_at < now:
            full_at = now
        elif full_at - now > self.slack:
            return full_at - now - self.slack
        self._full_at[who] = full_at + self.interval
        return 0.0

    def know(self, who: str, now: float) -> None:
        """Creates the bucket if it is missing."""
        if who not in self._full_at:
            self.wait(who, now)

    def __contains__(self, who: object) -> bool:
        return who in self._full_at

    def __len__(self) -> int:
        return len(self._full_at)
