"""`intake preview` as a real process: a draft is shown as to participants, and nothing is left behind."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import ROOT, call, start
from tests.offices import WHITE
from tests.postbox import unused_port
from tests.publishing.drafts import ID, Drafts
from tests.visitor import Visitor

DRAFT = "Förhandsvisning av ett utkast"
CAME_BACK = "Vi har ändrat den här frågan sedan du svarade"


@pytest.fixture
async def visitor(drafts: Drafts, tmp_path: Path) -> AsyncIterator[Visitor]:
    """Somebody who looks at the preview of the draft."""
    port = unused_port()
    env = {"INTAKE_PROGRAMMES": str(drafts.programmes), "INTAKE_VAR": str(tmp_path / "var")}
    running = start("preview", ID, "--port", str(port), env=env)
    try:
        assert running.stdout is not None and f"http://127.0.0.1:{port}/" in running.stdout.readline().decode()
        async with Visitor(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30)) as visitor:
            yield visitor
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
    assert running.returncode == 0
    assert not (tmp_path / "var").exists()


async def answers(visitor: Visitor, last: str) -> None:
    await visitor.opens("/")
    await visitor.fills_in()
    while (question := visitor.page.path.rpartition("/")[2]) != last:
        await visitor.fills_in(**{question: WHITE.get(question, "")})


async def test_every_page_says_what_it_is_and_nothing_is_kept(visitor: Visitor, drafts: Drafts) -> None:
    before = sorted(drafts.folder.rglob("*"))
    await answers(visitor, "needs")
    assert DRAFT in visitor.page.text
    for path in ("/", f"/{ID}/privacy", f"/{ID}/accessibility", f"/{ID}/q/industry", "/staff/", "/nowhere"):
        assert DRAFT in (await visitor.opens(path)).text, path
    assert sorted(drafts.folder.rglob("*")) == before
    assert list(ROOT.glob("*preview*")) == []  # where the process runs


async def test_what_changes_in_the_folder_shows_on_the_next_page(visitor: Visitor, drafts: Drafts) -> None:
    await answers(visitor, "needs")
    drafts.lets_collar_be_required()
    drafts.edit("texts/sv.toml", "Vad behöver du mest?", "Vad behöver du allra mest?")
    page = await visitor.opens(f"/{ID}/q/needs")
    assert "allra mest" in page.text
    page = await visitor.fills_in(needs="reemployment")
    assert page.path.endswith("/q/collar") and CAME_BACK in page.text


async def test_with_findings_it_is_walked_as_long_as_that_is_possible(visitor: Visitor, drafts: Drafts) -> None:
    drafts.edit("texts/sv.toml", "[privacy]\n", "[privacy]\nnobody_reads = 'this'\n")
    assert (await visitor.opens(f"/{ID}/")).status == 200
    drafts.edit("programme.toml", "ask_if = 'home_municipality == \"other\"'", "ask_if = 'home_munic == \"other\"'")
    page = await visitor.opens(f"/{ID}/")
    assert page.status == 503 and "question.work_municipality.ask_if" in page.text and "home_municipality" in page.text
    drafts.edit("programme.toml", "ask_if = 'home_munic == \"other\"'", "ask_if = 'home_municipality == \"other\"'")
    assert (await visitor.opens(f"/{ID}/")).status == 200


def test_a_port_that_is_taken_and_a_programme_that_is_none(drafts: Drafts) -> None:
    assert "no programme" in call("preview", "nope", INTAKE_PROGRAMMES=str(drafts.programmes)).refusal()
    assert "port" in call("preview", ID, "--port", "0").err.lower()
