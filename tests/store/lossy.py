"""A proxy to PostgreSQL that loses one response: the command is done, and the client never learns it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import parse_qs, urlsplit


class LossyWire:
    """`with LossyWire(url) as wire: ...wire.url...; wire.lose(b"COMMIT")`: the next COMMIT is done and the connection
    cut before its answer.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://postgres@127.0.0.1:{self._listening.getsockname()[1]}{parts.path}"
        self.lost = 0
        self._losing: bytes | None = None

    def lose(self, telling: bytes) -> None:
        """Lose the answer to the next message that holds these bytes."""
        self._losing = telling

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            cut = threading.Event()
            threading.Thread(target=self._tell, args=(client, server, cut), daemon=True).start()
            threading.Thread(target=self._answer, args=(client, server, cut), daemon=True).start()

    def _tell(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while told := client.recv(65536):
                if self._losing and self._losing in told:
                    self._losing = None
                    cut.set()
                server.sendall(told)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while answered := server.recv(65536):
                if cut.is_set():
                    self.lost += 1
                    break
                client.sendall(answered)
        for one in (client, server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # wakes whoever waits there, as closing does not
            one.close()
