"""Letters that were not sent: what staff see of them, and sending them again.

Letters are not decrypted here, so one whose key is missing is listed like the others.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from intake.engine.referral import OPEN
from intake.errors import NotAllowed, NotFound
from intake.records import Message, Referral, Staff
from intake.referrals.case_access import CaseAccess, for_staff
from intake.referrals.views import LetterSeen, Trouble
from intake.store.messages import GIVEN_UP, STOPPED, TOO_LATE, WAITING

ANSWERED = ("telephone", "said_yes", "said_no")  # the person answered in another way
TRIED = ("letter", "call")  # staff have contacted the person since
AWAY = "the mail server is away"
LATE = "this letter is too late: what stands in it holds no longer. Write a new one"


class Undelivered(CaseAccess):
    """Unsent letters. A partner sees its own, the coordinator all but the unions'."""

    @for_staff
    def troubled(self, staff: Staff) -> tuple[Trouble, ...]:
        """Returns the letters given up, stopped or too late, except unions'; only for the coordinator."""
        if not staff.coordinator:
            return ()
        found = []
        for message in self._stuck(staff.programme):
            referral = self.parts.store.referrals.get(str(message.referral_id))
            found.append(Trouble(message, seen(message, stuck=True), referral.reference, referral.partner))
        return tuple(found)

    @for_staff
    def mail_away(self, staff: Staff) -> datetime | None:
        """Returns since when the mail server has not answered, for the coordinator; None if it answers."""
        return self.parts.store.messages.away_since() if staff.coordinator else None

    @for_staff
    def send_again(self, staff: Staff, message_id: str) -> None:
        """Tries a letter that was given up again, for the coordinator or the partner whose letter it is."""
        message = self.parts.store.messages.get(message_id)
        if message is None or message.referral_id is None:
            raise NotFound("no such letter")
        referral = self.parts.store.referrals.get(message.referral_id)
        if not self._again(staff, message, referral):
            until = message.valid_until
            late = until is not None and until <= self.parts.clock()
            raise NotAllowed(LATE if late else "this letter is not given up")

    @for_staff
    def send_all_again(self, staff: Staff) -> int:
        """Tries every letter that was given up again, except unions', for the coordinator; returns how many."""
        if not staff.coordinator:
            raise NotFound("no such page")
        given_up = [one.message for one in self.troubled(staff) if one.message.status == GIVEN_UP]
        referrals = self.parts.store.referrals
        return sum(self._again(staff, one, referrals.get(str(one.referral_id))) for one in given_up)

    def _again(self, staff: Staff, message: Message, referral: Referral) -> bool:
        """Returns False if somebody was first, or it is too late."""
        now = self.parts.clock()
        event = self.parts.moves.event(referral, "send_again", self.actor(staff), now, message_id=message.id)
        with self.parts.store.transaction():
            again = self.parts.store.messages.send_again(message.id, now)
            if again:
                self.parts.store.referrals.note(referral, event)
        return again

    def _stuck(self, programme: str) -> list[Message]:
        """Returns the unsent letters of a programme that need attention."""
        return [one for one in self.parts.store.messages.troubled(programme) if self._matters(one)]

    def _letters(self, referral: Referral) -> list[LetterSeen]:
        """Returns the letters about a referral with their states."""
        letters = self.parts.store.messages.of_referral(referral.id)
        stuck = {one.id for one in letters if one.status in (GIVEN_UP, STOPPED, TOO_LATE) and self._matters(one)}
        away = any(one.status == WAITING for one in letters) and self.parts.store.messages.away_since() is not None
        return [seen(one, stuck=one.id in stuck, away=away) for one in letters]

    def _undelivered(self, programme: str) -> Collection[str | None]:
        """Returns the ids of referrals with letters that need attention."""
        return {one.referral_id for one in self._stuck(programme)}

    def _matters(self, letter: Message) -> bool:
        """Whether a letter needs attention: one that is too late only in an open case, until the person was reached."""
        if letter.status != TOO_LATE or letter.referral_id is None or letter.valid_until is None:
            return True
        if self.parts.store.referrals.get(letter.referral_id).status not in OPEN:
            return False
        return not any(
            (event.what in ANSWERED and event.at > letter.created_at)
            or (event.what in TRIED and event.at >= letter.valid_until)
            for event in self.parts.store.referrals.events(letter.referral_id)
        )


def seen(letter: Message, *, stuck: bool = False, away: bool = False) -> LetterSeen:
    """Returns a letter as staff see it. `stuck`: it needs attention; `away`: the mail server does not answer."""
    problem = letter.problem or (AWAY if away and letter.status == WAITING else "")
    return LetterSeen(
        letter.id, letter.letter, letter.status, letter.maybe_delivered, problem, letter.created_at, stuck
    )
