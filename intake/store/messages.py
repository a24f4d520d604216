"""Messages: letters owed, claimed with a lease by one worker at a time, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from intake.engine.lengths import PROBLEM
from intake.keys import Keys
from intake.records import Message, NewMessage
from intake.store.tables import messages as t
from intake.store.times import hour, maybe_time, to_text, to_time

WAITING, SENT, GIVEN_UP, STOPPED = "waiting", "sent", "given_up", "stopped"

ADD = {
    "postgresql": insert_postgresql(t).on_conflict_do_nothing(index_elements=["dedup_key"]),
    "sqlite": insert_sqlite(t).on_conflict_do_nothing(index_elements=["dedup_key"]),
}


class Messages:
    """The outbox in the database. Nothing here sends: no network while a transaction is open."""

    def __init__(self, hot: Engine, steady: Engine, keys: Keys) -> None:
        self.hot = hot
        self.steady = steady
        self.keys = keys

    def add(self, connection: Connection, message: NewMessage, now: datetime) -> bool:
        """Owe a letter. False: it is owed already."""
        return insert_message(connection, self.keys, message, now)

    def claim(self, lease: str, now: datetime, until: datetime, limit: int = 20) -> list[Message]:
        """Letters that are due, for this worker only until `until`; a worker that died leaves its own to the next."""
        due = (
            t.c.status == WAITING,
            t.c.next_at <= to_text(now),
            t.c.lease_until.is_(None) | (t.c.lease_until <= to_text(now)),
        )
        with self.steady.begin() as connection:
            ids = connection.execute(
                select(t.c.id).where(*due).order_by(t.c.next_at).limit(limit).with_for_update(skip_locked=True)
            ).scalars()
            claimed = list(ids)
            if not claimed:
                return []
            connection.execute(update(t).where(t.c.id.in_(claimed)).values(lease=lease, lease_until=to_text(until)))
            rows = connection.execute(select(t).where(t.c.id.in_(claimed)).order_by(t.c.next_at)).all()
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

    def give_up(self, id: str, lease: str, problem: str) -> bool:
        return self._finish(id, lease, {"status": GIVEN_UP, "attempts": t.c.attempts + 1, "problem": problem[:PROBLEM]})

    def _finish(self, id: str, lease: str, values: dict[str, Any]) -> bool:
        with self.steady.begin() as connection:
            mine = t.c.lease == lease
            finished = connection.execute(
                update(t)
                .where(t.c.id == id, t.c.status == WAITING, mine)
                .values(**values, lease=None, lease_until=None)
            )
        return finished.rowcount == 1

    def send_again(self, connection: Connection, id: str, now: datetime) -> bool:
        """A letter given up is due again, with its Message-ID."""
        again = connection.execute(
            update(t)
            .where(t.c.id == id, t.c.status == GIVEN_UP)
            .values(status=WAITING, attempts=0, next_at=to_text(now), problem=None)
        )
        return again.rowcount == 1

    def release(self, programme: str, partner: str, recipient: str, address: str, now: datetime) -> int:
        """Letters stopped for want of this address can go: a partner's notices, or letters to persons. How many."""
        stopped = (
            t.c.status == STOPPED,
            t.c.programme == programme,
            t.c.to_partner == partner,
            t.c.recipient == recipient,
        )
        with self.steady.begin() as connection:
            rows = connection.execute(select(t.c.id, t.c.sealed).where(*stopped)).all()
            for row in rows:
                sealed = self.keys.open_json(row.sealed, _place(row.id))
                sealed["reply_to" if recipient == "person" else "to"] = address
                due = {"status": WAITING, "problem": None, "next_at": to_text(now)}
                connection.execute(
                    update(t)
                    .where(t.c.id == row.id, t.c.status == STOPPED)
                    .values(**due, sealed=self.keys.seal_json(sealed, _place(row.id)))
                )
        return len(rows)

    def get(self, id: str) -> Message | None:
        return next(iter(self._all(t.c.id == id)), None)

    def of_referral(self, referral_id: str) -> list[Message]:
        return self._all(t.c.referral_id == referral_id)

    def troubled(self, programme: str) -> list[Message]:
        """Letters given up or stopped, newest first, whoever they concern. Callers show only what their staff may
        see.
        """
        return self._all((t.c.programme == programme) & t.c.status.in_((GIVEN_UP, STOPPED)))

    def latest(self, limit: int = 100) -> list[Message]:
        """For the demo's mailbox page."""
        return self._all(t.c.status == SENT, limit)

    def _all(self, where: Any, limit: int = 500) -> list[Message]:
        with self.hot.connect() as connection:
            rows = connection.execute(select(t).where(where).order_by(t.c.created_at.desc(), t.c.id).limit(limit)).all()
        return [self._record(row) for row in rows]

    def _record(self, row: Row[Any]) -> Message:
        v = row._mapping
        sealed = self.keys.open_json(v["sealed"], _place(v["id"]))
        return Message(
            id=v["id"], letter=v["letter"], programme=v["programme"], recipient=v["recipient"],
            referral_id=v["referral_id"],
            to_partner=v["to_partner"], to=sealed["to"], reply_to=sealed["reply_to"], subject=sealed["subject"],
            text=sealed["text"], language=sealed["language"], message_id=v["message_id"], status=v["status"],
            attempts=v["attempts"], maybe_delivered=bool(v["maybe_delivered"]), problem=v["problem"],
            next_at=to_time(v["next_at"]), created_at=to_time(v["created_at"]), sent_at=maybe_time(v["sent_at"]),
            coarse=bool(v["coarse"]),
        )  # fmt: skip


def insert_message(connection: Connection, keys: Keys, message: NewMessage, now: datetime) -> bool:
    """Owe a letter; owed already (same dedup key): nothing happens, False."""
    # asked for, since an INSERT's number of rows is not known on PostgreSQL otherwise
    counted = {"preserve_rowcount": True}
    added = connection.execute(ADD[connection.dialect.name], _row(keys, message, now), execution_options=counted)
    return added.rowcount == 1


def insert_messages(connection: Connection, keys: Keys, messages: Sequence[NewMessage], now: datetime) -> None:
    """Owe several at once."""
    if messages:
        connection.execute(ADD[connection.dialect.name], [_row(keys, message, now) for message in messages])


def _row(keys: Keys, message: NewMessage, now: datetime) -> dict[str, Any]:
    sealed = {
        "to": message.to,
        "reply_to": message.reply_to,
        "subject": message.subject,
        "text": message.text,
        "language": message.language,
    }
    return {
        "id": message.id,
        "dedup_key": message.dedup_key,
        "letter": message.letter,
        "programme": message.programme,
        "referral_id": message.referral_id,
        "to_partner": message.to_partner,
        "recipient": message.recipient,
        "sealed": keys.seal_json(sealed, _place(message.id)),
        "message_id": message.message_id,
        "status": message.status,
        "attempts": 0,
        "maybe_delivered": False,
        "problem": message.problem,
        "coarse": message.coarse,
        "next_at": to_text(hour(now) if message.coarse else now),
        "created_at": to_text(hour(now) if message.coarse else now),
    }


def _place(id: str) -> str:
    return f"messages.sealed:{id}"
