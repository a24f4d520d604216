"""Letters that staff write: from a template, previewed before sending, with the partner's monitored reply address.

Staff must not see the link to the person's page, which shows whom else the person chose. A draft has a placeholder
instead; the link is filled in when the letter is owed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from intake.errors import NotAllowed
from intake.letters.compose import Composed, ToPerson
from intake.records import Referral, Staff
from intake.referrals.actions import LONGEST_LETTER, TEMPLATES, WrongText, checked
from intake.referrals.case_access import CaseAccess, act, for_staff
from intake.sweden import STOCKHOLM
from intake.words import words_for

WITH_TIME = "book_time"  # the template that needs a time
LONGEST_TIME = 200


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A draft of a letter and its language."""

    subject: str
    text: str
    language: str


class Writing(CaseAccess):
    """Letters. The writer must have the referral in hand."""

    @for_staff
    def draft(self, staff: Staff, reference: str, template: str, time: str = "", begun: bool = False) -> LetterDraft:
        """Returns the template with its placeholders filled in, in the person's language. `begun`: the text is already
        being edited, so only the subject is needed.
        """
        referral = self.mine(staff, reference)
        kept = checked(time, LONGEST_TIME)
        if template == WITH_TIME and kept is None and not begun:
            raise WrongText("required")
        return self._drafted(staff, referral, template, kept or "")

    def check_letter(self, text: str, last_day: str = "") -> str:
        """Returns the text as it would be sent. Raises WrongText; its question is "last_day" if the day is wrong."""
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
        contact = self.contact(submission)
        blanks = {
            "staff": staff.name or programme.texts.say(submission.language, "partner", staff.partner, "name"),
            "partner": programme.texts.say(submission.language, "partner", staff.partner, "name"),
            "time": time,
            "status_link": own_page(submission.language),
        }
        fields = self.parts.letters.fields(ToPerson(programme, submission, referral, template, "", blanks), contact)
        composed = self.parts.letters.compose(programme, template, submission.language, fields)
        return LetterDraft(composed.subject, composed.text, submission.language)

    @act("letter")
    def write(self, staff: Staff, referral: Referral, template: str, text: str, last_day: str = "") -> None:
        """Owes the letter as edited. `last_day`: after the end of that day it is not sent any more.

        Raises NotAllowed if the person has no address, or the partner no monitored reply address.
        """
        letter = self._letter(staff, referral, template, text, last_day)
        owed = self.parts.letters.owe(letter, self.actor(staff), self.parts.clock())
        if owed is None:
            raise NotAllowed("the person has no email address: call")
        if owed.status == "stopped":
            raise NotAllowed("no monitored address for answers is set")

    def _letter(self, staff: Staff, referral: Referral, template: str, text: str, last_day: str) -> ToPerson:
        """Returns the letter as edited, with the link filled in."""
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        key, until = f"staff:{self.parts.chance.id()}", end_of(last_day, self.parts.clock())
        letter = ToPerson(programme, submission, referral, template, key, valid_until=until)
        link = self.parts.letters.fields(letter, self.contact(submission))["status_link"]
        body = self.check_letter(text, last_day).replace(own_page(submission.language), link)
        draft = self._drafted(staff, referral, template)
        return replace(letter, text=Composed(draft.subject, body + "\n"))


def end_of(day: str, now: datetime) -> datetime | None:
    """Returns the end of a day (2027-03-31) in Sweden; None if none is given. Raises WrongText."""
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
    """Returns the placeholder in a draft for the link to the person's own page."""
    return words_for(language)("[the link to your own page]")
