"""Visits over HTTP, as fast as one connection goes: a whole interview of ours, and as many pages and posts of the bare
server's. What they cost is read elsewhere, from the servers' own CPU time.
"""

from __future__ import annotations

import http.client
import re
import socket
from html import unescape
from urllib.parse import urlencode

from tests.journeys import LAID_OFF

TYPE = {"content-type": "application/x-www-form-urlencoded"}


class Visit:
    """One browser on one connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a body need not wait for its head
        self.headers = {"accept-language": "sv", "accept-encoding": "identity"}
        self.pages: list[bytes] = []

    def get(self, path: str) -> str:
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        self.pages.append(response.read())
        assert response.status == 200, f"{path}: {response.status}"
        return path

    def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        self.connection.request("POST", path, urlencode(fields), {**self.headers, **TYPE})
        response = self.connection.getresponse()
        response.read()
        assert response.status == 303, f"{path}: {response.status}"
        if cookie := response.headers.get("set-cookie"):
            self.headers["cookie"] = cookie.partition(";")[0]
        return str(response.headers["location"])


def ours(port: int) -> list[bytes]:
    """A whole interview, from the start page to the receipt; the pages."""
    visit = Visit(port)
    path = visit.get("/vastkraft/")
    while not path.endswith("/receipt"):
        token = re.findall(rb'name="csrf-token" value="([^"]+)"', visit.pages[-1])[0]
        question = path.rpartition("/")[2]
        fields = [("csrf-token", unescape(token.decode()))]
        answer = LAID_OFF.get(question, "")
        values = answer if isinstance(answer, list) else [answer]
        if "/q/" in path:
            fields += [(question, value) for value in values] if answer else [("skip", "1")]
        path = visit.get(visit.post(path, fields))
    assert b"data-reference" in visit.pages[-1]
    visit.connection.close()
    return visit.pages


def bare(port: int, steps: int) -> list[bytes]:
    """As many pages and posts as an interview of ours has."""
    visit = Visit(port)
    path = visit.get("/0")
    for step in range(steps):
        fields = [("csrf-token", "x" * 88), ("question", f"answer-{step}")]
        path = visit.get(visit.post(path, fields))
    visit.connection.close()
    return visit.pages
