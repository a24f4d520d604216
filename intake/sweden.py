"""Everything that depends on the country: time zone, days, alphabet."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_AFTER_Z = str.maketrans("åäö", "{|}")  # sort after z


def day_in_sweden(moment: datetime) -> date:
    """Returns the Swedish day of an aware moment: dates of answers and rules are counted in Swedish days."""
    return moment.astimezone(STOCKHOLM).date()


def alphabetical(name: str) -> str:
    """Returns a key to sort names by as in a Swedish register."""
    return name.casefold().translate(_AFTER_Z)
