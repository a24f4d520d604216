"""The hashes of meaning and wording are separate: corrected punctuation is no new meaning."""

from __future__ import annotations

import shutil
import tomllib
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from intake.authoring.catalog import draft_in, load, load_stored
from intake.authoring.catalog.hashes import meaning_of
from intake.config import PACKAGED
from intake.engine.changes import changed
from intake.engine.programme import Programme
from tests.edits import edits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED / "vastkraft", tmp_path / "vastkraft"))


@pytest.fixture
def was(folder: Path) -> Programme:
    return load(folder)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text, old
    (folder / name).write_text(text.replace(old, new, 1))


def everywhere(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text, old
    (folder / name).write_text(text.replace(old, new))


def of_meaning(folder: Path) -> tuple[str, str]:
    programme = load(folder)
    return programme.meaning, programme.wording


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[question]]", "# a remark\n\n[[question]]"),
        ('id = "industry"', '  id   = "industry"   # which'),
        ('version = "2"', 'version = "3"'),
        ('id = "industry"', 'id = "industry"\noptional = false'),
        ("""ask_if = 'home_municipality == "other"'""", '''ask_if = "home_municipality=='other'"'''),
        ("""ask_if = 'home_municipality == "other"'""", """ask_if = '  home_municipality   ==  "other" '"""),
    ],
)
def test_how_programme_toml_is_written_changes_nothing(folder: Path, was: Programme, old: str, new: str) -> None:
    edit(folder, "programme.toml", old, new)
    assert of_meaning(folder) == (was.meaning, was.wording)


WRITTEN_OTHERWISE = {
    "brackets": ("yes_if = 'home_municipality in gr13'", "yes_if = '((home_municipality in (gr13)))'"),
    "the order in a list": (
        'employment_status in ["employed_at_risk", "employed_varslad"]',
        'employment_status in ["employed_varslad", "employed_at_risk"]',
    ),
    "a set in place": (
        """employment_status in ["employed_at_risk", "employed_varslad"]""",
        """employment_status in ["employed_at_risk", "employed_varslad", "employed_at_risk"]""",
    ),
    "another name of a condition": ("agreement_or_unsure", "maybe_an_agreement"),
    "brackets within": (
        """when = 'group == "B" and collar == "white" and agreement_or_unsure'""",
        """when = 'group == "B" and (collar == "white" and agreement_or_unsure)'""",
    ),
    "a condition spelled out": (
        "ask_if = 'given_notice'",
        """ask_if = 'employment_status in ["uppsagd_notice", "uppsagd_left"]'""",
    ),
    "a condition that nothing uses": ("[conditions]\n", "[conditions]\nspare = 'industry == \"other\"'\n"),
    "a set that nothing uses": ("[sets]\n", '[sets]\nspare = ["1440"]\n'),
    "what yes_if means when it is left out": (
        """no_if = 'industry == "other"'\n""",
        """no_if = 'industry == "other"'\nyes_if = 'not (industry == "other")'\n""",
    ),
}


@pytest.mark.parametrize("how", WRITTEN_OTHERWISE)
def test_a_condition_written_otherwise_says_the_same(folder: Path, was: Programme, how: str) -> None:
    everywhere(folder, "programme.toml", *WRITTEN_OTHERWISE[how])
    assert of_meaning(folder) == (was.meaning, was.wording)
    assert changed(was, load(folder)) == []


def test_another_meaning_is_what_differs_somewhere(folder: Path, was: Programme, effort: int) -> None:
    """Every random edit: the hash is another exactly where the list of changes holds one."""
    table = tomllib.loads((folder / "programme.toml").read_text())
    told = {True: 0, False: 0}
    for done, edited in islice(edits(was, table, Random(3)), 150 * effort):
        differs = bool(changed(was, edited))
        assert (meaning_of(edited) != was.meaning) == differs, done
        told[differs] += 1
    assert min(told.values()) > 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("texts/sv.toml", 'help = "Hjälp: ring', 'help = "Hjälp, ring'),
        ("letters/sv/receipt.txt", "Hej {name}!", "Hej, {name}!"),
        ("lists/occupations.csv", "Ekonomichef", "Ekonomichefer"),
        ("programme.toml", 'phone = "031-000 00 00"', 'phone = "031-000 00 01"'),
    ],
)
def test_words_change_the_wording_alone(folder: Path, was: Programme, name: str, old: str, new: str) -> None:
    edit(folder, name, old, new)
    meaning, wording = of_meaning(folder)
    assert meaning == was.meaning
    assert wording != was.wording


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("programme.toml", 'ask_if = \'home_municipality == "other"', 'ask_if = \'home_municipality != "other"'),
        ("programme.toml", "interview_days = 30", "interview_days = 31"),
        ("programme.toml", 'owner = "gr"', 'owner = "trr"'),
        ("lists/occupations.csv", "1210:ekonomichef", "1211:ekonomichef"),
    ],
)
def test_what_happens_to_somebody_changes_the_meaning(
    folder: Path, was: Programme, name: str, old: str, new: str
) -> None:
    edit(folder, name, old, new)
    assert load(folder).meaning != was.meaning


def test_examples_are_no_part_of_either(folder: Path, was: Programme) -> None:
    (folder / "cases.toml").unlink()
    assert of_meaning(folder) == (was.meaning, was.wording)


def test_a_comment_in_the_texts_is_no_wording(folder: Path, was: Programme) -> None:
    path = folder / "texts/sv.toml"
    path.write_text("# a remark\n" + path.read_text())
    assert of_meaning(folder) == (was.meaning, was.wording)


def test_kept_as_text_it_is_the_same_programme(folder: Path, was: Programme) -> None:
    again = load_stored("kept", draft_in(folder).files)
    assert (again.meaning, again.wording) == (was.meaning, was.wording)
    assert (again.rules, again.routes, again.questions, again.letters) == (
        was.rules, was.routes, was.questions, was.letters,
    )  # fmt: skip
