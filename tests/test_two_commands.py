"""`make run` on a bare machine: it starts quickly, everything answers, and an error is one line."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.postbox import Postbox, unused_port
from tests.processes import Process, answers, started
from tests.telegram_wire import Wire
from tests.visitor import Visitor

ROOT = Path(__file__).parents[1]
START = 20.0  # seconds until the demo answers for the first time, on a busy machine; 1.4 on an idle one
PAGES = ("/vastkraft/", "/staff/signin", "/demo/mail")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The demo, started on nothing."""
    began = time.monotonic()
    with started(tmp_path_factory.mktemp("demo"), "run", INTAKE_DEMO="1") as process:
        assert time.monotonic() - began < START
        yield process


@pytest.fixture
async def visitor(demo: Process) -> AsyncIterator[Visitor]:
    async with Visitor(httpx.AsyncClient(base_url=demo.url)) as visitor:
        yield visitor


def one_line(process: Process) -> str:
    """What a command said that ended with exit code 2."""
    assert process.wait() == 2, process.output
    [line] = process.output.splitlines()
    return line


async def signs_in(visitor: Visitor, email: str) -> None:
    """Asks for a link, reads the letter that comes, opens the link in it and presses the button."""
    before = await links_in_letters(visitor, email)
    await visitor.opens("/staff/signin")
    await visitor.fills_in(email=email)
    for _ in range(400):
        if come := await links_in_letters(visitor, email) - before:
            break
        await asyncio.sleep(0.05)
    [link] = come
    await visitor.opens(link)
    assert visitor.page.path != "/staff/"  # nobody is in by opening a link: mail programs open them too
    await visitor.fills_in()


async def links_in_letters(visitor: Visitor, email: str) -> set[str]:
    """The sign-in links in the letters to this address."""
    page = await visitor.opens("/demo/mail")
    letters = [letter for letter in page.html.split("<article")[1:] if f'data-to="{email}"' in letter]
    return set(re.findall(r'href="([^"]+/staff/signin/[^"]+)"', "".join(letters)))


async def queue_of(visitor: Visitor, email: str) -> set[str]:
    """The references this member of staff sees."""
    await signs_in(visitor, email)
    assert visitor.page.path == "/staff/" and visitor.response.status_code == 200
    return set(re.findall(r'data-reference="([^"]+)"', visitor.page.html))


async def test_it_prints_what_to_open_and_all_of_it_answers(demo: Process, visitor: Visitor) -> None:
    printed = re.findall(r"http://\S+", demo.output)
    assert [httpx.URL(url).path for url in printed] == ["/vastkraft/", "/vaxla/", "/staff/", "/demo/mail"]
    for url in printed:
        page = await visitor.opens(url)
        assert page.status == 200 and page.h1
    for address in ("gr@example.org", "trr@example.org", "koordinator@example.org"):
        assert address in demo.output


async def test_staff_sign_in_by_the_mailbox_and_see_their_queue(demo: Process) -> None:
    seen = {}
    for email in ("koordinator@example.org", "gr@example.org", "trr@example.org"):
        async with Visitor(httpx.AsyncClient(base_url=demo.url)) as visitor:
            seen[email] = await queue_of(visitor, email)
    assert all(seen.values()) and seen["trr@example.org"] < seen["koordinator@example.org"]


def test_the_keys_are_for_this_user_only(demo: Process) -> None:
    keys = Path(demo.env["INTAKE_VAR"]) / "secret_keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do(demo: Process, tmp_path: Path) -> None:
    with started(tmp_path, "run", ready=False, INTAKE_DEMO="1", PORT=str(demo.port)) as second:
        line = one_line(second)
    assert f"PORT={demo.port}" in line and f"PORT={demo.port + 1} make run" in line
    assert answers(f"{demo.url}/readyz")


def test_of_two_simultaneous_starts_one_finds_the_port_taken(tmp_path: Path) -> None:
    port, folders = str(unused_port()), [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    with (
        started(folders[0], "run", ready=False, INTAKE_DEMO="1", PORT=port) as one,
        started(folders[1], "run", ready=False, INTAKE_DEMO="1", PORT=port) as other,
    ):
        end = time.monotonic() + 30
        while one.running and other.running and time.monotonic() < end:
            time.sleep(0.05)
        first, late = (one, other) if one.running else (other, one)
        assert f"PORT={port}" in one_line(late)
        first.wait_ready()


@pytest.mark.parametrize("setting", [{"INTAKE_HOST": "0.0.0.0"}, {"INTAKE_BASE_URL": "https://intake.example.org"}])
def test_a_demo_is_for_this_machine_only(setting: dict[str, str], tmp_path: Path) -> None:
    with started(tmp_path, "run", ready=False, INTAKE_DEMO="1", **setting) as process:
        assert "INTAKE_DEMO=1 serves this machine only" in one_line(process)
    assert not (tmp_path / "var").exists()


async def test_it_stops_at_once_and_restarts_with_the_same_data(tmp_path: Path) -> None:
    with started(tmp_path, "run", INTAKE_DEMO="1") as process:
        seen = []
        for how in (signal.SIGINT, signal.SIGTERM):
            async with Visitor(httpx.AsyncClient(base_url=process.url)) as visitor:
                seen.append(await queue_of(visitor, "koordinator@example.org"))
            os.kill(process.pid, how)
            assert await asyncio.to_thread(process.wait, 5) == 0
            process.start()
            await asyncio.to_thread(process.wait_ready)
        assert seen[0] == seen[1] and len(seen[0]) > 20
        assert process.stop() == 0
        assert "Traceback" not in process.output


def test_make_run_in_a_checkout(tmp_path: Path) -> None:
    """The files of a clone, with the packages in place (tests/test_setup.py: how they come there)."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, check=True)
    checkout, port = tmp_path / "checkout", unused_port()
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, checkout / name)
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for stamp in (".made", ".runtime"):
        (checkout / ".venv" / stamp).touch()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("INTAKE_", "TELEGRAM_"))}
    with (tmp_path / "log").open("wb") as log:
        made = subprocess.Popen(
            ["make", "run"], cwd=checkout, env=env | {"PORT": str(port)}, stdout=log, stderr=log, start_new_session=True
        )
    try:
        end = time.monotonic() + 30
        while not all(answers(f"http://127.0.0.1:{port}{page}") for page in PAGES):
            assert made.poll() is None and time.monotonic() < end, (tmp_path / "log").read_text()
            time.sleep(0.05)
        assert (checkout / "var" / "intake.sqlite").exists()
    finally:
        os.killpg(made.pid, signal.SIGINT)  # as Ctrl-C does: to make and to what it runs
        made.wait(10)
    assert not answers(f"http://127.0.0.1:{port}/healthz")
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_nobody_chooses_the_address_they_are_counted_by(tmp_path: Path) -> None:
    """Without a trusted proxy X-Forwarded-For counts for nothing, from this machine too."""
    with started(tmp_path, "web", INTAKE_DEMO="1", INTAKE_RATE="5") as process, httpx.Client() as client:
        headers = [{"x-forwarded-for": f"192.0.2.{number}"} for number in range(12)]
        seen = [client.get(f"{process.url}/vastkraft/", headers=header).status_code for header in headers]
    assert 429 in seen


async def test_the_form_is_served_while_mail_and_telegram_are_away(
    postbox: Postbox, wire: Wire, tmp_path: Path
) -> None:
    postbox.down()
    await wire.down()
    away = {"INTAKE_SMTP_URL": postbox.url, "TELEGRAM_BOT_TOKEN": wire.token, "TELEGRAM_API_URL": wire.url}
    with started(tmp_path, "run", ready=False, INTAKE_DEMO="1", **away) as process:
        await asyncio.to_thread(process.wait_ready, 60)
        async with Visitor(httpx.AsyncClient(base_url=process.url)) as visitor:
            assert (await visitor.opens("/vastkraft/")).status == 200
            await visitor.opens("/staff/signin")
            await visitor.fills_in(email="trr@example.org")
            postbox.up()
            await wire.up()
            for _ in range(600):
                come = [letter.subject for letter in postbox.letters_to("trr@example.org")]
                if "Din länk för att logga in" in come and wire.calls_of("getUpdates"):
                    break
                await asyncio.sleep(0.05)
        assert "Din länk för att logga in" in come  # among the demonstration's
        assert wire.calls_of("getUpdates")
        assert await asyncio.to_thread(process.stop) == 0
    said = re.findall(r"event=(mail_server_\w+|telegram_\w+)", process.output)
    assert sorted(said) == ["mail_server_away", "mail_server_back", "telegram_reached_again", "telegram_unreachable"]
