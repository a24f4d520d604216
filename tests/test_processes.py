"""Processes are really started, killed and restarted; tried with a small server instead of the product."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Process, answers

SERVER = """
import http.server, os, signal, sys
if sys.argv[1] == "broken":
    sys.exit("INTAKE_BASE_URL: what and where")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
print("settings:", sorted(key for key in os.environ if key.startswith(("INTAKE_", "TELEGRAM_"))), flush=True)

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass

http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Ready).serve_forever()
"""


class Small(Process):
    program = (sys.executable, "-c", SERVER)


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "a developer's own")
    process = Small(tmp_path, ("serve",), {"INTAKE_DEMO": "1"})
    yield process
    if process.running:
        process.kill()


def test_it_serves_and_knows_only_what_it_was_told(process: Process) -> None:
    process.start()
    process.wait_ready()
    assert process.output == "settings: ['INTAKE_DEMO', 'INTAKE_VAR']\n"
    assert answers(f"{process.url}/no-such-page", status=404)
    assert process.stop() == 3 and not process.running


def test_killed_and_started_again_on_the_same_port(process: Process) -> None:
    for _ in range(2):
        process.start()
        process.wait_ready()
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert not answers(f"{process.url}/readyz")
    assert process.output.count("settings") == 2


def test_frozen_and_thawed(process: Process) -> None:
    process.start()
    process.wait_ready()
    process.freeze()
    with pytest.raises(AssertionError, match=r"not so after 0\.1 s"):
        process.wait_until(lambda: False, timeout=0.1)
    process.thaw()
    assert answers(f"{process.url}/readyz")


def test_one_that_ends_by_itself_shows_what_it_said(tmp_path: Path) -> None:
    process = Small(tmp_path, ("broken",), {})
    began = time.monotonic()
    process.start()
    with pytest.raises(AssertionError, match="INTAKE_BASE_URL: what and where"):
        process.wait_ready()
    assert time.monotonic() - began < 10
