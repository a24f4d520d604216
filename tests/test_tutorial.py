"""docs/write-a-programme.md works: its files are written, its commands run, and their output compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/write-a-programme.md"
HERE = "# Yours, above this line"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?(?: ([\w./]+))?\n(.*?)^```$", re.M | re.S)


class Reader:
    """Somebody at the page, in an empty folder. `said` is what each command said, by the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        intake = folder / "bin/intake"
        intake.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m intake "$@"\n', encoding="utf-8")
        intake.chmod(0o755)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("INTAKE_", "TELEGRAM_"))}
        path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.env = {**clean, "PATH": path, "PYTHONPATH": str(ROOT), "INTAKE_PROGRAMMES": "programmes"}
        self.said: dict[str, str] = {}

    def runs(self, command: str) -> str:
        """What it says, on both outputs. What it exports is there for the next one."""
        script = f"{command}\nenv -0 > .env"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        after = (self.folder / ".env").read_text(encoding="utf-8").split("\0")
        self.env = dict(one.split("=", 1) for one in after if "=" in one)
        self.said[command] = done.stdout + done.stderr
        return self.said[command]

    def writes(self, how: str, name: str, text: str) -> None:
        file = self.folder / "programmes/kitchen" / name
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(changed(before, how, text), encoding="utf-8")


def changed(before: str, how: str, text: str) -> str:
    match how:
        case "write":
            assert not before
            return text
        case "append":
            return before + text
        case "above":
            assert before.count(HERE) == 1
            return before.replace(HERE, f"{text}\n{HERE}")
        case "fill":
            for line in text.splitlines():
                empty = [one for one in before.splitlines() if '""' in one and line.startswith(one.partition('""')[0])]
                assert len(empty) == 1, line
                before = before.replace(f"{empty[0]}\n", f"{line}\n")
            return before
        case "change":
            for line in text.splitlines():
                if line.startswith("-"):
                    assert before.count(line[1:]) == 1, line
                    old = line[1:]
                else:
                    before = before.replace(old, line[1:])
            return before
    raise AssertionError(f"the page says to {how} a file")


def blocks() -> Iterator[tuple[str, str, str, str]]:
    """Language, how, file, text of every block that is more than an example."""
    for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        language, how, name, text = found.groups()
        if language == "console":
            yield "console", "", "", text
        elif name:
            yield language, how, name, text


def exchanges(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what it is to say."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, said = part.partition("\n")
        yield command, said


def fits(expected: str, said: str) -> bool:
    """`...` stands for anything: alone on a line for any lines, within a line for any words."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + r"\n"
        for line in expected.splitlines()
    )
    return re.fullmatch(pattern, said) is not None


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Has read the page to its end."""
    reader = Reader(tmp_path_factory.mktemp("tutorial"))
    wrong = []
    for language, how, name, text in blocks():
        if language != "console":
            reader.writes(how, name, text)
            continue
        for command, expected in exchanges(text):
            said = reader.runs(command)
            if not fits(expected, said):
                wrong.append(f"$ {command}\n{said}--- but the page has\n{expected}")
    assert not wrong, "\n\n".join(wrong)
    return reader


def test_the_page_can_be_followed_to_a_published_programme(reader: Reader) -> None:
    assert [command.split()[1] for command in reader.said if command.startswith("intake ")] == [
        "new", "check", "check", "check", "check", "graph", "publish", "versions",
    ]  # fmt: skip
    assert "served" in reader.said["intake versions kitchen"]


def test_what_is_shown_is_compared() -> None:
    """The comparison can fail."""
    assert fits("a ... c\n...\nend\n", "a b c\nx\ny\nend\n")
    assert not fits("a ... c\n", "a b d\n") and not fits("a\n", "a\nb\n") and not fits("...\nend\n", "end\nmore\n")


def test_it_is_small_enough_to_be_written_in_half_an_hour(reader: Reader) -> None:
    """What one writes, without the blank lines; an hour of typing would be a thousand."""
    lines = [
        line for language, *_, text in blocks() if language == "toml" for line in text.splitlines() if line.strip()
    ]
    assert len(lines) < 260


def test_beginning_never_touches_what_is_there(reader: Reader) -> None:
    before = (reader.folder / "programmes/kitchen/programme.toml").read_text(encoding="utf-8")
    [command] = [one for one in reader.said if one.startswith("intake new ")]
    assert "is there already" in reader.runs(command)
    assert (reader.folder / "programmes/kitchen/programme.toml").read_text(encoding="utf-8") == before
