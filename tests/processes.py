"""Runs the product as real processes: `python -m intake ...` started, watched, stopped or killed.

Each gets an empty folder for its data by default.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.postbox import unused_port

ROOT = Path(__file__).parents[1]


class Process:
    """One command of the product. It may be started again after its end, with the same settings: a restart."""

    program: tuple[str, ...] = (sys.executable, "-m", "intake")

    def __init__(self, folder: Path, arguments: tuple[str, ...], env: Mapping[str, str]) -> None:
        self.arguments = arguments
        self.port = int(env.get("PORT") or unused_port())
        # Only what is said here: a developer's own settings must not leak into a test.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("INTAKE_", "TELEGRAM_"))}
        self.env = inherited | {"PORT": str(self.port), "INTAKE_VAR": str(folder / "var"), **env}
        self.log = folder / f"{arguments[0]}.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that was started last."""
        assert self._child is not None, "start it first"
        return self._child.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """All that was printed so far, by every start."""
        return self.log.read_text() if self.log.exists() else ""

    def start(self) -> None:
        """Begin, and do not wait."""
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [*self.program, *self.arguments],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Block until /readyz says 200."""
        self.wait_until(lambda: answers(f"{self.url}/readyz"), timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float = 30.0) -> None:
        """Block until it holds; the process ending before that is a failure that shows what it printed."""
        end = time.monotonic() + timeout
        while not condition():
            assert self.running, f"it ended:\n{self.output}"
            assert time.monotonic() < end, f"not so after {timeout} s:\n{self.output}"
            time.sleep(0.02)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        return self._end(signal.SIGTERM)

    def freeze(self) -> None:
        self._tell(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell(signal.SIGCONT)

    def wait(self, timeout: float = 30.0) -> int:
        """Until it ends by itself; the exit code."""
        assert self._child is not None
        return self._child.wait(timeout)

    def _tell(self, how: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(how)

    def _end(self, how: signal.Signals) -> int:
        self._tell(how)
        return self.wait()


@contextmanager
def started(folder: Path, *arguments: str, ready: bool = True, **env: str) -> Iterator[Process]:
    """`with started(tmp_path, "run", INTAKE_DEMO="1") as intake: ...intake.url...`; gone at the end."""
    process = Process(folder, arguments, env)
    process.start()
    try:
        if ready:
            process.wait_ready()
        yield process
    finally:
        if process.running:
            process.kill()


def answers(url: str, status: int = 200) -> bool:
    """Whether that address answers with that status just now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code == status
    except OSError:
        return False
