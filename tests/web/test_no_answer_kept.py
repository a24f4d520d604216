"""No decrypted answer outlives the request that opened it: between requests none is anywhere in this process."""

from __future__ import annotations

import gc

import httpx
import pytest

from intake import App
from tests.journeys import LAID_OFF, goes_to
from tests.visitor import Visitor
from web import build_web

BACKWARDS = "murf rektyv"  # a constant would be found in this module


def written() -> str:
    return "".join(reversed(BACKWARDS))


def holders() -> list[str]:
    """The types of whatever in this process still holds what was written."""
    gc.collect()
    marker, found = [written()], []
    for owner in gc.get_objects():
        for text in gc.get_referents(owner):
            said = text if isinstance(text, str) else text.decode(errors="ignore") if isinstance(text, bytes) else ""
            if marker[0] in said.lower() and owner is not marker:
                found.append(type(owner).__name__)
    return found


@pytest.mark.parametrize("place", ["result", "check", "receipt"])
async def test_no_answer_outlives_its_request(app: App, place: str) -> None:
    web = build_web(app)
    await _visit(web, place)
    assert holders() == []


async def _visit(web: object, place: str) -> None:
    transport = httpx.ASGITransport(web)  # type: ignore[arg-type]
    async with Visitor(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000"), "sv") as visitor:
        page = await goes_to(visitor, place, {**LAID_OFF, "occupation": written()})
        if place != "receipt":
            assert written() in page.text.lower(), "the page has the answer"
