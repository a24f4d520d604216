"""What depends on the country: days and alphabet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from intake.sweden import alphabetical, day_in_sweden


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_stockholm(moment: datetime, day: date) -> None:
    assert day_in_sweden(moment) == day


def test_the_three_last_letters_are_last() -> None:
    names = ["Öckerö", "Ale", "Älvsborg", "Åmål", "alingsås", "Zinkgruvan"]
    assert sorted(names, key=alphabetical) == ["Ale", "alingsås", "Zinkgruvan", "Åmål", "Älvsborg", "Öckerö"]
