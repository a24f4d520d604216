"""Letters that staff write: from a template, seen before they go, answered to the partner's monitored address.

The link to the person's page is not for staff: it shows whom else the person chose. In a draft some words stand in
its place; the letter gets it when it is owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from intake.errors import NotAllowed, NotFound
from intake.letters.compose import Composed
from intake.records import Contact, NewMessage, Referral, Staff
from intake.referrals.actions import LONGEST_LETTER, WrongText, checked
from intake.referrals.case_access import CaseAccess, for_staff
from intake.referrals.responsibility import person_fields
from intake.sweden import STOCKHOLM
from intake.words import words_for

TEMPLATES = ("first_contact", "reminder", "book_time")
WITH_TIME = "book_time"  # the one that would have a hole in it without a time
LONGEST_TIME = 200


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as it would be, and the language it is in."""

    subject: str
    text: str
    language: str


class Writing(CaseAccess):
    """Needs the referral picked up by the one who writes."""

    @for_staff
    def draft(self, staff: Staff, reference: str, template: str, time: str = "", begun: bool = False) -> LetterDraft:
        """The template with its blanks filled in, in the person's language. `begun`: the text is being written already,
        so only the subject is wanted.
        """
        referral = self.mine(staff, reference)
        kept = checked(time, LONGEST_TIME)
        if template == WITH_TIME and kept is None and not begun:
            raise WrongText("required")
        return self._drafted(staff, referral, template, kept or "")

    def check_letter(self, text: str, last_day: str = "") -> str:
        """The text as it would be sent. Raises WrongText, with the question "last_day" when it is about that."""
        end_of(last_day, self.parts.clock())
        body = checked(text, LONGEST_LETTER)
        if body is None:
            raise WrongText("required")
        return body

    def _drafted(self, staff: Staff, referral: Referral, template: str, time: str = "") -> LetterDraft:
        if template not in TEMPLATES:
            raise NotAllowed("choose a template")
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        contact = self._contact(referral)
        fields = person_fields(self.parts.messages, programme, submission, contact, referral) | {
            "staff": staff.name or programme.texts.say(submission.language, "partner", staff.partner, "name"),
            "partner": programme.texts.say(submission.language, "partner", staff.partner, "name"),
            "time": time,
            "status_link": own_page(submission.language),
        }
        composed = self.parts.messages.compose(programme, template, submission.language, fields)
        return LetterDraft(composed.subject, composed.text, submission.language)

    @for_staff
    def write(self, staff: Staff, reference: str, template: str, text: str, once: str = "", last_day: str = "") -> None:
        """Owe the letter as edited. `once` comes with the form: pressed twice, it is one letter; with another text,
        another one. `last_day`: if it has not gone out by the end of that day it is not sent.

        Raises NotAllowed when the person has no address, or the partner no monitored one to answer to.
        """
        with self.holding(staff, reference, once, "letter", template, text, last_day) as held:
            if held.again:
                return
            referral, now = self.in_hand(staff, held.referral), self.parts.clock()
            letter = self._letter(staff, referral, template, text, last_day)
            event = self.parts.passing.event(
                referral, "letter", self.actor(staff), now, code=template, message_id=letter.id
            )
            self.parts.store.messages.add(letter, now)
            self.parts.store.referrals.note(referral, event)

    def _letter(self, staff: Staff, referral: Referral, template: str, text: str, last_day: str) -> NewMessage:
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        contact = self._contact(referral)
        if contact.email is None:
            raise NotAllowed("the person has no email address: call")
        link = person_fields(self.parts.messages, programme, submission, contact, referral)["status_link"]
        body = self.check_letter(text, last_day).replace(own_page(submission.language), link)
        draft = self._drafted(staff, referral, template)
        letter = self.parts.messages.to_person(
            programme,
            template,
            submission.language,
            contact.email,
            staff.partner,
            f"staff:{self.parts.chance.id()}",
            {},
            referral_id=referral.id,
            text=Composed(draft.subject, body + "\n"),
            valid_until=end_of(last_day, self.parts.clock()),
        )
        if letter.status == "stopped":
            raise NotAllowed("no monitored address for answers is set")
        return letter

    def _contact(self, referral: Referral) -> Contact:
        contact = self.parts.store.submissions.contact(self.submission(referral).id)
        if contact is None:
            raise NotFound("no such referral")
        return contact


def end_of(day: str, now: datetime) -> datetime | None:
    """The moment a day (2027-03-31) is over on Swedish clocks; None when none is given. Raises WrongText."""
    if not day.strip():
        return None
    try:
        after = date.fromisoformat(day.strip()) + timedelta(days=1)
        over = datetime(after.year, after.month, after.day, tzinfo=STOCKHOLM).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongText("not_a_date", question="last_day") from None
    if over <= now:
        raise WrongText("day_passed", question="last_day")
    return over


def own_page(language: str) -> str:
    """What stands in a draft where the letter has the link to the person's own page."""
    return words_for(language)("[the link to your own page]")
