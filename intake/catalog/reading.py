"""Reads a programme's folder: the programme as far as it can be read, and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from intake.catalog.build import FILE, GUESSES, Builder
from intake.catalog.files import language_findings, read_letters, read_list, read_toml
from intake.catalog.format import ProgrammeTable
from intake.catalog.shape import shaped
from intake.catalog.texts import letter_findings, text_findings
from intake.engine.findings import Finding
from intake.engine.programme import Programme, Texts


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave. `programmes` is one programme, or one for each thing that conditions which cannot be read may
    say (`all_tried`: in every combination); empty when programme.toml has no usable shape."""

    programmes: tuple[Programme, ...]
    findings: tuple[Finding, ...]
    all_tried: bool = True


def read(folder: Path) -> Reading:
    """The folder, its cases left out."""
    findings: list[Finding] = []
    values = read_toml(folder, FILE, findings)
    if values is None:
        return Reading((), tuple(findings))
    table, wrong = shaped(values, ProgrammeTable, FILE)
    findings += wrong
    if table is None:
        return Reading((), tuple(findings))
    languages = list(dict.fromkeys(table.languages))
    texts = {language: read_toml(folder, f"texts/{language}.toml", findings) for language in languages}
    lists = {path.stem: read_list(path, languages, findings) for path in sorted((folder / "lists").glob("*.csv"))}
    letters = read_letters(folder, languages, findings)
    told = Texts({language: said or {} for language, said in texts.items()})

    builder = Builder(table, lists)
    programme = builder.build(told, letters)
    # What is wrong already is not said again by what follows from it.
    findings += [one for one in builder.findings if not any(_within(one.key, said.key) for said in wrong)]
    findings += text_findings(programme, [language for language, said in texts.items() if said is not None])
    findings += [*letter_findings(programme), *language_findings(folder, languages)]
    if builder.guessed == 0:
        return Reading((programme,), tuple(findings))
    few = builder.guessed <= 3  # many are tried all alike, which shows well enough what does not depend on them
    guesses = product(GUESSES, repeat=builder.guessed) if few else ((guess,) * builder.guessed for guess in GUESSES)
    programmes = tuple(Builder(table, lists, guess).build(told, letters) for guess in guesses)
    return Reading(programmes, tuple(findings), few)


def _within(key: str, other: str) -> bool:
    return key == other or key.startswith(f"{other}.")
