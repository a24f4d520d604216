"""What depends on the country: its time, its days, its alphabet."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_AFTER_Z = str.maketrans("åäö", "{|}")  # the three letters that come after z


def day_in_sweden(moment: datetime) -> date:
    """The day it is there at an aware moment: dates of answers and rules are counted in Swedish days."""
    return moment.astimezone(STOCKHOLM).date()


def alphabetical(name: str) -> str:
    """A key to sort names by as a Swedish register does."""
    return name.casefold().translate(_AFTER_Z)
