"""Closes idle and slow connections, and limits how many one network address may hold.

uvicorn has a timeout only for rests between two requests. Here all open connections are checked once a second, so a
request costs no timer of its own.
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
MOST_FIELDS = 100  # in the head of one request, trailers included
MOST_HEAD = 32 * 1024  # bytes of an incomplete head, or of any other incomplete part
MOST_WAITING = 16  # pipelined requests of one connection; no browser sends as many


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds for the head of a request, for its body, and between requests; connections per network address."""

    headers: float = 10
    body: float = 30
    idle: float = 15
    most: int = 2_000


USUAL = ConnectionLimits()


class Doors:
    """All open connections. Those of the `trusted_proxy` belong to many people and are not limited."""

    def __init__(self, patience: ConnectionLimits, trusted_proxy: str = "") -> None:
        self.patience = patience
        self.trusted_proxy = trusted_proxy
        self.open: set[Connection] = set()
        self.counts: Counter[str] = Counter()

    def enter(self, connection: Connection, whose: str) -> bool:
        """Adds a connection; returns False if its address has too many."""
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
        """Returns the key by which connections are counted; empty if they are not."""
        address = plain_address(client[0]) if client else ""
        return "" if address == self.trusted_proxy else network_of(address)

    async def watch(self) -> None:
        """Ends connections whose time is over, until cancelled."""
        loop, often = asyncio.get_running_loop(), min(1.0, self.patience.idle / 4, self.patience.headers / 4)
        while True:
            await asyncio.sleep(often)
            now = loop.time()
            for connection in [one for one in self.open if one.until < now]:
                connection.end(now)


class TooMuch(Exception):
    """Makes the parser stop: the response is a 400, and the connection is closed."""


class Connection(HttpToolsProtocol):
    """One connection, with the time by which the client has to send the next part.

    uvicorn's parser alone would accept a head of any size, and any number of pipelined requests, until the timeout.
    """

    def __init__(self, doors: Doors, **given: Any) -> None:
        super().__init__(**given)
        self.doors, self.patience = doors, doors.patience
        self.until = 0.0
        self._hears = False  # whether a request has begun and is incomplete
        self._whose = ""
        self.headers = []
        self._unfinished = 0  # bytes since the last complete head or piece of a body
        self._unsent = 0  # bytes of a response that were unsent at the last check

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
            self._hears = True  # from the first byte, even one that belongs to no request
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
        """Aborts the connection, or extends its time if we are the slow side or a response is still being received."""
        ours = self.cycle is not None and not self.cycle.response_complete and not self.flow.write_paused
        unsent = self.transport.get_write_buffer_size()
        if (ours and not self._hears) or (unsent and unsent != self._unsent):
            self._unsent, self.until = unsent, now + self.patience.idle
            return
        self.transport.abort()


def with_files(patience: ConnectionLimits) -> ConnectionLimits:
    """Raises the process's file limit as far as allowed; if that is low, an address gets half of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return replace(patience, most=min(patience.most, most // 2))
