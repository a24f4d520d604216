"""Referrals and their events. Who may see which is decided here, by `Scope`, and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
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
from intake.store.quick import Quick, Statement
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
class Scope:
    """What one member of staff may see: a programme's referrals at one partner, or at all but the unions
    (coordinator).
    """

    programme: str
    partner: str
    everything_but: tuple[str, ...] | None = None

    def where(self) -> ColumnElement[bool]:
        if self.everything_but is None:
            return and_(t.c.programme == self.programme, t.c.partner == self.partner)
        return and_(t.c.programme == self.programme, t.c.partner.not_in(self.everything_but))


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
    """Reads open what is asked for; writes take the caller's connection, so that several belong together."""

    def __init__(self, hot: Engine, steady: Engine, quick: Quick, keys: Keys) -> None:
        self.hot = hot
        self.steady = steady
        self.quick = quick
        self.quick_siblings, self.quick_by_key = Statement(hot, SIBLINGS), Statement(hot, BY_KEY)
        self.keys = keys

    def find(self, scope: Scope, reference: str, partner: str) -> Referral:
        """The referral with this reference at this partner, if it is within the scope; else NotFound, as for a
        missing one.
        """
        with self.hot.connect() as connection:
            row = connection.execute(
                select(t).where(scope.where(), t.c.reference == reference, t.c.partner == partner)
            ).first()
        if row is None:
            raise NotFound(f"no referral {reference}")
        return self._record(row)

    def queue(self, scope: Scope, filters: Filters, limit: int = 500) -> list[Referral]:
        """Oldest first."""
        with self.hot.connect() as connection:
            rows = connection.execute(
                select(t).where(scope.where(), filters.where()).order_by(t.c.created_at, t.c.reference).limit(limit)
            ).all()
        return [self._record(row) for row in rows]

    def counts(self, scope: Scope, filters: Filters = Filters()) -> dict[str, int]:
        """How many per status."""
        with self.hot.connect() as connection:
            rows = connection.execute(
                select(t.c.status, func.count()).where(scope.where(), filters.where()).group_by(t.c.status)
            ).all()
        return {row[0]: row[1] for row in rows}

    def municipalities(self, scope: Scope) -> list[str]:
        with self.hot.connect() as connection:
            rows = connection.execute(
                select(t.c.municipality).where(scope.where(), t.c.municipality.is_not(None)).distinct()
            )
            return [row[0] for row in rows]

    def siblings(self, submission_id: str) -> list[Referral]:
        """The referrals of a submission that are not a union's, in the order of responsibility."""
        return [self._record(row) for row in self.quick.records(self.quick_siblings, {"submission": submission_id})]

    def of_unions(self, submission_id: str, unions: Collection[str]) -> list[Referral]:
        """The referrals of a submission at these unions, found by their keyed hash. Only for the participant's side."""
        keys = [self._key(submission_id, union) for union in sorted(unions)]
        found = []
        for first in range(0, len(keys), KEYS):
            some = dict.fromkeys((f"key{n}" for n in range(KEYS)), "")
            some |= {f"key{n}": key for n, key in enumerate(keys[first : first + KEYS])}
            found += [self._record(row) for row in self.quick.records(self.quick_by_key, some)]
        return found

    def of_union_in(self, connection: Connection, submission_id: str, union: str) -> Referral | None:
        """The same of one union, as the caller's transaction sees it."""
        row = connection.execute(select(t).where(t.c.unique_key == self._key(submission_id, union))).first()
        return None if row is None else self._record(row)

    def _key(self, submission_id: str, partner: str) -> str:
        return unique_key(self.keys, submission_id, partner)

    def siblings_in(self, connection: Connection, submission_id: str) -> list[Referral]:
        """The same, as the caller's transaction sees them."""
        rows = connection.execute(select(t).where(t.c.submission_id == submission_id).order_by(t.c.rank)).all()
        return [self._record(row) for row in rows]

    def read(self, connection: Connection, id: str) -> Referral:
        """One referral, as the caller's transaction sees it. Raises NotFound when it was erased meanwhile."""
        return self._there(connection.execute(select(t).where(t.c.id == id)).first())

    def hold(self, connection: Connection, id: str) -> Referral:
        """The same, and until the transaction ends nobody else changes it. Not for one whose case is locked."""
        return self._there(connection.execute(select(t).where(t.c.id == id).with_for_update(key_share=True)).first())

    def _there(self, row: Row[Any] | None) -> Referral:
        if row is None:
            raise NotFound("no such referral")
        return self._record(row)

    def any(self, programme: str) -> bool:
        """Whether a programme has any referral."""
        with self.hot.connect() as connection:
            return connection.execute(select(t.c.id).where(t.c.programme == programme).limit(1)).first() is not None

    def responsible(self, programme: str, reference: str) -> Referral:
        """The referral of a case that is responsible now."""
        with self.hot.connect() as connection:
            mine = (t.c.programme == programme, t.c.reference == reference, t.c.responsible == true())
            row = connection.execute(select(t).where(*mine)).first()
        if row is None:
            raise NotFound(f"no referral {reference}")
        return self._record(row)

    def get(self, id: str) -> Referral:
        with self.hot.connect() as connection:
            return self._there(connection.execute(select(t).where(t.c.id == id)).first())

    def submission_id(self, referral: Referral) -> str:
        """The way back to the person; for a union's referral it is sealed. Raises NotFound when it is gone."""
        if referral.submission_id is not None:
            return referral.submission_id
        with self.hot.connect() as connection:
            sealed = connection.execute(select(t.c.sealed).where(t.c.id == referral.id)).scalar_one_or_none()
        if sealed is None:
            raise NotFound("no such referral")
        return str(self.keys.open_json(sealed, _place(referral.id))["submission_id"])

    def events(self, referral_id: str) -> list[Event]:
        with self.hot.connect() as connection:
            rows = connection.execute(
                select(events).where(events.c.referral_id == referral_id).order_by(events.c.at, events.c.id)
            ).all()
        return [self._event(row) for row in rows]

    def wished(self, scope: Scope, owner: str) -> list[Referral]:
        """The owner's referrals whose persons wished to be erased and have no answer yet, oldest first."""
        wish, answer = events.alias(), events.alias()
        answered = exists().where(
            answer.c.referral_id == t.c.id, answer.c.what == "erase_answered", answer.c.at > wish.c.at
        )
        open_wish = exists().where(wish.c.referral_id == t.c.id, wish.c.what == "erase_wished", not_(answered))
        with self.hot.connect() as connection:
            asked = (scope.where(), t.c.partner == owner, t.c.status == WITHDRAWN, open_wish)
            rows = connection.execute(select(t).where(*asked).order_by(t.c.created_at, t.c.id)).all()
        return [self._record(row) for row in rows]

    # writing: the caller has begun the transaction

    def add(
        self, connection: Connection, submission: Submission, new: NewReferral, by_phone: bool, now: datetime
    ) -> None:
        insert_referral(connection, self.keys, submission, new, by_phone, now)

    def add_union(self, connection: Connection, note: UnionNote, new: NewReferral, now: datetime) -> None:
        insert_union(connection, self.keys, note, new, now)

    def move(self, connection: Connection, referral: Referral, event: Event, **changes: Any) -> bool:
        """Change a referral if it still is as it was read (compare-and-set on status and who has it); event with it."""
        had = t.c.staff_id.is_(None) if referral.staff_id is None else t.c.staff_id == referral.staff_id
        moved = connection.execute(
            update(t)
            .where(t.c.id == referral.id, t.c.status == referral.status, t.c.responsible == referral.responsible, had)
            .values(**changes, changed_at=to_text(_coarse(referral, event)))
        )
        if moved.rowcount == 1:
            self.note(connection, referral, event)
        return moved.rowcount == 1

    def note(self, connection: Connection, referral: Referral, event: Event) -> None:
        """Add an event."""
        connection.execute(
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

    def _record(self, row: Row[Any] | dict[str, Any]) -> Referral:
        v: Any = row if isinstance(row, dict) else row._mapping
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


def insert_referral(
    connection: Connection, keys: Keys, submission: Submission, new: NewReferral, by_phone: bool, now: datetime
) -> None:
    """One referral with its first event."""
    insert_referrals(connection, keys, submission, [new], by_phone, now)


def insert_referrals(
    connection: Connection,
    keys: Keys,
    submission: Submission,
    new: Sequence[NewReferral],
    by_phone: bool,
    now: datetime,
) -> None:
    """Several of a submission at once."""
    rows = [_row(keys, submission, one, by_phone, now) for one in new]
    connection.execute(ADD, rows)
    connection.execute(ADD_EVENT, [_created(row) for row in rows])


def insert_union(connection: Connection, keys: Keys, note: UnionNote, new: NewReferral, now: datetime) -> None:
    """A union's referral with its first event: nothing in clear that leads to a person, and times to the hour."""
    kept = {
        "submission_id": note.submission_id,
        "language": note.language,
        "by_phone": note.by_phone,
        "consent": None if new.consent is None else consent_to(new.consent),
    }
    row = {
        "id": new.id,
        "unique_key": unique_key(keys, note.submission_id, new.partner),
        "reference": new.reference,
        "programme": note.programme,
        "partner": new.partner,
        "sealed": keys.seal_json(kept, _place(new.id), LENGTH),
        "status": new.status,
        "responsible": False,
        "rank": new.rank,
        "language": "",
        "by_phone": False,
        "created_at": to_text(hour(now)),
        "changed_at": to_text(hour(now)),
    }
    connection.execute(insert(t), row)
    connection.execute(ADD_EVENT, _created(row))


def unique_key(keys: Keys, submission_id: str, partner: str) -> str:
    """A keyed hash: there is one referral of a submission at a partner."""
    return keys.blind(f"{submission_id}|{partner}", "referral")


def _created(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "referral_id": row["id"],
        "at": row["created_at"],
        "what": "created",
        "actor": "participant",
        "to_status": row["status"],
    }


def _row(keys: Keys, submission: Submission, new: NewReferral, by_phone: bool, now: datetime) -> dict[str, Any]:
    consent = new.consent
    return {
        "id": new.id,
        "unique_key": unique_key(keys, submission.id, new.partner),
        "reference": new.reference,
        "programme": submission.programme,
        "partner": new.partner,
        "submission_id": submission.id,
        "sealed": keys.seal_json({"submission_id": submission.id}, _place(new.id)),
        "status": new.status,
        "responsible": new.responsible,
        "rank": new.rank,
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
        "created_at": to_text(now),
        "changed_at": to_text(now),
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
