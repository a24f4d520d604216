"""Export and erasure of a person's data (docs/person-data.md).

All requests use this module: the person's, the coordinator's, the operator's, and those of a programme's retention.
Unions' parts are read for the person only, and nothing here shows anybody else whether there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import structlog

from intake.engine.programme import Programme
from intake.engine.referral import ACCEPTED
from intake.errors import Damaged, NotFound, SomebodyElse
from intake.keys import WrongKey
from intake.publishing.versions import Programmes
from intake.records import Event, Referral, Staff, Submission
from intake.referrals.exporting import CopyPart, export
from intake.referrals.unions import Unions
from intake.store import Store
from intake.store.erasures import CLOSED, NO_CONTACT, NOT_FOR_US

EXPORTED, ERASED = "person_export", "person_erase"  # in the access log
WISHED, ANSWERED = "erase_wished", "erase_answered"  # on the owner's timeline
BATCH = 100  # cases per query

log = structlog.get_logger()


class Rights:
    """Exports and erases. Callers decide who may ask."""

    def __init__(
        self, programmes: Programmes, store: Store, unions: Unions, clock: Callable[[], datetime], id: Callable[[], str]
    ) -> None:
        self.programmes = programmes
        self.store = store
        self.unions = unions
        self.clock = clock
        self.id = id

    # a copy

    def of_person(self, submission: Submission, language: str, with_unions: bool) -> dict[str, Any]:
        """Returns all that the person gave or was sent; with unions only in the browser or chat that sent it in."""
        programme = self._programme(submission)
        referrals = self.store.referrals.siblings(submission.id)
        hidden = self.programmes.unions(submission.programme)
        if with_unions:
            referrals += self.unions.referrals(submission)
            hidden = ()
        parts = [self._part(one, letters=True) for one in referrals]
        return self._export(programme, submission, parts, language, hidden)

    def of_owner(self, submission: Submission, language: str, staff_id: str | None) -> dict[str, Any]:
        """Returns the owner's copy, without unions and other organisations' notes and letters. Access is logged."""
        programme = self._programme(submission)
        referrals = self.store.referrals.siblings(submission.id)
        own = [one for one in referrals if one.partner == programme.owner]
        notes = [event for one in own for event in self.store.referrals.events(one.id) if event.what != "wish"]
        hidden = self.programmes.unions(submission.programme)
        self.store.people.log(self.id(), self.clock(), EXPORTED, staff_id, own[0].id if own else None)
        parts = [self._part(one, letters=one.partner == programme.owner) for one in referrals]
        return self._export(programme, submission, parts, language, hidden, notes)

    def _export(
        self, programme: Programme, submission: Submission, parts: list[CopyPart], language: str,
        hidden: Collection[str], notes: Collection[Event] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        contact, spoken = self.store.submissions.contact(submission.id), programme.negotiate_language(language)
        return export(programme, submission, contact, parts, spoken, self.clock(), hidden=hidden, notes=notes)

    def _part(self, referral: Referral, letters: bool) -> CopyPart:
        sent = self.store.messages.of_referral(referral.id) if letters else []
        to_person = [letter for letter in sent if letter.recipient == "person"]
        return CopyPart(referral, self.store.referrals.events(referral.id), to_person)

    # erasing

    def holder(self, submission: Submission, but: Staff | None = None) -> str:
        """Returns who has the case in hand, as text; empty if nobody has, or only `but`. Unions do not count."""
        programme, held = self._programme(submission), []
        for one in self.store.referrals.siblings(submission.id):
            if one.status == ACCEPTED and (but is None or one.staff_id != but.id):
                member = self.store.people.staff_by_id(one.staff_id) if one.staff_id else None
                name = (member.name or member.email.split("@")[0]) if member else ""
                partner = programme.texts.say(programme.languages[0], "partner", one.partner, "name")
                held.append(f"{partner} ({name})" if name else partner)
        return ", ".join(held)

    def erase(
        self,
        submission: Submission,
        *,
        by: Staff | None = None,
        why: str | None = None,
        press: tuple[object, ...] | None = None,
    ) -> None:
        """Erases everything at once; unions' rows follow with the next batch. `press`: the form that asked for it.

        Raises SomebodyElse if somebody has the case in hand and no reason (`why`) is given; NotFound if it is erased
        already.
        """
        note = self._note(submission)
        with self.store.transaction():
            if not self.store.erasing.lock(submission.id):
                raise NotFound("it is erased already")
            if not why and (holder := self.holder(submission, by)):
                raise SomebodyElse(f"in hand at {holder}", holder)
            self.unions.leave(note)
            self.store.erasing.erase(submission, self.clock(), why)
            self.store.people.log(self.id(), self.clock(), ERASED, None if by is None else by.id)
            if press is not None:
                self.store.presses.first(press, self.clock())
        self.store.overwrite_deleted()

    def erase_old(self, together: int = BATCH) -> int:
        """Erases the cases that the programmes keep no longer, each in its own transaction; returns how many.

        `together`: cases per query.
        """
        erased = 0
        for programme in self.programmes.values():
            days = programme.limits
            kept = {
                NO_CONTACT: days.keep_no_contact_days,
                CLOSED: days.keep_closed_days,
                NOT_FOR_US: days.keep_not_for_us_days,
            }
            number = sum(self._erase_ended(programme.id, ended, kept[ended], together) for ended in kept)
            if number:
                log.info("persons_erased", programme=programme.id, number=number)
            erased += number
        if erased:
            self.store.overwrite_deleted()
        return erased

    def _erase_ended(self, programme: str, ended: str, days: int | None, together: int) -> int:
        if days is None:
            return 0
        before, erased, last = self.clock() - timedelta(days=days), 0, ""
        while due := self.store.erasing.due(programme, ended, before, together, last):
            erased += sum(self._erase_if_due(id, ended, before) for id in due)
            last = due[-1]  # a case that is due and unreadable does not block the others
        return erased

    def _erase_if_due(self, submission_id: str, ended: str, before: datetime) -> bool:
        try:
            submission = self.store.submissions.by_id(submission_id)
        except (WrongKey, Damaged):
            submission = None  # a key is missing: it waits until it can be read
        if submission is None:
            return False
        note = self._note(submission)
        with self.store.transaction():
            there = self.store.erasing.lock(submission_id)
            if not there or not self.store.erasing.still_due(submission_id, ended, before):
                return False
            self.unions.leave(note)
            self.store.erasing.erase(submission, self.clock())
        return True

    def _note(self, submission: Submission) -> Any:
        """Returns the note that makes the next batch erase at the unions; as long as any other note."""
        contact = self.store.submissions.contact(submission.id)
        by_phone = contact is None or contact.email is None
        back = self.programmes.unions(submission.programme)
        return self.unions.note_of(submission, by_phone, back=back, erased=True)

    # the wish to be erased

    def wish(self, referral: Referral) -> bool:
        """Whether the owner's referral has an unanswered wish to be erased."""
        last = [event for event in self.store.referrals.events(referral.id) if event.what in (WISHED, ANSWERED)]
        return bool(last) and last[-1].what == WISHED

    def answer(self, referral: Referral) -> str:
        """Returns the answer to the wish: what must be kept, and why; empty if there is none."""
        last = [event for event in self.store.referrals.events(referral.id) if event.what in (WISHED, ANSWERED)]
        return (last[-1].note or "") if last and last[-1].what == ANSWERED else ""

    def _programme(self, submission: Submission) -> Programme:
        return self.programmes.at(submission.programme, submission.version)
