"""Consents given after staff have decided a group: by link (the desk) or read out on the phone (casework).

One transaction: every answer is recorded, a referral is made for every yes, and responsibility goes to the first of
them.
(docs/rules.md, "When staff decide")
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from intake.chance import Chance
from intake.engine.journey import travel
from intake.engine.programme import Programme
from intake.engine.referral import Planned, plan
from intake.engine.routing import Routing, routes_as
from intake.errors import NotAllowed
from intake.messages import Messages
from intake.passing import Passing
from intake.records import Consent, NewReferral, Submission
from intake.store import Store


class Consenting:
    """Records consents to a decided submission, once."""

    def __init__(
        self,
        programmes: Mapping[str, Programme],
        store: Store,
        messages: Messages,
        clock: Callable[[], datetime],
        chance: Chance,
    ) -> None:
        self.programmes = programmes
        self.store = store
        self.messages = messages
        self.clock = clock
        self.chance = chance
        self.passing = Passing(store, messages, chance)

    def asked_about(self, submission: Submission) -> tuple[str, ...]:
        """The partners whose consent the decision calls for, unions too, in order. Raises NotAllowed when undecided."""
        programme = self.programmes[submission.programme]
        return tuple(partner for partner in self.routing(submission).partners() if partner != programme.owner)

    def record(
        self, submission: Submission, said_yes: Collection[str], *, source: str, language: str, by: str | None = None
    ) -> None:
        """Write the answers and what follows. Raises NotAllowed when they were written before."""
        programme, now = self.programmes[submission.programme], self.clock()
        asked = self.asked_about(submission)
        order = self.routing(submission).partners()
        staffed = self.store.people.staffed(programme.id)
        contact = self.store.submissions.contact(submission.id)
        yes = set(said_yes) & set(asked)
        version = programme.texts.say(language, "consent", "version")
        consent = Consent(version, language, now, source, by)
        planned = plan(programme, order, yes, staffed or None)
        made = [
            self._referral(programme, submission, one, consent) for one in planned if one.partner != programme.owner
        ]
        sealed = dict(submission.sealed)
        sealed["consents"] = [*sealed["consents"], *(_answer(partner, partner in yes, consent) for partner in asked)]
        sealed["unions"] = {**sealed["unions"], **{one.partner: one.id for one in made if one.union}}
        by_phone = contact is None or contact.email is None
        with self.store.transaction() as connection:
            if not self.store.submissions.consents_sent(connection, submission, sealed, now):
                raise NotAllowed("the consents were answered before")
            for one in made:
                self.store.referrals.add(connection, submission, one, by_phone, now)
                key = f"new_referral:{one.id}"
                letter = self.messages.notice(programme, one.partner, one.reference, one.id, key)
                self.store.messages.add(connection, letter, now)
            self._step_aside(connection, programme, submission, planned, now)

    def _step_aside(
        self, connection: Any, programme: Programme, submission: Submission, planned: Sequence[Planned], now: datetime
    ) -> None:
        """The owner watches when another partner has become responsible."""
        responsible = next(one.partner for one in planned if one.responsible)
        for referral in self.store.referrals.siblings_in(connection, submission.id):
            if referral.partner == programme.owner and referral.responsible and responsible != programme.owner:
                self.passing.step_back(connection, referral, responsible, now)
                self.passing.watch(connection, programme, submission, now)

    def routing(self, submission: Submission) -> Routing:
        """The routes with the group that staff decided on, by the answers and the day of then. Raises NotAllowed."""
        programme = self.programmes[submission.programme]
        if submission.decision is None or submission.decision not in {group.id for group in programme.groups}:
            raise NotAllowed("staff have not decided on a group")
        journey = travel(programme, submission.sealed["answers"], date.fromisoformat(submission.judged_on))
        return routes_as(programme, journey.facts, submission.decision)

    def _referral(
        self, programme: Programme, submission: Submission, planned: Planned, consent: Consent
    ) -> NewReferral:
        return NewReferral(
            id=self.chance.id(),
            partner=planned.partner,
            reference=self.chance.reference(programme.reference) if planned.union else submission.reference,
            status=planned.status,
            responsible=planned.responsible,
            rank=planned.rank,
            union=planned.union,
            consent=consent,
        )


def _answer(partner: str, yes: bool, consent: Consent) -> dict[str, object]:
    return {
        "partner": partner,
        "answer": yes,
        "version": consent.version,
        "language": consent.language,
        "source": consent.source,
        "at": consent.at.isoformat(),
        "by": consent.by,
    }
