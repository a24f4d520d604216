"""Fixtures of the browser tests: one office on the web for all, and a browser for each person."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from tests.browser import checks
from tests.browser.site import Site, serving
from tests.databases import Databases


@pytest.fixture(scope="session")
async def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    with databases.lent("sqlite") as url:
        async with serving(url, tmp_path_factory.mktemp("site")) as opened:
            yield opened


@pytest.fixture(scope="session", autouse=True)
def axe_looks_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Processes of pytest-xdist have folders of their own in one of the run's."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "axe"
    folder.mkdir(exist_ok=True)
    checks.passed.folder = folder
