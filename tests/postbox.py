"""A mail server for tests: real SMTP on loopback, in a thread of its own, with planned faults.

It uses real sockets (by aiosmtpd), keeps what it accepted, and can refuse, delay, hang up or be away. Tests check the
letters.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NoReturn, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Stage = Literal["mail", "rcpt", "data"]
Tls = Literal["starttls", "implicit"] | None
REFUSALS = {451: "451 4.3.0 Try again later", 452: "452 4.2.2 Mailbox full", 550: "550 5.1.1 No such mailbox here"}


@dataclass(frozen=True)
class Letter:
    """One accepted letter with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content().replace("\r\n", "\n") if part else ""


@dataclass
class _Fault:
    """What happens to the next `times` letters that get as far as `stage`."""

    kind: Literal["refuse", "slow", "drop", "go", "lose"]
    stage: Stage
    times: int
    code: int = 0
    seconds: float = 0.0


class Postbox:
    """`with Postbox() as postbox: settings.smtp_url = postbox.url`. Every verb may be called from any thread."""

    host = "127.0.0.1"

    def __init__(self, login: tuple[str, str] | None = None, tls: Tls = None) -> None:
        self.login, self.tls = login, tls
        self.letters: list[Letter] = []
        self.attempts = 0  # how often somebody began to send (MAIL FROM)
        self.ca_file = ""
        self._faults: deque[_Fault] = deque()
        self._arrival = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postbox", daemon=True)
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self._folder = TemporaryDirectory(prefix="postbox-")
        self._tls_context = self._make_certificate() if tls else None
        self.port = 0

    # --- what a test may look at ---------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """For INTAKE_SMTP_URL."""
        who = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"{'smtps' if self.tls == 'implicit' else 'smtp'}://{who}{self.host}:{self.port}"

    def letters_to(self, address: str) -> list[Letter]:
        return [letter for letter in list(self.letters) if address in letter.recipients]

    def wait(self, count: int = 1, timeout: float = 5.0) -> list[Letter]:
        """Block until `count` letters have been accepted in all."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.letters) >= count, timeout):
                raise AssertionError(f"{len(self.letters)} letters after {timeout} s, not {count}")
            return list(self.letters)

    def clear(self) -> None:
        self.letters.clear()
        self.attempts = 0

    # --- faults --------------------------------------------------------------------------------------------------

    def refuse_next(self, code: int = 550, times: int = 1, at: Stage = "rcpt") -> None:
        self._faults.append(_Fault("refuse", at, times, code=code))

    def answer_slowly(self, seconds: float, times: int = 1) -> None:
        self._faults.append(_Fault("slow", "data", times, seconds=seconds))

    def forget_faults(self) -> None:
        self._faults.clear()

    def hang_up_and_go(self) -> None:
        """In the middle of the next letter everybody is cut off, and nobody listens until `up`."""
        self._faults.append(_Fault("go", "data", 1))

    def drop_next_in_data(self, times: int = 1) -> None:
        """Hang up in the middle of the letter: nothing is accepted."""
        self._faults.append(_Fault("drop", "data", times))

    def lose_next_acknowledgement(self, times: int = 1) -> None:
        """Accept the letter and hang up before saying so."""
        self._faults.append(_Fault("lose", "data", times))

    def down(self) -> None:
        """Nobody listens, and whoever was connected is cut off."""
        self._in_loop(self._close)

    def up(self) -> None:
        """Listen again, on the same port."""
        self._in_loop(self._listen)

    # --- the server ----------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *failure: object) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def _in_loop(self, step: Callable[[], Any]) -> None:
        asyncio.run_coroutine_threadsafe(step(), self._loop).result(timeout=5)

    async def _listen(self) -> None:
        if self._server is not None:
            return
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((self.host, self.port))
        self.port = listening.getsockname()[1]
        implicit = self._tls_context if self.tls == "implicit" else None
        self._server = await self._loop.create_server(self._connection, sock=listening, ssl=implicit)

    def _go(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cut()
        self._server = None
        await asyncio.sleep(0.01)  # lets the cut connections notice
        self._connections.clear()

    def _connection(self) -> SMTP:
        connection = _Connection(
            self,
            hostname="postbox.example.org",
            loop=self._loop,
            enable_SMTPUTF8=True,
            tls_context=self._tls_context if self.tls == "starttls" else None,
            require_starttls=self.tls == "starttls",
            authenticator=self._sign_in,
            auth_required=self.login is not None,
            auth_require_tls=self.tls == "starttls",
        )
        self._connections.add(connection)
        return connection

    def _sign_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self.login, handled=False)  # the library answers 235 or 535

    def _fault_at(self, stage: Stage, *kinds: str) -> _Fault | None:
        """The fault that is due, if the first in line belongs here; faults happen in the order they were planned."""
        if not self._faults or self._faults[0].stage != stage or self._faults[0].kind not in kinds:
            return None
        fault = self._faults[0]
        fault.times -= 1
        if fault.times <= 0:
            self._faults.popleft()
        return fault

    def _accept(self, envelope: Envelope) -> None:
        with self._arrival:
            content = envelope.original_content or b""
            self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
            self._arrival.notify_all()

    def _make_certificate(self) -> ssl.SSLContext:
        authority = trustme.CA()
        self.ca_file = str(Path(self._folder.name) / "ca.pem")
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(self.host, "localhost").configure_cert(context)
        return context


class _Connection(SMTP):
    """One client's conversation, with the postbox's faults in it."""

    def __init__(self, postbox: Postbox, **options: Any) -> None:
        self.postbox = postbox
        super().__init__(self, **options)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.postbox.attempts += 1
        if fault := self.postbox._fault_at("mail", "refuse"):
            return _refusal(fault.code)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self.postbox._fault_at("rcpt", "refuse"):
            return _refusal(fault.code)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def smtp_DATA(self, arg: str) -> None:
        if self.envelope and self.envelope.rcpt_tos and (fault := self.postbox._fault_at("data", "drop", "go")):
            if fault.kind == "go":
                self.postbox._go()
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._reader.readuntil(b"\r\n")
            await self._hang_up()
        await super().smtp_DATA(arg)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.postbox._fault_at("data", "refuse", "slow", "lose")
        if fault and fault.kind == "refuse":
            return _refusal(fault.code)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        self.postbox._accept(envelope)
        if fault and fault.kind == "lose":
            await self._hang_up()
        return "250 OK"

    def cut(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def _hang_up(self) -> NoReturn:
        self.cut()
        await asyncio.Event().wait()  # the lost connection cancels this conversation
        raise AssertionError("a conversation outlived its connection")


def _refusal(code: int) -> str:
    return REFUSALS.get(code, f"{code} No")


def unused_port() -> int:
    """A port nobody listens on just now, for tests of what happens then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

