"""What casework works with, and what all of it needs: who may see what."""

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
    """What staff do from outside is one unit of work: it sees what this member of staff may see."""

    @wraps(act)
    def within(self: Access, staff: Staff, /, *args: Given.args, **named: Given.kwargs) -> Result:
        with self.parts.store.on_behalf(self.scope(staff)):
            return act(self, staff, *args, **named)

    return within


# What is done with a referral, by the name of its move: called with a casework, who does it, the referral's reference
# and the values of the move's fields.
ACTS: dict[str, Callable[..., None]] = {}


def act(
    name: str,
) -> Callable[
    [Callable[Concatenate[Access, Staff, Referral, Given], None]],
    Callable[Concatenate[Access, Staff, str, Given], None],
]:
    """For what is done with a referral of the own organisation: it is given the referral, locked and read anew, in one
    transaction. Sent twice by one form (`pressed`) it is done once.
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
    """The one place that says which referral a member of staff may see (`find`) and act on (`own`).

    `once`: the key that was drawn with a form. What that form asks for is done once, however often it is sent.
    """

    def __init__(self, parts: Deps, once: str = "") -> None:
        self.parts = parts
        self.once = once

    def pressed(self, once: str) -> Self:
        """The same, for a form that was drawn with this key."""
        return type(self)(self.parts, once)

    def programme(self, staff: Staff) -> Programme:
        """What is served now: for what is about no single case."""
        return self.parts.programmes[staff.programme]

    def programme_of(self, submission: Submission) -> Programme:
        """The version that a case was sent in under."""
        return self.parts.programmes.at(submission.programme, submission.version)

    def under(self, staff: Staff, version: str) -> Programme:
        """The same, by the version that stands with the case."""
        return self.parts.programmes.at(staff.programme, version)

    def scope(self, staff: Staff) -> StaffScope:
        """Staff see their own organisation's referrals; the coordinator all but the unions'."""
        unions = self.parts.programmes.unions(staff.programme) if staff.coordinator else None
        return StaffScope(staff.programme, staff.partner, unions)

    def find(self, staff: Staff, reference: str, partner: str | None = None) -> Referral:
        """A referral within the scope. Raises NotFound, for another's exactly as for a missing one."""
        return self._counting(self.parts.store.referrals.find(reference, partner or staff.partner))

    def own(self, staff: Staff, reference: str) -> Referral:
        """The own organisation's referral with this reference: the only one to act on."""
        return self.find(staff, reference, staff.partner)

    def _counting(self, referral: Referral) -> Referral:
        """At a union: after what the person has taken back, or erased, since the last batch."""
        if referral.submission_id is not None:
            return referral
        counting = self.parts.unions.as_it_counts(referral)
        if counting is None:
            raise NotFound(f"no referral {referral.reference}")
        return counting

    def mine(self, staff: Staff, reference: str) -> Referral:
        """The own organisation's, in the hands of this very person. Raises NotAllowed."""
        return self.in_hand(staff, self.own(staff, reference))

    @staticmethod
    def in_hand(staff: Staff, referral: Referral) -> Referral:
        """This very referral, if it is in the hands of this very person. Raises NotAllowed."""
        if referral.status != ACCEPTED or referral.staff_id != staff.id:
            raise NotAllowed("pick it up first")
        return referral

    def facts(self, staff: Staff, referral: Referral) -> frozenset[str]:
        """Which of `FACTS` hold of an own referral and who looks at it."""
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
        """Raises NotAllowed with why, or SomebodyElse, when this is not theirs to do now (`StaffMove.needs`)."""
        needs = STAFF_MOVES[name].needs if name in STAFF_MOVES else ()
        facts = self.facts(staff, referral) if needs else ()
        for need in needs:
            if need == "free" and need not in facts:
                raise SomebodyElse("a colleague has it", self.name_of(referral.staff_id))
            if need not in facts and FACTS[need][1]:
                raise NotAllowed(FACTS[need][1])

    @contextmanager
    def _holding(self, staff: Staff, reference: str, asked: tuple[object, ...]) -> Iterator[tuple[Referral, bool]]:
        """The own organisation's referral for one act, in one transaction, and whether this very form was sent before.
        Everybody locks the case first and reads the referral anew, so that acts on one case come one after the other,
        in whatever order, and none is lost.

        A union's is locked alone: nothing of the person's rows may be in its transaction. The same key with something
        else filled in is another act. Who sends a form again is not told that it cannot be done now. Without a key
        nothing is remembered. Raises NotFound.
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
        """Raises NotFound when the person is erased."""
        found = self.parts.store.submissions.contact(submission.id)
        if found is None:
            raise NotFound("no such referral")
        return found

    def name_of(self, staff_id: str | None) -> str:
        """What colleagues call a member of staff."""
        member = self.parts.store.people.staff_by_id(staff_id) if staff_id else None
        return (member.name or member.email.split("@")[0]) if member else ""

    @staticmethod
    def actor(staff: Staff) -> Actor:
        return Actor("staff", staff.id)
