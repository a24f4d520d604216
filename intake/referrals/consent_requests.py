"""Asks the person for consent to one more partner, on another partner's wish or the owner's own.

Nothing goes to a partner without consent. The coordinator asks by a letter with a link or on the phone; after a yes the
partner gets the case at once. (docs/rules.md, "Sending")
"""

from __future__ import annotations

from intake.access.links import CONSENT, LASTS
from intake.errors import NotAllowed, SomebodyElse
from intake.letters.compose import ToPerson
from intake.records import Event, NewMessage, Referral, Staff, Submission
from intake.referrals.case_access import CaseAccess, act, for_staff
from intake.referrals.decisions import read_out


class Asking(CaseAccess):
    """Requests for consent. Only the coordinator makes them, on the owner's referral, in hand and responsible."""

    @for_staff
    def asking_about(self, staff: Staff, reference: str, partner: str, language: str) -> tuple[str, str, str]:
        """Returns the partner, its name and the text to read out. Raises NotAllowed if it cannot be asked about."""
        referral = self.own(staff, reference)
        self.demand(staff, referral, "ask")
        submission = self._asked(referral, partner)
        return read_out(self.programme_of(submission), partner, language)

    @act("ask")
    def ask_by_letter(self, staff: Staff, referral: Referral, partner: str) -> None:
        """Owes the person a letter with a link that works for 14 days."""
        now = self.parts.clock()
        submission = self._asked(referral, partner)
        event = self.parts.moves.event(referral, "asked", self.actor(staff), now, code=partner)
        if not self.parts.store.referrals.move(referral, event):
            raise SomebodyElse("a colleague changed it at the same time")
        self.parts.consenting.ask(submission, partner)
        if self._owe_question(staff, referral, submission, partner, event) is None:
            raise NotAllowed("the person has no email address: call")

    def _owe_question(
        self, staff: Staff, referral: Referral, submission: Submission, partner: str, asked: Event
    ) -> NewMessage | None:
        referral, programme = referral, self.programme_of(submission)
        name, language = programme.texts.say, submission.language
        token = self.parts.links.make(CONSENT, submission.id)
        wished_for, by = self.wished(referral)
        fields = {
            "from_partner": name(language, "partner", by if wished_for == partner else referral.partner, "name"),
            "to_partner": name(language, "partner", partner, "name"),
            "link": self.parts.letters.url(f"/{programme.id}/consent/{token}"),
        }
        key, until = f"consent_asked:{asked.id}", asked.at + LASTS[CONSENT]
        letter = ToPerson(programme, submission, referral, "consent_asked", key, fields, valid_until=until)
        return self.parts.letters.owe(letter, self.actor(staff), asked.at)

    @act("ask")
    def answered_by_telephone(self, staff: Staff, referral: Referral, partner: str, yes: bool, language: str) -> None:
        """Records the answer given on the phone, with source, text version and the member of staff who heard it."""
        submission = self._asked(referral, partner)
        self.parts.consenting.record_one(submission, partner, yes, source="telephone", language=language, by=staff.id)

    def wished(self, referral: Referral) -> tuple[str, str]:
        """Returns the partners (to, by) of the last wish to hand over; empty strings if there is none."""
        wishes = [event for event in self.parts.store.referrals.events(referral.id) if event.what == "wish"]
        member = self.parts.store.people.staff_by_id(wishes[-1].staff_id or "") if wishes else None
        return (wishes[-1].code or "", member.partner if member else referral.partner) if wishes else ("", "")

    def _asked(self, referral: Referral, partner: str) -> Submission:
        submission = self.submission(referral)
        if partner not in self.parts.consenting.askable(submission):
            raise NotAllowed("choose a partner")
        return submission
