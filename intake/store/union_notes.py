"""Notes of what people want of unions: sealed, of one length, found again by keyed hashes without a pattern.

Each note of a submission has a hash of its own, so that two of one submission have nothing in common: who takes back
the consent for a union leaves a note and nothing else, and it must not point to the note of the day they sent in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from intake.errors import Damaged
from intake.keys import Keys, WrongKey
from intake.records import Consent, NewReferral, UnionNote
from intake.store.database import Database
from intake.store.tables import union_notes as t
from intake.store.times import hour, maybe_time, to_text

LENGTH = 4096  # bytes of every note before it is sealed: enough for ten unions with the longest names
PLACES = 4  # looked at together; a submission seldom has three notes waiting
MOST = 1000  # carried out together

ADD = {
    "postgresql": insert_postgresql(t).on_conflict_do_nothing(index_elements=["place"]),
    "sqlite": insert_sqlite(t).on_conflict_do_nothing(index_elements=["place"]),
}
AT = select(t.c.id, t.c.sealed).where(t.c.place.in_([bindparam(f"place{n}") for n in range(PLACES)]))


class UnionNotes:
    """Notes that wait for the next batch. Only for a person's own side, and for the worker's."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys
        self._at = db.statement(AT)

    def add(self, id: str, note: UnionNote) -> None:
        """Leave a note, at the first place of its submission that is free."""
        sealed = self.keys.seal_json(_to_json(note), _context(id), LENGTH)
        row = {"id": id, "programme": note.programme, "sealed": sealed, "created_at": to_text(hour(note.at))}
        for number in count():
            place = self._place(note.submission_id, number)
            if self.db.change(ADD[self.db.dialect], {**row, "place": place}) == 1:
                return

    def of_submission(self, submission_id: str) -> list[UnionNote]:
        """What still waits of one submission, in no order."""
        self.db.work.must_admit(submission_id)
        found: list[UnionNote] = []
        for first in count(0, PLACES):
            places = {f"place{n}": self._place(submission_id, first + n) for n in range(PLACES)}
            rows = [(row["id"], row["sealed"]) for row in self.db.records(self._at, places)]
            found += [note for _, note in self._readable(rows)[0]]
            if len(rows) < PLACES:
                self.db.work.admit(*(new.id for note in found for new in note.yes))
                return found
        raise AssertionError("count() never ends")

    def waiting(self, programme: str) -> tuple[int, datetime | None]:
        """(how many wait, since when the oldest does)"""
        counted = select(func.count().label("number"), func.min(t.c.created_at).label("oldest"))
        (row,) = self.db.rows(counted.where(t.c.programme == programme))
        return row.number, maybe_time(row.oldest)

    def all(self, programme: str) -> tuple[list[tuple[str, UnionNote]], int]:
        """([(id, note)], how many cannot be read) of a programme, for this transaction only."""
        statement = select(t.c.id, t.c.sealed).where(t.c.programme == programme).order_by(t.c.id).limit(MOST)
        rows = self.db.rows(statement.with_for_update(skip_locked=True))
        return self._readable(rows)

    def look(self, programme: str) -> list[UnionNote]:
        """The same, only to look at."""
        rows = self.db.rows(select(t.c.id, t.c.sealed).where(t.c.programme == programme))
        return [note for _, note in self._readable(rows)[0]]

    def delete(self, ids: Collection[str]) -> None:
        self.db.change(delete(t).where(t.c.id.in_(ids)))

    def _readable(self, rows: Sequence[Any]) -> tuple[list[tuple[str, UnionNote]], int]:
        notes = []
        for id, sealed in rows:
            try:
                notes.append((id, self._open(id, sealed)))
            except (WrongKey, Damaged):
                continue
        return notes, len(rows) - len(notes)

    def _open(self, id: str, sealed: bytes) -> UnionNote:
        try:
            return _from_json(self.keys.open_json(sealed, _context(id)))
        except (KeyError, TypeError, ValueError):
            raise Damaged("a note cannot be read any more: restore it from a backup") from None

    def _place(self, submission_id: str, number: int) -> str:
        return self.keys.blind(f"{submission_id}|{number}", "union_note")


def _to_json(note: UnionNote) -> dict[str, Any]:
    return {
        "submission_id": note.submission_id,
        "programme": note.programme,
        "version": note.version,
        "at": note.at.isoformat(),
        "language": note.language,
        "by_phone": note.by_phone,
        "yes": [[one.id, one.partner, one.reference, one.status, one.rank, _consent(one)] for one in note.yes],
        "back": list(note.back),
        "erased": note.erased,
    }


def _from_json(kept: dict[str, Any]) -> UnionNote:
    yes = tuple(
        NewReferral(id, partner, reference, status, False, rank, True, consent_from(consent))
        for id, partner, reference, status, rank, consent in kept["yes"]
    )
    simple = {name: kept[name] for name in ("submission_id", "programme", "version", "language", "by_phone", "erased")}
    return UnionNote(at=datetime.fromisoformat(kept["at"]), yes=yes, back=tuple(kept["back"]), **simple)


def _consent(new: NewReferral) -> list[str] | None:
    return None if new.consent is None else consent_to(new.consent)


def consent_to(consent: Consent) -> list[str]:
    """A consent for JSON. Nobody records a union's by telephone."""
    return [consent.version, consent.language, consent.at.isoformat(), consent.source]


def consent_from(kept: list[str] | None) -> Consent | None:
    """The consent that `consent_to` made this of."""
    return None if kept is None else Consent(kept[0], kept[1], datetime.fromisoformat(kept[2]), kept[3])


def _context(id: str) -> str:
    return f"union_notes.sealed:{id}"
