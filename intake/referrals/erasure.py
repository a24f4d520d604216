"""Export and erasure of a person's data by the coordinator: on the person's wish, or with the case in hand.

What unions have is never exported here, and is erased with the next batch without being mentioned
(`intake.referrals.persons`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from intake.engine.referral import ACCEPTED, WITHDRAWN
from intake.errors import NotAllowed, NotFound
from intake.letters.compose import Composed, ToPerson
from intake.records import Referral, Staff, Submission
from intake.referrals.actions import LONGEST_LETTER, WrongText, checked
from intake.referrals.case_access import CaseAccess, act, for_staff
from intake.referrals.persons import ANSWERED
from intake.words import words_for

ANSWER = "erase_answer"  # the letter


class Erasing(CaseAccess):
    """Export and erasure. Only the coordinator may, on the owner's referral."""

    @for_staff
    def may_erase(self, staff: Staff, referral: Referral) -> bool:
        """Whether they may erase: with the case in hand, or if the person wishes it after withdrawing."""
        owners = referral.partner == self.programme(staff).owner == staff.partner
        if not staff.coordinator or not owners:
            return False
        mine = referral.status == ACCEPTED and referral.staff_id == staff.id
        return mine or (referral.status == WITHDRAWN and self.parts.rights.wish(referral))

    @for_staff
    def export_person(self, staff: Staff, reference: str, language: str) -> dict[str, Any]:
        """Returns the copy without unions and without other organisations' notes and letters. Access is logged."""
        referral = self.mine(staff, reference)
        submission = self.submission(referral)
        if not staff.coordinator or referral.partner != self.programme_of(submission).owner:
            raise NotAllowed("only the coordinator does this")
        return self.parts.rights.of_owner(submission, language, staff.id)

    @for_staff
    def holder(self, staff: Staff, reference: str) -> str:
        """Returns who else has the case in hand; erasing it then needs a reason."""
        return self.parts.rights.holder(self._erasable(staff, reference)[1], staff)

    @for_staff
    def erase(self, staff: Staff, reference: str, why: str = "") -> None:
        """Erases everything at once. Raises SomebodyElse if somebody else has it in hand and no reason is given.

        If one form (`pressed`) is sent twice, the second does nothing and does not raise NotFound.
        """
        press, kept = (self.once, staff.id, reference, "erase", why), checked(why)
        try:
            _, submission = self._erasable(staff, reference)
            self.parts.rights.erase(submission, by=staff, why=kept, press=press if self.once else None)
        except NotFound:
            if not self.once or not self.parts.store.presses.known(press):
                raise

    @for_staff
    def usual_answer(self, staff: Staff, reference: str) -> str:
        """Returns the programme's text about what must be kept, in the person's language, to be edited."""
        _, submission = self._erasable(staff, reference)
        return self.programme(staff).texts.say(submission.language, "erase", "kept")

    @act("keep")
    def keep(self, staff: Staff, referral: Referral, text: str) -> None:
        """Answers a wish with what must be kept and why: on the person's page, and by letter if there is an address."""
        body = checked(text, LONGEST_LETTER)
        if not self.may_erase(staff, referral):
            raise NotAllowed("pick it up first")
        if body is None:
            raise WrongText("required")
        if not self.parts.rights.wish(referral):
            raise NotAllowed("this wish was answered before")
        letter = self._answer_letter(staff, referral, self.submission(referral), body)
        self.parts.letters.owe(letter, self.actor(staff), self.parts.clock(), what=ANSWERED, note=body)

    @for_staff
    def wishes(self, staff: Staff) -> list[Referral]:
        """Returns the cases whose persons wish to be erased, oldest first."""
        if not staff.coordinator:
            return []
        return self.parts.store.referrals.wished(self.programme(staff).owner)

    def _answer_letter(self, staff: Staff, referral: Referral, submission: Submission, body: str) -> ToPerson:
        programme = self.programme(staff)  # as it is served now: the letter is about no rule
        key, language = f"{ANSWER}:{self.parts.chance.id()}", submission.language
        letter = ToPerson(programme, submission, referral, ANSWER, key, {"answer": body})
        if (ANSWER, language) in programme.letters:
            return letter
        # published before there was such a letter
        link = self.parts.letters.fields(letter, self.contact(submission))["status_link"]
        subject = f"{words_for(language)('Case number')} {submission.reference}"
        return replace(letter, text=Composed(subject, f"{body}\n\n{link}\n"))

    def _erasable(self, staff: Staff, reference: str) -> tuple[Referral, Submission]:
        referral = self.own(staff, reference)
        if not self.may_erase(staff, referral):
            raise NotAllowed("pick it up first")
        return referral, self.submission(referral)
