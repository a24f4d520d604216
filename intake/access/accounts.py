"""Staff accounts and sign-in by an emailed single-use link, in the browser that asked for it. No passwords.

Browsers in which an address has signed in have an allowance of sign-in letters of their own (`intake.access.marks`);
all others share one. A session ends after 30 minutes without use or 12 hours, by signing out, and at once if the
account is disabled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake.access.limits import AttemptLimits
from intake.access.links import LASTS, SIGN_IN, SingleUseLinks
from intake.access.marks import Marks
from intake.engine import lengths
from intake.engine.email import is_email
from intake.engine.findings import did_you_mean
from intake.engine.programme import Programme
from intake.engine.typed import clean
from intake.errors import BadSetting, NotFound
from intake.ids import Chance
from intake.keys import token_hash
from intake.letters.compose import Letters
from intake.records import PartnerSettings, Staff
from intake.store import Store

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # the precision of the time of last use


@dataclass(frozen=True, slots=True)
class PartnerGaps:
    """A partner with its addresses, and what it lacks before it can work."""

    settings: PartnerSettings
    name: str
    staff: int
    lacks: tuple[str, ...]


@dataclass(eq=False, repr=False)
class Accounts:
    """Partners' addresses, staff, sign-in and sessions. `forward`: the time by which sessions end; never goes back."""

    programmes: Mapping[str, Programme]
    store: Store
    letters: Letters
    links: SingleUseLinks
    limits: AttemptLimits
    marks: Marks
    clock: Callable[[], datetime]
    forward: Callable[[], datetime]
    chance: Chance

    # Signing in

    def ask_to_sign_in(self, email: str, browser: str, language: str, to: str = "", mark: str = "") -> None:
        """Owes a sign-in letter if the address belongs to active staff and the limit allows it.

        `to`: the case they were on their way to; `mark`: the browser's record of earlier sign-ins. Callers answer the
        same in every case, at the same cost: an attempt and a link are always written, and removed if no letter is
        owed. So attempts of strangers leave nothing behind.
        """
        address = email.strip().lower()
        known = self.marks.browser(mark, address)
        what, whom = ("sign_in_link", f"{known} {address}") if known else ("sign_in_strangers", address)
        attempt = self.limits.take(what, whom)
        member = self.store.people.staff_by_email(address)
        owed = member is not None and member.disabled_at is None and attempt.within
        with self.store.transaction():
            subject = member.id if member else "nobody"
            until = self.clock() + LASTS[SIGN_IN]  # never later than the link's own end
            token = self.links.make(SIGN_IN, subject, binding=browser)
            link = self._sign_in_url(token) + (f"?to={to}" if to else "")
            letter = self.letters.sign_in(address, link, language, f"sign_in:{self.chance.id()}", until)
            if owed:
                self.store.messages.add(letter, self.clock())
            else:
                self.links.drop(token)
        if not owed:
            self.limits.give_back(attempt)

    def _sign_in_url(self, token: str) -> str:
        return self.letters.url(f"/staff/signin/{token}")

    def sign_in_link(self, email: str) -> tuple[str, datetime]:
        """Returns a link for the operator to hand over, valid once in any browser, and its end. Raises NotFound."""
        member = self.store.people.staff_by_email(email.strip().lower())
        if member is None or member.disabled_at is not None:
            raise self._nobody(email)
        token = self.links.make(SIGN_IN, member.id)
        self._log("sign_in_link_made", member.id)
        return self._sign_in_url(token), self.clock() + LASTS[SIGN_IN]

    def is_address(self, email: str) -> bool:
        """Whether the text is an email address."""
        return is_email(email)

    def can_sign_in(self, token: str, browser: str) -> bool:
        """Whether the link can still be used in this browser. Changes nothing."""
        link = self.links.peek(token, SIGN_IN)
        return link is not None and link.binding_hash in (None, token_hash(browser))

    def sign_in(self, token: str, browser: str) -> str | None:
        """Returns a new session's secret, to exactly one caller; None for a used, old or other browser's link."""
        link = self.links.use(token, SIGN_IN, binding=browser)
        member = self.store.people.staff_by_id(link.subject) if link is not None else None
        if member is None or member.disabled_at is not None:
            return None
        secret = self.chance.token()
        self.store.people.add_session(token_hash(secret), member.id, self.forward())
        self._log("signed_in", member.id)
        return secret

    def failed(self) -> None:
        """Logs an attempt to sign in with an invalid link. Callers limit how often."""
        self._log("sign_in_failed", None)

    def marked(self, mark: str, secret: str) -> str:
        """Returns the browser's mark with the signed-in member added; unchanged if nobody is signed in."""
        member = self.who(secret)
        return mark if member is None else self.marks.renewed(mark, member.email)

    def who(self, secret: str | None) -> Staff | None:
        """Returns the member of staff of a session's secret; None if it has ended."""
        found = self.store.people.session(token_hash(secret)) if secret else None
        if found is None or not secret:
            return None
        member, begun, seen = found
        now = self.forward()
        if now - begun >= LONGEST or now - seen >= IDLE:
            self.store.people.end_session(token_hash(secret))
            return None
        if now - seen >= TOUCH:
            self.store.people.touch_session(token_hash(secret), now)
        return member

    def sign_out(self, secret: str) -> None:
        member = self.who(secret)
        self.store.people.end_session(token_hash(secret))
        if member is not None:
            self._log("signed_out", member.id)

    def _log(self, what: str, staff_id: str | None) -> None:
        self.store.people.log(self.chance.id(), self.clock(), what, staff_id)

    # Staff and partners, by command

    def add_staff(
        self, email: str, partner: str, *, programme: str | None = None, coordinator: bool = False, name: str = ""
    ) -> Staff:
        """Adds a member of staff, or moves a known one to this partner. Raises BadSetting."""
        of = self.programme(programme)
        self._partner(of, partner)
        address = self._address(email)
        if coordinator and partner != of.owner:
            raise BadSetting(
                f"a coordinator works for {of.owner}, who owns {of.id}: --partner {of.owner} --coordinator"
            )
        name = clean(name)
        if len(name) > lengths.NAME:
            raise BadSetting(f"--name: at most {lengths.NAME} characters")
        member = Staff(self.chance.id(), address, name, of.id, partner, coordinator, self.clock(), None)
        return self.store.people.add_staff(member)

    def invite(
        self, email: str, partner: str, *, programme: str | None = None, coordinator: bool = False, name: str = ""
    ) -> Staff:
        """As `add_staff`, and owes the member a letter that says so: once for each partner. Raises BadSetting."""
        with self.store.transaction():
            member = self.add_staff(email, partner, programme=programme, coordinator=coordinator, name=name)
            letter = self.letters.welcome(self.programme(member.programme), member)
            self.store.messages.add(letter, self.clock())
        return member

    def disable_staff(self, email: str) -> None:
        """Disables an account. Raises NotFound if no active member has this address."""
        if not self.store.people.disable_staff(email.strip().lower(), self.clock()):
            raise self._nobody(email)

    def _nobody(self, email: str) -> NotFound:
        near = did_you_mean(email, [one.email for one in self.store.people.all_staff() if one.disabled_at is None])
        return NotFound(f"no active member of staff with the address {email}{near}")

    def set_partner(
        self,
        partner: str,
        *,
        programme: str | None = None,
        reply_to: str | None = None,
        notify: str | None = None,
        phone: str | None = None,
    ) -> int:
        """Sets the given values and keeps the rest; returns how many stopped letters can go now. Raises BadSetting."""
        of = self.programme(programme)
        self._partner(of, partner)
        had = self.store.people.partner(of.id, partner)
        settings = replace(
            had,
            reply_to=self._address(reply_to) if reply_to is not None else had.reply_to,
            notify=self._address(notify) if notify is not None else had.notify,
            phone=phone.strip() if phone is not None else had.phone,
        )
        self.store.people.set_partner(settings, self.clock())
        released = 0
        if reply_to is not None and settings.reply_to:
            released += self.store.messages.release(of.id, partner, "person", settings.reply_to, self.clock())
        if notify is not None and settings.notify:
            released += self.store.messages.release(of.id, partner, "partner", settings.notify, self.clock())
        return released

    def pause(self, partner: str, programme: str | None = None, by: str | None = None) -> bool:
        """Pauses a partner: new cases go to the next one, and its staff keep the cases they have.

        `by`: the member of staff who does it. Returns False if it is paused already. Raises BadSetting.
        """
        return self._pause(partner, programme, by, True)

    def resume(self, partner: str, programme: str | None = None, by: str | None = None) -> bool:
        """Ends a pause. Returns False if there is none. Raises BadSetting."""
        return self._pause(partner, programme, by, False)

    def _pause(self, partner: str, programme: str | None, by: str | None, paused: bool) -> bool:
        of = self.programme(programme)
        self._partner(of, partner)
        if partner == of.owner:
            raise BadSetting(f"{partner} owns {of.id}: it is the last to take a case, and cannot be paused")
        if (self.store.people.partner(of.id, partner).paused_at is not None) == paused:
            return False
        self.store.people.pause_partner(of.id, partner, paused, self.clock())
        self._log(f"{'paused' if paused else 'resumed'} {partner}"[:64], by)
        return True

    def partners(self, programme: str | None = None) -> list[PartnerGaps]:
        """Returns every partner that takes persons, with what it lacks."""
        of = self.programme(programme)
        return [self._lacking(of, partner.id) for partner in of.partners.values() if partner.takes_persons]

    def programme(self, id: str | None) -> Programme:
        """Returns the programme with this id, or the only one. Raises BadSetting."""
        if id is None and len(self.programmes) == 1:
            return next(iter(self.programmes.values()))
        if id is None or id not in self.programmes:
            which = "say which programme: --programme ID" if id is None else f'no programme "{id}"'
            raise BadSetting(f"{which}{did_you_mean(id or '', self.programmes)}")
        return self.programmes[id]

    def _lacking(self, programme: Programme, partner: str) -> PartnerGaps:
        settings = self.store.people.partner(programme.id, partner)
        staff = len(self.store.people.staff_of(programme.id, partner))
        lacks = [
            name
            for name, address in (("reply-to", settings.reply_to), ("notify", settings.notify))
            if address is None or self.letters.refused(address)
        ]
        lacks += [] if settings.phone else ["phone"]
        lacks += [] if staff else ["staff"]
        name = programme.texts.say(programme.languages[0], "partner", partner, "name")
        return PartnerGaps(settings, name, staff, tuple(lacks))

    def _partner(self, programme: Programme, partner: str) -> None:
        if partner not in programme.partners:
            raise BadSetting(f'{programme.id} has no partner "{partner}"{did_you_mean(partner, programme.partners)}')
        if not programme.partners[partner].takes_persons:
            raise BadSetting(f'"{partner}" never gets persons, so it needs no address and no staff')

    def _address(self, text: str) -> str:
        address = text.strip().lower()
        if not is_email(address):
            raise BadSetting(f'"{text}" is not an email address; it looks like name@organisation.se')
        if self.letters.refused(address):
            raise BadSetting(f'"{text}" is a placeholder that leads nowhere; outside demo no letter goes to it')
        return address
