"""What staff are shown, as values: a queue, its rows, one case, its timeline. Who sees what is decided in `queries`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from intake.engine.prompts import Reason, Row, Settling
from intake.records import Contact, Message, Referral
from intake.referrals.consents import Open


@dataclass(frozen=True, slots=True)
class Asked:
    """What a queue is filtered by; everything is in the URL."""

    tab: str = "open"
    municipality: str = ""
    days: int = 0
    partner: str = ""
    review: bool = False
    wishes: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One referral in a queue: nothing that says who it is about."""

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
    """`more`: there is another page. `review`, `turn`, `troubled`, `wishes`: what waits for the coordinator. `away`:
    since when no letter can leave.
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
    """What became of a letter; not its text, which can hold what this partner must not know. `stuck`: somebody should
    see to it.
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
    """One line of a timeline."""

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
    """One referral with all that this member of staff may see and do. `contact` is None until it is picked up;
    `phone` is its number as people write it.

    `why`, `also`, `settling`: as the person read them, as far as this partner may read the answers. `noes`: the reasons
    that the coordinator can give for a no, as (code, sentence).
    """

    referral: Referral
    version: str
    partner_name: str
    submitted: datetime
    days: int
    why: tuple[Reason, ...]
    also: tuple[Reason, ...]
    settling: tuple[Settling, ...]
    noes: tuple[tuple[str, str], ...]
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
    """A letter that did not go out, for the coordinator."""

    message: Message
    letter: LetterSeen
    reference: str
    partner: str
