"""Staff's moves of a referral: pick up, take over, release, decline, hand over, note, call, close, reopen.

Each runs with the case locked (`act`), so that what it was decided on still holds when it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.engine.moves import CALLS, NOT_SPOKEN, STAFF_MOVES
from intake.engine.personal import looks_like_personal_number
from intake.engine.programme import Programme
from intake.engine.referral import ABOUT_PERSON, ACCEPTED, DECLINES, NOT_REACHED, OUTCOMES, WITHDRAWN
from intake.engine.typed import clean
from intake.errors import NotAllowed, SomebodyElse
from intake.letters.compose import ToPerson
from intake.records import AFTER, Event, Referral, Staff
from intake.referrals.case_access import CaseAccess, act, for_staff
from intake.sweden import day_in_sweden
from intake.words import words_for

LONGEST_NOTE, LONGEST_LETTER = 2000, 4000
TEMPLATES = ("first_contact", "reminder", "book_time")  # of the letters that staff write


class WrongText(NotAllowed):
    """A text that is not accepted: `code` is a Problem code."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Acting(CaseAccess):
    """Moves. Each raises NotFound (not theirs), NotAllowed (not now) or SomebodyElse (a colleague was first)."""

    @act("pick_up")
    def pick_up(self, staff: Staff, referral: Referral) -> None:
        """Picks up a waiting referral. The loser of a race is told who has it."""
        if referral.status != ACCEPTED:  # else pressed twice
            self._move(staff, referral, "pick_up", staff_id=staff.id)

    @act("take_over")
    def take_over(self, staff: Staff, referral: Referral, holder: str) -> None:
        """Takes a referral over from `holder`, a colleague who is away or has left."""
        has_it = referral.staff_id
        if has_it == staff.id:
            return
        if referral.status == ACCEPTED and has_it != holder:
            raise SomebodyElse("another colleague has it by now", self.name_of(has_it))
        self._move(staff, referral, "take_over", code=has_it, staff_id=staff.id)

    @act("release")
    def release(self, staff: Staff, referral: Referral) -> None:
        """Returns a referral to the queue."""
        self._move(staff, referral, "release")

    @act("reopen")
    def reopen(self, staff: Staff, referral: Referral) -> None:
        """Reopens a closed case in the hands of whoever reopens it. The owner watches again."""
        now = self.parts.clock()
        reopened = self._move(staff, referral, "reopen", now, staff_id=staff.id, outcome=None)
        if reopened.submission_id is not None:  # a union is never responsible
            submission = self.submission(reopened)
            programme = self.programme_of(submission)
            self.parts.moves.come_back(programme, submission, reopened, now + AFTER)

    @act("decline")
    def decline(self, staff: Staff, referral: Referral, reason: str, note: str = "") -> None:
        """Declines: the next partner's turn comes if the reason is about us; the owner decides if about the person."""
        if reason not in DECLINES:
            raise NotAllowed("choose a reason")
        text = checked(note)
        now = self.parts.clock()
        left = self._move(staff, referral, "decline", now, code=reason, note=text, decline_reason=reason)
        if referral.responsible:
            submission = self.submission(referral)
            programme = self.programme_of(submission)
            to = programme.owner if DECLINES[reason] == ABOUT_PERSON else None
            self.parts.moves.pass_on(programme, submission, left, now, to=to)

    @act("hand_over")
    def hand_over(self, staff: Staff, referral: Referral, partner: str, note: str) -> None:
        """Hands a case over: directly if the person said yes to the partner, else by way of the owner, who asks first.

        `note` is the reason. The own organisation reads it, and the owner if it has to ask.
        """
        programme = self.programme_of(self.submission(referral))
        if partner not in able_to_take(programme, staff):
            raise NotAllowed("choose a partner")
        text = checked(note)
        if text is None:
            raise WrongText("required")
        self._hand_over(staff, referral, partner, text)

    def _hand_over(self, staff: Staff, referral: Referral, partner: str, text: str) -> None:
        now = self.parts.clock()
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        siblings = self.parts.store.referrals.siblings(submission.id)
        there = any(one.partner == partner and one.status != WITHDRAWN for one in siblings)
        staffed = partner in self.parts.store.people.staffed(programme.id)
        to = partner if there and staffed else programme.owner
        if referral.partner == programme.owner and there and not staffed:
            raise NotAllowed("nobody works there who could take it")
        if referral.partner == programme.owner and to == programme.owner:
            raise NotAllowed("the person has not said yes to this partner: ask first, and record the answer")
        left = referral
        if referral.partner == programme.owner:  # the owner goes on watching
            self._write(staff, referral, "hand_over", now, code=partner, note=text)
        else:
            left = self._move(staff, referral, "hand_over", now, code=partner, note=text)
        self.parts.moves.pass_on(programme, submission, left, now, to=to)
        if to != partner:  # the owner asks the person about the partner wished for
            owner = next(one for one in siblings if one.partner == programme.owner)
            self._write(staff, owner, "wish", now + 2 * AFTER, code=partner, note=text)

    @act("close")
    def close(self, staff: Staff, referral: Referral, outcome: str, note: str = "") -> None:
        """Closes a referral with an outcome. The owner's watching ends when the responsible partner closes."""
        if outcome not in OUTCOMES:
            raise NotAllowed("choose an outcome")
        text = checked(note)
        if outcome == NOT_REACHED and not self._tries(referral):
            raise WrongText("no_tries", question="outcome")
        now = self.parts.clock()
        submission = self.submission(referral)
        self._move(staff, referral, "close", now, code=outcome, note=text, outcome=outcome, staff_id=staff.id)
        if referral.responsible:
            programme = self.programme_of(submission)
            self.parts.moves.end_watching(programme, submission, now)
        if referral.submission_id is not None:
            self._say_closed(staff, referral, outcome)

    @act("note")
    def note(self, staff: Staff, referral: Referral, text: str) -> None:
        """Adds a note that only the own organisation sees."""
        kept = checked(text)
        if kept is None:
            raise WrongText("required")
        self._write(staff, referral, "note", self.parts.clock(), note=kept)

    @act("call")
    def call(self, staff: Staff, referral: Referral, result: str, note: str = "") -> None:
        """Records a call and its result: spoke, no answer, left a message."""
        if result not in CALLS:
            raise WrongText("required")
        text = checked(note)
        self._write(staff, referral, "call", self.parts.clock(), code=result, note=text)

    @for_staff
    def check(self, staff: Staff, version: str, name: str, given: Sequence[str]) -> None:
        """Validates the fields of a move before it is confirmed. Raises WrongText."""
        targets = able_to_take(self.under(staff, version), staff)
        for field, value in zip(STAFF_MOVES[name].fields, given, strict=True):
            known = targets if field.kind == "partner" else field.choices
            if field.kind in ("choice", "partner") and value not in known:
                raise WrongText("required")
            if field.kind == "text" and checked(value) is None and field.required:
                raise WrongText("required")

    def _move(
        self, staff: Staff, referral: Referral, name: str, now: datetime | None = None, **changes: Any
    ) -> Referral:
        at = now or self.parts.clock()
        return self.parts.moves.move(referral, name, self.actor(staff), at, **changes)

    def _write(self, staff: Staff, referral: Referral, what: str, now: datetime, **told: str | None) -> None:
        event = self.parts.moves.event(referral, what, self.actor(staff), now, **told)
        self.parts.store.referrals.note(referral, event)

    def _tries(self, referral: Referral) -> list[Event]:
        """Returns what was noted of trying to reach the person, by calls and letters."""
        return tries(self.parts.store.referrals.events(referral.id))

    def _say_closed(self, staff: Staff, referral: Referral, outcome: str) -> None:
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        say, language = programme.texts.say, submission.language
        told = say(language, "outcome", outcome, "person")
        if outcome == NOT_REACHED:
            told += f" {days_tried(self._tries(referral), language)}"
        fields = {"partner": say(language, "partner", referral.partner, "name"), "outcome": told}
        letter = ToPerson(programme, submission, referral, "closed", f"closed:{self.parts.chance.id()}", fields)
        self.parts.letters.owe(letter, self.actor(staff), self.parts.clock())


def checked(text: str, longest: int = LONGEST_NOTE) -> str | None:
    """Returns free text without control and direction characters; None if it is empty.

    Raises WrongText if it is too long or contains a personal identity number.
    """
    tidy = clean(text, lines=True)
    if len(tidy) > longest:
        raise WrongText("too_long", max=longest, length=len(tidy))
    if looks_like_personal_number(tidy):
        raise WrongText("personal_number")
    return tidy or None


def tries(events: Sequence[Event]) -> list[Event]:
    """Returns the calls that did not reach the person and the letters that staff wrote."""
    calls = (one for one in events if one.what == "call" and one.code in NOT_SPOKEN)
    return [*calls, *(one for one in events if one.what == "letter" and one.code in TEMPLATES)]


def days_tried(tried: Sequence[Event], language: str) -> str:
    """Returns on which days somebody called and wrote, in words: "We called on Monday 23 November 2026."."""
    words = words_for(language)

    def on(what: str) -> str:
        days = dict.fromkeys(day_in_sweden(one.at) for one in tried if one.what == what)
        return ", ".join(words.date(day) for day in sorted(days))

    called, wrote = on("call"), on("letter")
    said = [words("We called on {days}.", days=called)] if called else []
    return " ".join([*said, *([words("We wrote on {days}.", days=wrote)] if wrote else [])])


def able_to_take(programme: Programme, staff: Staff) -> frozenset[str]:
    """Returns the partners a case can be handed to, whether or not the person said yes to them: that is not shown."""
    partners = programme.partners.values()
    return frozenset(one.id for one in partners if one.takes_persons and not one.union and one.id != staff.partner)
