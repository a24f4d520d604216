"""Visits over HTTP, as fast as one connection allows: an interview of ours, or as many requests to the bare server.

Their cost is measured elsewhere, as the servers' own CPU time.
"""

from __future__ import annotations

import re
import socket
import time
from html import unescape
from urllib.parse import urlencode

from tests.journeys import LAID_OFF

TYPE = "content-type: application/x-www-form-urlencoded\r\n"


class Visit:
    """One browser on one connection. It never sleeps while it waits, because waking the machine's other core would be
    charged to the server, the more the longer a response takes.
    """

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.setblocking(False)
        self.headers = f"host: 127.0.0.1:{port}\r\naccept-language: sv\r\naccept-encoding: identity\r\n"
        self.cookie = ""
        self.pages: list[bytes] = []

    def get(self, path: str) -> str:
        status, _, body = self.ask("GET", path, "", b"")
        assert status == 200, f"{path}: {status}"
        self.pages.append(body)
        return path

    def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        body = urlencode(fields).encode()
        status, headers, _ = self.ask("POST", path, f"{TYPE}content-length: {len(body)}\r\n", body)
        assert status == 303, f"{path}: {status}"
        if found := re.search(r"^set-cookie: ([^;]+)", headers, re.MULTILINE):
            self.cookie = f"cookie: {found[1]}\r\n"
        return str(re.findall(r"^location: (.*)\r$", headers, re.MULTILINE)[0])

    def ask(self, method: str, path: str, more: str, body: bytes) -> tuple[int, str, bytes]:
        """Returns the (status, headers, body) of a response with a content-length."""
        self.connection.send(f"{method} {path} HTTP/1.1\r\n{self.headers}{self.cookie}{more}\r\n".encode() + body)
        said = b""
        while b"\r\n\r\n" not in said:
            said += self._hear()
        head, _, got = said.partition(b"\r\n\r\n")
        headers = head.decode() + "\r\n"
        length = int(re.findall(r"^content-length: (\d+)", headers, re.MULTILINE)[0])
        while len(got) < length:
            got += self._hear()
        return int(headers.split(" ", 2)[1]), headers, got

    def _hear(self) -> bytes:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                return self.connection.recv(1 << 16)
            except BlockingIOError:
                continue
        raise TimeoutError("no answer for 30 seconds")


def ours(port: int) -> list[bytes]:
    """Makes a whole interview, from the start page to the receipt; returns the pages."""
    visit = Visit(port)
    path = visit.get("/vastkraft/")
    while not path.endswith("/receipt"):
        token = re.findall(rb'name="csrf-token" value="([^"]+)"', visit.pages[-1])[0]
        question = path.rpartition("/")[2]
        fields = [("csrf-token", unescape(token.decode()))]
        hidden = re.findall(rb'name="(said-[a-z]+)" value="([^"]*)"', visit.pages[-1])  # whom a consent is for
        fields += [(name.decode(), unescape(value.decode())) for name, value in hidden]
        answer = LAID_OFF.get(question, "")
        values = answer if isinstance(answer, list) else [answer]
        if "/q/" in path:
            fields += [(question, value) for value in values] if answer else [("skip", "1")]
        path = visit.get(visit.post(path, fields))
    assert b"data-reference" in visit.pages[-1]
    visit.connection.close()
    return visit.pages


def bare(port: int, steps: int) -> list[bytes]:
    """Makes as many requests as an interview of ours has; returns the pages."""
    visit = Visit(port)
    path = visit.get("/0")
    for step in range(steps):
        fields = [("csrf-token", "x" * 88), ("question", f"answer-{step}")]
        path = visit.get(visit.post(path, fields))
    visit.connection.close()
    return visit.pages
