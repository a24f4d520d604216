"""Eight threads use one app and share its caches."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from intake import Handle
from tests.players import NOW
from tests.store.conftest import Opening
from tests.store.inside import at_once

PERSONS = 60


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns all the time: what can come in between does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_some_come_back_while_others_leave(opened: Opening, impatient: None, effort: int) -> None:
    app = opened()
    store = app.store.interviews
    hashes = [app.desk.hash(Handle("web", f"browser {number}"), "vastkraft") for number in range(PERSONS)]
    for number in range(PERSONS):
        app.desk.start(Handle("web", f"browser {number}"), "vastkraft", "sv")

    def come_back() -> None:
        for _ in range(10 * effort):
            store.purge("a programme that nobody has", NOW)  # forgets whom it met
            assert all(store.find(one) is not None for one in hashes)

    def leave() -> None:
        for _ in range(300 * effort):
            store.release("somebody who is not there")

    at_once(*[come_back] * 4, *[leave] * 4)
