"""Moves referrals and passes responsibility from one partner to another. (docs/rules.md, "Sending")

Used when a participant withdraws and when staff decline, hand over, close or reopen. Callers have locked the case.
Each write is a compare-and-set all the same: a referral that was read before the lock raises SomebodyElse, and nothing
is written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake.engine.moves import move
from intake.engine.programme import Programme
from intake.engine.referral import ACCEPTED, DECLINED, OPEN, WATCHING, WITHDRAWN, next_responsible
from intake.errors import NotAllowed, SomebodyElse
from intake.ids import Chance
from intake.letters.compose import Letters, ToPerson
from intake.records import AFTER, Actor, Event, Referral, Submission, event_of
from intake.store import Store
from intake.words import words_for

SYSTEM = Actor("system")


class ReferralMoves:
    """Moves referrals and passes responsibility on."""

    def __init__(self, store: Store, letters: Letters, chance: Chance) -> None:
        self.store = store
        self.letters = letters
        self.chance = chance

    def move(
        self,
        referral: Referral,
        name: str,
        actor: Actor,
        now: datetime,
        *,
        code: str | None = None,
        note: str | None = None,
        **changes: Any,
    ) -> Referral:
        """Makes a move of `MOVES`, with its event. Raises NotAllowed if it is impossible, SomebodyElse if it was made
        at the same time.
        """
        status = move(referral.status, name)
        if status is None:
            raise NotAllowed("that cannot be done with it now")
        if status != ACCEPTED:
            changes.setdefault("staff_id", None)
        event = self.event(referral, name, actor, now, code=code, note=note, to_status=status)
        if not self.store.referrals.move(referral, event, status=status, **changes):
            raise SomebodyElse("somebody was first")
        return self.store.referrals.get(referral.id)

    def event(self, referral: Referral, what: str, actor: Actor, now: datetime, **more: str | None) -> Event:
        """Returns an event of a referral. `more`: the other fields of `Event`; with `to_status` also `from_status`."""
        if more.get("to_status"):
            more["from_status"] = referral.status
        return event_of(referral, self.chance.id(), what, actor, now, **more)

    def pass_on(
        self,
        programme: Programme,
        submission: Submission,
        leaving: Referral,
        now: datetime,
        *,
        to: str | None = None,
        tell: bool = True,
    ) -> Referral:
        """Passes responsibility from `leaving` to `to`, or the next in order. The person is told by letter (`tell`)."""
        siblings = self.store.referrals.siblings(submission.id)
        able = self.store.people.able(programme.id, programme.partners)
        target = to or next_responsible(programme, siblings, leaving.partner, able)
        gaining = next(one for one in siblings if one.partner == target)
        left = next(one for one in siblings if one.id == leaving.id)
        if left.responsible:
            self.step_back(left, target, now + AFTER)
        self.make_responsible(programme, submission, gaining, now)
        if gaining.partner != programme.owner:
            self.watch(programme, submission, now + 2 * AFTER)
        if tell and gaining.id != leaving.id:
            self._tell(programme, submission, left, gaining, now, why_moved(programme, left, submission.language))
        return self.store.referrals.get(gaining.id)

    def come_back(self, programme: Programme, submission: Submission, reopened: Referral, now: datetime) -> None:
        """Continues a closed referral. Its partner becomes responsible unless an open referral is; the owner watches.
        """
        siblings = self.store.referrals.siblings(submission.id)
        before = next((one for one in siblings if one.responsible), None)
        if before is not None and before.id != reopened.id:
            if before.status in OPEN:
                return
            self.step_back(before, reopened.partner, now)
        if before is None or before.id != reopened.id:
            self._set(reopened, self.event(reopened, "responsible", SYSTEM, now + AFTER), responsible=True)
            if before is not None:
                words = words_for(submission.language)
                name = programme.texts.say(submission.language, "partner", reopened.partner, "name")
                why = words("{partner} has opened your case again.", partner=name)
                self._tell(programme, submission, before, reopened, now + AFTER, why)
        if reopened.partner != programme.owner:
            self.watch(programme, submission, now)

    def step_back(self, referral: Referral, target: str, now: datetime) -> None:
        """Ends the responsibility of a partner in favour of `target`."""
        self._set(referral, self.event(referral, "passed_on", SYSTEM, now, code=target), responsible=False)

    def make_responsible(self, programme: Programme, submission: Submission, gaining: Referral, now: datetime) -> None:
        """Makes a partner responsible. An open referral keeps its status; a closed or watching one waits again."""
        if gaining.status in OPEN and gaining.status != WATCHING:
            event = self.event(gaining, "responsible", SYSTEM, now)
            self._set(gaining, event, responsible=True)
        else:
            status = move(gaining.status, "take_on")
            if status is None:
                raise NotAllowed(f"a referral that is {gaining.status} cannot be taken on")
            event = self.event(gaining, "take_on", SYSTEM, now, to_status=status)
            cleared = {"staff_id": None, "decline_reason": None, "outcome": None}
            self._set(gaining, event, status=status, responsible=True, **cleared)
        self.letters.owe_partner(programme, "new_referral", gaining, now, f"turn:{event.id}")

    def watch(self, programme: Programme, submission: Submission, now: datetime) -> None:
        """Makes the owner watch while another partner is responsible, also if its own part had ended."""
        for owner in self.store.referrals.siblings(submission.id):
            if owner.partner == programme.owner and not owner.responsible and (status := move(owner.status, "watch")):
                event = self.event(owner, "watch", SYSTEM, now, to_status=status)
                self._set(owner, event, status=status, staff_id=None, outcome=None)

    def end_watching(self, programme: Programme, submission: Submission, now: datetime) -> None:
        """Ends the owner's watching, because the responsible partner closed."""
        for owner in self.store.referrals.siblings(submission.id):
            if owner.partner == programme.owner and owner.status == WATCHING:
                status = move(owner.status, "end")
                self._set(owner, self.event(owner, "end", SYSTEM, now, to_status=status), status=status)

    def _set(self, referral: Referral, event: Event, **changes: Any) -> None:
        if not self.store.referrals.move(referral, event, **changes):
            raise SomebodyElse("somebody was first")

    def _tell(
        self, programme: Programme, submission: Submission, left: Referral, gaining: Referral, now: datetime, why: str
    ) -> None:
        """Owes the person a letter; without an address the new partner sees that the person is to be called."""
        language, name = submission.language, programme.texts.say
        fields = {
            "from_partner": name(language, "partner", left.partner, "name"),
            "to_partner": name(language, "partner", gaining.partner, "name"),
            "why": why,
        }
        key = f"moved:{submission.id}:{self.chance.id()}"
        self.letters.owe(ToPerson(programme, submission, gaining, "moved", key, fields), SYSTEM, now)


def why_moved(programme: Programme, left: Referral, language: str) -> str:
    """Returns why a case left a partner, in a sentence for the person; empty if nothing is known."""
    words, say = words_for(language), programme.texts.say
    name = say(language, "partner", left.partner, "name")
    if left.status == DECLINED:
        reason = say(language, "decline", left.decline_reason or "", "person")
        return words("{partner} could not take it. {reason}", partner=name, reason=reason).strip()
    if left.status == WITHDRAWN:
        return words("You have taken back your answers from {partner}.", partner=name)
    return words("{partner} has handed it on.", partner=name)
