"""Letters, composed: a programme's letter with its blanks filled in, ready to be stored with what caused it.

Sending is somebody else's (`intake.letters.outbox`). A letter to a person is answered to the handling partner's
monitored address; without one it is stored `stopped`, and staff see why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from intake.addresses import is_placeholder
from intake.config import Settings
from intake.engine.programme import Letter, Programme
from intake.ids import Chance
from intake.records import NewMessage
from intake.store import Store
from intake.words import words_for

PERSON, PARTNER, STAFF = "person", "partner", "staff"


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it will be read."""

    subject: str
    text: str


class LetterComposer:
    """Composes letters and addresses them."""

    def __init__(self, settings: Settings, store: Store, chance: Chance) -> None:
        self.settings = settings
        self.store = store
        self.chance = chance

    def url(self, path: str) -> str:
        return self.settings.base + path

    def phone(self, programme: Programme, partner: str) -> str:
        """Where a person reaches the one who writes: the partner's own number, else the programme's."""
        return self.store.people.partner(programme.id, partner).phone or programme.phone

    def compose(self, programme: Programme, letter: str, language: str, fields: Mapping[str, str]) -> Composed:
        """The programme's letter with its blanks filled in. Fields are text, never templates."""
        source = programme.letter(letter, language)
        return Composed(fill(source, fields, subject=True), fill(source, fields))

    def to_person(
        self,
        programme: Programme,
        letter: str,
        language: str,
        to: str,
        partner: str,
        dedup_key: str,
        fields: Mapping[str, str],
        *,
        referral_id: str | None = None,
        text: Composed | None = None,
        valid_until: datetime | None = None,
    ) -> NewMessage:
        """A letter to a participant from the partner that handles the case. `text`: as staff edited it. `valid_until`:
        from then on what stands in it holds no longer (a link, a day), and it is not sent.
        """
        composed = text or self.compose(programme, letter, language, fields)
        reply_to = self.store.people.partner(programme.id, partner).reply_to
        problem = None
        if reply_to is None or self.refused(reply_to):
            problem = f"no monitored reply address: intake partner set {partner} --reply-to ADDRESS"
        owed = self._new(
            programme, letter, language, PERSON, to, reply_to or "", dedup_key, composed, referral_id, partner, problem
        )
        return replace(owed, valid_until=valid_until)

    def to_partner(
        self,
        programme: Programme,
        letter: str,
        partner: str,
        dedup_key: str,
        fields: Mapping[str, str],
        referral_id: str,
    ) -> NewMessage:
        """A letter to a partner's notify address, in the programme's first language, without personal data."""
        language = programme.languages[0]
        notify = self.store.people.partner(programme.id, partner).notify
        problem = None
        if notify is None or self.refused(notify):
            problem = f"no address for notices: intake partner set {partner} --notify ADDRESS"
        composed = self.compose(programme, letter, language, fields)
        return self._new(
            programme, letter, language, PARTNER, notify or "", "", dedup_key, composed, referral_id, partner, problem
        )

    def notice(
        self, programme: Programme, partner: str, reference: str, referral_id: str, dedup_key: str
    ) -> NewMessage:
        """A referral is waiting for this partner: without a word about the person."""
        fields = self.about(programme, partner, reference)
        return self.to_partner(programme, "new_referral", partner, dedup_key, fields, referral_id)

    def about(self, programme: Programme, partner: str, reference: str) -> dict[str, str]:
        """What a letter to a partner may say of a referral."""
        return {
            "reference": reference,
            "link": self.url(f"/staff/referrals/{reference}"),
            "partner": programme.texts.say(programme.languages[0], "partner", partner, "name"),
        }

    def sign_in(
        self, to: str, link: str, language: str, dedup_key: str, valid_until: datetime | None = None
    ) -> NewMessage:
        """The letter with a sign-in link. It belongs to the product, not to a programme."""
        words = words_for(language)
        text = words(
            "Hello!\n\nHere is your link to sign in:\n{link}\n\n"
            "It works once, within 10 minutes, in the browser where you asked for it. "
            "Did you not ask for it? Then you need not do anything.",
            link=link,
        )
        composed = Composed(words("Your link to sign in"), text + "\n")
        owed = self._new(None, "sign_in", language, STAFF, to, "", dedup_key, composed, None, None, None)
        return replace(owed, valid_until=valid_until)

    def refused(self, address: str) -> bool:
        """Outside demo no letter ever goes to or comes from a placeholder address."""
        return not self.settings.demo and is_placeholder(address)

    def _new(
        self,
        programme: Programme | None,
        letter: str,
        language: str,
        recipient: str,
        to: str,
        reply_to: str,
        dedup_key: str,
        composed: Composed,
        referral_id: str | None,
        partner: str | None,
        problem: str | None,
    ) -> NewMessage:
        id = self.chance.id()
        return NewMessage(
            id=id,
            dedup_key=dedup_key,
            letter=letter,
            programme=programme.id if programme else None,
            recipient=recipient,
            to=to,
            reply_to=reply_to,
            subject=one_line(composed.subject),
            text=composed.text,
            language=language,
            message_id=f"<{id}@{self.domain()}>",
            referral_id=referral_id,
            to_partner=partner,
            status="stopped" if problem else "waiting",
            problem=problem,
            coarse=programme is not None and partner is not None and programme.partners[partner].union,
        )

    def domain(self) -> str:
        """What Message-IDs end in: the sender's domain, or where the pages are."""
        sender = parseaddr(self.settings.mail_from)[1].rpartition("@")[2]
        return sender or urlsplit(self.settings.base).hostname or "localhost"


def fill(letter: Letter, fields: Mapping[str, str], subject: bool = False) -> str:
    """The blanks of a letter filled in. A blank nobody filled is left out, with the space before it: "Hello {name}," is
    "Hello," to somebody whose name a letter cannot say.
    """

    def filled(found: re.Match[str]) -> str:
        said = fields.get(found[2], "")
        return found[1] + said if said else ""

    return re.sub(r"( ?){(\w+)}", filled, letter.subject if subject else letter.body)


def one_line(text: str) -> str:
    """A subject cannot carry a line break into the headers."""
    return " ".join(text.split())
