"""Access to cases: which referrals a member of staff may see, and which may be acted on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, Self, TypeVar

from intake.engine.moves import FACTS, STAFF_MOVES, changes
from intake.engine.programme import Programme
from intake.engine.referral import ACCEPTED
from intake.errors import NotAllowed, NotFound, SomebodyElse
from intake.records import Actor, Contact, Referral, Staff, Submission
from intake.referrals.deps import Deps
from intake.store import StaffScope

Given = ParamSpec("Given")
Result = TypeVar("Result")
Access = TypeVar("Access", bound="CaseAccess")


def for_staff(
    act: Callable[Concatenate[Access, Staff, Given], Result],
) -> Callable[Concatenate[Access, Staff, Given], Result]:
    """Decorates an operation of staff: runs it in a unit of work that sees what this member of staff may see."""

    @wraps(act)
    def within(self: Access, staff: Staff, /, *args: Given.args, **named: Given.kwargs) -> Result:
        with self.parts.store.on_behalf(self.scope(staff)):
            return act(self, staff, *args, **named)

    return within


# The acts, by the name of their move. Each is called with a casework, the member of staff, the referral's reference and
# the values of the move's fields.
ACTS: dict[str, Callable[..., None]] = {}


def act(
    name: str,
) -> Callable[
    [Callable[Concatenate[Access, Staff, Referral, Given], None]],
    Callable[Concatenate[Access, Staff, str, Given], None],
]:
    """Decorates an act on a referral of the own organisation: passes it the referral, locked and read anew, in one
    transaction. If one form (`pressed`) is sent twice, the act runs once.
    """

    def wrapped(
        do: Callable[Concatenate[Access, Staff, Referral, Given], None],
    ) -> Callable[Concatenate[Access, Staff, str, Given], None]:
        @wraps(do)
        def done(self: Access, staff: Staff, reference: str, /, *given: Given.args, **named: Given.kwargs) -> None:
            with (
                self.parts.store.on_behalf(self.scope(staff)),
                self._holding(staff, reference, (name, *given, *named.values())) as (referral, again),
            ):
                if not again or changes(name):  # from an old page it is done again, if it can be
                    self.demand(staff, referral, name)
                    do(self, staff, referral, *given, **named)

        ACTS[name] = done
        return done

    return wrapped


class CaseAccess:
    """Decides which referral a member of staff may see (`find`) and act on (`own`).

    `once` is the key rendered with a form. However often the form is sent, its act runs once.
    """

    def __init__(self, parts: Deps, once: str = "") -> None:
        self.parts = parts
        self.once = once

    def pressed(self, once: str) -> Self:
        """Returns the same for a form that was rendered with this key."""
        return type(self)(self.parts, once)

    def programme(self, staff: Staff) -> Programme:
        """Returns the programme as it is served now, for operations that are about no single case."""
        return self.parts.programmes[staff.programme]

    def programme_of(self, submission: Submission) -> Programme:
        """Returns the version of the programme that a case was sent in under."""
        return self.parts.programmes.at(submission.programme, submission.version)

    def under(self, staff: Staff, version: str) -> Programme:
        """Returns this version of the programme."""
        return self.parts.programmes.at(staff.programme, version)

    def scope(self, staff: Staff) -> StaffScope:
        """Returns the scope: the own organisation's referrals; for the coordinator all but unions'."""
        unions = self.parts.programmes.unions(staff.programme) if staff.coordinator else None
        return StaffScope(staff.programme, staff.partner, unions)

    def find(self, staff: Staff, reference: str, partner: str | None = None) -> Referral:
        """Returns a referral within the scope. Raises NotFound for one outside it exactly as for a missing one."""
        return self._counting(self.parts.store.referrals.find(reference, partner or staff.partner))

    def own(self, staff: Staff, reference: str) -> Referral:
        """Returns the own organisation's referral with this reference, the only one that may be acted on."""
        return self.find(staff, reference, staff.partner)

    def _counting(self, referral: Referral) -> Referral:
        """Returns a union's referral with withdrawals and erasures since the last batch applied; others unchanged."""
        if referral.submission_id is not None:
            return referral
        counting = self.parts.unions.as_it_counts(referral)
        if counting is None:
            raise NotFound(f"no referral {referral.reference}")
        return counting

    def mine(self, staff: Staff, reference: str) -> Referral:
        """Returns the own organisation's referral if this member of staff has it in hand. Raises NotAllowed."""
        return self.in_hand(staff, self.own(staff, reference))

    @staticmethod
    def in_hand(staff: Staff, referral: Referral) -> Referral:
        """Returns the referral if this member of staff has it in hand. Raises NotAllowed."""
        if referral.status != ACCEPTED or referral.staff_id != staff.id:
            raise NotAllowed("pick it up first")
        return referral

    def facts(self, staff: Staff, referral: Referral) -> frozenset[str]:
        """Returns which of `FACTS` hold for this referral and member of staff."""
        held = referral.status == ACCEPTED
        mine = held and referral.staff_id == staff.id
        owners = referral.partner == self.programme(staff).owner
        submission = self.submission(referral) if owners else None  # else nobody decides there
        undecided = submission is not None and submission.verdict == "ask_staff" and submission.decision is None
        awaiting = submission is not None and submission.waits_for_consents
        holds = {
            "coordinator": staff.coordinator,
            "free": mine or not held,
            "colleague": held and not mine,
            "held": held,
            "mine": mine,
            "responsible": referral.responsible,
            "partner": not owners,
            "undecided": undecided,
            "awaiting": awaiting,
            "settled": not undecided and not awaiting,
            "email": not referral.by_phone,
        }
        return frozenset(name for name, so in holds.items() if so)

    def demand(self, staff: Staff, referral: Referral, name: str) -> None:
        """Raises NotAllowed with the reason, or SomebodyElse, if a move's needs (`StaffMove.needs`) are not met."""
        needs = STAFF_MOVES[name].needs if name in STAFF_MOVES else ()
        facts = self.facts(staff, referral) if needs else ()
        for need in needs:
            if need == "free" and need not in facts:
                raise SomebodyElse("a colleague has it", self.name_of(referral.staff_id))
            if need not in facts and FACTS[need][1]:
                raise NotAllowed(FACTS[need][1])

    @contextmanager
    def _holding(self, staff: Staff, reference: str, asked: tuple[object, ...]) -> Iterator[tuple[Referral, bool]]:
        """Yields the own organisation's referral for one act, in a transaction, and whether this form was sent before.

        Every act locks the case first and reads the referral anew, so that acts on one case are serialised and none
        is lost.

        A union's referral is locked alone: its transaction must not touch the person's rows. The same key with other
        values is another act. Sending a form again is not refused as impossible now. Without a key nothing is
        remembered. Raises NotFound.
        """
        referral, store, again = self.own(staff, reference), self.parts.store, False
        press = (self.once, staff.id, referral.id, *asked)
        try:
            with store.transaction():
                if referral.submission_id is None:
                    referral = self._counting(store.referrals.hold(referral.id))
                else:
                    store.submissions.lock(referral.submission_id)
                    referral = store.referrals.get(referral.id)
                again = bool(self.once) and not store.presses.first(press, self.parts.clock())
                yield referral, again
        except NotAllowed:
            if not again:
                raise

    def submission(self, referral: Referral) -> Submission:
        found = self.parts.store.submissions.by_id(self.parts.store.referrals.submission_id(referral))
        if found is None:
            raise NotFound("no such referral")
        return found

    def contact(self, submission: Submission) -> Contact:
        """Returns the contact details. Raises NotFound if the person is erased."""
        found = self.parts.store.submissions.contact(submission.id)
        if found is None:
            raise NotFound("no such referral")
        return found

    def name_of(self, staff_id: str | None) -> str:
        """Returns the name of a member of staff; empty if there is none."""
        member = self.parts.store.people.staff_by_id(staff_id) if staff_id else None
        return (member.name or member.email.split("@")[0]) if member else ""

    @staticmethod
    def actor(staff: Staff) -> Actor:
        return Actor("staff", staff.id)
