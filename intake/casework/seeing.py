"""What staff see: the queue, one case, and - for the coordinator - what is stuck.

Name and contact only after picking up; of the answers only what the partner may read (`Partner.sees`); of other
partners nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake.casework.parts import Room
from intake.engine.kinds import KINDS
from intake.engine.programme import Programme, Question
from intake.engine.prompting import answer_row
from intake.engine.prompts import Row
from intake.engine.referral import ACCEPTED, CLOSED, DECLINES, MOVES, OPEN, OUTCOMES, STATUSES, WAITING, WATCHING
from intake.records import Contact, Event, Message, Referral, Staff, Submission
from intake.store import Filters

IDENTITY = frozenset({"text", "email", "phone", "consents", "confirm"})
TABS: Mapping[str, tuple[str, ...]] = {
    "open": (WAITING, ACCEPTED),
    "waiting": (WAITING,),
    "accepted": (ACCEPTED,),
    "watching": (WATCHING,),
    "closed": tuple(status for status in STATUSES if status not in OPEN),
    "all": (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a queue is filtered by; everything is in the URL."""

    tab: str = "open"
    municipality: str = ""
    days: int = 0
    partner: str = ""
    review: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One referral in a queue: nothing that says who it is about."""

    reference: str
    partner: str
    partner_name: str
    status: str
    responsible: bool
    occupation: str
    needs: str
    municipality: str
    language: str
    created_at: datetime
    days: int
    by_phone: bool
    review: bool
    has_it: str


@dataclass(frozen=True, slots=True)
class Queue:
    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]
    municipalities: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]
    review: int
    troubled: int


@dataclass(frozen=True, slots=True)
class LetterSeen:
    """What became of a letter; not its text, which can hold what this partner must not know."""

    id: str
    letter: str
    status: str
    problem: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a timeline."""

    at: datetime
    what: str
    who: str
    code: str
    note: str
    from_status: str
    to_status: str
    letter: LetterSeen | None


@dataclass(frozen=True, slots=True)
class Case:
    """One referral with all that this member of staff may see and do. `contact` is None until it is picked up."""

    referral: Referral
    partner_name: str
    submitted: datetime
    days: int
    unsure: tuple[str, ...]
    answers: tuple[Row, ...]
    contact: Contact | None
    interpreter: str
    timeline: tuple[Happened, ...]
    letters: tuple[LetterSeen, ...]
    others: tuple[QueueRow, ...]
    can: frozenset[str]
    has_it: str
    reply_to: str
    decision: str
    verdict: str
    own: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A letter that did not go out, for the coordinator."""

    message: Message
    reference: str
    partner: str


class Seeing(Room):
    """Reads. Every read of a contact is logged."""

    def queue(self, staff: Staff, asked: Asked, language: str) -> Queue:
        parts, programme, scope = self.parts, self.programme(staff), self.scope(staff)
        now = parts.clock()
        narrowed = Filters(
            municipality=asked.municipality or None,
            older_than=now - timedelta(days=asked.days) if asked.days else None,
            partner=(asked.partner or None) if staff.coordinator else None,
        )
        counted = parts.store.referrals.counts(scope, narrowed)
        counts = {tab: sum(n for status, n in counted.items() if not of or status in of) for tab, of in TABS.items()}
        statuses = TABS.get(asked.tab, TABS["open"])
        rows = [
            self._row(programme, referral, staff, language, now)
            for referral in parts.store.referrals.queue(scope, replace(narrowed, statuses=statuses))
        ]
        review = list(self._undecided(staff, language, now)) if staff.coordinator else []
        return Queue(
            rows=tuple(review if asked.review and staff.coordinator else rows),
            counts=counts,
            municipalities=tuple(
                (id, self._place(programme, id, language)) for id in parts.store.referrals.municipalities(scope)
            ),
            partners=tuple((id, programme.texts.say(language, "partner", id, "name")) for id in self._visible(staff)),
            review=len(review),
            troubled=len(self.troubled(staff)) if staff.coordinator else 0,
        )

    def see(self, staff: Staff, reference: str, language: str, partner: str | None = None) -> Case:
        """One case. Raises NotFound for another's exactly as for a missing one."""
        parts, programme = self.parts, self.programme(staff)
        referral = self.find(staff, reference, partner)
        submission = self.submission(referral)
        own = referral.partner == staff.partner
        known = own and referral.status in (ACCEPTED, CLOSED)
        contact = parts.store.submissions.contact(submission.id) if known else None
        if contact is not None:
            parts.store.people.log(parts.chance.id(), parts.clock(), "read_contact", staff.id, referral.id)
        letters = [_seen(letter) for letter in parts.store.messages.of_referral(referral.id)]
        spoken = contact.interpreter_language if contact else None
        return Case(
            referral=referral,
            partner_name=programme.texts.say(language, "partner", referral.partner, "name"),
            submitted=submission.submitted_at if referral.submission_id else referral.created_at,
            days=(parts.clock() - referral.created_at).days,
            unsure=self._unsure(programme, submission, language) if referral.submission_id else (),
            answers=self._answers(programme, referral, submission, language, known),
            contact=contact,
            interpreter=self._spoken(programme, spoken, language) if spoken else "",
            timeline=self._timeline(staff, referral, letters, language, own),
            letters=tuple(letters),
            others=self._others(programme, referral, staff, language) if staff.coordinator else (),
            can=self.can(staff, referral, submission),
            has_it=self._name_of(referral.staff_id),
            reply_to=parts.store.people.partner(programme.id, staff.partner).reply_to or "",
            decision=submission.decision or "",
            verdict=submission.verdict,
            own=own,
        )

    def can(self, staff: Staff, referral: Referral, submission: Submission) -> frozenset[str]:
        """What this person can do with it now."""
        if referral.partner != staff.partner:
            return frozenset()
        programme = self.programme(staff)
        moves = {move for status, move in MOVES if status == referral.status}
        can = moves & {"pick_up", "decline", "reopen"}
        if referral.partner == programme.owner:
            can.discard("decline")  # the owner is the last: it hands over or closes
        if referral.staff_id == staff.id and referral.status == ACCEPTED:
            can |= {"release", "close", "note", "call", "write"}
            can |= {"hand_over"} if referral.responsible else set()
        elif referral.status == ACCEPTED:
            can.discard("decline")
        if staff.coordinator and referral.status == ACCEPTED and submission.verdict == "ask_staff":
            undone = submission.decision not in (None, "no") and submission.consents_sent_at is None
            can |= {"decide"} if submission.decision is None else {"telephone"} if undone else set()
        return frozenset(can)

    def troubled(self, staff: Staff) -> tuple[Trouble, ...]:
        """Letters given up or stopped, the unions' not among them. Only the coordinator has any."""
        if not staff.coordinator:
            return ()
        found = []
        for message in self.parts.store.messages.troubled(staff.programme):
            if message.referral_id is None or message.to_partner in set(self.programme(staff).unions()):
                continue
            referral = self.parts.store.referrals.get(message.referral_id)
            if referral.submission_id is not None:
                found.append(Trouble(message, referral.reference, referral.partner))
        return tuple(found)

    def declines(self, staff: Staff, language: str) -> tuple[tuple[str, str, str], ...]:
        """(code, about whom, words) of every reason to decline."""
        say = self.programme(staff).texts.say
        return tuple((code, about, say(language, "decline", code, "staff")) for code, about in DECLINES.items())

    def outcomes(self, staff: Staff, language: str) -> tuple[tuple[str, str], ...]:
        say = self.programme(staff).texts.say
        return tuple((code, say(language, "outcome", code, "staff")) for code in OUTCOMES)

    def targets(self, staff: Staff, language: str) -> tuple[tuple[str, str], ...]:
        """Who a case can be handed to, as far as anybody may know: whom the person said yes to is not shown."""
        programme = self.programme(staff)
        partners = (one for one in programme.partners.values() if one.takes_persons and not one.union)
        return tuple(
            (one.id, programme.texts.say(language, "partner", one.id, "name"))
            for one in partners
            if one.id != staff.partner
        )

    def _undecided(self, staff: Staff, language: str, now: datetime) -> list[QueueRow]:
        programme = self.programme(staff)
        scope = self.scope(staff)
        filters = Filters(statuses=(WAITING, ACCEPTED), partner=programme.owner, verdict="ask_staff")
        rows = []
        for referral in self.parts.store.referrals.queue(scope, filters):
            submission = self.submission(referral)
            if submission.decision is None or (submission.decision != "no" and submission.consents_sent_at is None):
                rows.append(self._row(programme, referral, staff, language, now, submission))
        return rows

    def _row(
        self,
        programme: Programme,
        referral: Referral,
        staff: Staff,
        language: str,
        now: datetime,
        submission: Submission | None = None,
    ) -> QueueRow:
        answers: Mapping[str, object] = {}
        if referral.submission_id is not None:
            answers = (submission or self.submission(referral)).sealed["answers"]
        partner = programme.partners[referral.partner]
        return QueueRow(
            reference=referral.reference,
            partner=referral.partner,
            partner_name=programme.texts.say(language, "partner", referral.partner, "name"),
            status=referral.status,
            responsible=referral.responsible,
            occupation=_shown(programme, partner.sees, answers, "occupation", language),
            needs=_shown(programme, partner.sees, answers, "needs", language),
            municipality=self._place(programme, referral.municipality, language) if referral.municipality else "",
            language=referral.language,
            created_at=referral.created_at,
            days=(now - referral.created_at).days,
            by_phone=referral.by_phone,
            review=referral.verdict == "ask_staff" and referral.partner == programme.owner,
            has_it=self._name_of(referral.staff_id) if referral.partner == staff.partner else "",
        )

    def _others(self, programme: Programme, referral: Referral, staff: Staff, language: str) -> tuple[QueueRow, ...]:
        siblings = self.parts.store.referrals.siblings(referral.submission_id or "")
        now = self.parts.clock()
        return tuple(self._row(programme, one, staff, language, now) for one in siblings if one.id != referral.id)

    def _answers(
        self, programme: Programme, referral: Referral, submission: Submission, language: str, known: bool
    ) -> tuple[Row, ...]:
        """The answers this partner may read. Own words wait until it is picked up: one could be known by them."""
        sees = programme.partners[referral.partner].sees
        answers = submission.sealed["answers"]
        rows = []
        for id in submission.sealed["asked"]:
            question = programme.by_id.get(id)
            if question is None or question.kind in IDENTITY or (sees is not None and id not in sees):
                continue
            if id in ("want_referral", "protected_identity") or (question.kind == "search" and question.after_result):
                continue
            if not known and question.kind == "search" and answers.get(id) not in programme.entries(question.list):
                continue
            rows.append(answer_row(programme, question, answers.get(id), language))
        return tuple(rows)

    def _unsure(self, programme: Programme, submission: Submission, language: str) -> tuple[str, ...]:
        """The answers that the rules could not decide on, by their labels."""
        say = programme.texts.say
        asked = [id for _, outcome, because in submission.sealed["trace"] if outcome == "ask_staff" for id in because]
        return tuple(dict.fromkeys(say(language, "question", id, "short") for id in asked))

    def _timeline(
        self, staff: Staff, referral: Referral, letters: list[LetterSeen], language: str, own: bool
    ) -> tuple[Happened, ...]:
        by_id = {letter.id: letter for letter in letters}
        events = self.parts.store.referrals.events(referral.id)
        told = {event.message_id for event in events}
        written = [
            Happened(letter.created_at, "letter", "", letter.letter, "", "", "", letter)
            for letter in letters
            if letter.id not in told
        ]
        happened = [
            Happened(
                at=event.at,
                what=event.what,
                who=self._name_of(event.staff_id),
                code=self._code(staff, event, language),
                note=(event.note or "") if own else "",
                from_status=event.from_status or "",
                to_status=event.to_status or "",
                letter=by_id.get(event.message_id or ""),
            )
            for event in events
        ]
        return tuple(sorted([*happened, *written], key=lambda one: one.at))

    def _code(self, staff: Staff, event: Event, language: str) -> str:
        """What an event's code is called."""
        programme = self.programme(staff)
        if event.code is None:
            return ""
        if event.code in programme.partners:
            return programme.texts.say(language, "partner", event.code, "name")
        if event.code in DECLINES:
            return programme.texts.say(language, "decline", event.code, "staff")
        if event.code in OUTCOMES:
            return programme.texts.say(language, "outcome", event.code, "staff")
        return event.code

    def _name_of(self, staff_id: str | None) -> str:
        member = self.parts.store.people.staff_by_id(staff_id) if staff_id else None
        return (member.name or member.email.split("@")[0]) if member else ""

    def _visible(self, staff: Staff) -> list[str]:
        partners = self.programme(staff).partners.values()
        return [one.id for one in partners if one.takes_persons and not one.union] if staff.coordinator else []

    def _place(self, programme: Programme, id: str, language: str) -> str:
        """What a place is called: the choice of the question that a route's `{question}` names."""
        question = programme.placed_by
        return (programme.texts.say(language, "choice", question, id) if question else "") or id

    def _spoken(self, programme: Programme, value: str, language: str) -> str:
        question = programme.by_id.get("interpreter_language")
        return KINDS["search"].show(programme, question, value, language) if question else value


def _seen(letter: Message) -> LetterSeen:
    return LetterSeen(letter.id, letter.letter, letter.status, letter.problem or "", letter.created_at)


def _shown(
    programme: Programme, sees: frozenset[str] | None, answers: Mapping[str, object], id: str, language: str
) -> str:
    """One answer in words for a queue; typed words are not for a queue."""
    question: Question | None = programme.by_id.get(id)
    value = answers.get(id)
    if question is None or value is None or (sees is not None and id not in sees):
        return ""
    if question.kind == "search" and value not in programme.entries(question.list):
        return ""
    return answer_row(programme, question, value, language).shown  # type: ignore[arg-type]
