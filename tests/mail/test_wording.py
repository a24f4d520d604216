"""The text of every letter: plain, with a way to a human, without anything that others may not see."""

from __future__ import annotations

import re

import pytest

from intake.authoring.catalog import load
from intake.authoring.catalog.texts import LETTERS
from intake.config import PACKAGED
from intake.engine.programme import Letter
from intake.letters.compose import fill

VASTKRAFT = load(PACKAGED / "vastkraft")
TO_PARTNERS = {"new_referral", "withdrawn"}
ALL = sorted(VASTKRAFT.letters)
TO_PERSONS = [key for key in ALL if key[0] not in TO_PARTNERS]
GREETING = {"sv": "Hej {name}!", "en": "Hello {name},"}
WAY_OUT = {"sv": ("{status_link}", "ta tillbaka dina svar"), "en": ("{status_link}", "take back your answers")}
# What offices write and nobody says; and what nobody can promise.
STIFF = {
    "sv": "erhåll|härmed|medelst|beakta|ånyo|föreligg|ovanstående|nedanstående|avseende|gällande|garanter|genast",
    "en": "hereby|herein|pursuant|aforementioned|utili[sz]e|in order to|regarding|guarantee|immediately",
}
UNIONS = re.compile(r"union|fack|if metall|metall", re.IGNORECASE)


def blanks(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def letter(key: tuple[str, str]) -> Letter:
    return VASTKRAFT.letters[key]


def test_every_letter_is_there_in_every_language() -> None:
    assert set(ALL) == {(name, language) for name in LETTERS for language in VASTKRAFT.languages}


@pytest.mark.parametrize("key", ALL, ids="-".join)
def test_a_subject_gives_the_number_and_nothing_else_away(key: tuple[str, str]) -> None:
    subject = letter(key).subject
    assert blanks(subject) == {"reference"} and len(subject) < 70
    assert not UNIONS.search(subject)


@pytest.mark.parametrize("key", TO_PERSONS, ids="-".join)
def test_a_person_is_greeted_and_has_a_way_to_a_human_and_out(key: tuple[str, str]) -> None:
    body, language = letter(key).body, key[1]
    assert body.startswith(GREETING[language] + "\n")
    assert "{phone}" in body and "{reference}" in body
    assert any(way in body for way in WAY_OUT[language])
    assert re.search(r"Svara|Reply", body)


@pytest.mark.parametrize("key", [key for key in ALL if key[0] in TO_PARTNERS], ids="-".join)
def test_a_partners_letter_has_no_blank_for_the_person(key: tuple[str, str]) -> None:
    assert blanks(letter(key).body) <= {"reference", "link", "partner"}


@pytest.mark.parametrize("key", ALL, ids="-".join)
def test_a_letter_is_plain(key: tuple[str, str]) -> None:
    body = letter(key).body
    assert not re.search(rf"\b(?:{STIFF[key[1]]})", body, re.IGNORECASE)
    sentences = [one for one in re.split(r"[.!?:]\s|\n", re.sub(r"{\w+}", "X", body)) if one]
    assert max(len(one.split()) for one in sentences) <= 25
    assert len(body.split()) <= 120
    assert not UNIONS.search(body)
    links = [line for line in body.splitlines() if "link}" in line]
    assert all(
        re.fullmatch(r"{(?:status_)?link}", line) for line in links
    )  # pressed whole, with no full stop at its end


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_both_languages_say_the_same_things(name: str) -> None:
    swedish, english = letter((name, "sv")), letter((name, "en"))
    assert blanks(swedish.body) == blanks(english.body)
    assert swedish.body.count("\n\n") == english.body.count("\n\n")


@pytest.mark.parametrize("key", ALL, ids="-".join)
def test_every_blank_is_filled_in(key: tuple[str, str]) -> None:
    fields = {name: f"<{name}>" for name in LETTERS[key[0]]}
    for text in (fill(letter(key), fields), fill(letter(key), fields, subject=True)):
        assert "{" not in text and "<" in text
