"""A hall of people at one network address: the short form of `python -m bench hall`."""

from __future__ import annotations

from pathlib import Path

from bench.hall import filled
from tests.processes import started


async def test_a_small_hall_sends_in_the_same_second(tmp_path: Path) -> None:
    with started(tmp_path, "web", INTAKE_DEMO="1") as intake:
        hall = await filled(intake.port, people=25, seconds=4)
    assert hall.turned_away == 0, hall.statuses
    assert len(hall.references) == 25
    assert hall.requests > 1200, "more than one address was let through before"
