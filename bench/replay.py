"""Generates millions of made-up submissions, and edits of a programme to replay them by."""

from __future__ import annotations

import os
import sqlite3
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from intake.authoring.catalog import load
from intake.config import PACKAGED
from intake.engine.journey import Journey
from intake.engine.programme import Programme
from tests.sent_people import sent_in, sent_people

CHUNK = 10_000
FOLDER = PACKAGED / "vastkraft"
# The edit, its text in programme.toml, and the replacement.
A, B = (f"[[group]]\nid = \"{id}\"\nwhen = '{when}'\n" for id, when in (
    ("A", "still_employed"), ("B", "given_notice and termination_reason in shortage_of_work"),
))  # fmt: skip
EDITS = {
    "touching few": ('collar == "blue" and agreement_or_unsure', 'collar == "blue" and collective_agreement == "yes"'),
    "touching many": ('["employed_at_risk", "employed_varslad"]', '["employed_varslad"]'),
    "touching everybody": (f"{A}\n{B}", f"{B}\n{A}"),
}


def fill(file: Path, number: int) -> None:
    """Creates a database with this many submissions, as sending in would have left them, without names."""
    from intake.store import migrate

    migrate(f"sqlite:///{file}")
    sizes = [min(CHUNK, number - start) for start in range(0, number, CHUNK)]
    with ProcessPoolExecutor(os.cpu_count()) as pool, closing(sqlite3.connect(file)) as database:
        for rows in pool.map(_submissions, range(len(sizes)), sizes):
            names = ", ".join(f'"{name}"' for name in rows[0])
            places = ", ".join(f":{name}" for name in rows[0])
            database.executemany(f"INSERT INTO submissions ({names}) VALUES ({places})", rows)
            database.commit()


@cache
def programme() -> Programme:
    return load(FOLDER)


def _submissions(seed: int, number: int) -> list[dict[str, Any]]:
    people = sent_people(programme(), Random(seed))
    return [_row(f"{seed}-{place}", next(people)) for place in range(number)]


def _row(id: str, journey: Journey) -> dict[str, Any]:
    kept = sent_in(journey, id)._asdict()
    del kept["decided"]
    return {
        **kept, **dict.fromkeys(("id", "interview_id", "status_hash", "letter_hash"), id),
        "programme": journey.programme.id, "language": "sv", "channel": "web",
        "reason": journey.assessment.reason, "route": journey.routing.route, "sealed": b"\0" * 700,
        "submitted_at": f"{journey.today.isoformat()}T12:00:00.000000Z",
    }  # fmt: skip


def one_by_one(file: Path, folder: Path) -> float:
    """Returns the seconds to judge everybody one by one, without the start of a process."""
    from intake.authoring.replay import replay
    from intake.keys import Keys
    from intake.store import Store

    store = Store(f"sqlite:///{file}", Keys.from_text(Keys.new_text("bench")))
    began = time.monotonic()
    replay(programme(), load(folder), store.replays.rows(programme().id))
    store.close()
    return time.monotonic() - began


def edited(folder: Path, edit: str) -> Path:
    """Returns a copy of the programme with one edit. `texts only`: every text, nothing else."""
    import shutil

    copy = folder / edit.replace(" ", "_")
    shutil.copytree(FOLDER, copy)
    if edit == "texts only":
        for file in (copy / "texts").iterdir():
            file.write_text(file.read_text(encoding="utf-8").replace('\ntext = "', '\ntext = "Now: '), encoding="utf-8")
        return copy
    before, after = EDITS[edit]
    text = (copy / "programme.toml").read_text(encoding="utf-8")
    assert text.count(before) >= 1, edit
    (copy / "programme.toml").write_text(text.replace(before, after), encoding="utf-8")
    return copy
