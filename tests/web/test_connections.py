"""Slow connections end, an address may hold a limited number, and disconnecting is no error: by real sockets."""

from __future__ import annotations

import select
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from intake.cli.connections import USUAL
from intake.keys import Keys
from tests.processes import Process, answers
from tests.web.impatient import PATIENCE

PROXY = "127.0.0.2"  # loopback too, and another address
GRACE = 3.0  # seconds that a busy machine may be late
HEAD = b"POST /vastkraft/ HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n"
GET = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"


class Impatient(Process):
    program = (sys.executable, "-m")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("impatient")
    given = {"INTAKE_SECRET_KEYS": Keys.new_text(), "INTAKE_DATABASE_URL": f"sqlite:///{folder}/x.sqlite"}
    process = Impatient(folder, ("tests.web.impatient",), given | {"INTAKE_TRUSTED_PROXY": f"::ffff:{PROXY}"})
    process.start()
    try:
        process.wait_ready()
        yield process
    finally:
        process.kill()


def connected(server: Process, whence: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10, source_address=(whence, 0))


def is_well(connection: socket.socket, asked: bytes = GET) -> bool:
    """Asks, and reads the answer to its end."""
    connection.send(asked)
    said = b""
    while not said.endswith(b"\r\n\r\nok"):
        if not (more := connection.recv(1 << 16)):
            return False
        said += more
    return said.startswith(b"HTTP/1.1 200")


def heard(connection: socket.socket) -> bytes:
    """What comes, until the other end closes; a reset is an end too."""
    said = b""
    try:
        while more := connection.recv(1 << 16):
            said += more
    except ConnectionResetError:
        pass
    return said


def ends_within(connection: socket.socket, dripped: bytes, seconds: float, began: float = 0.0) -> bool:
    """Whether the server ends it about then, while we go on sending a byte now and again. `began`: when its time did,
    if that was before now.
    """
    began = began or time.monotonic()
    connection.settimeout(0.1)
    while time.monotonic() - began < seconds + GRACE:
        try:
            connection.send(dripped)
            if connection.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    else:
        return False
    return time.monotonic() - began > seconds * 0.8


def test_the_usual_patience_is_what_is_promised() -> None:
    assert (USUAL.headers, USUAL.body, USUAL.idle, USUAL.most) == (10, 30, 15, 2000)


@pytest.mark.parametrize(
    ("sent", "dripped"),
    [(b"", b""), (b"", b"\r\n"), (b"GET /vastkraft/ HTTP/1.1\r\nx-slow: ", b"a"), (GET, b"\r\n")],
    ids=["says nothing", "says nothing but line ends", "a head that never ends", "line ends after an answer"],
)
def test_who_does_not_come_to_the_end_of_a_head_is_cut_off(server: Process, sent: bytes, dripped: bytes) -> None:
    with closing(connected(server)) as connection:
        if sent == GET:
            assert is_well(connection)
        else:
            connection.send(sent)
        assert ends_within(connection, dripped, PATIENCE.headers)
    assert answers(f"{server.url}/healthz")


@pytest.mark.parametrize("length", [b"content-length: 60000\r\n\r\n", b"transfer-encoding: chunked\r\n\r\nffff\r\n"])
def test_a_body_that_drips_ends_and_is_no_fault(server: Process, length: bytes) -> None:
    with closing(connected(server)) as connection:
        connection.send(HEAD + length)
        assert ends_within(connection, b"a", PATIENCE.body)
    assert answers(f"{server.url}/healthz")
    assert "ERROR" not in server.output and "fault" not in server.output, server.output


def test_a_body_that_goes_on_after_the_answer_ends_too(server: Process) -> None:
    with closing(connected(server)) as connection:
        began = time.monotonic()
        connection.send(HEAD + b"content-length: 9000000\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413")
        assert ends_within(connection, b"a", PATIENCE.body, began)


HEADS = {
    "one field": (b"GET / HTTP/1.1\r\nhost: x\r\ncookie: ", b"a"),
    "many fields": (b"GET / HTTP/1.1\r\nhost: x\r\n", b"x-a: b\r\n"),
    "an address": (b"GET /", b"a"),
    "trailers": (HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\n", b"x-a: b\r\n"),
    "one trailer": (HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\nx-a: ", b"b"),
    "a chunk's extension": (HEAD + b"transfer-encoding: chunked\r\n\r\n1;", b"b"),
}


@pytest.mark.parametrize(("begins", "goes_on"), HEADS.values(), ids=HEADS)
def test_a_head_has_only_so_many_bytes_and_fields(server: Process, begins: bytes, goes_on: bytes) -> None:
    piece, sent = goes_on * (1 << 13), 0
    with closing(connected(server)) as connection, suppress(ConnectionError):
        connection.send(begins)
        while sent < 1 << 25 and not select.select([connection], [], [], 0)[0]:
            connection.sendall(piece)
            sent += len(piece)
    assert sent < 1 << 24, "nobody stopped it"
    assert answers(f"{server.url}/healthz")
    assert "ERROR" not in server.output and "fault" not in server.output, server.output


def test_only_a_few_requests_may_be_pipelined(server: Process) -> None:
    with closing(connected(server)) as connection:
        connection.send(GET * 10)
        said = b""
        while said.count(b"HTTP/1.1 200") < 10:
            said += connection.recv(1 << 16)
    crowd = [connected(server) for _ in range(5)]
    for one in crowd:
        with suppress(ConnectionError):
            one.sendall(GET.replace(b"/healthz", b"/vastkraft/") * 20_000)
    began = time.monotonic()
    assert answers(f"{server.url}/healthz")
    assert time.monotonic() - began < GRACE
    for one in crowd:
        assert heard(one).count(b"HTTP/1.1 200") < 100
        one.close()


UPGRADE = GET[:-2] + b"connection: upgrade\r\nupgrade: x\r\n\r\n"


@pytest.mark.parametrize("sent", [b"\x16\x03\x01 no HTTP\r\n\r\n", UPGRADE], ids=["rubbish", "upgrade"])
def test_nobody_fills_the_log_with_what_is_no_request(server: Process, sent: bytes) -> None:
    before = server.output
    for _ in range(3):
        with closing(connected(server)) as connection:
            connection.send(sent)
            assert connection.recv(1 << 16)
    assert server.output == before


def test_as_much_as_a_real_browser_sends_is_taken(server: Process) -> None:
    fields = b"".join(b"x-%d: %s\r\n" % (number, b"a" * 300) for number in range(60))
    with closing(connected(server)) as connection:
        for _ in range(3):
            assert is_well(connection, GET[:-2] + fields + b"cookie: a=" + b"b" * 8000 + b"\r\n\r\n")
            assert is_well(connection)


def test_only_idle_connections_are_closed(server: Process) -> None:
    with closing(connected(server)) as connection:
        for _ in range(3):
            assert is_well(connection)
            time.sleep(PATIENCE.idle / 2)
        began = time.monotonic()
        assert heard(connection) == b""
        assert time.monotonic() - began < PATIENCE.idle + GRACE


def test_an_address_has_only_so_many_connections(server: Process) -> None:
    time.sleep(PATIENCE.idle)  # those of other tests are over
    open_ones = [connected(server) for _ in range(PATIENCE.most)]
    try:
        assert all(is_well(one) for one in open_ones), "each of them may stay for a while"
        with closing(connected(server)) as one_more, suppress(ConnectionError):
            one_more.send(GET)
            assert heard(one_more) == b""
        assert is_well(open_ones[0]), "those that are in go on"
    finally:
        for one in open_ones:
            one.close()
    server.wait_until(lambda: answers(f"{server.url}/healthz"))


def test_a_trusted_proxy_has_as_many_as_it_needs(server: Process) -> None:
    open_ones = [connected(server, PROXY) for _ in range(3 * PATIENCE.most)]
    assert all(is_well(one) for one in open_ones)
    for one in open_ones:
        one.close()


@pytest.mark.parametrize("path", ["/vastkraft/", "/vastkraft/q/name", "/staff/signin", "/nothing"])
@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
def test_a_browser_that_leaves_in_mid_post_is_no_fault(server: Process, path: str, reset: bool) -> None:
    for _ in range(3):
        connection = connected(server)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.send(HEAD.replace(b"/vastkraft/ ", f"{path} ".encode()) + b"content-length: 500\r\n\r\nname=Kim")
        time.sleep(0.02)
        connection.close()
    time.sleep(0.1)
    assert answers(f"{server.url}/healthz")
    assert "ERROR" not in server.output and "fault" not in server.output, server.output
