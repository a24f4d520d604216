"""Connections that end: one that is slow in asking, or rests, may not hold a place for ever.

uvicorn itself knows only how long a connection may rest between two requests. Once a second everything open is looked
at; a request costs no timer of its own.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from intake.networks import network_of, plain_address

ENOUGH_FILES = 65_536
MOST_FIELDS = 100  # of one request's head, trailers included
MOST_HEAD = 32 * 1024  # bytes of a head that is not at its end yet, or of anything else
MOST_WAITING = 16  # requests of one connection that came before the answer to an earlier one; no browser does that


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds for the head of a request, for its body, and between requests; connections of one network address."""

    headers: float = 10
    body: float = 30
    idle: float = 15
    most: int = 2_000


USUAL = ConnectionLimits()


class Doors:
    """All that is open now. `trusted_proxy`: its connections are other people's, and as many as they are."""

    def __init__(self, patience: ConnectionLimits, trusted_proxy: str = "") -> None:
        self.patience = patience
        self.trusted_proxy = trusted_proxy
        self.open: set[Connection] = set()
        self.counts: Counter[str] = Counter()

    def enter(self, connection: Connection, whose: str) -> bool:
        """Whether there is room for one more of that address."""
        if whose and self.counts[whose] >= self.patience.most:
            return False
        self.open.add(connection)
        self.counts[whose] += 1
        return True

    def leave(self, connection: Connection, whose: str) -> None:
        if connection in self.open:
            self.open.discard(connection)
            self.counts[whose] -= 1
            if self.counts[whose] <= 0:
                del self.counts[whose]

    def whose(self, client: tuple[str, int] | None) -> str:
        """What its connections are counted under; an empty string when they are not."""
        address = plain_address(client[0]) if client else ""
        return "" if address == self.trusted_proxy else network_of(address)

    async def watch(self) -> None:
        """Until cancelled."""
        loop, often = asyncio.get_running_loop(), min(1.0, self.patience.idle / 4, self.patience.headers / 4)
        while True:
            await asyncio.sleep(often)
            now = loop.time()
            for connection in [one for one in self.open if one.until < now]:
                connection.end(now)


class TooMuch(Exception):
    """For the parser, which then reads no further: a 400, and the connection is closed."""


class Connection(HttpToolsProtocol):
    """One connection, and until when what is awaited from its other end has to be there.

    The parser itself would take a head of any size, and any number of requests before the first is answered, for as
    long as the patience lasts.
    """

    def __init__(self, doors: Doors, **given: Any) -> None:
        super().__init__(**given)
        self.doors, self.patience = doors, doors.patience
        self.until = 0.0
        self._hears = False  # whether a request has begun to come, and is not there in full
        self._whose = ""
        self.headers = []
        self._unfinished = 0  # bytes since the last head, or piece of a body, was there in full
        self._unsent = 0  # bytes of an answer that were not taken yet when this was looked at last

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._whose = self.doors.whose(self.client)
        self.until = self.loop.time() + self.patience.headers
        if not self.doors.enter(self, self._whose):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.doors.leave(self, self._whose)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._hears:
            self._hears = True  # from the first byte on, even one that belongs to no request
            self.until = self.loop.time() + self.patience.headers
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > MOST_HEAD or len(self.headers) > MOST_FIELDS:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        if len(self.headers) > MOST_FIELDS or len(self.pipeline) >= MOST_WAITING:
            raise TooMuch
        self._unfinished = 0
        self.until = self.loop.time() + self.patience.body
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._hears = False
        self._unfinished = 0
        self.until = self.loop.time() + self.patience.idle
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._hears:
            self.until = self.loop.time() + self.patience.idle

    def end(self, now: float) -> None:
        """Its time is over. While we are the slow ones, or an answer is still being taken, it gets more."""
        ours = self.cycle is not None and not self.cycle.response_complete and not self.flow.write_paused
        unsent = self.transport.get_write_buffer_size()
        if (ours and not self._hears) or (unsent and unsent != self._unsent):
            self._unsent, self.until = unsent, now + self.patience.idle
            return
        self.transport.abort()


def with_files(patience: ConnectionLimits) -> ConnectionLimits:
    """The process may open as many files as the system allows it; when that is few, an address gets half of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return replace(patience, most=min(patience.most, most // 2))
