"""Referrals and their events: those that the unit of work is let in to (`intake.store.database`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    not_,
    select,
    true,
    update,
)  # fmt: skip

from intake.engine.referral import WITHDRAWN
from intake.errors import NotFound
from intake.keys import Keys
from intake.records import Consent, Event, NewReferral, Referral, Submission, UnionNote
from intake.store.database import Database
from intake.store.tables import events
from intake.store.tables import referrals as t
from intake.store.times import hour, to_text, to_time
from intake.store.union_notes import consent_from, consent_to

# Built once: making a statement costs more than running it.
SIBLINGS = select(t).where(t.c.submission_id == bindparam("submission")).order_by(t.c.rank)
KEYS = 8  # unions looked for together
BY_KEY = select(t).where(t.c.unique_key.in_([bindparam(f"key{n}") for n in range(KEYS)])).order_by(t.c.partner)
LENGTH = 1024  # bytes that a union's row keeps, before they are sealed
ADD, ADD_EVENT = insert(t), insert(events)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue shows."""

    statuses: tuple[str, ...] = ()
    municipality: str | None = None
    older_than: datetime | None = None
    partner: str | None = None
    verdict: str | None = None
    responsible: bool | None = None
    mine: str | None = None

    def where(self) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = [true()]
        if self.statuses:
            parts.append(t.c.status.in_(self.statuses))
        if self.municipality:
            parts.append(t.c.municipality == self.municipality)
        if self.older_than is not None:
            parts.append(t.c.created_at <= to_text(self.older_than))
        if self.partner:
            parts.append(t.c.partner == self.partner)
        if self.verdict:
            parts.append(t.c.verdict == self.verdict)
        if self.responsible is not None:
            parts.append(t.c.responsible == (true() if self.responsible else false()))
        if self.mine:
            parts.append(t.c.staff_id == self.mine)
        return and_(*parts)


class Referrals:
    """Reads and writes what the unit of work is let in to."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys
        self._siblings, self._by_key = db.statement(SIBLINGS), db.statement(BY_KEY)

    def find(self, reference: str, partner: str) -> Referral:
        """The referral with this reference at this partner. Raises NotFound outside the scope, as for a missing one."""
        return self._one(select(t).where(self._scope(), t.c.reference == reference, t.c.partner == partner))

    def get(self, id: str) -> Referral:
        """By id. Raises NotFound, also when it was erased meanwhile."""
        return self._one(self._by_id(id))

    def hold(self, id: str) -> Referral:
        """The same, and until the transaction ends nobody else changes it. Not for one whose case is locked."""
        return self._one(self._by_id(id).with_for_update(key_share=True))

    def responsible(self, reference: str) -> Referral:
        """The referral of a case that is responsible now. Raises NotFound."""
        return self._one(select(t).where(self._scope(), t.c.reference == reference, t.c.responsible == true()))

    def queue(self, filters: Filters, limit: int = 500) -> list[Referral]:
        """Oldest first."""
        mine = select(t).where(self._scope(), filters.where())
        return self._all(mine.order_by(t.c.created_at, t.c.reference).limit(limit))

    def counts(self, filters: Filters = Filters()) -> dict[str, int]:
        """How many per status."""
        mine = select(t.c.status, func.count().label("number")).where(self._scope(), filters.where())
        return {row.status: row.number for row in self.db.rows(mine.group_by(t.c.status))}

    def municipalities(self) -> list[str]:
        named = select(t.c.municipality).where(self._scope(), t.c.municipality.is_not(None))
        return [row[0] for row in self.db.rows(named.distinct())]

    def siblings(self, submission_id: str) -> list[Referral]:
        """The referrals of a submission that are not a union's, in the order of responsibility."""
        self.db.work.must_admit(submission_id)
        return [self._record(row) for row in self.db.records(self._siblings, {"submission": submission_id})]

    def of_unions(self, submission_id: str, unions: Collection[str]) -> list[Referral]:
        """The referrals of a submission at these unions, found by their keyed hash. Never for staff."""
        self.db.work.must_admit_person(submission_id)
        keys = [unique_key(self.keys, submission_id, union) for union in sorted(unions)]
        found = []
        for first in range(0, len(keys), KEYS):
            some = dict.fromkeys((f"key{n}" for n in range(KEYS)), "")
            some |= {f"key{n}": key for n, key in enumerate(keys[first : first + KEYS])}
            found += [self._record(row) for row in self.db.records(self._by_key, some)]
        return found

    def any(self, programme: str) -> bool:
        """Whether a programme has any referral."""
        return self.db.first(select(t.c.id).where(t.c.programme == programme).limit(1)) is not None

    def submission_id(self, referral: Referral) -> str:
        """The way back to the person; for a union's referral it is sealed. Raises NotFound when it is gone."""
        if referral.submission_id is not None:
            return referral.submission_id
        self.db.work.must_admit(referral.id)
        sealed = self.db.scalar(select(t.c.sealed).where(t.c.id == referral.id))
        if sealed is None:
            raise NotFound("no such referral")
        id = str(self.keys.open_json(sealed, _place(referral.id))["submission_id"])
        self.db.work.admit(id)
        return id

    def events(self, referral_id: str) -> list[Event]:
        self.db.work.must_admit(referral_id)
        mine = select(events).where(events.c.referral_id == referral_id)
        return [self._event(row) for row in self.db.rows(mine.order_by(events.c.at, events.c.id))]

    def wished(self, owner: str) -> list[Referral]:
        """The owner's referrals whose persons wished to be erased and have no answer yet, oldest first."""
        wish, answer = events.alias(), events.alias()
        answered = exists().where(
            answer.c.referral_id == t.c.id, answer.c.what == "erase_answered", answer.c.at > wish.c.at
        )
        open_wish = exists().where(wish.c.referral_id == t.c.id, wish.c.what == "erase_wished", not_(answered))
        asked = (self._scope(), t.c.partner == owner, t.c.status == WITHDRAWN, open_wish)
        return self._all(select(t).where(*asked).order_by(t.c.created_at, t.c.id))

    # writing, in a transaction

    def add(self, submission: Submission, new: Sequence[NewReferral], by_phone: bool, now: datetime) -> None:
        """Referrals of a submission, each with its first event."""
        self.db.work.must_admit(submission.id)
        rows = [_row(self.keys, submission, one, by_phone, now) for one in new]
        self.db.change(ADD, rows)
        self.db.change(ADD_EVENT, [_created(row) for row in rows])

    def add_union(self, note: UnionNote, new: NewReferral, now: datetime) -> None:
        """A union's referral with its first event: nothing in clear that leads to a person, and times to the hour."""
        row = _union_row(self.keys, note, new, now)
        self.db.change(ADD, row)
        self.db.change(ADD_EVENT, _created(row))

    def move(self, referral: Referral, event: Event, **changes: Any) -> bool:
        """Change a referral if it still is as it was read (compare-and-set on status and who has it); event with it."""
        had = t.c.staff_id.is_(None) if referral.staff_id is None else t.c.staff_id == referral.staff_id
        as_read = (t.c.id == referral.id, t.c.status == referral.status, t.c.responsible == referral.responsible, had)
        self.db.work.must_admit(referral.id)
        changed = {**changes, "changed_at": to_text(_coarse(referral, event))}
        moved = self.db.change(update(t).where(*as_read).values(changed)) == 1
        if moved:
            self.note(referral, event)
        return moved

    def note(self, referral: Referral, event: Event) -> None:
        """Add an event."""
        self.db.work.must_admit(referral.id)
        self.db.change(
            insert(events).values(
                id=event.id,
                referral_id=referral.id,
                at=to_text(_coarse(referral, event)),
                what=event.what,
                actor=event.actor,
                staff_id=event.staff_id,
                from_status=event.from_status,
                to_status=event.to_status,
                code=event.code,
                sealed=None if event.note is None else self.keys.seal(event.note.encode(), f"events.sealed:{event.id}"),
                message_id=event.message_id,
            )
        )

    def _scope(self) -> ColumnElement[bool]:
        return self.db.work.behalf.where()

    def _by_id(self, id: str) -> Select[Any]:
        found = select(t).where(t.c.id == id)
        return found if self.db.work.admits(id) else found.where(self._scope())

    def _one(self, statement: Select[Any]) -> Referral:
        row = self.db.first(statement)
        if row is None:
            raise NotFound("no such referral")
        return self._record(row._mapping)

    def _all(self, statement: Select[Any]) -> list[Referral]:
        return [self._record(row._mapping) for row in self.db.rows(statement)]

    def _record(self, v: Mapping[Any, Any]) -> Referral:
        self.db.work.admit(v["id"], v["submission_id"])
        consent = None
        if v["consent_at"] is not None:
            at = to_time(v["consent_at"])
            consent = Consent(v["consent_version"], v["consent_language"], at, v["consent_source"], v["consent_by"])
        if v["submission_id"] is None:
            kept = self.keys.open_json(v["sealed"], _place(v["id"]))
            if "language" in kept:  # else of the time when these stood in clear
                v = {**v, "language": kept["language"], "by_phone": kept["by_phone"]}
                consent = consent_from(kept["consent"])
        return Referral(
            id=v["id"], reference=v["reference"], programme=v["programme"], partner=v["partner"],
            submission_id=v["submission_id"], status=v["status"], responsible=bool(v["responsible"]), rank=v["rank"],
            group=v["group"], municipality=v["municipality"], verdict=v["verdict"], route=v["route"],
            language=v["language"], by_phone=bool(v["by_phone"]), staff_id=v["staff_id"],
            decline_reason=v["decline_reason"], outcome=v["outcome"],
            consent=consent, created_at=to_time(v["created_at"]), changed_at=to_time(v["changed_at"]),
        )  # fmt: skip

    def _event(self, row: Row[Any]) -> Event:
        v = row._mapping
        note = None if v["sealed"] is None else self.keys.open(v["sealed"], f"events.sealed:{v['id']}").decode()
        return Event(
            v["id"], v["referral_id"], to_time(v["at"]), v["what"], v["actor"], v["staff_id"], v["from_status"],
            v["to_status"], v["code"], note, v["message_id"],
        )  # fmt: skip


def _union_row(keys: Keys, note: UnionNote, new: NewReferral, now: datetime) -> dict[str, Any]:
    kept = {
        "submission_id": note.submission_id,
        "language": note.language,
        "by_phone": note.by_phone,
        "consent": None if new.consent is None else consent_to(new.consent),
    }
    at_a_union = {"responsible": False, "language": "", "by_phone": False}
    return {
        **_new(keys, note.submission_id, note.programme, new, hour(now)), **at_a_union,
        "sealed": keys.seal_json(kept, _place(new.id), LENGTH),
    }  # fmt: skip


def _new(keys: Keys, submission_id: str, programme: str, new: NewReferral, now: datetime) -> dict[str, Any]:
    """What a union's and any other have alike."""
    return {
        "id": new.id,
        "unique_key": unique_key(keys, submission_id, new.partner),
        "reference": new.reference,
        "programme": programme,
        "partner": new.partner,
        "status": new.status,
        "rank": new.rank,
        "created_at": to_text(now),
        "changed_at": to_text(now),
    }


def unique_key(keys: Keys, submission_id: str, partner: str) -> str:
    """A keyed hash: there is one referral of a submission at a partner."""
    return keys.blind(f"{submission_id}|{partner}", "referral")


def _created(row: dict[str, Any]) -> dict[str, Any]:
    event = {"what": "created", "actor": "participant", "to_status": row["status"]}
    return {"id": row["id"], "referral_id": row["id"], "at": row["created_at"], **event}


def _row(keys: Keys, submission: Submission, new: NewReferral, by_phone: bool, now: datetime) -> dict[str, Any]:
    consent = new.consent
    return {
        **_new(keys, submission.id, submission.programme, new, now),
        "submission_id": submission.id,
        "sealed": keys.seal_json({"submission_id": submission.id}, _place(new.id)),
        "responsible": new.responsible,
        "group": submission.decision or submission.group,
        "municipality": submission.municipality,
        "verdict": submission.verdict,
        "route": submission.route,
        "language": submission.language,
        "by_phone": by_phone,
        "consent_version": consent.version if consent else None,
        "consent_language": consent.language if consent else None,
        "consent_source": consent.source if consent else None,
        "consent_at": to_text(consent.at) if consent else None,
        "consent_by": consent.by if consent else None,
    }


def _coarse(referral: Referral, event: Event) -> datetime:
    """What a participant does at a union is kept to the hour: the minute could be matched with what they do
    elsewhere.
    """
    if referral.submission_id is not None or event.actor == "staff":
        return event.at
    return max(hour(event.at), referral.changed_at)


def _place(id: str) -> str:
    return f"referrals.sealed:{id}"
