"""Composes letters: fills in a programme's letter, to be stored with what caused it.

`intake.letters.outbox` sends them. Answers to a letter to a person go to the handling partner's monitored address;
without one the letter is stored as `stopped`, and staff see why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from intake.config import Settings
from intake.engine.advising import advice_for, facts_since
from intake.engine.email import is_placeholder
from intake.engine.names import greeted
from intake.engine.programme import Letter, Partner, Programme
from intake.engine.prompts import Dated
from intake.ids import Chance
from intake.records import AFTER, NO, Actor, Contact, HasPartner, NewMessage, Staff, Submission, event_of
from intake.store import Store
from intake.words import words_for

PERSON, PARTNER, STAFF = "person", "partner", "staff"


@dataclass(frozen=True, slots=True)
class Composed:
    """The subject and text of a letter."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    """A letter to a participant from the partner that handles the case.

    `key`: nothing is owed twice with the same key. `fields` fill its placeholders, beside those of every letter;
    `text`: as edited by staff. `valid_until`: when its content becomes outdated (a link, a day); it is not sent after
    that.
    """

    programme: Programme
    submission: Submission
    referral: HasPartner
    letter: str
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    text: Composed | None = None
    valid_until: datetime | None = None


class Letters:
    """Composes and addresses letters, and owes them in the transaction of what causes them."""

    def __init__(self, settings: Settings, store: Store, chance: Chance) -> None:
        self.settings = settings
        self.store = store
        self.chance = chance

    def owe(
        self, letter: ToPerson, by: Actor, at: datetime, *, what: str = "letter", note: str | None = None
    ) -> NewMessage | None:
        """Owes the person a letter, with an event on the referral's timeline. None: the person has no email address.

        `what` and `note`: the event, if the letter is about something else that was done.
        """
        contact = self.store.submissions.contact(letter.submission.id)
        owed = None if contact is None or contact.email is None else self.to_person(letter, contact)
        if owed is not None:
            self.store.messages.add(owed, at)
        if owed is not None or what != "letter":
            code = letter.letter if what == "letter" else None
            message_id = owed.id if owed else None
            referral, id = self.store.referrals.get(letter.referral.id), self.chance.id()
            event = event_of(referral, id, what, by, at + AFTER, code=code, note=note, message_id=message_id)
            self.store.referrals.note(referral, event)
        return owed

    def owe_partner(
        self, programme: Programme, letter: str, referral: HasPartner, at: datetime, key: str = ""
    ) -> NewMessage:
        """Owes a partner a letter about a referral, without personal data."""
        owed = self.to_partner(programme, letter, referral, key)
        self.store.messages.add(owed, at)
        return owed

    def url(self, path: str) -> str:
        return self.settings.base + path

    def phone(self, programme: Programme, partner: str) -> str:
        """Returns the phone number for answers: the partner's, else the programme's."""
        return self.store.people.partner(programme.id, partner).phone or programme.phone

    def compose(self, programme: Programme, letter: str, language: str, fields: Mapping[str, str]) -> Composed:
        """Fills in the programme's letter. Fields are text, never templates."""
        source = programme.letter(letter, language)
        return Composed(fill(source, fields, subject=True), fill(source, fields))

    def fields(self, letter: ToPerson, contact: Contact) -> dict[str, str]:
        """Returns the values of the placeholders of a letter to a person.

        The link is not that of the person's own page: people quote letters in their answers, and a partner must not see
        there that a union was chosen.
        """
        programme, referral = letter.programme, letter.referral
        return {
            "name": greeted(contact.name),
            "reference": referral.reference,
            "status_link": self.url(f"/{programme.id}/status/{letter.submission.sealed['letter_token']}"),
            "phone": self.phone(programme, referral.partner),
            **letter.fields,
        }

    def to_person(self, letter: ToPerson, contact: Contact) -> NewMessage:
        """Returns the letter to store; `stopped` if the partner has no monitored address for answers."""
        programme, partner, language = letter.programme, letter.referral.partner, letter.submission.language
        composed = letter.text or self.compose(programme, letter.letter, language, self.fields(letter, contact))
        reply_to = self.store.people.partner(programme.id, partner).reply_to
        problem = None
        if reply_to is None or self.refused(reply_to):
            problem = f"no monitored reply address: intake partner set {partner} --reply-to ADDRESS"
        return self._new(
            composed, dedup_key=letter.key, letter=letter.letter, programme=programme.id, recipient=PERSON,
            to=str(contact.email), reply_to=reply_to or "", language=language, referral_id=letter.referral.id,
            to_partner=partner, problem=problem, coarse=programme.partners[partner].union,
            valid_until=letter.valid_until,
        )  # fmt: skip

    def to_partner(self, programme: Programme, letter: str, referral: HasPartner, key: str = "") -> NewMessage:
        """Returns a letter to a partner without personal data. `key`: its subject, if it is not the referral."""
        language, partner = programme.languages[0], referral.partner
        notify = self.store.people.partner(programme.id, partner).notify
        problem = None
        if notify is None or self.refused(notify):
            problem = f"no address for notices: intake partner set {partner} --notify ADDRESS"
        fields = {
            "reference": referral.reference,
            "link": self.url(f"/staff/referrals/{referral.reference}"),
            "partner": programme.texts.say(language, "partner", partner, "name"),
        }
        return self._new(
            self.compose(programme, letter, language, fields), dedup_key=key or f"{letter}:{referral.id}",
            letter=letter, programme=programme.id, recipient=PARTNER, to=notify or "", reply_to="", language=language,
            referral_id=referral.id, to_partner=partner, problem=problem, coarse=programme.partners[partner].union,
        )  # fmt: skip

    def sign_in(
        self, to: str, link: str, language: str, dedup_key: str, valid_until: datetime | None = None
    ) -> NewMessage:
        """Returns the letter with a sign-in link. It belongs to the product, not to a programme."""
        words = words_for(language)
        text = words(
            "Hello!\n\nHere is your link to sign in:\n{link}\n\n"
            "It works once, within 10 minutes, in the browser where you asked for it. "
            "Did you not ask for it? Then you need not do anything.",
            link=link,
        )
        return self._new(
            Composed(words("Your link to sign in"), text + "\n"), dedup_key=dedup_key, letter="sign_in", programme=None,
            recipient=STAFF, to=to, reply_to="", language=language, valid_until=valid_until,
        )  # fmt: skip

    def welcome(self, programme: Programme, member: Staff) -> NewMessage:
        """Returns the letter to a new member of staff: where to sign in, and how. It opens nothing by itself."""
        language = programme.languages[0]
        words, name = words_for(language), programme.texts.say
        text = words(
            "Hello!\n\nYou can now sign in to {programme} for {partner}:\n{link}\n\n"
            "Write this email address there. Each time you get a link by email that works once: there is no password. "
            "Is this a mistake? Then you need not do anything.",
            programme=name(language, "programme", "name"), partner=name(language, "partner", member.partner, "name"),
            link=self.url("/staff/signin"),
        )  # fmt: skip
        subject = words("You can sign in to {programme}", programme=name(language, "programme", "name"))
        return self._new(
            Composed(subject, text + "\n"), dedup_key=f"welcome:{member.id}:{member.partner}", letter="welcome",
            programme=None, recipient=STAFF, to=member.email, reply_to="", language=language,
        )  # fmt: skip

    def refused(self, address: str) -> bool:
        """Whether this is a placeholder address, which outside demo never gets or answers a letter."""
        return not self.settings.demo and is_placeholder(address)

    def _new(self, composed: Composed, *, problem: str | None = None, **given: Any) -> NewMessage:
        id, status = self.chance.id(), "stopped" if problem else "waiting"
        subject, message_id = one_line(composed.subject), f"<{id}@{self.domain()}>"
        return NewMessage(
            id=id, subject=subject, text=composed.text, message_id=message_id, status=status, problem=problem, **given
        )

    def domain(self) -> str:
        """Returns the domain of Message-IDs: the sender's, or that of the pages."""
        sender = parseaddr(self.settings.mail_from)[1].rpartition("@")[2]
        return sender or urlsplit(self.settings.base).hostname or "localhost"


def advice_of(
    programme: Programme,
    submission: Submission,
    language: str,
    today: date,
    may_read: Callable[[str], bool] = lambda _question: True,
) -> tuple[Dated, ...]:
    """Returns what somebody who has sent in does without us: by the answers and the group that staff decided since."""
    group = None if submission.decision == NO else submission.decision
    judged_on = date.fromisoformat(submission.judged_on)
    facts = facts_since(programme, submission.sealed["answers"], judged_on, group, today)
    return advice_for(programme, facts, language, may_read)


def listed_advice(programme: Programme, submission: Submission, partner: Partner, today: date) -> str:
    """Returns the advice for a letter, with its heading; empty if there is none.

    Nothing that the partner may not read: who answers the letter quotes it to them.
    """
    words = words_for(submission.language)
    told = advice_of(programme, submission, submission.language, today, partner.reads)
    heading = [f"{words('This is what you do yourself')}:"] if told else []
    return "\n".join([*heading, *(f"- {words.dated(one)}" for one in told)])


def fill(letter: Letter, fields: Mapping[str, str], subject: bool = False) -> str:
    """Fills in the placeholders; an empty one goes with the space before it ("Hello {name}," becomes "Hello,"), or
    with its paragraph.
    """

    def filled(found: re.Match[str]) -> str:
        said = fields.get(found[2], "")
        return found[1] + said if said else ""

    said = re.sub(r"( ?){(\w+)}", filled, letter.subject if subject else letter.body)
    return re.sub(r"\n{3,}", "\n\n", said)


def one_line(text: str) -> str:
    """Joins lines, because a subject must not carry a line break into the headers."""
    return " ".join(text.split())
