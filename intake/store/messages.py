"""Messages: letters owed, claimed with a lease by one worker at a time, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, true, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError

from intake.engine.lengths import PROBLEM
from intake.keys import Keys, WrongKey
from intake.records import Message, NewMessage
from intake.store.database import SYSTEM, Database
from intake.store.tables import away, referrals
from intake.store.tables import messages as t
from intake.store.times import hour, maybe_time, to_text, to_time

WAITING, SENT, GIVEN_UP, STOPPED, TOO_LATE = "waiting", "sent", "given_up", "stopped", "too_late"
MAIL = "mail"  # what can be away
SEALED = ("to", "reply_to", "subject", "text", "language")

ADD = {
    "postgresql": insert_postgresql(t).on_conflict_do_nothing(index_elements=["dedup_key"]),
    "sqlite": insert_sqlite(t).on_conflict_do_nothing(index_elements=["dedup_key"]),
}


class Messages:
    """The outbox in the database. Nothing here sends: no network while a transaction is open."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys

    def add(self, message: NewMessage, now: datetime) -> bool:
        """Owe a letter. False: it is owed already (the same dedup key)."""
        return self.db.change(ADD[self.db.dialect], self._row(message, now)) == 1

    def add_all(self, messages: Sequence[NewMessage], now: datetime) -> None:
        """Owe several at once."""
        if messages:
            self.db.change(ADD[self.db.dialect], [self._row(message, now) for message in messages])

    def expire(self, now: datetime) -> int:
        """What has not gone out and holds no longer is too late, unless a worker has it in hand. How many letters."""
        over = (t.c.status.in_((WAITING, GIVEN_UP, STOPPED)), t.c.valid_until <= to_text(now), _free(now))
        if self.db.first(select(t.c.id).where(*over).limit(1)) is None:
            return 0
        with self.db.transaction():
            late = {"status": TOO_LATE, "lease": None, "lease_until": None}
            return self.db.change(update(t).where(*over).values(late))

    def is_due(self, now: datetime) -> bool:
        """Whether there is anything to claim."""
        return self.db.first(select(t.c.id).where(*_due(now)).limit(1)) is not None

    def claim(self, lease: str, now: datetime, until: datetime, limit: int = 20) -> list[Message]:
        """Letters that are due, for this worker only until `until`; a worker that died leaves its own to the next."""
        due = select(t.c.id).where(*_due(now)).order_by(t.c.next_at).limit(limit).with_for_update(skip_locked=True)
        with self.db.transaction():
            claimed = [row.id for row in self.db.rows(due)]
            if not claimed:
                return []
            self.db.change(update(t).where(t.c.id.in_(claimed)).values(lease=lease, lease_until=to_text(until)))
            rows = self.db.rows(select(t).where(t.c.id.in_(claimed)).order_by(t.c.next_at))
        return [self._record(row) for row in rows]

    def sent(self, letter: Message, lease: str, now: datetime) -> bool:
        """The server has taken it. False: the lease was lost meanwhile, and whoever has it now sends it once more."""
        done = {
            "status": SENT,
            "sent_at": to_text(hour(now) if letter.coarse else now),
            "attempts": t.c.attempts + 1,
            "problem": None,
        }
        return self._finish(letter.id, lease, done)

    def try_later(self, id: str, lease: str, next_at: datetime, problem: str, *, maybe_delivered: bool = False) -> bool:
        later: dict[str, Any] = {"next_at": to_text(next_at), "attempts": t.c.attempts + 1}
        later["problem"] = problem[:PROBLEM]
        return self._finish(id, lease, later | ({"maybe_delivered": True} if maybe_delivered else {}))

    def put_back(self, id: str, lease: str) -> bool:
        """It was not tried: the server was away."""
        return self._finish(id, lease, {})

    def give_up(self, id: str, lease: str, problem: str) -> bool:
        return self._finish(id, lease, {"status": GIVEN_UP, "attempts": t.c.attempts + 1, "problem": problem[:PROBLEM]})

    def _finish(self, id: str, lease: str, values: dict[str, Any]) -> bool:
        mine = update(t).where(t.c.id == id, t.c.status == WAITING, t.c.lease == lease)
        return self.db.write(mine.values(**values, lease=None, lease_until=None)) == 1

    def send_again(self, id: str, now: datetime) -> bool:
        """A letter given up is due again, with its Message-ID. False: it is not given up, or too late."""
        given_up = update(t).where(t.c.id == id, t.c.status == GIVEN_UP, _holds(now))
        return self.db.change(given_up.values(status=WAITING, attempts=0, next_at=to_text(now), problem=None)) == 1

    def release(self, programme: str, partner: str, recipient: str, address: str, now: datetime) -> int:
        """Letters stopped for want of this address can go: a partner's notices, or letters to persons. How many."""
        stopped = (
            t.c.status == STOPPED,
            t.c.programme == programme,
            t.c.to_partner == partner,
            t.c.recipient == recipient,
        )
        with self.db.transaction():
            rows = self.db.rows(select(t.c.id, t.c.sealed).where(*stopped))
            for row in rows:
                due: dict[str, Any] = {"status": WAITING, "problem": None, "next_at": to_text(now)}
                sealed = self._opened(row.id, row.sealed)
                if sealed is not None:  # one that cannot be opened is due as it is, so that it is given up in sight
                    sealed["reply_to" if recipient == "person" else "to"] = address
                    due["sealed"] = self.keys.seal_json(sealed, _place(row.id))
                self.db.change(update(t).where(t.c.id == row.id, t.c.status == STOPPED).values(due))
        return len(rows)

    def get(self, id: str) -> Message | None:
        """One within the scope; None: there is none."""
        return next(iter(self._all((t.c.id == id) & self._scope())), None)

    def of_referral(self, referral_id: str) -> list[Message]:
        self.db.work.must_admit(referral_id)
        return self._all(t.c.referral_id == referral_id)

    def troubled(self, programme: str, limit: int = 500) -> list[Message]:
        """Letters given up, stopped or too late, newest first; one too late only until another of its kind was
        written.
        """
        newer = t.alias()
        written_anew = exists().where(
            newer.c.referral_id == t.c.referral_id, newer.c.letter == t.c.letter, newer.c.created_at > t.c.created_at
        )
        matters = t.c.status.in_((GIVEN_UP, STOPPED)) | ((t.c.status == TOO_LATE) & ~written_anew)
        return self._all((t.c.programme == programme) & self._scope() & matters, limit)

    def latest(self, limit: int = 100) -> list[Message]:
        """For the demo's mailbox page, which is the operator's."""
        self.db.work.must_admit(None)
        return self._all(t.c.status == SENT, limit)

    # the mail server

    def server_away(self, now: datetime) -> None:
        """The mail server does not answer, from now on; said again, the first time stands."""
        try:
            self.db.change(insert(away).values(what=MAIL, since=to_text(now)))
        except IntegrityError:
            pass  # it is known

    def server_back(self) -> None:
        """The mail server answers. Written only when it was away."""
        if self.away_since() is not None:
            self.db.change(delete(away).where(away.c.what == MAIL))

    def away_since(self) -> datetime | None:
        """Since when the mail server does not answer; None: it does."""
        return maybe_time(self.db.scalar(select(away.c.since).where(away.c.what == MAIL)))

    def _scope(self) -> ColumnElement[bool]:
        """Letters about referrals that the unit of work may see by its scope."""
        behalf = self.db.work.behalf
        if behalf == SYSTEM:
            return true()
        return t.c.referral_id.in_(select(referrals.c.id).where(behalf.where()))

    def _all(self, where: Any, limit: int = 500) -> list[Message]:
        rows = self.db.rows(select(t).where(where).order_by(t.c.created_at.desc(), t.c.id).limit(limit))
        return [self._record(row) for row in rows]

    def _row(self, message: NewMessage, now: datetime) -> dict[str, Any]:
        sealed = {name: getattr(message, name) for name in SEALED}
        return {
            "id": message.id,
            "dedup_key": message.dedup_key,
            "letter": message.letter,
            "programme": message.programme,
            "referral_id": message.referral_id,
            "to_partner": message.to_partner,
            "recipient": message.recipient,
            "sealed": self.keys.seal_json(sealed, _place(message.id)),
            "message_id": message.message_id,
            "status": message.status,
            "attempts": 0,
            "maybe_delivered": False,
            "problem": message.problem,
            "coarse": message.coarse,
            "valid_until": to_text(message.valid_until) if message.valid_until else None,
            "next_at": to_text(hour(now) if message.coarse else now),
            "created_at": to_text(hour(now) if message.coarse else now),
        }

    def _record(self, row: Row[Any]) -> Message:
        """One that cannot be opened must not keep the others from being seen and sent."""
        v = row._mapping
        opened = self._opened(v["id"], v["sealed"])
        sealed = opened or dict.fromkeys(SEALED, "")
        return Message(
            id=v["id"], letter=v["letter"], programme=v["programme"], recipient=v["recipient"],
            referral_id=v["referral_id"],
            to_partner=v["to_partner"], to=sealed["to"], reply_to=sealed["reply_to"], subject=sealed["subject"],
            text=sealed["text"], language=sealed["language"], message_id=v["message_id"], status=v["status"],
            attempts=v["attempts"], maybe_delivered=bool(v["maybe_delivered"]), problem=v["problem"],
            next_at=to_time(v["next_at"]), created_at=to_time(v["created_at"]), sent_at=maybe_time(v["sent_at"]),
            coarse=bool(v["coarse"]), valid_until=maybe_time(v["valid_until"]), unreadable=opened is None,
        )  # fmt: skip

    def _opened(self, id: str, sealed: bytes) -> dict[str, str] | None:
        """What is sealed of a letter; None when no key opens it, or when it is not what a letter has."""
        try:
            opened = self.keys.open_json(sealed, _place(id))
        except (WrongKey, ValueError):
            return None
        return opened if isinstance(opened, dict) and opened.keys() >= set(SEALED) else None


def _free(now: datetime) -> Any:
    """No worker has it in hand."""
    return t.c.lease_until.is_(None) | (t.c.lease_until <= to_text(now))


def _holds(now: datetime) -> Any:
    """It is not too late for it."""
    return t.c.valid_until.is_(None) | (t.c.valid_until > to_text(now))


def _due(now: datetime) -> tuple[Any, ...]:
    return t.c.status == WAITING, t.c.next_at <= to_text(now), _free(now), _holds(now)


def _place(id: str) -> str:
    return f"messages.sealed:{id}"
