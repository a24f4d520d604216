"""`intake new`: a new programme lacks only what its author has to write, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.authoring.skeleton import LANGUAGES
from intake.words import LOCALE
from tests.cli.commands import Said, call

SAID = {"--name": "Växthuset", "--owner": "town", "--owner-name": "Norrby Town", "--phone": "010-000 00 00"}
OPTIONS = [*(part for option in SAID.items() for part in option), "--reference", "VH"]
EMPTY = ("programme.funding", "programme.title", "start.who", "start.who_points", "privacy.sections")


def begin(folder: Path, *options: str, id: str = "garden") -> Said:
    return call("new", id, *OPTIONS, *options, "--programmes", folder)


@pytest.mark.parametrize("languages", [("sv",), ("en",), ("sv", "en")])
def test_only_what_its_author_writes_is_missing(tmp_path: Path, languages: tuple[str, ...]) -> None:
    said = begin(tmp_path, *(part for language in languages for part in ("--language", language)))
    assert said.code == 0 and said.out.endswith("What is missing: intake check garden\n")
    texts = [
        f"texts/{language}.toml: {key}: this text is empty [missing_text]" for language in languages for key in EMPTY
    ]
    assert call("check", "garden", "--programmes", tmp_path).lines == [
        "programme.toml: group: is missing [missing_key]",
        "programme.toml: rule: is missing [missing_key]",
        *texts,
        "cases.toml: the file is missing [missing_file]",
        f"garden: {3 + len(texts)} findings; not proven",
    ]
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*"))
    assert "«" not in written and "Växthuset" in written


def test_it_begins_in_every_language_of_the_product() -> None:
    assert set(LANGUAGES) == {"en", *(folder.name for folder in LOCALE.iterdir() if folder.is_dir())}


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    assert begin(tmp_path).code == 0
    mine = tmp_path / "garden/programme.toml"
    mine.write_text("mine", encoding="utf-8")
    assert begin(tmp_path).refusal() == f"{tmp_path / 'garden'} is there already; nothing was written"
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("id", ["../garden", "Garden", "a/b", "1garden", "g" * 41, ""])
def test_what_is_no_id_writes_nothing(tmp_path: Path, id: str) -> None:
    assert "is no id: at most 40 small letters" in begin(tmp_path / "programmes", id=id).refusal()
    assert not list(tmp_path.iterdir())


def test_what_would_break_the_files_is_refused(tmp_path: Path) -> None:
    assert "--name" in begin(tmp_path, "--name", 'The "Garden"').refusal()
    assert "is no id: at most 40 small letters" in begin(tmp_path, "--owner", "o" * 41).refusal()
    assert "2 to 4 capital letters" in begin(tmp_path, "--reference", "SUMMER").refusal()
    assert "--owner-name" in begin(tmp_path, "--owner-name", "two\nlines").refusal()
    assert 'nothing to begin with in "fi", only in en, sv' in begin(tmp_path, "--language", "fi").refusal()
    assert "cannot be written" in begin(Path("/dev/null")).refusal()
    assert not list(tmp_path.iterdir())
