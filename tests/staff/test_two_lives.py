"""Two histories that differ only in a union: no row outside the unions' own tells which is which.

Each happens on a database of its own, with the same people before and after, the same clock and the same seed.
Encrypted values are compared by length, ids by first occurrence, PostgreSQL's transactions by order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog

from bench.linkage.reading import Row, rows_of
from intake.operations.retention import purge
from intake.records import Submission
from intake.store.tables import metadata
from tests.databases import KINDS, Databases, Kind
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office
from tests.staff.test_erasing import kept_for

HANGING = ("events", "messages", "access_log")  # what hangs on a referral
DRAWN = re.compile(r"[0-9a-f]{32,64}|VK-[A-Z0-9]{4}-[A-Z0-9]{4}")
KEYS = f"k1:{'A' * 43}="


class Life(Office):
    """An office whose clock moves only when it is told to, and in which people wait for others."""

    def __init__(self, url: str, var: Path) -> None:
        super().__init__(url, var, secret_keys=KEYS, programmes=kept_for(var, keep_closed_days=365))
        self.app.unions.at_once = False
        self.begins()

    def begins(self) -> None:
        """What is drawn follows from the moment, whatever was drawn before."""
        self.tick(minutes=7)
        self.app.chance._source = Random(self.moment.isoformat())  # all parts of the app share it

    def sent(self, union: bool, answers: dict[str, str] = WHITE, yes: tuple[str, ...] = ("trr", "af")) -> Submission:
        self.begins()
        return self.sends(answers, yes, union=union)

    def clock(self) -> datetime:
        return self.moment

    def works(self) -> None:
        """What the worker does, a minute later."""
        self.begins()
        self.app.outbox.work_once()
        self.app.unions.work_once()
        self.app.outbox.work_once()
        self.app.rights.erase_old()
        purge(self.app.programmes, self.app.store, self.clock())


def token(case: Submission, name: str = "status_token") -> str:
    return str(case.sealed[name])


def nothing(life: Life, case: Submission, union: bool) -> None:
    """Sent in, and no more."""


def union_back(life: Life, case: Submission, union: bool) -> None:
    """Only somebody with a union can do it; for the other life the moment passes."""
    if union:
        life.app.desk.withdraw(PROGRAMME, token(case), "unionen")


def one_back(life: Life, case: Submission, union: bool) -> None:
    life.app.desk.withdraw(PROGRAMME, token(case), "trr")


def all_back(life: Life, case: Submission, union: bool) -> None:
    life.app.desk.withdraw(PROGRAMME, token(case, "letter_token"))


def one_more(life: Life, case: Submission, union: bool) -> None:
    trr, gr = life.staff("trr"), life.coordinator
    life.app.casework.pick_up(trr, case.reference)
    life.begins()
    life.app.casework.hand_over(trr, case.reference, "gr", "vill mer")
    life.begins()
    life.app.casework.pick_up(gr, case.reference)
    life.begins()
    life.app.casework.ask_by_letter(gr, case.reference, "brg")
    life.begins()
    life.app.desk.send_consents(PROGRAMME, token(case), ["brg"])


def wished(life: Life, case: Submission, union: bool) -> None:
    life.app.desk.wish_erased(PROGRAMME, token(case))


def wished_and_erased(life: Life, case: Submission, union: bool) -> None:
    wished(life, case, union)
    life.works()
    life.app.casework.erase(life.coordinator, case.reference)


def wished_and_kept(life: Life, case: Submission, union: bool) -> None:
    wished(life, case, union)
    life.works()
    life.app.casework.keep(life.coordinator, case.reference, "Till 2030.")


def by_command(life: Life, case: Submission, union: bool) -> None:
    life.app.rights.erase(case)


def copied(life: Life, case: Submission, union: bool) -> None:
    life.app.desk.export(PROGRAMME, token(case), "en", life.browser)
    life.app.rights.of_owner(case, "sv", None)
    life.app.desk.status(PROGRAMME, token(case), "en", life.browser)


def grown_old(life: Life, case: Submission, union: bool) -> None:
    trr = life.staff("trr")
    life.app.casework.pick_up(trr, case.reference)
    life.app.casework.see(trr, case.reference, "sv")
    life.app.casework.close(trr, case.reference, "new_job")


def consents_later(life: Life, case: Submission, union: bool) -> None:
    """Only for somebody of whom staff decide."""
    gr = life.coordinator
    life.app.casework.pick_up(gr, case.reference)
    life.begins()
    life.app.casework.decide(gr, case.reference, "A")
    life.begins()
    life.app.desk.send_consents(PROGRAMME, token(case), ["if_metall"] if union else [])


Event = Callable[[Life, Submission, bool], None]
EVENTS: tuple[Event, ...] = (
    nothing, union_back, one_back, all_back, one_more, wished, wished_and_erased, wished_and_kept, by_command, copied,
    grown_old, consents_later,
)  # fmt: skip


def lived(url: str, var: Path, union: bool, between: bool) -> tuple[dict[str, list[Row]], list[Any]]:
    """A person for each event, with others who are the same in both lives. What lies there in the end, and the log.

    `between`: a batch has left between sending in and what happens.
    """
    life, cases = Life(url, var), []
    try:
        with structlog.testing.capture_logs() as said:
            for number, happens in enumerate(EVENTS):
                life.sent(number % 2 == 0)
                later = happens is consents_later
                cases.append((life.sent(False, WORKS_HERE, ()) if later else life.sent(union), life.persons))
            if between:
                life.tick(days=4)
                life.works()
            others = life.persons
            for happens, (case, life.persons) in zip(EVENTS, cases, strict=True):
                life.begins()
                happens(life, case, union)
                life.works()
            life.persons = others
            life.sent(False)
            for _ in range(2):
                life.tick(days=4)
                life.works()
            life.tick(days=400)
            life.works()
        return {table: rows_of(url, table) for table in metadata.tables}, said
    finally:
        life.app.close()


def without_unions(tables: dict[str, list[Row]]) -> dict[str, list[list[Any]]]:
    """Every row that is no union's, in the order in which it lies, with what cannot be equal put into its place."""
    unions = {row["id"] for row in tables["referrals"] if row["submission_id"] is None}
    kept = {
        table: [row for row in rows if (row.get("referral_id") if table in HANGING else row.get("id")) not in unions]
        for table, rows in tables.items()
        if table != "union_notes"
    }
    for row in kept["messages"]:  # several of one moment are sent in an order of PostgreSQL's own
        row |= {"@xmin": None, "@xmax": None, "@place": 0 if row["@xmin"] is not None else row["@place"]}
    system = ("@xmin", "@xmax")
    written = sorted({row[name] for rows in kept.values() for row in rows for name in system} - {None})
    rank = {number: place for place, number in enumerate(written)}
    seen: dict[str, str] = {}

    def named(drawn: re.Match[str]) -> str:
        return seen.setdefault(drawn[0], f"<{len(seen)}>")

    def plain(name: str, value: Any) -> Any:
        if name in system:
            return rank.get(value)
        if isinstance(value, bytes):
            return len(value)
        return DRAWN.sub(named, value) if isinstance(value, str) else value

    def lies(row: Row) -> tuple[int, str]:
        """PostgreSQL fills gaps in a page, of which a union's rows leave some: there the order of writing counts."""
        known = {name: value for name, value in row.items() if not isinstance(value, bytes) and name[0] != "@"}
        return row["@xmin"] or row["@place"], DRAWN.sub("", str(known))

    return {
        table: [
            [f"{name}={plain(name, value)}" for name, value in row.items() if name != "@place"]
            for row in sorted(rows, key=lies)
        ]
        for table, rows in kept.items()
    }


def lines(said: list[Any]) -> list[str]:
    """But for how many letters and notes there were: those of unions are among them."""
    counted = ("letter_sent", "union_notes_carried_out")
    return [DRAWN.sub("", str(line)) for line in said if line["event"] not in counted]


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_tells_which_of_the_two_it_was(databases: Databases, kind: Kind, tmp_path: Path, effort: int) -> None:
    """With a batch between what they do and, in `make test-all`, with one for all of it."""
    for between in (True, False) if effort > 1 else (True,):
        with databases.lent(kind) as url, databases.lent(kind) as other_url:
            alike((url, other_url), tmp_path / str(between), between)


def alike(pair: tuple[str, str], var: Path, between: bool) -> None:
    (yes, said), (no, said_without) = (
        lived(url, var / name, name == "yes", between) for url, name in zip(pair, ("yes", "no"), strict=True)
    )
    assert sum(row["partner"] == "unionen" for row in yes["referrals"]) > 6
    plain, other = without_unions(yes), without_unions(no)
    for table, rows in plain.items():
        for row, same in zip(rows, other[table], strict=True):
            assert row == same, table
    assert lines(said) == lines(said_without)
