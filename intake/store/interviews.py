"""Interviews. The answer path: one SELECT and one UPDATE guarded by the revision, statements built once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from intake.errors import TryLater
from intake.keys import Keys
from intake.records import Changed, Interview
from intake.store.quick import Quick, Statement
from intake.store.tables import interviews as t
from intake.store.times import to_text, to_time

LENGTH = 1024  # answers are a multiple of so many bytes: their length must not tell whether a union was chosen
MOST_MET = 256  # interviews kept in memory as they were met last
TRIES = 8  # how often a lost race is tried again

COLUMNS = (
    t.c.id,
    t.c.programme,
    t.c.version,
    t.c.language,
    t.c.channel,
    t.c.answers_sealed,
    t.c.revision,
    t.c.reached,
    t.c.applied,
    t.c.submission_id,
    t.c.started_at,
    t.c.touched_at,
    t.c.handle_hash,
)
FIND = select(*COLUMNS).where(t.c.handle_hash == bindparam("handle"))
BY_ID = select(*COLUMNS).where(t.c.id == bindparam("row"))
ADD = insert(t)
STEP = (
    update(t)
    .where(
        t.c.id == bindparam("row"),
        t.c.revision == bindparam("seen"),
        t.c.handle_hash == bindparam("handle"),
        t.c.submission_id.is_(None),
    )
    .values(
        answers_sealed=bindparam("answers"),
        revision=t.c.revision + 1,
        version=bindparam("under"),
        language=bindparam("spoken"),
        reached=bindparam("at"),
        applied=bindparam("updates"),
        touched_at=bindparam("now"),
    )
)


class Interviews:
    """`hot` commits each statement by itself."""

    def __init__(self, hot: Engine, steady: Engine, quick: Quick, keys: Keys) -> None:
        self.hot = hot
        self.steady = steady
        self.keys = keys
        self.quick = quick
        self.quick_add = Statement(hot, ADD)
        self.quick_find = Statement(hot, FIND)
        self.quick_step = Statement(hot, STEP)
        # By handle hash: what was read or written last. Several threads share it: go through a copy of it only.
        self._met: dict[str, Interview] = {}

    def find(self, handle_hash: str) -> Interview | None:
        """What was met before at the same revision is not opened again."""
        rows = self.quick.rows(self.quick_find, {"handle": handle_hash})
        if not rows:
            self._met.pop(handle_hash, None)
            return None
        row = rows[0]
        met = self._met.get(handle_hash)
        as_it_is = (row[0], row[3], row[6], row[9])
        if met is not None and (met.id, met.language, met.revision, met.submission_id) == as_it_is:
            return met
        return self._keep(self._record(row))

    def _forget(self, id: str) -> None:
        for handle_hash in [key for key, met in self._met.copy().items() if met.id == id]:
            self._met.pop(handle_hash, None)

    def _keep(self, interview: Interview) -> Interview:
        if len(self._met) >= MOST_MET:
            self._met.clear()
        self._met[interview.handle_hash] = interview
        return interview

    def add(self, interview: Interview) -> Interview:
        """Store a new interview. Somebody was first with this handle: theirs is given."""
        values = {
            "id": interview.id,
            "programme": interview.programme,
            "version": interview.version,
            "language": interview.language,
            "channel": interview.channel,
            "handle_hash": interview.handle_hash,
            "answers_sealed": self.keys.seal_json(interview.answers, _place("answers", interview.id), LENGTH),
            "revision": interview.revision,
            "reached": interview.reached,
            "applied": ",".join(interview.applied),
            "started_at": to_text(interview.started_at),
            "touched_at": to_text(interview.touched_at),
        }
        try:
            self.quick.changed(self.quick_add, values)
        except self.quick.conflict:
            found = self.find(interview.handle_hash)
            if found is None:
                raise
            return found
        return interview

    def step(self, handle_hash: str, change: Callable[[Interview], Changed | None], now: datetime) -> Interview | None:
        """Load, let `change` decide, write back if nobody else has in between (else again). None: no such interview.

        A submitted interview is given as it is. Raises TryLater when others always were first.
        """
        interview = self._met.get(handle_hash)  # as it was; the guard says whether it still is
        fresh = interview is None
        for _ in range(TRIES):
            if fresh:
                interview = self.find(handle_hash)
            if interview is None:
                return None
            if interview.submission_id is None:
                changed = change(interview)
                if changed is not None:
                    if written := self._write(interview, changed, now):
                        return written
                    self._met.pop(handle_hash, None)
                elif fresh:
                    return interview
            elif fresh:
                return interview
            fresh = True
        raise TryLater("these answers are being changed from several places at once: try again")

    def _write(self, interview: Interview, changed: Changed, now: datetime) -> Interview | None:
        """What is stored then; None when somebody else was first."""
        language, version = changed.language or interview.language, changed.version or interview.version
        values = {
            "row": interview.id,
            "seen": interview.revision,
            "handle": interview.handle_hash,
            "answers": self.keys.seal_json(changed.answers, _place("answers", interview.id), LENGTH),
            "under": version,
            "spoken": language,
            "at": changed.reached,
            "updates": ",".join(changed.applied),
            "now": to_text(now),
        }
        if self.quick.changed(self.quick_step, values) != 1:
            return None
        return self._keep(
            Interview(
                interview.id, interview.programme, version, language, interview.channel, changed.answers,
                interview.revision + 1, changed.reached, changed.applied, None, interview.started_at, now,
                interview.handle_hash,
            )
        )  # fmt: skip

    def by_id(self, id: str) -> Interview | None:
        with self.hot.connect() as connection:
            row = connection.execute(BY_ID, {"row": id}).first()
        return None if row is None else self._record(row)

    def hand_to(self, connection: Connection, id: str, handle_hash: str, channel: str) -> bool:
        """The interview goes on at another handle; what that handle had before is left. False: it is gone or sent,
        and the handle keeps what it had.
        """
        still = connection.execute(select(t.c.id).where(t.c.id == id, t.c.submission_id.is_(None)).with_for_update())
        if still.first() is None:
            return False
        connection.execute(update(t).where(t.c.handle_hash == handle_hash, t.c.id != id).values(handle_hash=None))
        connection.execute(
            update(t)
            .where(t.c.id == id)
            .values(handle_hash=handle_hash, channel=channel, revision=t.c.revision + 1)
        )
        return True

    def speak(self, id: str, language: str) -> None:
        """Another language for one that is sent."""
        with self.hot.connect() as connection:
            connection.execute(update(t).where(t.c.id == id).values(language=language))

    def delete(self, id: str) -> None:
        self._forget(id)
        with self.hot.connect() as connection:
            connection.execute(delete(t).where(t.c.id == id, t.c.submission_id.is_(None)))

    def rename(self, handle_hash: str, other: str) -> None:
        """What this handle has is the other's from now on, unless the other has something already."""
        self._met.pop(handle_hash, None)
        with self.hot.connect() as connection, suppress(IntegrityError):
            connection.execute(update(t).where(t.c.handle_hash == handle_hash).values(handle_hash=other))

    def release(self, id: str) -> None:
        """No handle leads to this interview any more."""
        self._forget(id)
        with self.hot.connect() as connection:
            connection.execute(update(t).where(t.c.id == id).values(handle_hash=None))

    def purge(self, programme: str, before: datetime) -> int:
        """Delete the unfinished interviews of a programme that nobody has touched since; how many there were."""
        self._met.clear()
        unfinished = (t.c.programme == programme, t.c.submission_id.is_(None), t.c.touched_at < to_text(before))
        with self.hot.connect() as connection:
            return connection.execute(delete(t).where(*unfinished)).rowcount

    def _record(self, row: Any) -> Interview:
        answers = self.keys.open_json(row[5], _place("answers", row[0])) if row[9] is None else {}
        applied = tuple(row[8].split(",")) if row[8] else ()
        return Interview(
            row[0], row[1], row[2], row[3], row[4], answers, row[6], row[7], applied, row[9],
            to_time(row[10]), to_time(row[11]), row[12],
        )  # fmt: skip


def _place(what: str, id: str) -> str:
    return f"interviews.{what}:{id}"
