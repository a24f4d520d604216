"""One office on the web for all tests here; every person has a browser of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.site import Site, serving
from tests.databases import Databases


@pytest.fixture(scope="session")
async def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    with databases.lent("sqlite") as url:
        async with serving(url, tmp_path_factory.mktemp("site")) as opened:
            yield opened
