"""Submissions: everything that sending in writes, in one transaction, and how it is found again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from intake.errors import Damaged
from intake.keys import Keys
from intake.records import Contact, Interview, Submission, SubmissionDraft
from intake.store.contacts import contact_json, place
from intake.store.database import Database
from intake.store.messages import Messages
from intake.store.referrals import Referrals
from intake.store.tables import contacts, interviews
from intake.store.tables import submissions as t
from intake.store.times import maybe_time, to_text, to_time
from intake.store.union_notes import UnionNotes

CLEAR = (
    "id", "interview_id", "reference", "programme", "version", "meaning", "language", "channel", "judged_on", "verdict",
    "group", "reason", "route", "lead", "municipality", "decision", "decision_reason", "decided_by",
)  # fmt: skip

LENGTH = 4096  # what is sealed is a multiple of so many bytes: a skipped consent must not show
RESTORE = "was written over and cannot be read any more: restore it from a backup"

# Built once: making a statement costs more than running it.
LATEST = select(t).order_by(t.c.submitted_at.desc()).limit(1)
BY_ID = LATEST.where(t.c.id == bindparam("value"))
OF_INTERVIEW = LATEST.where(t.c.interview_id == bindparam("value"))
BY_LINK = LATEST.where((t.c.status_hash == bindparam("value")) | (t.c.letter_hash == bindparam("value")))
BY_REFERENCE = LATEST.where(t.c.reference == bindparam("value"))
OF_HANDLE = LATEST.where(t.c.handle_hash == bindparam("value"))
LATELY = (
    select(t.c.id)
    .join_from(contacts, t, t.c.id == contacts.c.submission_id)
    .where(contacts.c.email_index == bindparam("value"), t.c.submitted_at >= bindparam("since"))
    .limit(bindparam("most"))
)
CONTACT = select(contacts.c.sealed).where(contacts.c.submission_id == bindparam("value"))
ADD, ADD_CONTACT = insert(t), insert(contacts)
MARK = (
    update(interviews)
    .where(
        interviews.c.id == bindparam("row"),
        interviews.c.revision == bindparam("seen"),
        interviews.c.submission_id.is_(None),
    )
    .values(submission_id=bindparam("sent_as"), answers_sealed=b"", touched_at=bindparam("now"), reached="sent")
)


class Submissions:
    """Submissions and the contacts that belong to them."""

    def __init__(self, db: Database, keys: Keys, referrals: Referrals, messages: Messages, notes: UnionNotes) -> None:
        self.db = db
        self.keys = keys
        self.referrals = referrals
        self.messages = messages
        self.notes = notes
        self._by_id, self._contact, self._lately = (db.statement(one) for one in (BY_ID, CONTACT, LATELY))

    def submit(self, interview: Interview, draft: SubmissionDraft) -> Submission | None:
        """Mark the interview sent (compare-and-set on its revision) and write everything, or nothing.

        Sent before: the submission of then. Changed in between: None, look again.
        """
        work = self.db.work
        work.must_admit(interview.id)
        with self.db.transaction():
            now = to_text(draft.submission.submitted_at)
            given = {"row": interview.id, "seen": interview.revision, "sent_as": draft.submission.id, "now": now}
            if self.db.change(MARK, given) == 1:
                work.admit(draft.submission.id)
                self._insert(draft)
                return draft.submission
        return self.of_interview(interview.id)

    def _insert(self, draft: SubmissionDraft) -> None:
        submission, contact = draft.submission, draft.contact
        values = {name: getattr(submission, name) for name in CLEAR}
        self.db.change(
            ADD,
            {
                **values,
                "handle_hash": draft.handle_hash,
                "status_hash": draft.status_hash,
                "letter_hash": draft.letter_hash,
                "offers": json.dumps(submission.offers, separators=(",", ":")),
                "coded": json.dumps(submission.coded, separators=(",", ":")),
                "sealed": self._seal(submission.sealed, submission.id),
                "submitted_at": to_text(submission.submitted_at),
            },
        )
        self.db.change(
            ADD_CONTACT,
            {
                "submission_id": submission.id,
                "sealed": self.keys.seal_json(contact_json(contact), place(submission.id)),
                "email_index": draft.email_index,
                "phone_index": draft.phone_index,
                "has_email": contact.email is not None,
                "has_phone": contact.phone is not None,
            },
        )
        now = submission.submitted_at
        self.referrals.add(submission, draft.referrals, contact.email is None, now)
        self.messages.add_all(draft.letters, now)
        self.notes.add(draft.union_note_id, draft.union_note)

    def lock(self, id: str) -> None:
        """Until the transaction ends nobody else changes this case: the first statement of everything that does. What
        was read of it before may be old by now. SQLite has one writer anyhow.
        """
        self.db.work.must_admit(id)
        self.db.first(select(t.c.id).where(t.c.id == id).with_for_update())

    def by_id(self, id: str) -> Submission | None:
        self.db.work.must_admit(id)
        found = self.db.records(self._by_id, {"value": id})
        return self._record(found[0]) if found else None

    def of_interview(self, interview_id: str) -> Submission | None:
        self.db.work.must_admit(interview_id)
        return self._one(OF_INTERVIEW, interview_id)

    def by_reference(self, reference: str) -> Submission | None:
        """A union's own reference is none of these. For the operator only."""
        self.db.work.must_admit(None)
        return self._one(BY_REFERENCE, reference)

    def by_link_hash(self, link_hash: str) -> Submission | None:
        """Behind the link to the person's own page, or the one that letters carry."""
        return self._one(BY_LINK, link_hash)

    def of_handle(self, handle_hash: str) -> Submission | None:
        """The latest sent from this handle."""
        return self._one(OF_HANDLE, handle_hash)

    def sent_from(self, id: str, handle_hash: str) -> bool:
        """Whether this is the handle it was sent in from, or the one its interview has gone along to."""
        self.db.work.must_admit(id)
        sent = select(t.c.id).where(t.c.id == id, t.c.handle_hash == handle_hash)
        there = select(interviews.c.id).where(interviews.c.submission_id == id, interviews.c.handle_hash == handle_hash)
        return any(self.db.first(statement) is not None for statement in (sent, there))

    def lately(self, email_index: str, since: datetime, most: int) -> int:
        """How many were sent in with this address, counted to `most`; no more than the number is told."""
        values = {"value": email_index, "since": to_text(since), "most": most}
        return len(self.db.records(self._lately, values))

    def contact(self, submission_id: str) -> Contact | None:
        self.db.work.must_admit(submission_id)
        rows = self.db.records(self._contact, {"value": submission_id})
        return Contact(**self.keys.open_json(rows[0]["sealed"], place(submission_id))) if rows else None

    def decide(self, id: str, decision: str, reason: str | None, staff_id: str, now: datetime) -> bool:
        """Record what staff decided, once, beside the verdict."""
        self.db.work.must_admit(id)
        decided = {"decision": decision, "decision_reason": reason, "decided_by": staff_id, "decided_at": to_text(now)}
        return self.db.change(update(t).where(t.c.id == id, t.c.decision.is_(None)).values(decided)) == 1

    def consents_sent(self, submission: Submission, sealed: dict[str, Any], now: datetime) -> bool:
        """Record that the consents were answered, once."""
        self.db.work.must_admit(submission.id)
        answered = {"consents_sent_at": to_text(now), "sealed": self._seal(sealed, submission.id)}
        open_still = update(t).where(t.c.id == submission.id, t.c.consents_sent_at.is_(None))
        return self.db.change(open_still.values(answered)) == 1

    def reseal(self, id: str, sealed: dict[str, Any]) -> None:
        self.db.work.must_admit(id)
        self.db.change(update(t).where(t.c.id == id).values(sealed=self._seal(sealed, id)))

    def _seal(self, sealed: Mapping[str, Any], id: str) -> bytes:
        return self.keys.seal_json(sealed, _place("submissions", id), LENGTH)

    def _one(self, statement: Select[Any], value: str) -> Submission | None:
        row = self.db.first(statement, {"value": value})
        return None if row is None else self._record(row._mapping)

    def _record(self, values: Mapping[Any, Any]) -> Submission:
        """Raises Damaged when something else wrote over it."""
        self.db.work.admit(values["id"], values["interview_id"])
        try:
            date.fromisoformat(values["judged_on"])
            offers, coded = (json.loads(values[name] or "null") for name in ("offers", "coded"))
            if not isinstance(coded, dict) or not all(isinstance(one, str) for one in offers or ()):
                raise ValueError("of another kind")
        except (TypeError, ValueError):
            raise Damaged(f"what is stored of {values['reference']} {RESTORE}") from None
        return Submission(
            **{name: values[name] for name in CLEAR},
            offers=None if offers is None else tuple(offers),
            coded=coded,
            sealed=self.keys.open_json(values["sealed"], _place("submissions", values["id"])),
            decided_at=maybe_time(values["decided_at"]),
            consents_sent_at=maybe_time(values["consents_sent_at"]),
            submitted_at=to_time(values["submitted_at"]),
        )


def _place(table: str, id: str) -> str:
    return f"{table}.sealed:{id}"
