"""Reads the files of a programme into the programme, as far as it can be read, and all findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from intake.authoring.catalog.build import FILE, GUESSES, Builder
from intake.authoring.catalog.files import CASES, Files, language_findings, read_letters, read_lists, read_toml
from intake.authoring.catalog.format import ProgrammeTable
from intake.authoring.catalog.hashes import meaning_of, wording_of
from intake.authoring.catalog.shape import shaped
from intake.authoring.catalog.texts import letter_findings, text_findings
from intake.engine.findings import Finding
from intake.engine.programme import Programme, Texts


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The result of reading. `programmes` is empty if programme.toml has no usable structure.

    It has several if conditions are unreadable: one per combination of guesses (`all_tried`), or one per guess.
    """

    programmes: tuple[Programme, ...]
    findings: tuple[Finding, ...]
    all_tried: bool = True


READ = 16  # programmes cached per process: those served now and before, and their drafts


def read(files: Files) -> LoadResult:
    """Reads everything but the cases. Cached by the text of the files: a second read takes 3 ms instead of 34."""
    if files.unreadable:
        return _read(files)
    return _read_once(tuple(sorted((name, text) for name, text in files.texts.items() if name != CASES)))


@lru_cache(maxsize=READ)
def _read_once(texts: tuple[tuple[str, str], ...]) -> LoadResult:
    return _read(Files(dict(texts)))


def _read(files: Files) -> LoadResult:
    findings: list[Finding] = []
    values = read_toml(files, FILE, findings)
    if values is None:
        return LoadResult((), tuple(findings))
    table, wrong = shaped(values, ProgrammeTable, FILE)
    findings += wrong
    if table is None:
        return LoadResult((), tuple(findings))
    languages = list(dict.fromkeys(table.languages))
    texts = {language: read_toml(files, f"texts/{language}.toml", findings) for language in languages}
    lists = read_lists(files, languages, findings)
    letters = read_letters(files, languages, findings)
    told = Texts({language: said or {} for language, said in texts.items()})

    builder = Builder(table, lists)
    programme = builder.build(told, letters)
    # Findings that only follow from others are left out.
    findings += [one for one in builder.findings if not any(_within(one.key, said.key) for said in wrong)]
    findings += text_findings(programme, [language for language, said in texts.items() if said is not None])
    findings += [*letter_findings(programme), *language_findings(files, languages)]
    if builder.guessed == 0:
        programme = replace(programme, meaning=meaning_of(programme), wording=wording_of(programme))
        return LoadResult((programme,), tuple(findings))
    few = builder.guessed <= 3  # of many, each guess is tried for all of them together, which is enough here
    guesses = product(GUESSES, repeat=builder.guessed) if few else ((guess,) * builder.guessed for guess in GUESSES)
    programmes = tuple(Builder(table, lists, guess).build(told, letters) for guess in guesses)
    return LoadResult(programmes, tuple(findings), few)


def _within(key: str, other: str) -> bool:
    return key == other or key.startswith(f"{other}.")
