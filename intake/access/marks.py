"""The mark of a browser in which staff have signed in, which gives it sign-in letters of its own.

A mark grants no access. It is an encrypted cookie of constant length: an id of the browser, and keyed hashes of the
addresses that signed in there, each with the day. Without our key nobody can create one or read whose it is.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime, timedelta

from intake.errors import BadSetting
from intake.ids import Chance
from intake.keys import Keys

LASTS = timedelta(days=90)
MOST = 6  # people at one computer; the last to sign in are kept
LONGEST = 1000  # characters of a valid cookie, at most
_CONTEXT, _NOBODY, _NEVER = "staff.mark", "0" * 16, date.min


class Marks:
    """Reads and renews marks. Nothing about them is stored here."""

    def __init__(self, keys: Keys, clock: Callable[[], datetime], chance: Chance) -> None:
        self.keys = keys
        self.clock = clock
        self.chance = chance

    def browser(self, mark: str, address: str) -> str:
        """Returns the id of the browser if this address signed in there within 90 days, else an empty string."""
        id, days = self._read(mark)
        signed_in = days.get(self._who(address))  # hashed even without a mark, so that it takes the same time
        return id if signed_in is not None and self._counts(signed_in) else ""

    def anybodys(self, mark: str) -> str:
        """Returns the id of the browser if anybody signed in there within 90 days, else an empty string."""
        id, days = self._read(mark)
        return id if any(map(self._counts, days.values())) else ""

    def renewed(self, mark: str, address: str) -> str:
        """Returns the mark with this address added to the others that signed in there."""
        id, days = self._read(mark)
        days[self._who(address)] = self.clock().date()
        newest = sorted(((who, day) for who, day in days.items() if self._counts(day)), key=lambda one: one[1])[-MOST:]
        kept = [*newest, *[(_NOBODY, _NEVER)] * (MOST - len(newest))]
        held = {"browser": id or self.chance.id(), "days": [[who, day.isoformat()] for who, day in kept]}
        return base64.urlsafe_b64encode(self.keys.seal_json(held, _CONTEXT)).decode("ascii").rstrip("=")

    def _read(self, mark: str) -> tuple[str, dict[str, date]]:
        if not mark or len(mark) > LONGEST:
            return "", {}
        try:
            held = self.keys.open_json(base64.urlsafe_b64decode(mark.encode("ascii") + b"=="), _CONTEXT)
        except (ValueError, BadSetting):  # not ours, or of a key that was removed
            return "", {}
        return held["browser"], {who: date.fromisoformat(day) for who, day in held["days"] if who != _NOBODY}

    def _counts(self, day: date) -> bool:
        return timedelta(0) <= self.clock().date() - day < LASTS

    def _who(self, address: str) -> str:
        return self.keys.blind(address, "mark")[:16]
