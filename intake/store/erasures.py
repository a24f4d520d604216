"""Erasing: every row of a person, and a keyed hash that says so for ever. Union rows are never touched with them.

What a union has of the person goes with the next batch, by the note that the same transaction leaves
(`intake.referrals.unions`). `erase_again` is for a backup of before: after loading, nobody who was erased may be back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from intake.engine.referral import NOT_REACHED, OPEN
from intake.errors import Damaged
from intake.keys import Keys, WrongKey
from intake.records import NO, Submission
from intake.store.database import Database
from intake.store.tables import (
    access_log,
    contacts,
    erased,
    events,
    interviews,
    links,
    messages,
    referrals,
    union_notes,
)
from intake.store.tables import submissions as t
from intake.store.times import hour, to_text

ADD = {
    "postgresql": insert_postgresql(erased).on_conflict_do_nothing(index_elements=["hash"]),
    "sqlite": insert_sqlite(erased).on_conflict_do_nothing(index_elements=["hash"]),
}
NO_CONTACT, CLOSED, NOT_FOR_US = "no_contact", "closed", "not_for_us"  # how a case that is over ended


class Erasures:
    """Takes people out of the database, in a transaction."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys

    def lock(self, submission_id: str) -> bool:
        """Until the transaction ends nobody else changes the case. False: it is gone."""
        self.db.work.must_admit(submission_id)
        case = select(t.c.id).where(t.c.id == submission_id).with_for_update()
        there = self.db.first(case) is not None
        rows = select(referrals.c.id).where(referrals.c.submission_id == submission_id).order_by(referrals.c.id)
        self.db.rows(rows.with_for_update())
        return there

    def erase(self, submission: Submission, now: datetime, why: str | None = None) -> None:
        """Every row of a person but the unions', and two keyed hashes in their place; see `lock`. `why` is sealed."""
        self.db.work.must_admit(submission.id)
        with self.db.transaction() as connection:
            erase_rows(connection, submission.id, submission.interview_id)
        for id, said in ((submission.id, why), (submission.interview_id, None)):
            hash = erased_hash(self.keys, id)
            sealed = None if said is None else self.keys.seal(said.encode(), f"erased.sealed:{hash}")
            row = {"hash": hash, "at": to_text(hour(now)), "sealed": sealed}
            self.db.write(ADD[self.db.dialect], row)

    def is_erased(self, submission_id: str) -> bool:
        known = select(erased.c.hash).where(erased.c.hash == erased_hash(self.keys, submission_id))
        return self.db.first(known) is not None

    def erase_union(self, id: str) -> None:
        """A union's referral with everything that hangs on it, in a batch's transaction."""
        self.db.work.must_admit(id)
        with self.db.transaction() as connection:
            erase_union_rows(connection, id)

    def due(self, programme: str, ended: str, before: datetime, limit: int, after: str = "") -> list[str]:
        """Submissions that ended so (`no_contact`, `closed`, `not_for_us`) and have not been touched since; by their
        ids, those `after` this one.
        """
        these = (t.c.programme == programme, t.c.id > after, _over(ended, before))
        return [row.id for row in self.db.rows(select(t.c.id).where(*these).order_by(t.c.id).limit(limit))]

    def still_due(self, submission_id: str, ended: str, before: datetime) -> bool:
        """The same of one."""
        due = select(t.c.id).where(t.c.id == submission_id, _over(ended, before))
        return self.db.first(due) is not None


def erased_hash(keys: Keys, id: str) -> str:
    """What stays of a submission or an interview that was erased."""
    return keys.blind(id, "erased")


def erase_rows(connection: Connection, submission_id: str, interview_id: str) -> None:
    """The rows of one person that are not a union's. Who read what is kept, without about whom."""
    mine = select(referrals.c.id).where(referrals.c.submission_id == submission_id).scalar_subquery()
    for table in (messages, events):
        connection.execute(delete(table).where(table.c.referral_id.in_(mine)))
    connection.execute(update(access_log).where(access_log.c.referral_id.in_(mine)).values(referral_id=None))
    connection.execute(delete(referrals).where(referrals.c.submission_id == submission_id))
    connection.execute(delete(contacts).where(contacts.c.submission_id == submission_id))
    connection.execute(delete(t).where(t.c.id == submission_id))
    connection.execute(delete(interviews).where(interviews.c.id == interview_id))
    connection.execute(delete(links).where(links.c.subject.in_((submission_id, interview_id))))


def erase_union_rows(connection: Connection, id: str) -> None:
    """A union's referral with everything that hangs on it."""
    for table in (messages, events, access_log):
        connection.execute(delete(table).where(table.c.referral_id == id))
    connection.execute(delete(referrals).where(referrals.c.id == id))


# restoring


def kept_hashes(connection: Connection) -> list[dict[str, Any]]:
    """Who was erased in this database, before a backup is put in its place."""
    return [dict(row._mapping) for row in connection.execute(select(erased))]


def erase_again(connection: Connection, keys: Keys, kept: Sequence[dict[str, Any]] = ()) -> None:
    """After a backup was loaded: `kept` and the backup's own hashes are joined, and whoever has one is erased again,
    what unions have too. All is written by one transaction here, whoever it is about.
    """
    if kept:
        connection.execute(ADD[connection.dialect.name], list(kept))
    gone = set(connection.execute(select(erased.c.hash)).scalars())
    if not gone:
        return
    for id, interview_id in connection.execute(select(t.c.id, t.c.interview_id)).all():
        if erased_hash(keys, id) in gone:
            erase_rows(connection, id, interview_id)
    for id in connection.execute(select(interviews.c.id)).scalars().all():
        if erased_hash(keys, id) in gone:  # not sent in yet when the backup was made
            connection.execute(delete(interviews).where(interviews.c.id == id))
            connection.execute(delete(links).where(links.c.subject == id))
    for id in _of_the_erased(connection, keys, gone, referrals, referrals.c.submission_id.is_(None)):
        erase_union_rows(connection, id)
    for id in _of_the_erased(connection, keys, gone, union_notes):
        connection.execute(delete(union_notes).where(union_notes.c.id == id))


def _of_the_erased(
    connection: Connection, keys: Keys, gone: Collection[str], table: Table, *where: ColumnElement[bool]
) -> list[str]:
    """Rows whose way back to a person is sealed, and leads to somebody who was erased."""
    found = []
    for id, sealed in connection.execute(select(table.c.id, table.c.sealed).where(*where)).all():
        try:
            submission_id = keys.open_json(sealed, f"{table.name}.sealed:{id}")["submission_id"]
        except (WrongKey, Damaged, KeyError, TypeError, ValueError):
            continue  # sealed with a key that is missing: the batch asks again before it makes anything
        if erased_hash(keys, submission_id) in gone:
            found.append(id)
    return found


# what is over


def _over(ended: str, before: datetime) -> ColumnElement[bool]:
    """Every referral but the unions' has ended, and none was touched since."""
    mine = referrals.c.submission_id == t.c.id
    going_on = or_(referrals.c.status.in_(OPEN), referrals.c.changed_at >= to_text(before))
    came_to = referrals.c.outcome.is_not(None)
    unreached = and_(
        exists().where(mine, referrals.c.outcome == NOT_REACHED),
        not_(exists().where(mine, came_to, referrals.c.outcome != NOT_REACHED)),
    )
    a_no = func.coalesce(t.c.decision, "") == NO
    how = {NOT_FOR_US: a_no, NO_CONTACT: and_(not_(a_no), unreached), CLOSED: and_(not_(a_no), not_(unreached))}
    return and_(exists().where(mine), not_(exists().where(mine, going_on)), how[ended])
