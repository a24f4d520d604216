"""The files of a programme's folder: TOML, letters, search lists. What cannot be read is a finding with its place."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from intake.engine.findings import Finding
from intake.engine.programme import Entry, Letter
from intake.words import LOCALE

UNREADABLE = frozenset({"missing_file", "unreadable_file", "not_toml"})


def read_toml(folder: Path, name: str, findings: list[Finding]) -> dict[str, Any] | None:
    """The file's values; None, with a finding, when there are none."""
    text = _text(folder / name, name, findings)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
        place = re.search(r"line \d+", why)
        findings.append(Finding("not_toml", name, place[0] if place else "", f"this is not TOML: {why}"))
    return None


def read_letters(folder: Path, languages: Sequence[str], findings: list[Finding]) -> dict[tuple[str, str], Letter]:
    """Every letter of these languages, by (letter, language)."""
    letters = {}
    for language in languages:
        for path in sorted((folder / "letters" / language).glob("*.txt")):
            name = f"letters/{language}/{path.name}"
            text = _text(path, name, findings)
            if text is None:
                continue
            first, _, body = text.partition("\n")
            subject = first.removeprefix("Subject: ").strip()
            if not first.startswith("Subject: ") or not subject or not body.strip():
                why = 'should begin with "Subject: ...", an empty line, the text'
                findings.append(Finding("wrong_type", name, "line 1", why))
                continue
            letters[(path.stem, language)] = Letter(subject, body.strip() + "\n")
    return letters


def read_list(path: Path, languages: Sequence[str], findings: list[Finding]) -> tuple[Entry, ...]:
    """A search list: columns id and one per language; a cell is the label, then synonyms, separated by |."""
    name = f"lists/{path.name}"
    text = _text(path, name, findings)
    if text is None:
        return ()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [column for column in ("id", *languages) if column not in (rows.fieldnames or ())]
    if lacking:
        findings.append(Finding("bad_line", name, "line 1", f"the columns {', '.join(lacking)} are missing"))
        return ()
    entries: dict[str, Entry] = {}
    for row in rows:
        id = (row["id"] or "").strip()
        words = {
            language: tuple(word.strip() for word in (row[language] or "").split("|") if word.strip())
            for language in languages
        }
        if id in entries:
            findings.append(Finding("double_id", name, f"line {rows.line_num}", f"{id} is there more than once"))
        elif not id or not all(words.values()):
            why = "a line needs an id and a word in each language"
            findings.append(Finding("bad_line", name, f"line {rows.line_num}", why))
        else:
            entries[id] = Entry(id, words)
    return tuple(entries.values())


def language_findings(folder: Path, languages: Sequence[str]) -> Iterator[Finding]:
    """Languages the product itself does not speak, and texts and letters in one that the programme does not have."""
    spoken = {"en", *(path.name for path in LOCALE.iterdir() if path.is_dir())}
    for language in languages:
        if language not in spoken:
            why = f'the product itself has no words in "{language}" (it has {", ".join(sorted(spoken))})'
            yield Finding("unknown_language", "programme.toml", "languages", why)
    there = {f"texts/{path.name}": path.stem for path in (folder / "texts").glob("*.toml")}
    there |= {f"letters/{path.name}": path.name for path in (folder / "letters").glob("*") if path.is_dir()}
    for name, language in sorted(there.items()):
        if language not in languages:
            why = f'"{language}" is not among the languages of programme.toml: add it there, or take this away'
            yield Finding("unknown_language", name, language, why)


def _text(path: Path, name: str, findings: list[Finding]) -> str | None:
    try:
        source = path.read_bytes()
    except FileNotFoundError:
        findings.append(Finding("missing_file", name, "", "the file is missing"))
        return None
    except OSError as error:
        findings.append(Finding("unreadable_file", name, "", f"cannot be read: {error.strerror}"))
        return None
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        findings.append(Finding("unreadable_file", name, f"line {line}", "cannot be read: it is not UTF-8 text"))
        return None
