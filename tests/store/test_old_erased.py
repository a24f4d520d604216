"""Erased persons stay erased, however old the restored backup, and whatever happened to the keys since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from intake import open_app
from intake.keys import Keys
from intake.operations.backup import restore
from intake.records import Submission
from intake.store.migrating import versions
from tests.everything import everything
from tests.offices import NOW
from tests.store import old_backups
from tests.store.inside import ask
from tests.store.old_backups import file_of_version
from tests.store.test_old_backups import old_settings


@pytest.mark.parametrize("version", [versions()[0], versions()[-1]])
def test_a_backup_of_an_old_version_brings_nobody_back(version: str, empty_database_url: str, tmp_path: Path) -> None:
    url, file = empty_database_url, file_of_version(version)
    restore(old_settings(url, tmp_path), file)
    [(union, reference)] = ask(url, "SELECT id, reference FROM referrals WHERE submission_id IS NULL") or [("", "")]
    app = open_app(old_settings(url, tmp_path), clock=lambda: NOW)
    cases = [found for (id,) in ask(url, "SELECT id FROM submissions") if (found := app.store.submissions.by_id(id))]
    for case in cases:
        app.rights.erase(case, why="beslut 14")
    app.close()  # and the batch never came

    rotated = f"{Keys.new_text('k2')},{old_backups.KEYS}"
    restore(old_settings(url, tmp_path, rotated), file, replace=True)
    later = open_app(old_settings(url, tmp_path, rotated), clock=lambda: NOW + timedelta(days=4))
    try:
        later.unions.work_once()
        rows = str(everything(later))
    finally:
        later.close()
    assert len(cases) == 2
    assert not [one for one in _traces(cases, union, reference) if one in rows]
    assert ask(url, "SELECT count(*) FROM erased") == [(4,)]


def _traces(cases: list[Submission], union: str, reference: str) -> list[str]:
    whose = [trace for case in cases for trace in (case.id, case.interview_id, case.reference)]
    return [*whose, *filter(None, (union, reference)), "kim@example.org"]
