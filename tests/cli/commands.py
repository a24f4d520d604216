"""Runs the command line: in this process where that is enough, else as a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from intake.__main__ import cli

ROOT = Path(__file__).parents[2]
ELIGIBLE = {
    "employment_status": "employed_at_risk",
    "home_municipality": "1480",
    "industry": "teknik",
    "needs": ["specific_tasks"],
}
RESULT = [
    "verdict", "group", "reason", "route", "lead", "offers", "information", "missing", "ignored", "trace", "settle",
]  # fmt: skip


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        return json.loads(self.out)

    def documents(self) -> list[Any]:
        """One JSON document a line."""
        return [json.loads(line) for line in self.lines]

    def refusal(self) -> str:
        """What was said on being refused: one line, exit code 2, nothing else."""
        assert self.code == 2, self
        assert self.out == "" and self.err.startswith("intake: ") and self.err.count("\n") == 1, self
        return self.err.removeprefix("intake: ").rstrip("\n")


def call(*arguments: str | Path, given: bytes | str | None = None, **env: str) -> Said:
    """The command in this process; settings of whoever runs the tests are left out."""
    without = dict.fromkeys(name for name in os.environ if name.startswith(("INTAKE_", "TELEGRAM_")))
    result = CliRunner(env={**without, **env}).invoke(cli, [str(one) for one in arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def start(*arguments: str | Path, env: Mapping[str, str] | None = None, **pipes: Any) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTAKE_", "TELEGRAM_"))}
    command = [sys.executable, "-m", "intake", *map(str, arguments)]
    given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **pipes}
    return subprocess.Popen(command, cwd=ROOT, env={**clean, **(env or {})}, **given)


def process(*arguments: str | Path, given: bytes = b"", **env: str) -> Said:
    """The same to its end."""
    with start(*arguments, env=env) as running:
        out, err = running.communicate(given, timeout=60)
    return Said(running.returncode, out.decode(), err.decode())


def assess(*documents: Any, today: str = "2026-11-23") -> list[Any]:
    """What `intake assess` gives for these answers; a str or bytes goes in as it is."""
    return judged(*documents, today=today).documents()


def judged(*documents: Any, today: str = "2026-11-23", as_json: bool = True) -> Said:
    given = b"".join(_line(document) + b"\n" for document in documents)
    return call("assess", "vastkraft", "-", "--today", today, *(["--json"] if as_json else []), given=given)


def errors(document: Any) -> list[dict[str, Any]]:
    """What is wrong with one line of answers."""
    [result] = assess(document)
    assert set(result) == {"line", "errors"} and result["line"] == 1, result
    assert all(set(error) == {"question", "value", "permitted"} for error in result["errors"])
    return list(result["errors"])


def lines_of(results: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each line as its verdict, or "errors"."""
    return [str(result.get("verdict", "errors")) for result in results]


def _line(document: Any) -> bytes:
    if isinstance(document, bytes):
        return document
    return (document if isinstance(document, str) else json.dumps(document)).encode()
