"""Telegram for tests: a Bot API server on loopback over HTTP, with planned faults.

`async with Wire() as wire`: the bot reaches it through TELEGRAM_API_URL=wire.url with TELEGRAM_BOT_TOKEN=wire.token,
and `wire.person(...)` is somebody who writes to it. It runs in the test's event loop: a test that blocks the loop
blocks the server.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from aiohttp import web

from tests.telegram_api import Api, Refused, Seen
from tests.telegram_person import Person

TEXT_PARAMETERS = {"text", "description", "short_description", "callback_query_id", "parse_mode", "url", "action"}


@dataclass(frozen=True)
class Call:
    """One request of the bot."""

    method: str
    params: dict[str, Any]
    at: float


@dataclass
class _Fault:
    kind: Literal["refuse", "hang", "lose", "page"]
    method: str | None
    times: int
    code: int = 0
    seconds: float = 0.0
    page: str = ""

    def concerns(self, method: str) -> bool:
        return method != "getUpdates" if self.method is None else method == self.method


class Wire:
    """The server, its faults, and the way to the persons."""

    host = "127.0.0.1"
    token = "4200:a-token-of-the-tests"

    def __init__(self) -> None:
        self.port = 0
        self.delay = 0.0  # seconds that every call is under way
        self.calls: list[Call] = []
        self._api = Api()
        self._persons: dict[int, Person] = {}
        self._faults: list[_Fault] = []
        self._runner: web.AppRunner | None = None

    # what a test may look at

    @property
    def url(self) -> str:
        """For TELEGRAM_API_URL."""
        return f"http://{self.host}:{self.port}"

    def person(self, chat_id: int = 7, language_code: str = "sv", name: str = "Kim") -> Person:
        """The person with that id; the same one every time."""
        if chat_id not in self._persons:
            self._persons[chat_id] = Person(self._api, chat_id, language_code, name)
        return self._persons[chat_id]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def sent_to(self, chat_id: int) -> list[Seen]:
        """The bot's messages in any chat, also a group."""
        chat = self._api.chats.get(chat_id)
        return list(chat.messages.values()) if chat else []

    @property
    def commands(self) -> dict[str, dict[str, str]]:
        """By language ("" for all others): command -> description."""
        return self._api.commands

    @property
    def descriptions(self) -> dict[str, str]:
        return self._api.descriptions

    @property
    def short_descriptions(self) -> dict[str, str]:
        return self._api.short_descriptions

    @property
    def query_seconds(self) -> float:
        """How old a pressed button may be when it is answered."""
        return self._api.query_seconds

    @query_seconds.setter
    def query_seconds(self, seconds: float) -> None:
        self._api.query_seconds = seconds

    async def confirmed(self, timeout: float = 5.0) -> None:
        """Wait until the bot's offset has passed every update."""
        end = time.monotonic() + timeout
        while self._api.unconfirmed:
            assert time.monotonic() < end, f"after {timeout} s still not confirmed: {self._api.unconfirmed}"
            await asyncio.sleep(0.005)

    async def hand_to(self, hear: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """In place of polling: every update is handed over at once, as to a webhook, until this is cancelled."""
        while True:
            waiting = self._api.unconfirmed[:1]
            if waiting:
                await hear(waiting[0])
                self._api.unconfirmed.remove(waiting[0])
            await asyncio.sleep(0 if waiting else 0.002)

    # faults

    def too_many_next(self, retry_after: int = 1, method: str | None = "sendMessage", times: int = 1) -> None:
        self._faults.append(_Fault("refuse", method, times, code=429, seconds=retry_after))

    def fail_next(self, code: int = 502, method: str | None = "sendMessage", times: int = 1) -> None:
        self._faults.append(_Fault("refuse", method, times, code=code))

    def hang_next(self, seconds: float, method: str | None = "sendMessage", times: int = 1) -> None:
        """No effect and no answer: the connection breaks after so many seconds."""
        self._faults.append(_Fault("hang", method, times, seconds=seconds))

    def lose_next_answer(self, method: str | None = "sendMessage", times: int = 1) -> None:
        """It takes effect, and the connection breaks before the answer."""
        self._faults.append(_Fault("lose", method, times))

    def answer_page_next(self, page: str, code: int = 502, method: str | None = "sendMessage", times: int = 1) -> None:
        """No effect; something between us and the server answers with a page of its own."""
        self._faults.append(_Fault("page", method, times, code=code, page=page))

    def duplicate_next(self, times: int = 1) -> None:
        """The next update comes twice, with the same id."""
        self._api.doubled += times

    def hold(self) -> None:
        """Keep what happens from now on back, until `release`."""
        self._api.held = []

    async def release(self, reverse: bool = False) -> None:
        """Deliver what was held; reversed, a later press overtakes an earlier message."""
        held, self._api.held = self._api.held or [], None
        for update in reversed(held) if reverse else held:
            for kind, what in update.items():
                self._api.queue(kind, what)

    async def down(self) -> None:
        """Nobody listens, and open connections are cut."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def up(self) -> None:
        """Listen (again, on the same port)."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    # the server

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.down()

    async def _answer(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await _params(request)
        if request.match_info["token"] != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        self.calls.append(Call(method, params, time.monotonic()))
        await asyncio.sleep(self.delay)
        fault = self._fault_for(method)
        if fault and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return _cut(request)
        if fault and fault.kind == "page":
            return web.Response(status=fault.code, text=fault.page, content_type="text/html")
        try:
            if fault and fault.kind == "refuse":
                raise _planned(fault)
            result = await self._carry_out(method, params)
        except Refused as refused:
            return _refusal(refused)
        if fault:
            return _cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _carry_out(self, method: str, params: dict[str, Any]) -> Any:
        action = getattr(self._api, method, None)
        if method not in vars(Api) or not inspect.iscoroutinefunction(action):
            raise Refused(404, "Not Found: method not found")
        try:
            inspect.signature(action).bind(**params)
        except TypeError as wrong:
            raise Refused(400, f"{method}: {wrong}") from wrong
        return await action(**params)

    def _fault_for(self, method: str) -> _Fault | None:
        fault = next((fault for fault in self._faults if fault.concerns(method)), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault


async def _params(request: web.Request) -> dict[str, Any]:
    """Whatever way they came: in the address, as a form, or as JSON."""
    if request.content_type == "application/json":
        return dict(await request.json())
    given = {**request.query, **await request.post()}
    return {name: value if name in TEXT_PARAMETERS else _value(str(value)) for name, value in given.items()}


def _value(text: str) -> Any:
    """Numbers, truth values and structures arrive as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _planned(fault: _Fault) -> Refused:
    if fault.code == 429:
        seconds = int(fault.seconds)
        return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    words = {403: "bot was blocked by the user", 500: "Internal Server Error", 502: "Bad Gateway"}
    return Refused(fault.code, words.get(fault.code, "failed as planned"))


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


def _cut(request: web.Request) -> web.Response:
    """Break the connection; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
