"""What a programme means and what it says are told apart: a corrected comma is no new meaning."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intake.catalog import draft_in, load, load_stored
from intake.config import PACKAGED
from intake.engine.programme import Programme


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


def of_meaning(folder: Path) -> tuple[str, str]:
    programme = load(folder)
    return programme.meaning, programme.wording


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[question]]", "# a remark\n\n[[question]]"),
        ('id = "industry"', '  id   = "industry"   # which'),
        ('version = "1"', 'version = "2"'),
        ('id = "industry"', 'id = "industry"\noptional = false'),
        ("""ask_if = 'home_municipality == "other"'""", '''ask_if = "home_municipality=='other'"'''),
        ("""ask_if = 'home_municipality == "other"'""", """ask_if = '  home_municipality   ==  "other" '"""),
    ],
)
def test_how_programme_toml_is_written_changes_nothing(folder: Path, was: Programme, old: str, new: str) -> None:
    edit(folder, "programme.toml", old, new)
    assert of_meaning(folder) == (was.meaning, was.wording)


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
