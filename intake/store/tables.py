"""Every table, in one place. What is personal is in `*_sealed` columns (encrypted, see `intake.keys`) or hashed.

Times are UTC, stored as ISO text with microseconds ("2026-11-23T09:10:00.000000Z"), so that text sorts as time.
A union's referral has no clear column that leads to a person: `submission_id` is null and the way back is sealed, with
the language, the consent and whether to call. It is written in another transaction than the person's rows (see
`intake.referrals.unions`).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from intake.engine import lengths

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TIME = String(27)
ID = String(32)
CODE = String(lengths.CODE)  # what a programme calls its parts: ids, reasons, versions of texts

interviews = Table(
    "interviews",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme", CODE, nullable=False),
    Column("version", CODE, nullable=False),
    Column("language", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("handle_hash", String(64), unique=True),  # keyed hash of handle and programme; null once replaced
    Column("answers_sealed", LargeBinary, nullable=False),  # one JSON document
    Column("revision", Integer, nullable=False, default=1),  # optimistic lock
    Column("reached", CODE, nullable=False, default=""),  # for drop-off figures
    Column("applied", Text, nullable=False, default=""),  # the last channel update ids whose effect is stored
    Column("submission_id", ID),  # set once, by compare-and-set, when submitted
    Column("started_at", TIME, nullable=False),
    Column("touched_at", TIME, nullable=False),  # no index: every answer would move it, and only deletion looks
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("interview_id", ID, nullable=False, unique=True),
    Column("reference", String(32), nullable=False, unique=True),
    Column("programme", CODE, nullable=False),
    Column("version", CODE, nullable=False),
    Column("meaning", String(64)),  # hash of what that version means; null in rows older than hashes
    Column("language", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("handle_hash", String(64), index=True),
    Column("status_hash", String(64), nullable=False, unique=True),  # hash of the secret link to the person's own page
    Column("letter_hash", String(64), nullable=False, unique=True),  # of the one in letters: its page shows no union
    Column("judged_on", String(10), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("group", CODE),
    Column("reason", CODE, nullable=False),
    Column("route", CODE),
    Column("lead", CODE),
    Column("offers", Text),  # JSON; null in rows older than replays, which read it. It follows from `coded`
    Column("municipality", CODE),
    Column("coded", Text, nullable=False),  # coded answers before the result, JSON; never text or contact
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # all answers sent, trace, routes, partners considered, consent answers
    Column("decision", CODE),  # ask_staff: "no" or a group id; beside the verdict, never instead of it
    Column("decision_reason", CODE),
    Column("decided_at", TIME),
    Column("decided_by", ID),
    Column("consents_sent_at", TIME),
    Column("submitted_at", TIME, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("submission_id", ID, ForeignKey("submissions.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # name, email, phone, interpreter, interpreter_language
    Column("email_index", String(64), index=True),  # blind indexes for exact look-up
    Column("phone_index", String(64), index=True),
    Column("has_email", Boolean, nullable=False),
    Column("has_phone", Boolean, nullable=False),
)

referrals = Table(
    "referrals",
    metadata,
    Column("id", ID, primary_key=True),
    Column("unique_key", String(64), nullable=False, unique=True),  # keyed hash of submission and partner
    Column("reference", String(32), nullable=False, index=True),  # the submission's; a union's is its own
    Column("programme", CODE, nullable=False),
    Column("partner", CODE, nullable=False),
    Column("submission_id", ID, ForeignKey("submissions.id"), index=True),  # null for a union
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # {"submission_id": ...}: the only way from a union's referral to a person
    Column("status", String(16), nullable=False),
    Column("responsible", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),  # order in which responsibility passes; the owner's is last
    Column("group", CODE),
    Column("municipality", CODE),
    Column("verdict", String(16)),
    Column("route", CODE),
    Column("language", String(8), nullable=False),
    Column("by_phone", Boolean, nullable=False),  # no email address: call
    Column("staff_id", ID),  # who picked it up
    Column("decline_reason", CODE),
    Column("outcome", CODE),
    Column("consent_version", CODE),
    Column("consent_language", String(8)),
    Column("consent_source", String(16)),  # form, chat, link, telephone; null for the owner's (want_referral)
    Column("consent_at", TIME),
    Column("consent_by", ID),  # staff who recorded a consent by telephone
    Column("created_at", TIME, nullable=False),
    Column("changed_at", TIME, nullable=False),
    Index(None, "partner", "status"),
)

events = Table(
    "events",
    metadata,
    Column("id", ID, primary_key=True),
    Column("referral_id", ID, ForeignKey("referrals.id"), nullable=False, index=True),
    Column("at", TIME, nullable=False),
    Column("what", String(32), nullable=False),  # created, pick_up, release, decline, note, call, letter, ...
    Column("actor", String(16), nullable=False),  # participant, staff, system
    Column("staff_id", ID),
    Column("from_status", String(16)),
    Column("to_status", String(16)),
    Column("code", CODE),  # a decline reason, an outcome, a letter id, a partner id (never a union's)
    Column("sealed", LargeBinary),  # a note's text
    Column("message_id", ID),
)

messages = Table(
    "messages",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dedup_key", String(128), nullable=False, unique=True),
    Column("letter", CODE, nullable=False),
    Column("programme", CODE),
    Column("referral_id", ID, ForeignKey("referrals.id"), index=True),
    Column("to_partner", CODE),  # set when the recipient is a partner's or the sender is a handling partner
    Column("recipient", String(16), nullable=False),  # person, partner, staff
    Column("sealed", LargeBinary, nullable=False),  # {"to","reply_to","subject","text","language"}
    Column("message_id", String(lengths.MESSAGE_ID), nullable=False),  # RFC 5322 Message-ID, stable over retries
    Column("status", String(16), nullable=False),  # waiting, sent, given_up, stopped, too_late
    Column("attempts", Integer, nullable=False, default=0),
    Column("maybe_delivered", Boolean, nullable=False, default=False),
    Column("coarse", Boolean, nullable=False, default=False),  # a union's: times to the hour, so that they join nothing
    Column("problem", String(lengths.PROBLEM)),  # the server's code or our own words, never an address
    Column("next_at", TIME, nullable=False),
    Column("lease_until", TIME),
    Column("lease", ID),
    Column("created_at", TIME, nullable=False),
    Column("sent_at", TIME),
    Column("valid_until", TIME),  # from then on it is not sent: a link or day in it is over; null: it always holds
    Index(None, "status", "next_at"),
)

away = Table(
    "away",
    metadata,
    Column("what", String(16), primary_key=True),  # "mail": the mail server. No row: it answers
    Column("since", TIME, nullable=False),
)

partners = Table(
    "partners",
    metadata,
    Column("programme", CODE, primary_key=True),
    Column("partner", CODE, primary_key=True),
    Column("reply_to", String(lengths.EMAIL)),
    Column("notify", String(lengths.EMAIL)),
    Column("phone", String(lengths.PHONE)),
    Column("changed_at", TIME, nullable=False),
    Column("paused_at", TIME),  # takes nobody new until this is null again
)

staff = Table(
    "staff",
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", String(lengths.EMAIL), nullable=False, unique=True),  # lower case
    Column("name", String(lengths.NAME), nullable=False, default=""),
    Column("programme", CODE, nullable=False),
    Column("partner", CODE, nullable=False),
    Column("coordinator", Boolean, nullable=False, default=False),
    Column("created_at", TIME, nullable=False),
    Column("disabled_at", TIME),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("staff_id", ID, ForeignKey("staff.id"), nullable=False, index=True),
    Column("created_at", TIME, nullable=False),
    Column("seen_at", TIME, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),  # signin, continue, consent
    Column("subject", String(64), nullable=False),  # staff id, interview id, submission id
    Column("binding_hash", String(64)),  # sign-in: the asking browser's cookie
    Column("created_at", TIME, nullable=False),
    Column("expires_at", TIME, nullable=False),
    Column("used_at", TIME),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("bucket", String(128), nullable=False),  # what is limited, with a keyed hash of whom
    Column("at", TIME, nullable=False),
    Index(None, "bucket", "at"),
)

presses = Table(
    "presses",
    metadata,
    Column("key", String(64), primary_key=True),  # keyed hash of a form's key and what was done with it
    Column("at", TIME, nullable=False),  # to the hour
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", TIME, nullable=False),
    Column("staff_id", ID),
    Column("what", String(64), nullable=False),  # signed_in, sign_in_failed, signed_out, read_referral, ...
    Column("referral_id", ID),
)

versions = Table(
    "versions",
    metadata,
    Column("programme", CODE, primary_key=True),
    Column("number", Integer, primary_key=True),  # the order of publishing: the highest is served. Never changed
    Column("version", CODE, nullable=False),  # the label of programme.toml: one label, one meaning
    Column("meaning", String(64), nullable=False),  # hash of what it means
    Column("wording", String(64), nullable=False),  # hash of its words
    Column("files", Text, nullable=False),  # {"programme.toml": "...", ...}: enough to load it again for ever
    Column("published_at", TIME, nullable=False),
)

list_entries = Table(
    "list_entries",
    metadata,
    Column("list", CODE, primary_key=True),
    Column("id", CODE, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("words", Text, nullable=False),  # {"sv": ["label", "synonym"], ...}
)

union_notes = Table(  # what people want of unions, until the next batch; every submission and later change leaves one
    "union_notes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme", CODE, nullable=False, index=True),
    Column("place", String(64), nullable=False, unique=True),  # keyed hash of the submission and a running number
    Column("sealed", LargeBinary, nullable=False),  # of one length, whatever it says
    Column("created_at", TIME, nullable=False),  # to the hour
)

erased = Table(  # who was erased, by keyed hashes alone: a backup of before must not bring them back
    "erased",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the submission's id, or of its interview's
    Column("at", TIME, nullable=False),  # to the hour
    Column("sealed", LargeBinary),  # why, when it was erased although somebody had the case in hand
)

installation = Table(
    "installation",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # "keys": tells wrong keys before they do harm; "contacts": is done
)
