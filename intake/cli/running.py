"""Serves web, background work and bot, alone or together in one process, until told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from intake.cli.connections import USUAL, Connection, ConnectionLimits, Doors, with_files
from intake.config import Settings
from intake.errors import BadSetting

BACKLOG = 2048  # connections that wait to be accepted

Service = Callable[[asyncio.Event], Coroutine[None, None, None]]


def listen(settings: Settings) -> socket.socket:
    """Returns the listening socket of the web. Raises BadSetting if the address or port cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # explicitly TCP, so that the loop turns off Nagle's delay on accepted connections
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)  # takes the port; two processes that start at once may both bind
    except socket.gaierror as error:
        listening.close()
        raise BadSetting(f"INTAKE_HOST={settings.host}: there is no such address here ({error.strerror})") from None
    except OSError as error:
        listening.close()
        free = settings.port + 1 if 1024 <= settings.port < 65535 else 8000
        raise BadSetting(
            f"PORT={settings.port}: cannot listen on {settings.host} ({error.strerror}). "
            f"Choose another port: PORT={free} make run"
        ) from None
    return listening


def web_service(
    application: object, listening: socket.socket, patience: ConnectionLimits = USUAL, trusted_proxy: str = ""
) -> Service:
    """Returns the service of the web, by uvicorn. No access log: paths can hold a secret link."""
    doors = Doors(with_files(patience), trusted_proxy)
    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        access_log=False,
        log_level="error",  # its warnings are about malformed requests, with which strangers could fill a disk
        server_header=False,
        date_header=False,
        lifespan="off",
        proxy_headers=False,  # INTAKE_TRUSTED_PROXY decides which proxy is trusted
        timeout_graceful_shutdown=10,
        timeout_keep_alive=patience.idle,  # type: ignore[arg-type]  # seconds, and they need not be whole
        http=partial(Connection, doors),  # type: ignore[arg-type]
        ws="none",
    )

    async def run(stop: asyncio.Event) -> None:
        server = _Server(config)
        watching = asyncio.create_task(doors.watch())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await asyncio.wait([serving, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
        watching.cancel()

    return run


class _Server(uvicorn.Server):
    """A server that leaves signals to `serve`, which handles them for all services of the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(services: list[Service]) -> None:
    """Runs all services until SIGTERM or Ctrl-C, then lets each finish its work. One that fails ends the others."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    gc.freeze()  # what is loaded stays: looking through it again would stop everybody for 0.1 s now and then
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(service(stop)) for service in services]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.gather(*tasks)
