"""Those who work here: partners' addresses, staff, their sessions, links, attempts, and the log of what was read."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from intake.records import Link, PartnerSettings, Staff
from intake.store.database import Database
from intake.store.quick import Statement
from intake.store.tables import access_log, attempts, links, partners, sessions, staff
from intake.store.times import maybe_time, to_text, to_time

PARTNER = select(partners).where(
    partners.c.programme == bindparam("programme"), partners.c.partner == bindparam("partner")
)
PAUSED = select(partners.c.partner).where(
    partners.c.programme == bindparam("programme"), partners.c.paused_at.is_not(None)
)
WORKING = (
    select(staff.c.partner).where(staff.c.programme == bindparam("programme"), staff.c.disabled_at.is_(None)).distinct()
)


class People:
    """Partners' addresses and staff."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._partner, self._working, self._paused = (db.statement(one) for one in (PARTNER, WORKING, PAUSED))

    def partner(self, programme: str, partner: str) -> PartnerSettings:
        """A partner's addresses; all empty when nothing was set."""
        found = self.db.records(self._partner, {"programme": programme, "partner": partner})
        if not found:
            return PartnerSettings(programme, partner, None, None, None)
        v = found[0]
        return PartnerSettings(programme, partner, v["reply_to"], v["notify"], v["phone"], maybe_time(v["paused_at"]))

    def set_partner(self, settings: PartnerSettings, now: datetime) -> None:
        """Its addresses; whether it is paused stays."""
        values = {"reply_to": settings.reply_to, "notify": settings.notify, "phone": settings.phone}
        self._change_partner(settings.programme, settings.partner, values, now)

    def pause_partner(self, programme: str, partner: str, paused: bool, now: datetime) -> None:
        self._change_partner(programme, partner, {"paused_at": to_text(now) if paused else None}, now)

    def _change_partner(self, programme: str, partner: str, values: dict[str, str | None], now: datetime) -> None:
        key = {"programme": programme, "partner": partner}
        changed = {**values, "changed_at": to_text(now)}
        with self.db.transaction():
            if self.db.change(update(partners).filter_by(**key).values(changed)) == 0:
                self.db.change(insert(partners).values(**key, **changed))

    def add_staff(self, member: Staff) -> Staff:
        """Store a member of staff; with this address already there: renewed, with the partner and role given now."""
        values = {
            "name": member.name,
            "programme": member.programme,
            "partner": member.partner,
            "coordinator": member.coordinator,
            "disabled_at": None,
        }
        with self.db.transaction():
            known = self.db.change(update(staff).where(staff.c.email == member.email).values(values))
            if not known:
                self.db.change(
                    insert(staff).values(
                        id=member.id, email=member.email, created_at=to_text(member.created_at), **values
                    )
                )
            else:  # another partner or role: sign in anew
                ids = select(staff.c.id).where(staff.c.email == member.email)
                self.db.change(delete(sessions).where(sessions.c.staff_id.in_(ids)))
        found = self.staff_by_email(member.email)
        if found is None:
            raise RuntimeError("a member of staff just stored is not there")
        return found

    def disable_staff(self, email: str, now: datetime) -> bool:
        """Nobody signs in with this address any more, and every session of theirs ends now."""
        working = update(staff).where(staff.c.email == email, staff.c.disabled_at.is_(None))
        with self.db.transaction():
            ids = select(staff.c.id).where(staff.c.email == email)
            self.db.change(delete(sessions).where(sessions.c.staff_id.in_(ids)))
            return self.db.change(working.values(disabled_at=to_text(now))) == 1

    def staff_by_email(self, email: str) -> Staff | None:
        return next(iter(self._staff(staff.c.email == email)), None)

    def staff_by_id(self, id: str) -> Staff | None:
        return next(iter(self._staff(staff.c.id == id)), None)

    def staff_of(self, programme: str, partner: str | None = None) -> list[Staff]:
        """Those who may sign in, of one partner or of all."""
        where = (staff.c.programme == programme) & staff.c.disabled_at.is_(None)
        return self._staff(where if partner is None else where & (staff.c.partner == partner))

    def all_staff(self) -> list[Staff]:
        return self._staff(staff.c.id.is_not(None))

    def staffed(self, programme: str) -> frozenset[str]:
        """The partners that have somebody and are not paused: those a case can come to."""
        return self._ids(self._working, programme) - self._ids(self._paused, programme)

    def able(self, programme: str, partners: Iterable[str]) -> frozenset[str]:
        """Of these, those whose turn it can be. Where nobody works anywhere yet, as before the first staff are there,
        that is everybody who is not paused.
        """
        there, working = frozenset(partners), self._ids(self._working, programme)
        return (there & working if working else there) - self._ids(self._paused, programme)

    def _ids(self, statement: Statement, programme: str) -> frozenset[str]:
        return frozenset(row["partner"] for row in self.db.records(statement, {"programme": programme}))

    def _staff(self, where: Any) -> list[Staff]:
        rows = self.db.rows(select(staff).where(where).order_by(staff.c.email))
        return [_staff_record(row) for row in rows]

    # sessions

    def add_session(self, id_hash: str, staff_id: str, now: datetime) -> None:
        with self.db.transaction():
            moment = to_text(now)
            self.db.change(
                insert(sessions).values(id_hash=id_hash, staff_id=staff_id, created_at=moment, seen_at=moment)
            )

    def session(self, id_hash: str) -> tuple[Staff, datetime, datetime] | None:
        """(who, created, last seen)"""
        row = self.db.first(
            select(staff, sessions.c.created_at.label("begun"), sessions.c.seen_at)
            .join(sessions, sessions.c.staff_id == staff.c.id)
            .where(sessions.c.id_hash == id_hash, staff.c.disabled_at.is_(None))
        )
        if row is None:
            return None
        return _staff_record(row), to_time(row._mapping["begun"]), to_time(row._mapping["seen_at"])

    def touch_session(self, id_hash: str, now: datetime) -> None:
        self.db.write(update(sessions).where(sessions.c.id_hash == id_hash).values(seen_at=to_text(now)))

    def end_session(self, id_hash: str) -> None:
        self.db.write(delete(sessions).where(sessions.c.id_hash == id_hash))

    def latest(self) -> datetime | None:
        """The newest time that stands with a session, a link or an attempt; None when there is none."""
        newest = (select(func.max(column)) for column in (sessions.c.seen_at, links.c.created_at, attempts.c.at))
        times = [self.db.scalar(statement) for statement in newest]
        return max((to_time(one) for one in times if one is not None), default=None)

    def purge_sessions(self, before: datetime) -> int:
        """Sessions nobody has used for a day."""
        with self.db.transaction():
            old = sessions.c.seen_at < to_text(before - timedelta(days=1))
            return self.db.change(delete(sessions).where(old))

    # what was done and read

    def log(self, id: str, at: datetime, what: str, staff_id: str | None, referral_id: str | None = None) -> None:
        self.db.write(
            insert(access_log).values(id=id, at=to_text(at), what=what, staff_id=staff_id, referral_id=referral_id)
        )

    def logged(self, referral_id: str) -> list[tuple[datetime, str, str | None]]:
        rows = self.db.rows(select(access_log).where(access_log.c.referral_id == referral_id).order_by(access_log.c.at))
        return [(to_time(row._mapping["at"]), row._mapping["what"], row._mapping["staff_id"]) for row in rows]


class Links:
    """Single-use links, by the hash of their token."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, token_hash: str, link: Link) -> None:
        self.db.write(
            insert(links).values(
                token_hash=token_hash,
                purpose=link.purpose,
                subject=link.subject,
                binding_hash=link.binding_hash,
                created_at=to_text(link.created_at),
                expires_at=to_text(link.expires_at),
            )
        )

    def drop(self, token_hash: str) -> None:
        self.db.write(delete(links).where(links.c.token_hash == token_hash))

    def find(self, token_hash: str, purpose: str) -> Link | None:
        row = self.db.first(select(links).where(links.c.token_hash == token_hash, links.c.purpose == purpose))
        if row is None:
            return None
        v = row._mapping
        self.db.work.admit(v["subject"])  # who shows the token
        return Link(
            v["purpose"], v["subject"], v["binding_hash"], to_time(v["created_at"]), to_time(v["expires_at"]),
            maybe_time(v["used_at"]),
        )  # fmt: skip

    def use(self, token_hash: str, purpose: str, now: datetime) -> bool:
        """True for exactly one caller, before it expires."""
        usable = (
            links.c.token_hash == token_hash,
            links.c.purpose == purpose,
            links.c.used_at.is_(None),
            links.c.expires_at > to_text(now),
        )
        return self.db.write(update(links).where(*usable).values(used_at=to_text(now))) == 1

    def purge(self, before: datetime) -> int:
        return self.db.write(delete(links).where(links.c.expires_at < to_text(before)))


class Attempts:
    """How often something was tried lately, by bucket (a keyed hash of who)."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, id: str, bucket: str, now: datetime, since: datetime) -> int:
        """Count one more; how many there are since then, this one included.

        It is stored before it is counted, so that of several at once each sees the others.
        """
        self.db.change(insert(attempts).values(id=id, bucket=bucket, at=to_text(now)))
        return self.count(bucket, since)

    def count(self, bucket: str, since: datetime) -> int:
        counted = select(func.count()).where(attempts.c.bucket == bucket, attempts.c.at > to_text(since))
        return int(self.db.scalar(counted))

    def renew(self, name: str, now: datetime) -> None:
        """One row of this name, which holds when it was renewed last and counts for nothing."""
        if self.db.change(update(attempts).where(attempts.c.id == name).values(at=to_text(now))) == 0:
            with suppress(IntegrityError):  # another process was first
                self.db.change(insert(attempts).values(id=name, bucket=name, at=to_text(now)))

    def drop(self, id: str, bucket: str, since: datetime) -> None:
        """Forget this one, and those in the bucket that are no newer than `since`."""
        old = (attempts.c.bucket == bucket) & (attempts.c.at <= to_text(since))
        self.db.change(delete(attempts).where((attempts.c.id == id) | old))

    def purge(self, before: datetime) -> int:
        return self.db.write(delete(attempts).where(attempts.c.at < to_text(before)))


def _staff_record(row: Row[Any]) -> Staff:
    v = row._mapping
    return Staff(
        v["id"], v["email"], v["name"], v["programme"], v["partner"], bool(v["coordinator"]), to_time(v["created_at"]),
        maybe_time(v["disabled_at"]),
    )  # fmt: skip
