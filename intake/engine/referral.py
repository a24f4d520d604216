"""A referral's statuses, why it ends, and whose turn it is. Pure. (docs/rules.md, "Sending")

What can happen to it is in `intake.engine.moves`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from intake.engine.programme import Programme

WAITING, ACCEPTED, WATCHING = "waiting", "accepted", "watching"
CLOSED, DECLINED, HANDED_OVER, WITHDRAWN = "closed", "declined", "handed_over", "withdrawn"
STATUSES = (WAITING, ACCEPTED, WATCHING, CLOSED, DECLINED, HANDED_OVER, WITHDRAWN)
OF_UNIONS = 1000  # the rank of every union: none is ever responsible
OPEN = frozenset({WAITING, ACCEPTED, WATCHING})

# Why a partner declines. About the person: the owner decides what now. About us: the next partner's turn.
ABOUT_PERSON, ABOUT_US = "person", "us"
DECLINES: Mapping[str, str] = {
    "not_target": ABOUT_PERSON,
    "already_supported": ABOUT_PERSON,
    "wrong_contact": ABOUT_PERSON,
    "person_declined": ABOUT_PERSON,
    "no_capacity": ABOUT_US,
    "not_our_task": ABOUT_US,
    "not_affiliated": ABOUT_US,
    "other_partner_better": ABOUT_US,
}

NOT_REACHED = "not_reached"
OUTCOMES = ("new_job", "training", "own_business", "same_job", "support_elsewhere", NOT_REACHED, "ended_by_person")


@dataclass(frozen=True, slots=True)
class Planned:
    """One referral that a submission makes. `rank`: the order in which responsibility passes."""

    partner: str
    status: str
    responsible: bool
    rank: int
    union: bool


class Placed(Protocol):
    """What is asked here of a referral."""

    @property
    def partner(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def rank(self) -> int: ...


def plan(
    programme: Programme,
    order: Sequence[str],
    consented: Collection[str],
    able: Collection[str] | None = None,
) -> tuple[Planned, ...]:
    """The referrals of a submission: the owner's, and one for every partner in `order` (lead, then offers) with
    consent.

    Responsible is the first of them that is no union and can take it (`able` None: all can), else the owner.
    """
    ordered = [id for id in dict.fromkeys(order) if id == programme.owner or id in consented]
    if programme.owner not in ordered:
        ordered.append(programme.owner)
    taking = (id for id in ordered if not programme.partners[id].union and (able is None or id in able))
    responsible = next(taking, programme.owner)
    partners = [id for id in ordered if not programme.partners[id].union]
    planned = []
    for id in ordered:
        status = WATCHING if id == programme.owner and id != responsible else WAITING
        union = programme.partners[id].union
        rank = OF_UNIONS if union else partners.index(id)  # a gap would tell that a union was chosen
        planned.append(Planned(id, status, id == responsible, rank, union))
    return tuple(planned)


def next_responsible(
    programme: Programme, referrals: Iterable[Placed], leaving: str, able: Collection[str] | None = None
) -> str:
    """Whose turn it is when `leaving` is no longer responsible: the first open one in order, else the owner.

    Unions never are; a partner that cannot take it (without active staff, paused) is skipped.
    """
    for referral in sorted(referrals, key=lambda one: one.rank):
        can = able is None or referral.partner in able or referral.partner == programme.owner
        union = programme.partners[referral.partner].union
        if referral.partner != leaving and referral.status in OPEN and can and not union:
            return referral.partner
    return programme.owner
