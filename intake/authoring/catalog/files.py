"""The files of a programme: TOML, letters, search lists. A file that cannot be read is a finding with its place.

They come from a folder, or from the database, which stores the text of each file by name.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intake.engine.findings import Finding
from intake.engine.programme import Entry, Letter
from intake.words import LOCALE

UNREADABLE = frozenset({"missing_file", "unreadable_file", "not_toml"})

CASES = "cases.toml"
WHERE = ("programme.toml", CASES, "texts/*.toml", "letters/*/*.txt", "lists/*.csv")


@dataclass(frozen=True, slots=True)
class Files:
    """The text of each file by name, and the findings for files that cannot be read."""

    texts: Mapping[str, str]
    unreadable: Mapping[str, Finding] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Files:
        texts: dict[str, str] = {}
        unreadable: dict[str, Finding] = {}
        for path in sorted(path for pattern in WHERE for path in folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            said = _text(path, name)
            if isinstance(said, Finding):
                unreadable[name] = said
            else:
                texts[name] = said
        return cls(texts, unreadable)

    def text(self, name: str, findings: list[Finding]) -> str | None:
        """Returns the text of a file; None, with a finding, if it is missing or unreadable."""
        if name not in self.texts:
            findings.append(self.unreadable.get(name) or Finding("missing_file", name, "", "the file is missing"))
        return self.texts.get(name)

    def named(self, start: str, end: str) -> list[str]:
        """Returns the names that begin and end like this, readable or not."""
        return sorted(one for one in {*self.texts, *self.unreadable} if one.startswith(start) and one.endswith(end))


def read_toml(files: Files, name: str, findings: list[Finding]) -> dict[str, Any] | None:
    """Returns the values of a TOML file; None, with a finding, if it cannot be read."""
    text = files.text(name, findings)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
        place = re.search(r"line \d+", why)
        findings.append(Finding("not_toml", name, place[0] if place else "", f"this is not TOML: {why}"))
    return None


def read_letters(files: Files, languages: Sequence[str], findings: list[Finding]) -> dict[tuple[str, str], Letter]:
    """Returns every letter of these languages, by (letter, language)."""
    letters = {}
    for language in languages:
        for name in files.named(f"letters/{language}/", ".txt"):
            text = files.text(name, findings)
            if text is None:
                continue
            first, _, body = text.partition("\n")
            subject = first.removeprefix("Subject: ").strip()
            if not first.startswith("Subject: ") or not subject or not body.strip():
                why = 'should begin with "Subject: ...", an empty line, the text'
                findings.append(Finding("wrong_type", name, "line 1", why))
                continue
            letters[(_stem(name), language)] = Letter(subject, body.strip() + "\n")
    return letters


def read_lists(files: Files, languages: Sequence[str], findings: list[Finding]) -> dict[str, tuple[Entry, ...]]:
    """Returns every search list, by name."""
    return {_stem(name): _read_list(files, name, languages, findings) for name in files.named("lists/", ".csv")}


def _read_list(files: Files, name: str, languages: Sequence[str], findings: list[Finding]) -> tuple[Entry, ...]:
    """Reads a CSV file with the columns id and one per language: the label, then synonyms, separated by |."""
    text = files.text(name, findings)
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


def language_findings(files: Files, languages: Sequence[str]) -> Iterator[Finding]:
    """Yields languages that the product does not support, and texts and letters in languages the programme lacks."""
    spoken = {"en", *(path.name for path in LOCALE.iterdir() if path.is_dir())}
    for language in languages:
        if language not in spoken:
            why = f'the product itself has no words in "{language}" (it has {", ".join(sorted(spoken))})'
            yield Finding("unknown_language", "programme.toml", "languages", why)
    there = {name: _stem(name) for name in files.named("texts/", ".toml")}
    folders = (name.split("/") for name in files.named("letters/", ".txt"))
    there |= {f"letters/{language}": language for _, language, _ in folders}
    for name, language in sorted(there.items()):
        if language not in languages:
            why = f'"{language}" is not among the languages of programme.toml: add it there, or take this away'
            yield Finding("unknown_language", name, language, why)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _text(path: Path, name: str) -> str | Finding:
    try:
        source = path.read_bytes()
    except OSError as error:
        return Finding("unreadable_file", name, "", f"cannot be read: {error.strerror}")
    try:
        return source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        return Finding("unreadable_file", name, f"line {line}", "cannot be read: it is not UTF-8 text")
