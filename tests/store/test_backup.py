"""A backup holds everything at one moment, and is restored whole or not at all, in either database."""

from __future__ import annotations

import gzip
import json
import threading
import time
from pathlib import Path

import pytest

from intake import open_app
from intake.config import load_settings
from intake.errors import BadSetting
from intake.keys import Keys
from intake.operations.backup import backup, restore
from intake.store import Filters
from tests.databases import KINDS, Databases, Kind
from tests.offices import OWN_BUSINESS, WHITE, Office
from tests.store.conftest import KEYS, Command
from tests.store.inside import ask, count, dangling, everything, files_up_to


@pytest.fixture
def filled(there: Office) -> Office:
    """Two cases, a note, letters, somebody in the middle of it."""
    case = there.sends(WHITE, ("trr",), union=True)
    there.sends(OWN_BUSINESS, ("brg",))
    there.app.casework.pick_up(there.staff("trr"), case.reference)
    there.app.casework.note(there.staff("trr"), case.reference, "Ringer på måndag")
    return there


@pytest.mark.parametrize("into", KINDS)
def test_it_comes_back_in_either_database(
    filled: Office, database_url: str, databases: Databases, intake: Command, tmp_path: Path, into: Kind
) -> None:
    file = tmp_path / "backup.gz"
    code, said = intake("backup", str(file), INTAKE_DATABASE_URL=database_url)
    assert code == 0 and "2 submissions" in said
    assert file.stat().st_mode & 0o777 == 0o600
    with databases.lent(into, migrated=False) as other:
        code, said = intake("restore", str(file), INTAKE_DATABASE_URL=other)
        assert code == 0 and "2 submissions restored" in said
        assert everything(other) == everything(database_url)
        app = open_app(load_settings(database_url=other, secret_keys=KEYS, demo=True), clock=filled.clock)
        [row] = app.store.referrals.queue(Filters(partner="trr"))
        notes = [event.note for event in app.store.referrals.events(row.id) if event.what == "note"]
        contact = app.store.submissions.contact(str(row.submission_id))
        app.close()
        assert notes == ["Ringer på måndag"] and contact is not None and contact.name == "Kim Exempel"


def test_it_is_never_written_over_a_file(sqlite_url: str, intake: Command, tmp_path: Path) -> None:
    file = tmp_path / "backup.gz"
    file.write_text("of yesterday")
    code, said = intake("backup", str(file), INTAKE_DATABASE_URL=sqlite_url)
    [line] = said.splitlines()
    assert code == 2 and "is there already" in line
    assert file.read_text() == "of yesterday" and leftovers(tmp_path) == []


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_where_nothing_can_be_written_it_says_so(sqlite_url: str, intake: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for target in (tmp_path / "none" / "backup.gz", tmp_path / "file" / "backup.gz"):
        code, said = intake("backup", str(target), INTAKE_DATABASE_URL=sqlite_url)
        [line] = said.splitlines()
        assert code == 2 and str(target) in line and "cannot be written" in line


@pytest.mark.parametrize("gone", ["the database", "the disk"])
def test_when_it_fails_half_way_nothing_is_left(filled: Office, database_url: str, tmp_path: Path, gone: str) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    if gone == "the database":
        ask(database_url, "ALTER TABLE messages RENAME TO elsewhere")
        with pytest.raises(BadSetting, match="INTAKE_DATABASE_URL.*cannot be used"):
            backup(filled.app.settings, folder / "backup.gz")
    else:
        with files_up_to(2000), pytest.raises(BadSetting, match="cannot be written: File too large"):
            backup(filled.app.settings, folder / "backup.gz")
    assert list(folder.iterdir()) == []


def test_a_database_that_is_not_there_is_no_empty_backup(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path / 'none.sqlite'}", secret_keys=KEYS)
    with pytest.raises(BadSetting, match="not there"):
        backup(settings, tmp_path / "backup.gz")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_holds_data_is_lost_only_with_replace(
    filled: Office, database_url: str, intake: Command, tmp_path: Path
) -> None:
    file, before = tmp_path / "backup.gz", everything(database_url)
    backup(filled.app.settings, file)
    filled.sends(WHITE)
    code, said = intake("restore", str(file), INTAKE_DATABASE_URL=database_url)
    [line] = said.splitlines()
    assert code == 2 and "--replace" in line and count(database_url, "submissions") == 3
    code, said = intake("restore", str(file), "--replace", INTAKE_DATABASE_URL=database_url)
    assert code == 0 and everything(database_url) == before


def test_wrong_keys_and_a_file_that_is_not_there_are_refused(
    filled: Office, intake: Command, database_url: str, tmp_path: Path
) -> None:
    backup(filled.app.settings, tmp_path / "backup.gz")
    before = everything(database_url)
    env = {"INTAKE_DATABASE_URL": database_url, "INTAKE_SECRET_KEYS": Keys.new_text()}
    code, text = intake("restore", str(tmp_path / "backup.gz"), "--replace", **env)
    [line] = text.splitlines()
    assert code == 2 and "INTAKE_SECRET_KEYS does not open" in line
    other_order = filled.app.settings.model_copy(update={"secret_keys": f"{KEYS},{Keys.new_text('k0')}"})
    with pytest.raises(BadSetting, match="oldest key must stay the last"):
        restore(other_order, tmp_path / "backup.gz", replace=True)
    with pytest.raises(BadSetting, match="none.gz cannot be read: No such file"):
        restore(filled.app.settings, tmp_path / "none.gz", replace=True)
    assert everything(database_url) == before


def test_what_cannot_all_be_restored_is_not_restored_at_all(filled: Office, database_url: str, tmp_path: Path) -> None:
    """A row that leads nowhere, of which the file says itself that it is whole."""
    backup(filled.app.settings, tmp_path / "whole.gz")
    lines = [json.loads(line) for line in gzip.decompress((tmp_path / "whole.gz").read_bytes()).splitlines()]
    [first, *_] = [line["row"] for line in lines if line.get("table") == "contacts"]
    first["submission_id"] = "of nobody"
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    before = everything(database_url)
    with pytest.raises(BadSetting):
        restore(filled.app.settings, broken, replace=True)
    assert everything(database_url) == before


def test_while_others_write_a_backup_is_of_one_moment(
    filled: Office, databases: Databases, database_url: str, tmp_path: Path
) -> None:
    stop, written = threading.Event(), []

    def writes() -> None:
        while not stop.is_set():
            written.append(filled.sends(WHITE, ("trr",), union=True))

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        for number in range(4):
            had = len(written)
            while len(written) == had:
                time.sleep(0.005)
            backup(filled.app.settings, tmp_path / f"{number}.gz")
    finally:
        stop.set()
        writer.join()
    assert len(written) > 4
    for number in range(4):
        with databases.lent("sqlite") as url:
            settings = load_settings(database_url=url, secret_keys=KEYS)
            counted = restore(settings, tmp_path / f"{number}.gz")
            assert dangling(url) == [] and counted["submissions"] >= 2 + number
            sent = "SELECT count(submission_id) FROM interviews"
            assert ask(url, sent) == [(counted["submissions"],)] == [(counted["contacts"],)]
            persons = ask(url, "SELECT count(*) FROM referrals WHERE submission_id IS NOT NULL")
            assert persons == [(2 * counted["submissions"],)]
            unions = counted["referrals"] - 2 * counted["submissions"] + counted["union_notes"]
            assert unions == counted["submissions"] - 1, "made, or noted: all but the first chose one"
