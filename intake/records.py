"""Frozen records that the store takes and returns. Times are aware UTC datetimes; nothing here is encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from intake.engine.assessment import Judged
from intake.engine.conditions import Value

NO = "no"  # a decision: not for us


@dataclass(slots=True)  # not frozen: created several times per answer
class Interview:
    """One participant's answers to one programme version."""

    id: str
    programme: str
    version: str
    language: str
    channel: str
    answers: Mapping[str, Value | None] = field(repr=False)
    revision: int
    reached: str
    applied: tuple[str, ...]
    submission_id: str | None
    started_at: datetime
    touched_at: datetime
    handle_hash: str = field(repr=False)


@dataclass(slots=True)  # not frozen: created several times per answer
class Changed:
    """What a step changes. `language`, `version` None: unchanged."""

    answers: Mapping[str, Value | None] = field(repr=False)
    reached: str
    applied: tuple[str, ...]
    language: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The person of a submission, and how to reach them."""

    name: str = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    interpreter: str | None = None
    interpreter_language: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Permission for one partner: text version, language, time, source; `by` is staff who heard it on the phone."""

    version: str
    language: str
    at: datetime
    source: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral to be created. A union's has its own reference and no unencrypted link to the submission."""

    id: str
    partner: str
    reference: str
    status: str
    responsible: bool
    rank: int
    union: bool
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class UnionNote:
    """A person's wishes about unions at a moment. Everybody leaves a note of the same length; most are empty.

    `yes`: the referrals wished for. `back`: the unions whose consent was withdrawn. `erased`: the person was erased.
    `version` of the programme, `language` and `by_phone` are those of the submission.
    """

    submission_id: str
    programme: str
    version: str
    at: datetime
    language: str
    by_phone: bool
    yes: tuple[NewReferral, ...] = ()
    back: tuple[str, ...] = ()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A letter owed: once per `dedup_key`, and never after `valid_until`. `problem`: why it cannot be sent now."""

    id: str
    dedup_key: str
    letter: str
    programme: str | None
    recipient: str
    to: str = field(repr=False)
    reply_to: str
    subject: str
    text: str = field(repr=False)
    language: str
    message_id: str
    referral_id: str | None = None
    to_partner: str | None = None
    status: str = "waiting"
    problem: str | None = None
    coarse: bool = False  # times to the hour only: letters of unions
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A letter in the outbox, decrypted. `unreadable`: no key decrypts it, and encrypted fields are empty."""

    id: str
    letter: str
    programme: str | None
    recipient: str
    referral_id: str | None
    to_partner: str | None
    to: str = field(repr=False)
    reply_to: str
    subject: str
    text: str = field(repr=False)
    language: str
    message_id: str
    status: str
    attempts: int
    maybe_delivered: bool
    problem: str | None
    next_at: datetime
    created_at: datetime
    sent_at: datetime | None
    coarse: bool = False
    valid_until: datetime | None = None
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """An interview sent in: the answers and the result, frozen. `sealed` is decrypted only where needed.

    `meaning` and `offers` are None in submissions from before they were stored.
    """

    id: str
    interview_id: str
    reference: str
    programme: str
    version: str
    meaning: str | None
    language: str
    channel: str
    judged_on: str
    verdict: str
    group: str | None
    reason: str
    route: str | None
    lead: str | None
    offers: tuple[str, ...] | None
    municipality: str | None
    coded: Mapping[str, Value]
    sealed: Mapping[str, Any] = field(repr=False)
    decision: str | None
    decision_reason: str | None
    decided_at: datetime | None
    decided_by: str | None
    consents_sent_at: datetime | None
    submitted_at: datetime

    @property
    def waits_for_consents(self) -> bool:
        """Staff have decided on a group, and the person has not yet said who may get the answers."""
        return self.decision not in (None, NO) and self.consents_sent_at is None

    def trace(self) -> tuple[Judged, ...]:
        """The outcome of every rule when it was sent in."""
        return tuple(Judged(rule, outcome, tuple(because)) for rule, outcome, because in self.sealed["trace"])


class SentIn(NamedTuple):
    """A judged submission as replays read it by the million. `coded` and `offers` are JSON, as stored.

    From a file there is no result yet, and `coded` is a mapping.
    """

    reference: str | None
    version: str
    meaning: str | None
    judged_on: str
    verdict: str | None
    group: str | None
    lead: str | None
    offers: str | None
    municipality: str | None
    decided: bool
    coded: str | Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SubmissionDraft:
    """Everything that one transaction writes when an interview is sent in."""

    submission: Submission
    handle_hash: str
    status_hash: str
    letter_hash: str
    contact: Contact
    email_index: str | None
    phone_index: str | None
    referrals: tuple[NewReferral, ...]
    letters: tuple[NewMessage, ...]
    union_note_id: str
    union_note: UnionNote


@dataclass(frozen=True, slots=True)
class Referral:
    """One submission at one partner. `coming`: a union's, created by the next batch; the union does not know it yet."""

    id: str
    reference: str
    programme: str
    partner: str
    submission_id: str | None
    status: str
    responsible: bool
    rank: int
    group: str | None
    municipality: str | None
    verdict: str | None
    route: str | None
    language: str
    by_phone: bool
    staff_id: str | None
    decline_reason: str | None
    outcome: str | None
    consent: Consent | None
    created_at: datetime
    changed_at: datetime
    coming: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a referral. Append-only."""

    id: str
    referral_id: str
    at: datetime
    what: str
    actor: str
    staff_id: str | None = None
    from_status: str | None = None
    to_status: str | None = None
    code: str | None = None
    note: str | None = field(default=None, repr=False)
    message_id: str | None = None


AFTER = timedelta(microseconds=1)  # sorts consequences of a move after it on a referral's timeline


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `participant`, `staff` (with id) or `system`."""

    kind: str
    staff_id: str | None = None


class HasPartner(Protocol):
    """A referral, created or to be created."""

    @property
    def id(self) -> str: ...

    @property
    def partner(self) -> str: ...

    @property
    def reference(self) -> str: ...


def event_of(referral: HasPartner, id: str, what: str, actor: Actor, at: datetime, **more: str | None) -> Event:
    """Returns an event of a referral. `more`: the other fields of `Event`."""
    return Event(id, referral.id, at, what, actor.kind, actor.staff_id, **more)


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who signs in for a partner."""

    id: str
    email: str = field(repr=False)
    name: str
    programme: str
    partner: str
    coordinator: bool
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a programme. `number` is the order of publishing; `meaning` and `wording` are hashes."""

    programme: str
    number: int
    version: str
    meaning: str
    wording: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PartnerSettings:
    """A partner's addresses, which are not programme data. `paused_at`: it takes no new cases until resumed."""

    programme: str
    partner: str
    reply_to: str | None
    notify: str | None
    phone: str | None
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A single-use link, without its token."""

    purpose: str
    subject: str
    binding_hash: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
