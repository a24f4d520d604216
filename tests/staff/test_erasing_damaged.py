"""Damaged data of one person does not prevent erasing others."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from intake.store.tables import submissions
from tests.offices import PROGRAMME, office
from tests.staff.test_erasing import kept_for, sends


def test_more_damaged_cases_than_are_looked_for_together(database_url: str, tmp_path: Path) -> None:
    with office(database_url, tmp_path, programmes=kept_for(tmp_path, keep_closed_days=100)) as there:
        cases = sorted((sends(there) for _ in range(4)), key=lambda case: case.id)
        for case in cases:
            there.app.desk.withdraw(PROGRAMME, case.sealed["status_token"])
        with there.app.store.transaction() as connection:
            for damaged in cases[:2]:
                connection.execute(update(submissions).where(submissions.c.id == damaged.id).values(coded="{"))
        there.tick(days=101)
        assert there.app.rights.erase_old(together=2) == 2 and there.app.rights.erase_old(together=2) == 0
        assert there.app.store.submissions.by_id(cases[-1].id) is None
