"""Commands that only read change nothing: no database is created or migrated, and nothing is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from intake.store import migrate
from tests.cli.commands import ELIGIBLE, call
from tests.databases import Databases
from tests.houses import only_vastkraft
from tests.openings import KEYS
from tests.store.inside import ask, everything, file_of, tables

# What each of them is asked; the database is needed by all but the last two.
NEEDING = {
    "partner list": ("partner", "list"),
    "staff list": ("staff", "list", "--json"),
    "check --live": ("check", "vastkraft", "--live", "--today", "2026-11-23"),
    "versions": ("versions", "vastkraft"),
    "diff": ("diff", "vastkraft@1", "vastkraft"),
    "replay": ("replay", "vastkraft@1", "vastkraft"),
    "receipt": ("receipt", "VK-7F3K-2M9Q"),
    "backup": ("backup", "{folder}/backup.gz"),
}
WITHOUT = {
    "assess": ("assess", "vastkraft", "-"),
    "graph": ("graph", "vastkraft", "--out", "{folder}/graph.svg"),
}


def settings(url: str, folder: Path) -> dict[str, str]:
    return {
        "INTAKE_DATABASE_URL": url, "INTAKE_SECRET_KEYS": KEYS, "INTAKE_VAR": str(folder / "var"),
        "INTAKE_PROGRAMMES": str(only_vastkraft()),
    }  # fmt: skip


def asked(command: tuple[str, ...], folder: Path) -> list[str]:
    return [part.format(folder=folder) for part in command]


@pytest.mark.parametrize("command", NEEDING.values(), ids=NEEDING)
def test_without_a_database_each_says_what_to_do_and_makes_none(command: tuple[str, ...], tmp_path: Path) -> None:
    said = call(*asked(command, tmp_path), **settings(f"sqlite:///{tmp_path / 'none' / 'intake.sqlite'}", tmp_path))
    assert "intake migrate" in said.refusal()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_empty_or_older_is_left_so(empty_database_url: str, tmp_path: Path) -> None:
    env = settings(empty_database_url, tmp_path)
    if empty_database_url.startswith("sqlite"):
        file_of(empty_database_url).touch()
    for name, command in NEEDING.items():
        assert "intake migrate" in call(*asked(command, tmp_path), **env).refusal(), name
        if empty_database_url.startswith("sqlite"):
            assert file_of(empty_database_url).stat().st_size == 0, name
        assert tables(empty_database_url) == set(), name
    migrate(empty_database_url)
    ask(empty_database_url, "UPDATE alembic_version SET version_num = '0001'")
    for name, command in NEEDING.items():
        assert "intake migrate" in call(*asked(command, tmp_path), **env).refusal(), name
        assert ask(empty_database_url, "SELECT version_num FROM alembic_version") == [("0001",)], name
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_nobody_opened_yet_has_no_row_more(database_url: str, tmp_path: Path) -> None:
    """Nothing is published in it, and nothing sealed: whoever looks with a wrong key leaves none either."""
    before, of = everything(database_url), file_of(database_url)
    bytes_before = _as_it_lies(of) if database_url.startswith("sqlite") else None
    assert before["versions"] == [] and before["installation"] == []
    for name, command in (NEEDING | WITHOUT).items():
        call(*asked(command, tmp_path), given=str(ELIGIBLE), **settings(database_url, tmp_path))
        assert everything(database_url) == before, name
        assert bytes_before is None or _as_it_lies(of) == bytes_before, name


def _as_it_lies(file: Path) -> tuple[bytes, int]:
    return file.read_bytes(), file.stat().st_mtime_ns


def test_partners_are_listed_before_anything_is_published(database_url: str, tmp_path: Path) -> None:
    """As the first start will publish it: ids are needed to give addresses."""
    said = call("partner", "list", "--json", **settings(database_url, tmp_path))
    assert said.code == 0 and {"gr", "trr"} <= {row["id"] for row in said.json()}
    assert everything(database_url)["versions"] == []


def test_partners_are_listed_without_swedish(sqlite_url: str, tmp_path: Path) -> None:
    """In the first language of the programme."""
    programme = tmp_path / "programmes" / "vastkraft"
    shutil.copytree(only_vastkraft() / "vastkraft", programme)
    shutil.rmtree(programme / "letters" / "sv")
    (programme / "texts" / "sv.toml").unlink()
    head = programme / "programme.toml"
    head.write_text(head.read_text().replace('languages = ["sv", "en"]', 'languages = ["en"]'))
    env = settings(sqlite_url, tmp_path) | {"INTAKE_PROGRAMMES": str(programme.parent), "INTAKE_DEMO": "1"}
    said = call("partner", "list", "--json", **env)
    assert said.code == 0, said
    [row] = [row for row in said.json() if row["id"] == "gr"]
    assert row["name"]


@pytest.mark.parametrize("command", ["partner list", "staff list", "versions", "receipt", "backup"])
def test_a_user_without_rights_is_one_line(command: str, databases: Databases, tmp_path: Path) -> None:
    with databases.lent("postgresql") as url:
        folder = url.rpartition("?host=")[2]
        name = url.partition("@/")[2].partition("?")[0]
        nobody = f"nobody_{name}"
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute(f'CREATE ROLE "{nobody}" LOGIN'.encode())
            env = settings(f"postgresql://{nobody}@/{name}?host={folder}", tmp_path)
            assert "permission denied" in call(*asked(NEEDING[command], tmp_path), **env).refusal()
            owner.execute(f'GRANT SELECT ON alembic_version TO "{nobody}"'.encode())
            assert "permission denied" in call(*asked(NEEDING[command], tmp_path), **env).refusal()
            owner.execute(f'DROP OWNED BY "{nobody}"; DROP ROLE "{nobody}"'.encode())


def test_a_user_who_may_only_read_is_enough(databases: Databases, tmp_path: Path) -> None:
    """But for a receipt that there is: it is noted who was looked at."""
    with databases.lent("postgresql") as url:
        folder, name = url.rpartition("?host=")[2], url.partition("@/")[2].partition("?")[0]
        reader = f"reader_{name}"
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute(f'CREATE ROLE "{reader}" LOGIN'.encode())
            owner.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{reader}"'.encode())
            env = settings(f"postgresql://{reader}@/{name}?host={folder}", tmp_path)
            for command in NEEDING:
                said = call(*asked(NEEDING[command], tmp_path), **env)
                assert "permission denied" not in said.err, command
            assert (tmp_path / "backup.gz").exists()
            owner.execute(f'DROP OWNED BY "{reader}"; DROP ROLE "{reader}"'.encode())
