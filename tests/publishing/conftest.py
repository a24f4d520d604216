"""Apps on drafts of the test, in a demo and outside one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from intake import App
from tests.openings import Opener
from tests.publishing.drafts import Drafts


class Opening(Protocol):
    def __call__(self, **settings: Any) -> App: ...


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "programmes")


@pytest.fixture
def opens(database_url: str, tmp_path: Path, drafts: Drafts) -> Iterator[Opening]:
    """Call it: one more process on the database, which reads the drafts; in a demo unless it says `demo=False`."""
    with ExitStack() as stack:

        def another(**settings: Any) -> App:
            app = Opener(database_url, tmp_path / "var", programmes=drafts.programmes, **settings)()
            stack.callback(app.close)
            return app

        yield another
