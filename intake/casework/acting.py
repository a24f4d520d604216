"""What staff do with a referral: pick up, release, decline, hand over, note, call, close, reopen. One compare-and-set
a move.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from intake.casework.parts import Room
from intake.engine.kinds import looks_like_personal_number
from intake.engine.referral import ABOUT_PERSON, DECLINES, OUTCOMES, WITHDRAWN
from intake.errors import NotAllowed, SomebodyElse
from intake.passing import person_fields
from intake.records import Referral, Staff

CALLS = ("spoke", "no_answer", "left_message")
LONGEST_NOTE, LONGEST_LETTER = 2000, 4000


class WrongText(NotAllowed):
    """A text that cannot be kept: `code` is a Problem code."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Acting(Room):
    """Moves. Each raises NotFound (not yours), NotAllowed (not now) or SomebodyElse (a colleague was first)."""

    def pick_up(self, staff: Staff, reference: str) -> None:
        """Take a waiting referral; the loser of a race is told who has it."""
        referral = self.own(staff, reference)
        if referral.staff_id == staff.id:
            return  # pressed twice
        if referral.staff_id is not None:
            raise SomebodyElse("a colleague has it", self._who(referral))
        try:
            with self.parts.store.transaction() as connection:
                self.parts.passing.move(
                    connection, referral, "pick_up", self.actor(staff), self.parts.clock(), staff_id=staff.id
                )
        except SomebodyElse:
            now = self.own(staff, reference)
            if now.staff_id != staff.id:
                raise SomebodyElse("a colleague has it", self._who(now)) from None

    def release(self, staff: Staff, reference: str) -> None:
        """Put it back for colleagues."""
        self._simple(staff, self.mine(staff, reference), "release")

    def reopen(self, staff: Staff, reference: str) -> None:
        """A closed case goes on, with the one who reopens it."""
        referral = self.own(staff, reference)
        with self.parts.store.transaction() as connection:
            self.parts.passing.move(
                connection, referral, "reopen", self.actor(staff), self.parts.clock(), staff_id=staff.id, outcome=None
            )

    def decline(self, staff: Staff, reference: str, reason: str, note: str = "") -> None:
        """With a reason about us the next partner's turn comes, with one about the person the owner decides."""
        if reason not in DECLINES:
            raise NotAllowed("choose a reason")
        referral = self.own(staff, reference)
        if referral.partner == self.programme(staff).owner:
            raise NotAllowed("the owner hands over or closes; there is nobody to decline to")
        if referral.staff_id not in (None, staff.id):
            raise SomebodyElse("a colleague has it", self._who(referral))
        self._leave(staff, referral, "decline", reason, note, DECLINES[reason] == ABOUT_PERSON)

    def hand_over(self, staff: Staff, reference: str, partner: str, note: str = "") -> None:
        """To a partner the person said yes to; to any other by way of the owner, who asks the person first."""
        programme, referral = self.programme(staff), self.mine(staff, reference)
        target = programme.partners.get(partner)
        if target is None or target.union or not target.takes_persons or partner == staff.partner:
            raise NotAllowed("choose a partner")
        if not referral.responsible:
            raise NotAllowed("only the responsible partner hands over")
        submission, now = self.submission(referral), self.parts.clock()
        text = self._text(note)
        with self.parts.store.transaction() as connection:
            siblings = self.parts.store.referrals.siblings_in(connection, submission.id)
            there = next((one for one in siblings if one.partner == partner and one.status != WITHDRAWN), None)
            to = partner if there is not None else programme.owner
            if referral.partner == programme.owner and to == programme.owner:
                raise NotAllowed("the person has not said yes to this partner: ask first, and record the answer")
            if referral.partner == programme.owner:  # the owner goes on watching
                self.parts.store.referrals.note(
                    connection,
                    referral,
                    self.parts.passing.event(referral, "hand_over", self.actor(staff), now, code=partner, note=text),
                )
                left = referral
            else:
                left = self.parts.passing.move(
                    connection, referral, "hand_over", self.actor(staff), now, code=partner, note=text
                )
            self.parts.passing.pass_on(connection, programme, submission, left, now, to=to)
            if to != partner:  # what was wished for, for the owner to ask about
                owner = next(one for one in siblings if one.partner == programme.owner)
                wish = self.parts.passing.event(owner, "wish", self.actor(staff), now, code=partner)
                self.parts.store.referrals.note(connection, owner, wish)

    def close(self, staff: Staff, reference: str, outcome: str, note: str = "") -> None:
        """End with an outcome; the owner's watching ends with the responsible partner's."""
        if outcome not in OUTCOMES:
            raise NotAllowed("choose an outcome")
        referral = self.mine(staff, reference)
        programme, submission, now = self.programme(staff), self.submission(referral), self.parts.clock()
        with self.parts.store.transaction() as connection:
            self.parts.passing.move(
                connection,
                referral,
                "close",
                self.actor(staff),
                now,
                code=outcome,
                note=self._text(note),
                outcome=outcome,
                staff_id=staff.id,
            )
            if referral.responsible:
                self.parts.passing.end_watching(connection, programme, submission, now)
            if referral.submission_id is not None:
                self._say_closed(connection, staff, referral, outcome)

    def note(self, staff: Staff, reference: str, text: str) -> None:
        """An internal note, seen by the own organisation only."""
        referral = self.mine(staff, reference)
        kept = self._text(text)
        if kept is None:
            raise WrongText("required")
        self._write(staff, referral, "note", note=kept)

    def call(self, staff: Staff, reference: str, result: str, note: str = "") -> None:
        """A call was made: spoke, no answer, left a message."""
        if result not in CALLS:
            raise NotAllowed("choose how the call went")
        self._write(staff, self.mine(staff, reference), "call", code=result, note=self._text(note))

    def check(self, staff: Staff, act: str, given: list[str]) -> None:
        """Whether what is about to be confirmed can be taken at all. Raises NotAllowed or WrongText."""
        codes: dict[str, Collection[str]] = {
            "decline": DECLINES,
            "close": OUTCOMES,
            "hand_over": self.programme(staff).partners,
            "decide": ("no", *(group.id for group in self.programme(staff).groups)),
        }
        if act in codes and given[0] not in codes[act]:
            raise WrongText("required")
        for text in given[1:] if act in codes else given:
            checked(text, LONGEST_LETTER)
        if act == "decide" and given[0] == "no" and not (given[1] and given[2].strip()):
            raise WrongText("required")

    def _leave(self, staff: Staff, referral: Referral, name: str, code: str, note: str, to_owner: bool) -> None:
        programme, now = self.programme(staff), self.parts.clock()
        text = self._text(note)
        submission = self.submission(referral)
        with self.parts.store.transaction() as connection:
            left = self.parts.passing.move(
                connection, referral, name, self.actor(staff), now, code=code, note=text, decline_reason=code
            )
            if referral.responsible:
                to = programme.owner if to_owner else None
                self.parts.passing.pass_on(connection, programme, submission, left, now, to=to)

    def _simple(self, staff: Staff, referral: Referral, name: str) -> None:
        with self.parts.store.transaction() as connection:
            self.parts.passing.move(connection, referral, name, self.actor(staff), self.parts.clock())

    def _write(
        self, staff: Staff, referral: Referral, what: str, *, code: str | None = None, note: str | None = None
    ) -> None:
        event = self.parts.passing.event(referral, what, self.actor(staff), self.parts.clock(), code=code, note=note)
        with self.parts.store.transaction() as connection:
            self.parts.store.referrals.note(connection, referral, event)

    def _say_closed(self, connection: Any, staff: Staff, referral: Referral, outcome: str) -> None:
        programme, submission = self.programme(staff), self.submission(referral)
        contact = self.parts.store.submissions.contact(submission.id)
        if contact is None or contact.email is None:
            return
        say, language = programme.texts.say, submission.language
        fields = person_fields(self.parts.messages, programme, submission, contact) | {
            "partner": say(language, "partner", referral.partner, "name"),
            "outcome": say(language, "outcome", outcome, "person"),
        }
        key = f"closed:{self.parts.chance.id()}"
        letter = self.parts.messages.to_person(
            programme, "closed", language, contact.email, referral.partner, key, fields, referral_id=referral.id
        )
        now = self.parts.clock()
        self.parts.store.messages.add(connection, letter, now)
        told = self.parts.passing.event(referral, "letter", self.actor(staff), now, code="closed", message_id=letter.id)
        self.parts.store.referrals.note(connection, referral, told)

    def _text(self, text: str) -> str | None:
        return checked(text)

    def _who(self, referral: Referral) -> str:
        member = self.parts.store.people.staff_by_id(referral.staff_id) if referral.staff_id else None
        return (member.name or member.email) if member else ""


def checked(text: str, longest: int = LONGEST_NOTE) -> str | None:
    """Free text as it may be kept: not too long, no personal identity number, None when empty. Raises WrongText."""
    tidy = text.replace("\r\n", "\n").strip()
    if len(tidy) > longest:
        raise WrongText("too_long", max=longest, length=len(tidy))
    if looks_like_personal_number(tidy):
        raise WrongText("personal_number")
    return tidy or None
