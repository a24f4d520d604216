"""The values that staff pages show: a queue, its rows, a case, its timeline. `queries` decides who sees what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from intake.engine.prompts import Dated, Reason, Row
from intake.records import Contact, Message, Referral
from intake.referrals.consents import Open


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a queue, as in its URL."""

    tab: str = "open"
    municipality: str = ""
    days: int = 0
    partner: str = ""
    review: bool = False
    wishes: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A referral in a queue, without anything that identifies the person."""

    reference: str
    partner: str
    partner_name: str
    status: str
    responsible: bool
    occupation: str
    needs: str
    municipality: str
    language: str
    created_at: datetime
    days: int
    by_phone: bool
    review: bool
    has_it: str
    undelivered: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `more`: there is another page. `review`, `turn`, `troubled`, `wishes`: the numbers that wait
    for the coordinator. `away`: since when the mail server has not answered.
    """

    rows: tuple[QueueRow, ...]
    more: bool
    counts: Mapping[str, int]
    municipalities: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]
    review: int
    turn: int
    troubled: int
    away: datetime | None
    wishes: int


@dataclass(frozen=True, slots=True)
class LetterSeen:
    """The state of a letter, without its text, which can contain what this partner must not know. `stuck`: it needs
    attention.
    """

    id: str
    letter: str
    status: str
    maybe: bool
    problem: str
    created_at: datetime
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An entry of a timeline."""

    at: datetime
    what: str
    who: str
    code: str
    note: str
    from_status: str
    to_status: str
    letter: LetterSeen | None


@dataclass(frozen=True, slots=True)
class Case:
    """A referral with all that this member of staff may see and do. `contact` is None until it is picked up; `phone` is
    its formatted number.

    `why`, `also`, `settling`: as the person read them, as far as this partner may read the answers. `noes`: the
    coordinator's possible reasons for a no, as (code, sentence); `group`: what the rules say, to decide on.
    """

    referral: Referral
    version: str
    partner_name: str
    submitted: datetime
    days: int
    why: tuple[Reason, ...]
    also: tuple[Reason, ...]
    settling: tuple[Dated, ...]
    noes: tuple[tuple[str, str], ...]
    group: str
    answers: tuple[Row, ...]
    contact: Contact | None
    phone: str
    interpreter: str
    timeline: tuple[TimelineEntry, ...]
    letters: tuple[LetterSeen, ...]
    others: tuple[QueueRow, ...]
    can: frozenset[str]
    has_it: str
    reply_to: str
    decision: str
    verdict: str
    own: bool
    askable: tuple[tuple[str, str], ...]
    wished: str
    asking: Open | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A letter that was not sent, for the coordinator."""

    message: Message
    letter: LetterSeen
    reference: str
    partner: str
