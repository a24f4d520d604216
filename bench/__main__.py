"""What an interview costs: CPU seconds of our web process beside a bare ASGI and sqlite3 server's, same pages.

Both are real processes, driven over HTTP by one visitor after another; their own CPU time is read from the system.
Everything of ours is on: encryption, tokens, cookies, headers, the guarded update, both languages. Exit code 1 above
the limit. Run it by `make bench`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from tests.journeys import LAID_OFF
from tests.postbox import unused_port
from tests.processes import started

LIMIT = 4.0
TYPE = {"content-type": "application/x-www-form-urlencoded"}
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """CPU seconds a process has used, in user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Visit:
    """One browser on one connection, as fast as it can."""

    def __init__(self, port: int, encoding: str = "identity") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a body need not wait for its head
        self.headers = {"accept-language": "sv", "accept-encoding": encoding}
        self.pages: list[str] = []

    def get(self, path: str) -> str:
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200, f"{path}: {response.status}"
        if self.headers["accept-encoding"] == "identity":
            self.pages.append(body.decode())
        return path

    def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        self.connection.request("POST", path, urlencode(fields), {**self.headers, **TYPE})
        response = self.connection.getresponse()
        response.read()
        assert response.status == 303, f"{path}: {response.status}"
        if cookie := response.headers.get("set-cookie"):
            self.headers["cookie"] = cookie.partition(";")[0]
        return response.headers["location"]


def ours(port: int) -> Visit:
    """A whole interview, from the start page to the receipt."""
    visit = Visit(port)
    path = visit.get("/vastkraft/")
    while not path.endswith("/receipt"):
        token = re.findall(r'name="csrf-token" value="([^"]+)"', visit.pages[-1])[0]
        question = path.rpartition("/")[2]
        fields = [("csrf-token", unescape(token))]
        answer = LAID_OFF.get(question, "")
        values = answer if isinstance(answer, list) else [answer]
        if "/q/" in path:
            fields += [(question, value) for value in values] if answer else [("skip", "1")]
        path = visit.get(visit.post(path, fields))
    visit.connection.close()
    return visit


def bare(port: int, steps: int) -> None:
    """As many pages and posts as an interview of ours has."""
    visit = Visit(port)
    path = visit.get("/0")
    for step in range(steps):
        fields = [("csrf-token", "x" * 88), ("question", f"answer-{step}")]
        path = visit.get(visit.post(path, fields))
    visit.connection.close()


@contextmanager
def bare_server(folder: Path, pages: list[str]) -> Iterator[tuple[int, int]]:
    port, file = unused_port(), folder / "bare.json"
    file.write_text(json.dumps(pages))
    server = subprocess.Popen([sys.executable, "-m", "bench.bare", str(port), str(file)])
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--interviews", type=int, default=40, help="interviews in each round (default 40)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts (default 5)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with started(folder, "web", INTAKE_DEMO="1", INTAKE_RATE="1000000") as intake:
            for _ in range(5):
                pages = ours(intake.port).pages  # also warms up
            with bare_server(folder, pages) as (bare_port, bare_pid):
                bare(bare_port, len(pages) - 1)
                costs = [
                    _round(intake.pid, intake.port, bare_pid, bare_port, wanted.interviews, len(pages) - 1)
                    for _ in range(wanted.rounds)
                ]
    own, limit = (statistics.median(column) for column in zip(*costs, strict=True))
    ratio = statistics.median(one / other for one, other in costs)
    print(
        f"one interview: {len(pages)} pages, {len(pages) - 1} posts, {sum(map(len, pages)) // len(pages)} bytes a page"
    )
    print(f"bare ASGI + sqlite3   {limit * 1000:7.2f} ms CPU per completed interview")
    print(f"intake web            {own * 1000:7.2f} ms CPU per completed interview")
    print(f"ratio                 {ratio:7.2f}   (limit {LIMIT})")
    return 0 if ratio <= LIMIT else 1


def _round(own_pid: int, own_port: int, bare_pid: int, bare_port: int, count: int, steps: int) -> tuple[float, float]:
    before = cpu(own_pid)
    for _ in range(count):
        ours(own_port)
    own = (cpu(own_pid) - before) / count
    before = cpu(bare_pid)
    for _ in range(count):
        bare(bare_port, steps)
    return own, (cpu(bare_pid) - before) / count


if __name__ == "__main__":
    sys.exit(main())
