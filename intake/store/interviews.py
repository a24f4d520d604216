"""Interviews. The answer path: one SELECT and one UPDATE guarded by the revision, statements built once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from intake.keys import Keys
from intake.records import Changed, Interview
from intake.store.database import Database
from intake.store.tables import interviews as t
from intake.store.times import to_text, to_time

LENGTH = 1024  # answers are a multiple of so many bytes: their length must not tell whether a union was chosen

FIND = select(t).where(t.c.handle_hash == bindparam("handle"))
BY_ID = select(t).where(t.c.id == bindparam("row"))
ADD = insert(t)
SAVE = (
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
    """Each statement is committed by itself. A handle opens its own interview."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys
        self._find, self._add, self._save = (db.statement(one) for one in (FIND, ADD, SAVE))

    def find(self, handle_hash: str) -> Interview | None:
        """What this handle has."""
        row = self.read(handle_hash)
        return None if row is None else self.open(row)

    def read(self, handle_hash: str) -> Mapping[Any, Any] | None:
        """The same as it is stored: with its answers sealed."""
        rows = self.db.records(self._find, {"handle": handle_hash})
        return rows[0] if rows else None

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
            self.db.changed(self._add, values)
        except self.db.conflict:
            found = self.find(interview.handle_hash)
            if found is None:
                raise
            return found
        self.db.work.admit(interview.id)
        return interview

    def save(self, interview: Interview, changed: Changed, now: datetime) -> Interview | None:
        """What is stored then; None when somebody else has saved since it was read."""
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
        if self.db.changed(self._save, values) != 1:
            return None
        return Interview(
            interview.id, interview.programme, version, language, interview.channel, changed.answers,
            interview.revision + 1, changed.reached, changed.applied, None, interview.started_at, now,
            interview.handle_hash,
        )  # fmt: skip

    def by_id(self, id: str) -> Interview | None:
        self.db.work.must_admit(id)
        row = self.db.first(BY_ID, {"row": id})
        return None if row is None else self.open(row._mapping)

    def hand_to(self, id: str, handle_hash: str, channel: str) -> bool:
        """The interview goes on at another handle; what that handle had before is left. False: it is gone or sent,
        and the handle keeps what it had.
        """
        self.db.work.must_admit(id)
        unfinished = select(t.c.id).where(t.c.id == id, t.c.submission_id.is_(None))
        if self.db.first(unfinished.with_for_update()) is None:
            return False
        self.db.change(update(t).where(t.c.handle_hash == handle_hash, t.c.id != id).values(handle_hash=None))
        self.db.change(
            update(t).where(t.c.id == id).values(handle_hash=handle_hash, channel=channel, revision=t.c.revision + 1)
        )
        return True

    def set_language(self, id: str, language: str) -> None:
        """Another language for one that is sent."""
        self.db.work.must_admit(id)
        self.db.change(update(t).where(t.c.id == id).values(language=language))

    def delete(self, id: str) -> None:
        self.db.work.must_admit(id)
        self.db.change(delete(t).where(t.c.id == id, t.c.submission_id.is_(None)))

    def rename(self, handle_hash: str, other: str) -> None:
        """What this handle has is the other's from now on, unless the other has something already."""
        with suppress(IntegrityError):
            self.db.change(update(t).where(t.c.handle_hash == handle_hash).values(handle_hash=other))

    def release(self, id: str) -> None:
        """No handle leads to this interview any more."""
        self.db.work.must_admit(id)
        self.db.change(update(t).where(t.c.id == id).values(handle_hash=None))

    def purge(self, programme: str, before: datetime) -> int:
        """Delete the unfinished interviews of a programme that nobody has touched since; how many there were."""
        unfinished = (t.c.programme == programme, t.c.submission_id.is_(None), t.c.touched_at < to_text(before))
        return self.db.change(delete(t).where(*unfinished))

    def open(self, v: Mapping[Any, Any]) -> Interview:
        """The interview in a row."""
        self.db.work.admit(v["id"], v["submission_id"])
        open_still = v["submission_id"] is None
        answers = self.keys.open_json(v["answers_sealed"], _place("answers", v["id"])) if open_still else {}
        applied = tuple(v["applied"].split(",")) if v["applied"] else ()
        return Interview(
            v["id"], v["programme"], v["version"], v["language"], v["channel"], answers, v["revision"], v["reached"],
            applied, v["submission_id"], to_time(v["started_at"]), to_time(v["touched_at"]), v["handle_hash"],
        )  # fmt: skip


def _place(what: str, id: str) -> str:
    return f"interviews.{what}:{id}"
