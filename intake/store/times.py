"""Times in the database: UTC as ISO text of one width, so that text sorts as time."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def to_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def maybe_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def hour(moment: datetime) -> datetime:
    """Rounded down: a union's rows, so that the moment does not tell whose they are."""
    return moment.replace(minute=0, second=0, microsecond=0)
