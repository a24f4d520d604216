"""Records consents given after sending: by link (participants) or on the phone (staff).

Once staff have decided a group, the person is asked about every partner of its routes (docs/rules.md, "When staff
decide"). When a case is to be handed to a partner without consent, the person is asked about that partner. In one
transaction every answer is recorded, a referral is made for every yes, and responsibility goes to the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from intake.access.links import CONSENT, LASTS
from intake.engine.journey import travel
from intake.engine.programme import Programme
from intake.engine.referral import WAITING, WITHDRAWN, Planned, plan
from intake.engine.routing import Routing, routes_as
from intake.errors import NotAllowed, NotFound, TryLater
from intake.ids import Chance
from intake.letters.compose import Letters
from intake.publishing.versions import Programmes
from intake.records import AFTER, Actor, Consent, Event, NewReferral, Referral, Submission
from intake.referrals.responsibility import ReferralMoves
from intake.referrals.unions import Unions
from intake.store import Store


@dataclass(frozen=True, slots=True)
class Open:
    """An open request, made by letter, for consent to one more partner; `until` is the end of its link."""

    partner: str
    until: datetime


@dataclass(eq=False, repr=False)
class ConsentRecorder:
    """Records consents, each once. Callers decide who may ask."""

    programmes: Programmes
    store: Store
    letters: Letters
    clock: Callable[[], datetime]
    chance: Chance
    unions: Unions

    def __post_init__(self) -> None:
        self.moves = ReferralMoves(self.store, self.letters, self.chance)

    def asked_about(self, submission: Submission) -> tuple[str, ...]:
        """Returns the partners to ask about, unions too, in order. Raises NotFound if there are none."""
        programme = self.programmes.at(submission.programme, submission.version)
        return tuple(partner for partner in self.routing(submission).partners() if partner != programme.owner)

    def record(
        self,
        submission: Submission,
        said_yes: Collection[str],
        *,
        source: str,
        language: str,
        by: str | None = None,
        heard: tuple[Referral, Event] | None = None,
    ) -> None:
        """Records the answers and applies them. `heard` is the referral and event of a call. Raises NotAllowed if they
        were recorded before.
        """
        if (asking := self.asking(submission)) is not None:
            self.record_one(submission, asking.partner, asking.partner in said_yes, source=source, language=language)
            return
        programme, now = self.programmes.at(submission.programme, submission.version), self.clock()
        asked = self.asked_about(submission)
        if source == "telephone":  # staff may not know that a union was offered, and have asked about none
            asked = tuple(partner for partner in asked if not programme.partners[partner].union)
        order = self.routing(submission).partners()
        able = self.store.people.able(programme.id, programme.partners)
        yes = set(said_yes) & set(asked)
        version = programme.texts.say(language, "consent", "version")
        consent = Consent(version, language, now, source, by)
        planned = plan(programme, order, yes, able)
        made = [
            self._referral(programme, submission, one, consent) for one in planned if one.partner != programme.owner
        ]
        by_phone = self._by_phone(submission)
        note = self.unions.note_of(submission, by_phone, yes=(one for one in made if one.union))
        with self.store.transaction():
            self._still_open(programme, submission)
            sealed = dict(self._renewed(submission).sealed)
            answers = (_answer(partner, partner in yes, consent) for partner in asked)
            sealed["consents"] = [*sealed["consents"], *answers]
            if not self.store.submissions.consents_sent(submission, sealed, now):
                raise NotAllowed("the consents were answered before")
            if heard is not None:
                self.store.referrals.note(*heard)
            self.unions.leave(note)
            for one in made:
                if one.union:
                    continue
                self.store.referrals.add(submission, [one], by_phone, now)
                self.letters.owe_partner(programme, "new_referral", one, now)
            self._step_aside(programme, submission, planned, now)

    def _step_aside(
        self, programme: Programme, submission: Submission, planned: Sequence[Planned], now: datetime
    ) -> None:
        """Makes the owner watch if another partner has become responsible."""
        responsible = next(one.partner for one in planned if one.responsible)
        for referral in self.store.referrals.siblings(submission.id):
            if referral.partner == programme.owner and referral.responsible and responsible != programme.owner:
                self.moves.step_back(referral, responsible, now)
                self.moves.watch(programme, submission, now)

    # who is waited for

    def waits(self, submission: Submission) -> bool:
        """Whether consents are awaited: staff have decided, or ask about one more partner."""
        return submission.waits_for_consents or self.asking(submission) is not None

    # one more partner

    def asking(self, submission: Submission) -> Open | None:
        """Returns the open request about one more partner, while its link is valid."""
        asked = submission.sealed.get("asking")
        if asked is None:
            return None
        until = datetime.fromisoformat(asked["at"]) + LASTS[CONSENT]
        return Open(asked["partner"], until) if until > self.clock() else None

    def askable(self, submission: Submission) -> tuple[str, ...]:
        """Returns the partners the person can be asked about: those with staff and without a part in this case."""
        programme = self.programmes.at(submission.programme, submission.version)
        involved = {referral.partner for referral in self.store.referrals.siblings(submission.id)}
        staffed = self.store.people.staffed(programme.id)
        return tuple(
            one.id
            for one in programme.partners.values()
            if one.takes_persons and not one.union and one.id in staffed and one.id not in involved
        )

    def ask(self, submission: Submission, partner: str) -> None:
        """Makes the link to the consents ask about this partner. Raises NotAllowed while another request is open."""
        renewed = self._renewed(submission)
        asking = self.asking(renewed)
        if asking is not None and asking.partner != partner:
            raise NotAllowed("the person is being asked about another partner")
        asked = {"partner": partner, "at": self.clock().isoformat()}
        self.store.submissions.reseal(submission.id, {**renewed.sealed, "asking": asked})

    def record_one(
        self,
        submission: Submission,
        partner: str,
        yes: bool,
        *,
        source: str,
        language: str,
        by: str | None = None,
    ) -> None:
        """Records the answer about one partner, which gets the case after a yes. Raises NotAllowed if it has a part."""
        programme, now = self.programmes.at(submission.programme, submission.version), self.clock()
        version = programme.texts.say(language, "consent", "version")
        consent = Consent(version, language, now, source, by)
        actor = Actor("staff", by) if by else Actor("participant")
        with self.store.transaction():
            owner = self._still_open(programme, submission)
            answer = self.moves.event(owner, "said_yes" if yes else "said_no", actor, now, code=partner)
            if not self.store.referrals.move(owner, answer):  # this locks the row until we commit
                raise TryLater("this case is being changed at the same moment")
            if any(one.partner == partner for one in self.store.referrals.siblings(submission.id)):
                raise NotAllowed("the consents were answered before")
            sealed = {name: value for name, value in self._renewed(submission).sealed.items() if name != "asking"}
            sealed["consents"] = [*sealed["consents"], _answer(partner, yes, consent)]
            self.store.submissions.reseal(submission.id, sealed)
            self.unions.leave(self.unions.note_of(submission, self._by_phone(submission)))
            if yes:
                self._bring_in(programme, submission, partner, consent, now)

    def _bring_in(
        self, programme: Programme, submission: Submission, partner: str, consent: Consent, now: datetime
    ) -> None:
        """Adds the referral of a new partner, which becomes responsible if the owner was."""
        siblings = self.store.referrals.siblings(submission.id)
        rank = 1 + max(one.rank for one in siblings)
        new = self._referral(programme, submission, Planned(partner, WAITING, False, rank, False), consent)
        self.store.referrals.add(submission, [new], self._by_phone(submission), now)
        owner = self._owner(programme, submission)
        if owner.responsible and partner in self.store.people.staffed(programme.id):
            self.moves.pass_on(programme, submission, owner, now + AFTER, to=partner)
        else:
            self.letters.owe_partner(programme, "new_referral", new, now)

    def _by_phone(self, submission: Submission) -> bool:
        contact = self.store.submissions.contact(submission.id)
        return contact is None or contact.email is None

    def _renewed(self, submission: Submission) -> Submission:
        """Returns the submission as it is stored now."""
        return self.store.submissions.by_id(submission.id) or submission

    def _still_open(self, programme: Programme, submission: Submission) -> Referral:
        """Returns the owner's referral, with the case locked. Raises NotFound if everything was withdrawn meanwhile."""
        self.store.submissions.lock(submission.id)
        owner = self._owner(programme, submission)
        if owner.status == WITHDRAWN:
            raise NotFound("nobody is asked about")
        return owner

    def _owner(self, programme: Programme, submission: Submission) -> Referral:
        siblings = self.store.referrals.siblings(submission.id)
        owner = next((one for one in siblings if one.partner == programme.owner), None)
        if owner is None:
            raise NotFound("it was erased at the same moment")
        return owner

    def routing(self, submission: Submission) -> Routing:
        """Returns the routing the consents are about: to the one partner asked about, or of the group decided on by
        staff, by the answers and the day of judgement. Raises NotFound if there is none, or all was withdrawn.
        """
        programme = self.programmes.at(submission.programme, submission.version)
        siblings = self.store.referrals.siblings(submission.id)
        owner = next((one for one in siblings if one.partner == programme.owner), None)
        if owner is None or owner.status == WITHDRAWN:
            raise NotFound("nobody is asked about")
        if (asking := self.asking(submission)) is not None:
            return Routing(offers=(asking.partner,))
        if submission.decision is None or submission.decision not in {group.id for group in programme.groups}:
            raise NotFound("nobody is asked about")
        journey = travel(programme, submission.sealed["answers"], date.fromisoformat(submission.judged_on))
        return routes_as(programme, journey.facts, submission.decision)

    def _referral(
        self, programme: Programme, submission: Submission, planned: Planned, consent: Consent
    ) -> NewReferral:
        reference = self.chance.reference(programme.reference) if planned.union else submission.reference
        return NewReferral(
            self.chance.id(), planned.partner, reference, planned.status, planned.responsible, planned.rank,
            planned.union, consent,
        )  # fmt: skip


def _answer(partner: str, yes: bool, consent: Consent) -> dict[str, object]:
    return {"partner": partner, "answer": yes, **asdict(consent), "at": consent.at.isoformat()}
