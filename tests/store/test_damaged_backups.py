"""Any damage to a backup is detected before anything is changed, and reported in one line."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake.errors import BadSetting
from intake.keys import Keys
from intake.operations.backup import FORMAT, Written, backup, restore
from tests.offices import WHITE, Office
from tests.store import old_backups
from tests.store.inside import everything
from tests.store.old_backups import file_of_version

Lines = list[dict[str, Any]]
Damage = Callable[[bytes], bytes]


@pytest.fixture
def whole(there: Office, tmp_path: Path) -> Path:
    there.sends(WHITE, ("trr",), union=True)
    backup(there.app.settings, tmp_path / "whole.gz")
    return tmp_path / "whole.gz"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A few rows with a checksum: small enough to be tried bit by bit."""
    head, *rows, end = unpacked(file_of_version("0001").read_bytes())
    kept = [line for line in rows if line["table"] in ("installation", "interviews", "contacts")]
    counted = {table: sum(line["table"] == table for line in kept) for table in end["end"]}
    (tmp_path / "small.gz").write_bytes(packed([{**head, "format": FORMAT}, *kept, {"end": counted}]))
    return tmp_path / "small.gz"


def packed(lines: Lines) -> bytes:
    """A file that says of itself that it is whole, its checksum included."""
    before = "".join(json.dumps(line) + "\n" for line in lines[:-1]).encode()
    end = {**lines[-1], "sha256": hashlib.sha256(before).hexdigest()}
    return gzip.compress(before + json.dumps(end).encode() + b"\n", 1)


def unpacked(content: bytes) -> Lines:
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


def with_row(table: str, **values: Any) -> Damage:
    """Another value in the first row of a table, and a checksum that fits."""

    def damage(content: bytes) -> bytes:
        lines = unpacked(content)
        next(line for line in lines if line.get("table") == table)["row"].update(values)
        return packed(lines)

    return damage


def with_line(number: int, line: object) -> Damage:
    def damage(content: bytes) -> bytes:
        lines: list[Any] = unpacked(content)
        lines[number] = line
        return packed(lines)

    return damage


def another_digit(content: bytes) -> bytes:
    """A whole gzip file in which one digit of one row is another."""
    return gzip.compress(gzip.decompress(content).replace(b'judged_on": "2026-11-23', b'judged_on": "2026-11-28', 1))


def without_a_sum(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace(b'"sha256"', b'"sha255"'))


def head_with(**said: Any) -> Damage:
    return lambda content: with_line(0, {**unpacked(content)[0], **said})(content)


def cut_at_a_line(content: bytes) -> bytes:
    """Packed again: a whole gzip file with a part of the rows."""
    return gzip.compress(b"".join(gzip.decompress(content).splitlines(keepends=True)[:-3]))


DAMAGES: dict[str, tuple[Damage, str]] = {
    "half of it": (lambda content: content[: len(content) // 2], "cut short, or not as it was written"),
    "without its end": (lambda content: content[:-4], "cut short, or not as it was written"),
    "zeros in the middle": (lambda content: content[:200] + bytes(40) + content[240:], "damaged"),
    "something behind it": (lambda content: content + b"more", "no backup, or not whole"),
    "twice": (lambda content: content + content, "line [0-9]+ follows its end"),
    "fewer lines": (cut_at_a_line, "cut short, or its rows are not those"),
    "another digit": (another_digit, "its checksum is another"),
    "no checksum": (without_a_sum, "its checksum is another"),
    "empty": (lambda _: b"", "it is empty"),
    "empty within": (lambda _: gzip.compress(b""), "it is empty"),
    "no gzip": (lambda _: b"no gzip at all", "no backup, or not whole"),
    "another program's": (lambda _: gzip.compress(b'{"format": "other"}\n'), "no backup of this program"),
    "a list": (lambda _: gzip.compress(b"[1]\n"), "line 1 is none of a backup"),
    "no text": (lambda _: gzip.compress(b"\xff\xfe\n"), "line 1 is none of a backup"),
    "no JSON": (lambda _: gzip.compress(b"{\n"), "line 1 is none of a backup"),
    "deep": (lambda _: gzip.compress(b"[" * 100_000 + b"\n"), "line 1 is none of a backup"),
    "a newer version": (head_with(version="9999"), "version 9999, which this program does not know"),
    "no version": (head_with(version=[1]), "which this program does not know"),
    "an older version's head": (head_with(version="0001"), "line [0-9]+ cannot be read: it has not the columns"),
    "another table": (with_line(3, {"table": "secrets", "row": {}}), "line 4 cannot be read: it is no row"),
    "no table": (with_line(3, {"row": {}}), "line 4 cannot be read: it is no row"),
    "a row that is a list": (with_line(3, {"table": "staff", "row": [1]}), "line 4 cannot be read: it is no row"),
    "no row": (with_line(3, {"table": ["staff"]}), "line 4 cannot be read: it is no row"),
    "an unknown column": (with_row("staff", age=7), "has not the columns of staff"),
    "a number for a text": (with_row("staff", email=7), "staff.email is of another kind"),
    "a text for a number": (with_row("interviews", revision="7"), "interviews.revision is of another kind"),
    "a yes for a number": (with_row("interviews", revision=True), "interviews.revision is of another kind"),
    "a number too large": (with_row("interviews", revision=2**70), "interviews.revision is of another kind"),
    "a number for a yes": (with_row("staff", coordinator=1), "staff.coordinator is of another kind"),
    "nothing where something has to be": (with_row("staff", email=None), "staff.email is of another kind"),
    "no base64": (with_row("contacts", sealed="å"), "line [0-9]+ cannot be read"),
    "half a character": (with_row("staff", name="\ud800"), "line [0-9]+ cannot be read"),
    "no keys that this program knows": (with_row("installation", name="other"), "INTAKE_SECRET_KEYS"),
    "the same row twice": (lambda content: packed(doubled(unpacked(content))), "a row of staff does not fit"),
}  # fmt: skip


def doubled(lines: Lines) -> Lines:
    row = next(line for line in lines if line.get("table") == "staff")
    lines[-1]["end"]["staff"] += 1
    return [*lines[:-1][: lines.index(row)], row, *lines[lines.index(row) : -1], lines[-1]]


def test_every_damage_is_one_line_and_nothing_is_touched(there: Office, whole: Path, database_url: str) -> None:
    broken, before, content = whole.with_name("broken.gz"), everything(database_url), whole.read_bytes()
    for what, (damage, said) in DAMAGES.items():
        broken.write_bytes(damage(content))
        with pytest.raises(BadSetting, match=said) as refused:
            restore(there.app.settings, broken, replace=True)
        assert "\n" not in str(refused.value) and "Kim" not in str(refused.value), what
    assert everything(database_url) == before


def flipped(content: bytes, bit: int) -> bytes:
    return content[: bit // 8] + bytes([content[bit // 8] ^ 1 << bit % 8]) + content[bit // 8 + 1 :]


def some_bits(content: bytes, number: int) -> list[int]:
    """Those of the first and last bytes, and others here and there."""
    ends = [*range(80), *range(len(content) * 8 - 64, len(content) * 8)]
    return [*ends, *random.Random(11).sample(range(len(content) * 8), number)]


def test_any_bit_of_the_file_is_noticed_or_changes_nothing(small: Path, effort: int) -> None:
    """What gzip writes before the content - a time, a name - can be another without harm."""
    content, keys, rows = small.read_bytes(), Keys.from_text(old_backups.KEYS), list(Written(small).rows())
    Written(small).check(keys)
    for bit in some_bits(content, 100 * effort):
        small.write_bytes(flipped(content, bit))
        try:
            Written(small).check(keys)
        except BadSetting as refused:
            assert "\n" not in str(refused)
        else:
            assert bit < 80 and list(Written(small).rows()) == rows


def test_any_bit_of_what_was_written_is_noticed(small: Path, effort: int) -> None:
    """In a file that gzip finds whole: packed again after a bit was another."""
    written, keys = gzip.decompress(small.read_bytes()), Keys.from_text(old_backups.KEYS)
    for bit in some_bits(written, 100 * effort):
        small.write_bytes(gzip.compress(flipped(written, bit), 1))
        with pytest.raises(BadSetting):
            Written(small).check(keys)


def test_what_is_no_file_to_read_is_one_line(there: Office, whole: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for file, said in (("none.gz", "No such file"), ("folder", "Is a directory"), ("whole.gz/in", "Not a directory")):
        with pytest.raises(BadSetting, match=f"{file} cannot be read: {said}"):
            restore(there.app.settings, tmp_path / file, replace=True)


def test_a_file_of_another_user_is_one_line(small: Path) -> None:
    """In a process that gave up its rights where it had them: nobody forbids root to read."""
    small.chmod(0)
    small.parent.chmod(0o755)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        try:
            Written(small)
        except BadSetting as refused:
            os.write(writing, str(refused).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        assert b"cannot be read: Permission denied" in said.read()
    os.waitpid(child, 0)
