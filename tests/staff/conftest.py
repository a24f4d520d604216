"""An office on both databases, and its staff."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from intake.operations.demo import COORDINATOR, staff_address
from tests.offices import Office, office
from tests.staff.working import Worker, at_work

MANY = 1_000_000  # requests a minute: everybody in a test has the same network address


@pytest.fixture
def there(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(sqlite_url, tmp_path, rate=MANY) as opened:
        yield opened


@pytest.fixture
async def trr(here: Office) -> AsyncIterator[Worker]:
    """TRR's member of staff, signed in."""
    async with at_work(here, staff_address("trr")) as worker:
        yield worker


@pytest.fixture
async def coordinator(here: Office) -> AsyncIterator[Worker]:
    async with at_work(here, COORDINATOR) as worker:
        yield worker
