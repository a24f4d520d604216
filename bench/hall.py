"""A hall: many people at one network address answer at their own pace, and press Send in the same second.

Each has a browser of their own: a cookie, and a connection for each step, which is one post and the page that follows.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.journeys import LAID_OFF

STEPS = 24  # posts from the start page to the receipt
MARGIN = 60.0  # seconds beyond the time limit after which all are given up


@dataclass
class Hall:
    """The results. Times in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    steps: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    took: float = 0.0

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def turned_away(self) -> int:
        """Counts responses other than a page or a redirect: 429, 5xx or anything else."""
        return sum(count for status, count in self.statuses.items() if status not in (200, 303))


class Person:
    """Fills in the whole form."""

    def __init__(self, number: int, port: int, hall: Hall) -> None:
        self.port, self.hall = port, hall
        self.said = {**LAID_OFF, "name": f"Exempel {number}", "email": f"exempel.{number}@example.org"}
        self.cookie = ""
        self.path, self.page = "/vastkraft/", ""

    async def takes_part(self, begins: float, pause: float, chance: random.Random, all_ready: asyncio.Barrier) -> None:
        await asyncio.sleep(begins)
        await self.step(None)
        while not self.path.endswith("/check"):
            await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
            self.hall.steps.append(await self.step(self.fields()))
        await all_ready.wait()
        self.hall.sends.append(await self.step(self.fields()))
        self.hall.references |= set(re.findall(r"data-reference[^>]*>([^<]+)<", self.page))

    def fields(self) -> list[tuple[str, str]]:
        token = re.findall(r'name="csrf-token" value="([^"]+)"', self.page)[0]
        question, fields = self.path.rpartition("/")[2], [("csrf-token", unescape(token))]
        if "/q/" in self.path:
            answer = self.said.get(question, "")
            values = answer if isinstance(answer, list) else [answer]
            fields += re.findall(r'name="(said-[a-z]+)" value="([^"]*)"', self.page)  # whom a consent is for
            fields += [(question, value) for value in values] if answer else [("skip", "1")]
        return fields

    async def step(self, fields: list[tuple[str, str]] | None) -> float:
        """Gets the page, or posts and gets the page that follows; returns how long the person waited."""
        began = time.monotonic()
        reading, writing = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            if fields is not None:
                head, _ = await self.ask(reading, writing, "POST", urlencode(fields))
                if found := re.search(r"^set-cookie: ([^;]+)", head, re.MULTILINE):
                    self.cookie = f"cookie: {found[1]}\r\n"
                self.path = re.findall(r"^location: (.*)\r$", head, re.MULTILINE)[0]
            _, self.page = await self.ask(reading, writing, "GET")
        finally:
            writing.close()
        return time.monotonic() - began

    async def ask(
        self, reading: asyncio.StreamReader, writing: asyncio.StreamWriter, method: str, body: str = ""
    ) -> tuple[str, str]:
        """Returns the (head, body) of the response."""
        kind = f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n" if body else ""
        lines = f"host: 127.0.0.1:{self.port}\r\naccept-language: sv\r\n{self.cookie}{kind}"
        writing.write(f"{method} {self.path} HTTP/1.1\r\n{lines}\r\n{body}".encode())
        head = (await reading.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split(" ", 2)[1])
        self.hall.statuses[status] += 1
        page = await reading.readexactly(int(re.findall(r"^content-length: (\d+)", head, re.MULTILINE)[0]))
        assert status == (303 if body else 200), f"{method} {self.path}: {status}"
        return head, page.decode()


async def filled(port: int, people: int, seconds: float) -> Hall:
    """Returns the results once everybody has sent in or was turned away."""
    hall, chance, all_ready = Hall(), random.Random(people), asyncio.Barrier(people)
    pause, began = 0.7 * seconds / STEPS, time.monotonic()

    async def person(number: int) -> None:
        try:
            begins = chance.uniform(0, seconds / 10)
            await Person(number, port, hall).takes_part(begins, pause, chance, all_ready)
        except (AssertionError, OSError, EOFError, asyncio.BrokenBarrierError):
            await all_ready.abort()  # somebody turned away never reaches the barrier, so nobody may wait for them

    async with asyncio.timeout(seconds + MARGIN):
        await asyncio.gather(*(person(number) for number in range(people)))
    hall.took = time.monotonic() - began
    return hall
