"""Import of the open list of occupations: all lines or none, and no answer is lost by it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from intake.engine.kinds import KINDS
from intake.engine.searching import find_entries
from intake.operations.occupations import read_occupations
from tests.cli.broken import Copy
from tests.cli.commands import Said, call
from tests.openings import KEYS, Opener

COLUMNS = ["concept_id", "label_sv", "ssyk_code", "ssyk_label_sv", "ssyk_label_en", "isco_codes_08", "collar_hint"]
# Invented, like the ids.
ROWS = [
    ["aaa1_bbb_111", "Drakvingesvetsare", "7212", "Svetsare m.fl.", "Dragon wing welders", "7212", "blue"],
    ["aaa2_bbb_222", "Månraketmontör, grov", "8211", "Montörer", "Moon rocket assemblers", "8211", "blue"],
    ["aaa3_bbb_333", "Tidsmaskinskonstruktör", "2144", "Ingenjörer", "", "2144", "white"],
]


class Service:
    """A service on a database of its own: commands, and the app as after a restart."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.env = {"INTAKE_DATABASE_URL": url, "INTAKE_SECRET_KEYS": KEYS, "INTAKE_DEMO": "1"}
        self.restart = Opener(url, folder / "var")

    def load(self, rows: list[list[str]], columns: list[str] = COLUMNS, encoding: str = "utf-8") -> Said:
        with self.file.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return self.load_file()

    def load_file(self) -> Said:
        return call("import-occupations", self.file, **self.env)

    @property
    def file(self) -> Path:
        return self.folder / "occupations.csv"

    def found(self, text: str, language: str = "sv") -> list[str]:
        """What a search finds after a restart."""
        app = self.restart()
        try:
            entries = app.programmes["vastkraft"].searched("occupations")
            return [entry.label(language) for entry in find_entries(entries, text, language)]
        finally:
            app.close()


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Service:
    return Service(sqlite_url, tmp_path)


def test_what_was_imported_is_found_in_place_of_the_short_list(service: Service) -> None:
    assert service.found("svarvare")[0] == "Svarvare"
    said = service.load(ROWS)
    assert (said.code, said.out) == (0, f"{service.file}: 3 occupations stored; restart the server to use them\n")
    assert service.found("svarvare") == []
    assert service.found("manraket") == ["Månraketmontör, grov"]
    assert service.found("dragon", "en") == ["Drakvingesvetsare"]


def test_importing_again_replaces_everything(service: Service) -> None:
    service.load(ROWS)
    service.load(ROWS[:1])
    assert service.found("tidsmaskin") == [] and service.found("drakvinge") == ["Drakvingesvetsare"]
    service.load(ROWS)
    assert service.found("tidsmaskin") == ["Tidsmaskinskonstruktör"]


def test_what_excel_makes_of_the_file_is_read_too(service: Service) -> None:
    assert service.load(ROWS, encoding="utf-8-sig").code == 0
    assert service.found("månraket") == ["Månraketmontör, grov"]


def test_other_columns_in_another_order_do_no_harm(service: Service) -> None:
    rows = [[row[4], "?", row[2], row[1], row[0]] for row in ROWS]
    assert service.load(rows, ["ssyk_label_en", "more", "ssyk_code", "label_sv", "concept_id"]).code == 0
    assert service.found("moon", "en") == ["Månraketmontör, grov"]


def changed(row: int, **values: str) -> list[list[str]]:
    """The rows, one of them with other values."""
    lines = [dict(zip(COLUMNS, one, strict=True)) for one in ROWS]
    lines[row] |= values
    return [list(line.values()) for line in lines]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (changed(1, label_sv=" "), "line 3: needs a concept_id"),
        (changed(1, concept_id=""), "line 3: needs a concept_id"),
        (changed(2, concept_id="a:b"), "line 4: needs a concept_id"),
        (changed(2, concept_id="a" * 45), "line 4: 2144:aaaa"),
        (changed(0, ssyk_code="721"), "line 2: needs a concept_id of letters, digits and _, a label_sv and an ssyk"),
        (changed(0, ssyk_code="٧٢١٢"), "line 2: needs a concept_id"),
        (changed(0, label_sv="x" * 201), "line 2: needs a concept_id"),
        ([*ROWS, ROWS[0]], "line 5: 7212:aaa1_bbb_111 is there twice"),
        ([*ROWS, ["only"]], "line 5: needs a concept_id"),
        ([[]], "holds no occupations"),
    ],
)
def test_all_lines_are_imported_or_none(service: Service, rows: list[list[str]], says: str) -> None:
    service.load(ROWS[1:2])
    refusal = service.load(rows).refusal()
    assert says in refusal and refusal.endswith("nothing was imported") and str(service.file) in refusal
    assert service.found("månraket") == ["Månraketmontör, grov"] and service.found("drakvinge") == []


def test_many_bad_lines_are_counted(service: Service) -> None:
    refusal = service.load([[f"c{number}", "", "7212", "", ""] for number in range(12)]).refusal()
    assert "line 2:" in refusal and "line 4:" in refusal and "line 5:" not in refusal and "and 9 more" in refusal


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the columns concept_id, label_sv, ssyk_code, ssyk_label_en are missing"),
        (b"concept_id;label_sv;ssyk_code;ssyk_label_en\na;b;7212;c\n", "needed, with commas between: concept_id"),
        (b"concept_id,label_sv,ssyk_code,ssyk_label_en\na,M\xf6ntor,7212,c\n", "it is not UTF-8 text"),
        (b'concept_id,label_sv,ssyk_code,ssyk_label_en\na,"b,7212,c\n', "unexpected end of data"),
        (b"concept_id,label_sv,ssyk_code,ssyk_label_en\na," + b"b" * 200_000 + b",7212,c\n", "field larger"),
        (b"PK\x03\x04\x00\x00", "are missing"),
    ],
)
def test_a_file_that_is_no_such_list_gets_one_line(service: Service, content: bytes, says: str) -> None:
    service.file.write_bytes(content)
    assert says in service.load_file().refusal()
    assert service.found("svarvare")[0] == "Svarvare"


def test_a_file_that_is_not_there_gets_one_line(service: Service) -> None:
    assert service.load_file().refusal() == f"{service.file} cannot be read: No such file or directory"


def test_nothing_is_imported_that_nobody_would_search(service: Service) -> None:
    """Where no programme has such a list, an import would change nothing, silently."""
    copy = Copy(service.folder / "programmes/vastkraft")
    copy.replace('list = "occupations"', 'list = "languages"')
    service.env["INTAKE_PROGRAMMES"] = str(copy.folder.parent)
    assert service.load(ROWS).refusal() == "no programme here searches a list called occupations"


def test_assess_takes_codes_whatever_list_there_is(service: Service) -> None:
    service.load(ROWS)
    answers = '{"employment_status": "resigned", "occupation": "7212"}'
    said = call("assess", "vastkraft", "-", "--json", given=answers, **service.env)
    assert (said.code, said.json()["ignored"]) == (0, ["occupation"])


def test_an_english_group_name_finds_the_swedish_occupation(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("concept_id,label_sv,ssyk_code,ssyk_label_en\nx1,  Två   ord ,1234,Group\nx2,Ensam,1234,\n")
    words: list[Mapping[str, tuple[str, ...]]] = [entry.words for entry in read_occupations(file)]
    assert words == [
        {"sv": ("Två ord",), "en": ("Två ord", "Group")},
        {"sv": ("Ensam",), "en": ("Ensam",)},
    ]


def test_an_answer_from_the_short_list_survives_an_import(service: Service) -> None:
    service.load(ROWS)
    app = service.restart()
    try:
        programme = app.programmes["vastkraft"]
        question = programme.by_id["occupation"]
        assert KINDS["search"].show(programme, question, "7212:svetsare", "sv") == "Svetsare"
        assert KINDS["search"].show(programme, question, "7212:svetsare", "en") == "Welder"
        assert KINDS["search"].read(programme, question, (), ["7212:svetsare"]) == "7212:svetsare"
    finally:
        app.close()
