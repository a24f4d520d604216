"""The command line: help for every command, one line for every error, never a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
from itertools import chain
from pathlib import Path

import pytest

from intake.keys import Keys
from tests.cli.commands import ROOT, call, process, start

COMMANDS = [
    "run", "web", "worker", "bot", "chat", "migrate", "new-key", "new", "assess", "check", "graph", "preview", "diff",
    "replay", "publish", "versions", "receipt", "partner set", "partner list", "partner pause", "partner resume",
    "staff add", "staff link", "staff disable", "staff list", "person export", "person erase",
    "import-occupations", "backup", "restore",
]  # fmt: skip


def names(help_text: str) -> list[str]:
    return re.findall(r"^  ([a-z-]+) ", help_text.partition("Commands:")[2], re.MULTILINE)


def test_these_are_all_the_commands_and_the_readme_names_them() -> None:
    groups = {name: names(call(name).out) for name in ("partner", "staff", "person")}
    there = [[f"{name} {one}" for one in groups[name]] if name in groups else [name] for name in names(call().out)]
    assert sorted(chain(*there)) == sorted(COMMANDS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    assert all(f"`intake {name.split()[0]}" in readme for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_understands_the_example_in_its_help(command: str) -> None:
    said = call(*command.split(), "--help")
    assert said.code == 0 and said.err == ""
    example = re.search(r"Example: (.*\n?.*)\n\n", said.out)
    assert example and f"intake {command}" in example[1], said.out
    options = re.findall(r"--[a-z-]+", example[1])
    assert [option for option in options if option not in said.out.partition("Options:")[2]] == []


def test_without_a_command_help_is_shown() -> None:
    for group in ((), ("partner",), ("staff",), ("person",)):
        said = call(*group)
        assert said.code == 0 and "Usage:" in said.out and "Commands:" in said.out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("asess", "Did you mean 'assess'?"),
        ("frobnicate", "No such command 'frobnicate'"),
        ("partner lst", "Did you mean 'list'"),
        ("assess", "Missing argument 'PROGRAMME'"),
        ("assess vastkraft", "Missing argument 'FILE'"),
        ("assess vastkraft a b", "unexpected extra argument"),
        ("assess vastkraft - --toda 2026-11-23", "--today"),
        ("check vastkraft --todai", "No such option: --todai"),
        ("staff add", "Missing argument 'EMAIL'"),
        ("staff add a@example.org", "Missing option '--partner'"),
        ("staff add a@example.org --partner", "requires an argument"),
        ("new-key --id a:b", "up to 16 letters and digits"),
        ("partner set trr", "at least one of --reply-to, --notify, --phone"),
    ],
)
def test_a_wrong_command_line_gets_one_line(line: str, says: str) -> None:
    assert says in call(*line.split()).refusal()


def test_the_installed_command_says_it_in_one_line_too() -> None:
    assert process("asess").refusal() == "No such command 'asess'. Did you mean 'assess'?; see: python -m intake --help"


def test_new_keys_are_usable_and_differ() -> None:
    first, second = (call("new-key", "--id", id).out.strip() for id in ("k1", "k2"))
    assert first.startswith("k1:") and second.startswith("k2:") and first[3:] != second[3:]
    sealed = Keys.from_text(first).seal(b"said", "here")
    assert Keys.from_text(f"{second},{first}").open(sealed, "here") == b"said"


def test_migrating_twice_is_migrating_once(tmp_path: Path) -> None:
    settings = {"INTAKE_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}
    said = [call("migrate", **settings) for _ in range(2)]
    assert [(one.code, one.out) for one in said] == [(0, "the database has this version's shape\n")] * 2


def test_settings_that_cannot_be_used_get_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("this is no database")
    there = f"sqlite:///{tmp_path / 'file'}"
    assert "INTAKE_DATABASE_URL" in call("migrate", INTAKE_DATABASE_URL=there).refusal()
    other = {"INTAKE_DATABASE_URL": "mysql://x", "INTAKE_SECRET_KEYS": Keys.new_text()}
    assert "INTAKE_DATABASE_URL" in call("staff", "list", **other).refusal()
    assert "INTAKE_SECRET_KEYS is not set" in call("staff", "list", INTAKE_VAR=str(tmp_path)).refusal()
    assert "PORT" in call("web", PORT="many").refusal()
    taken = {"INTAKE_DEMO": "1", "INTAKE_VAR": str(tmp_path / "var"), "INTAKE_PROGRAMMES": str(tmp_path)}
    assert f"no programme in {tmp_path}" in call("staff", "disable", "kim@example.org", **taken).refusal()


def test_a_closed_pipe_is_no_traceback() -> None:
    lines = b"".join(json.dumps({"occupation": "x"}).encode() + b"\n" for _ in range(3_000))
    with start("assess", "vastkraft", "-", "--json") as running:
        assert running.stdin and running.stdout and running.stderr
        running.stdout.close()  # as `| head -0` would
        try:
            running.stdin.write(lines)
            running.stdin.close()
        except BrokenPipeError:
            pass
        running.wait(60)
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_control_c_is_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "answers"
    os.mkfifo(pipe)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
    try:
        running = start("assess", "vastkraft", pipe)
    finally:
        signal.signal(signal.SIGINT, before)
    with running, pipe.open("wb"):  # opens when the command has begun to read
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b"", b"")
