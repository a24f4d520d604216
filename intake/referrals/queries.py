"""What staff see: the queue and one case.

Name and contact details are shown after picking up only; answers as far as the partner may read them (`Partner.sees`),
and not after the person has withdrawn them; nothing of other partners.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from intake.engine.conditions import Value
from intake.engine.explaining import decisive, explained, readable, settled_by
from intake.engine.journey import travel
from intake.engine.kinds import KINDS
from intake.engine.moves import STAFF_MOVES, MoveField, possible
from intake.engine.programme import Partner, Programme, Question
from intake.engine.prompting import answer_row
from intake.engine.prompts import Dated, Reason, Row
from intake.engine.referral import ACCEPTED, OPEN, STATUSES, WAITING, WATCHING, WITHDRAWN
from intake.engine.settling import settle
from intake.engine.telephone import written
from intake.records import Event, Referral, Staff, Submission
from intake.referrals.actions import able_to_take
from intake.referrals.case_access import for_staff
from intake.referrals.consent_requests import Asking
from intake.referrals.decisions import noes
from intake.referrals.erasure import Erasing
from intake.referrals.undelivered import Undelivered
from intake.referrals.views import Asked, Case, LetterSeen, Queue, QueueRow, TimelineEntry
from intake.store import Filters
from intake.sweden import alphabetical
from intake.words import words_for

TABS: Mapping[str, tuple[str, ...]] = {
    "open": (WAITING, ACCEPTED),
    "waiting": (WAITING,),
    "accepted": (ACCEPTED,),
    "mine": (ACCEPTED,),
    "watching": (WATCHING,),
    "closed": tuple(status for status in STATUSES if status not in OPEN),
    "all": (),
}
PAGE = 100  # rows of a queue on one page
MOST_UNDECIDED = 5000  # referrals searched, including those decided long ago


class Seeing(Asking, Undelivered, Erasing):
    """Queries. Every read of contact details is logged."""

    @for_staff
    def queue(self, staff: Staff, asked: Asked, language: str) -> Queue:
        parts, programme = self.parts, self.programme(staff)
        now = parts.clock()
        narrowed = Filters(
            municipality=asked.municipality or None,
            older_than=now - timedelta(days=asked.days) if asked.days else None,
            partner=(asked.partner or None) if staff.coordinator else None,
        )
        troubled = self._undelivered(programme.id)
        reviewed = self._undecided(staff) if staff.coordinator else []
        wishes = self.wishes(staff)
        if asked.wishes and staff.coordinator:
            found = wishes[(asked.page - 1) * PAGE :]
        elif asked.review and staff.coordinator:
            found = reviewed[(asked.page - 1) * PAGE :]
        else:
            statuses = TABS.get(asked.tab, TABS["open"])
            filters = replace(narrowed, statuses=statuses, mine=staff.id if asked.tab == "mine" else None)
            found = parts.store.referrals.queue(filters, asked.page * PAGE + 1)[(asked.page - 1) * PAGE :]
        more, shown = len(found) > PAGE, found[:PAGE]
        if staff.partner in parts.programmes.unions(staff.programme):
            shown = parts.unions.all_as_they_count(staff.programme, shown)
        places = parts.store.referrals.municipalities()
        own = replace(narrowed, partner=programme.owner, municipality=None, older_than=None)
        return Queue(
            rows=tuple(self._row(programme, one, staff, language, now, troubled) for one in shown),
            more=more,
            counts=self._counts(staff, narrowed),
            municipalities=_sorted((id, self._place(programme, id, language)) for id in places),
            partners=_sorted((id, programme.texts.say(language, "partner", id, "name")) for id in self._visible(staff)),
            review=len(reviewed),
            turn=parts.store.referrals.counts(own).get(WAITING, 0) if staff.coordinator else 0,
            troubled=len(self.troubled(staff)),
            away=self.mail_away(staff),
            wishes=len(wishes),
        )

    def _counts(self, staff: Staff, narrowed: Filters) -> dict[str, int]:
        """Returns the number of referrals of each tab."""
        store = self.parts.store.referrals
        by_status = store.counts(narrowed)
        counts = {tab: sum(n for status, n in by_status.items() if not of or status in of) for tab, of in TABS.items()}
        return counts | {"mine": store.counts(replace(narrowed, mine=staff.id)).get(ACCEPTED, 0)}

    @for_staff
    def see(self, staff: Staff, reference: str, language: str, partner: str | None = None) -> Case:
        """Returns a case. Raises NotFound for another organisation's exactly as for a missing one."""
        parts, referral = self.parts, self.find(staff, reference, partner)
        submission = self.submission(referral)
        programme = self.programme_of(submission)
        own = referral.partner == staff.partner
        held = own and referral.staff_id is not None  # somebody here has picked it up
        contact = parts.store.submissions.contact(submission.id) if held else None
        if contact is not None:
            parts.store.people.log(parts.chance.id(), parts.clock(), "read_contact", staff.id, referral.id)
        letters = self._letters(referral)
        spoken = contact.interpreter_language if contact else None
        can = self.can(staff, referral)
        told = referral.submission_id is not None and referral.status != WITHDRAWN
        why, also = decisive(self._why(programme, referral, submission, language, held) if told else ())
        askable = parts.consenting.askable(submission) if "ask" in can else ()
        return Case(
            referral=referral,
            version=submission.version,
            partner_name=programme.texts.say(language, "partner", referral.partner, "name"),
            submitted=submission.submitted_at if referral.submission_id else referral.created_at,
            days=(parts.clock() - referral.created_at).days,
            why=why,
            also=also,
            settling=self._settling(programme, submission, language) if "decide" in can else (),
            noes=noes(programme, submission, language) if "decide" in can else (),
            group=(submission.group or "") if "decide" in can else "",
            answers=self._answers(programme, referral, submission, language, held),
            contact=contact,
            phone=written(contact.phone or "") if contact else "",
            interpreter=self._spoken(programme, spoken, language) if spoken else "",
            timeline=self._timeline(programme, staff, referral, letters, language, own),
            letters=tuple(letters),
            others=self._others(programme, referral, staff, language) if staff.coordinator else (),
            can=can,
            has_it=self.name_of(referral.staff_id),
            reply_to=parts.store.people.partner(programme.id, staff.partner).reply_to or "",
            decision=(submission.decision or "") if referral.submission_id else "",
            verdict=submission.verdict if referral.submission_id else "",
            own=own,
            askable=_sorted((id, programme.texts.say(language, "partner", id, "name")) for id in askable),
            wished=self.wished(referral)[0] if "ask" in can else "",
            asking=parts.consenting.asking(submission) if "ask" in can else None,
        )

    @for_staff
    def can(self, staff: Staff, referral: Referral) -> frozenset[str]:
        """Returns what this member of staff can do with the referral now."""
        if referral.partner != staff.partner:
            return frozenset()
        can = possible(referral.status, self.facts(staff, referral))
        if self.may_erase(staff, referral):
            can |= {"erase", "keep"} if referral.status == WITHDRAWN else {"erase", "export"}
        return can

    @for_staff
    def choices(self, staff: Staff, version: str, name: str, language: str) -> dict[str, tuple[tuple[str, str], ...]]:
        """Returns the choices of each field of a move, as {field: (code, words)}."""
        programme = self.under(staff, version)
        say, found = programme.texts.say, {}
        for field in STAFF_MOVES[name].fields:
            if field.kind == "choice":
                found[field.name] = tuple((code, _chosen(programme, field, code, language)) for code in field.choices)
            elif field.kind == "partner":  # as far as anybody may know: whom the person said yes to is not shown
                targets = able_to_take(programme, staff)
                found[field.name] = _sorted((id, say(language, "partner", id, "name")) for id in targets)
        return found

    def _undecided(self, staff: Staff) -> list[Referral]:
        """Returns the referrals that wait for a decision, or for the consents after one."""
        filters = Filters(statuses=(WAITING, ACCEPTED), partner=self.programme(staff).owner, verdict="ask_staff")
        found = []
        for referral in self.parts.store.referrals.queue(filters, MOST_UNDECIDED):
            submission = self.submission(referral)
            if submission.decision is None or submission.waits_for_consents:
                found.append(referral)
        return found

    def _row(
        self,
        programme: Programme,
        referral: Referral,
        staff: Staff,
        language: str,
        now: datetime,
        troubled: Collection[str | None] = (),
    ) -> QueueRow:
        answers: Mapping[str, Value] = {}
        place = "" if referral.status == WITHDRAWN else referral.municipality
        if referral.submission_id is not None and referral.status != WITHDRAWN:
            submission = self.submission(referral)
            answers, programme = submission.sealed["answers"], self.programme_of(submission)
        partner = programme.partners.get(referral.partner)  # None: of an earlier version; nothing is shown of it
        return QueueRow(
            reference=referral.reference,
            partner=referral.partner,
            partner_name=programme.texts.say(language, "partner", referral.partner, "name"),
            status=referral.status,
            responsible=referral.responsible,
            occupation=_shown(programme, partner, answers, "occupation", language),
            needs=_shown(programme, partner, answers, "needs", language),
            municipality=self._place(programme, place, language) if place else "",
            language=referral.language,
            created_at=referral.created_at,
            days=(now - referral.created_at).days,
            by_phone=referral.by_phone,
            review=referral.verdict == "ask_staff" and referral.partner == programme.owner,
            has_it=self.name_of(referral.staff_id) if referral.partner == staff.partner else "",
            undelivered=referral.id in troubled,
        )

    def _others(self, programme: Programme, referral: Referral, staff: Staff, language: str) -> tuple[QueueRow, ...]:
        siblings = self.parts.store.referrals.siblings(referral.submission_id or "")
        now = self.parts.clock()
        return tuple(self._row(programme, one, staff, language, now) for one in siblings if one.id != referral.id)

    def _answers(
        self, programme: Programme, referral: Referral, submission: Submission, language: str, known: bool
    ) -> tuple[Row, ...]:
        """Returns the answers this partner may read. Free text is shown after picking up only, because it can identify
        the person; after withdrawal nothing is shown.
        """
        if referral.status == WITHDRAWN:
            return ()
        partner = programme.partners[referral.partner]
        answers = submission.sealed["answers"]
        rows = []
        for id in submission.sealed["asked"]:
            question = programme.by_id.get(id)
            if question is None or id in ("want_referral", "protected_identity"):
                continue
            if question.list is not None and question.after_result:
                continue
            if _may_read(programme, partner, question, answers.get(id), known):
                rows.append(answer_row(programme, question, answers.get(id), language))
        return tuple(rows)

    def _why(
        self, programme: Programme, referral: Referral, submission: Submission, language: str, known: bool
    ) -> tuple[Reason, ...]:
        """Returns the reasons the person read, without those that reveal answers this partner may not read."""
        answers = submission.sealed["answers"]
        partner = programme.partners[referral.partner]
        return readable(
            explained(programme, answers, submission.trace(), language),
            lambda id: _may_read(programme, partner, programme.by_id[id], answers.get(id), known),
        )

    def _settling(self, programme: Programme, submission: Submission, language: str) -> tuple[Dated, ...]:
        """Returns what would settle an undecided case, on the day it was judged."""
        then = travel(programme, submission.sealed["answers"], date.fromisoformat(submission.judged_on))
        undecided = submission.verdict == then.assessment.verdict == "ask_staff" and submission.decision is None
        return settled_by(programme, settle(then), language) if undecided else ()

    def _timeline(
        self,
        programme: Programme,
        staff: Staff,
        referral: Referral,
        letters: list[LetterSeen],
        language: str,
        own: bool,
    ) -> tuple[TimelineEntry, ...]:
        by_id = {letter.id: letter for letter in letters}
        events = self.parts.store.referrals.events(referral.id)
        told = {event.message_id for event in events}
        written = [
            TimelineEntry(letter.created_at, "letter", "", letter.letter, "", "", "", letter)
            for letter in sorted(letters, key=lambda one: one.letter)
            if letter.id not in told
        ]
        happened = [
            TimelineEntry(
                at=event.at,
                what=event.what,
                who=self.name_of(event.staff_id),
                code=self._code(programme, staff, event, language),
                note=(event.note or "") if own and referral.status != WITHDRAWN else "",
                from_status=event.from_status or "",
                to_status=event.to_status or "",
                letter=by_id.get(event.message_id or ""),
            )
            for event in events
        ]
        return tuple(sorted([*happened, *written], key=lambda one: one.at))

    def _code(self, programme: Programme, staff: Staff, event: Event, language: str) -> str:
        """Returns an event's code in words. Where responsibility passed to reveals a yes: for the coordinator only."""
        if event.code is None or (event.what == "passed_on" and not staff.coordinator):
            return ""
        if event.what == "take_over":
            return self.name_of(event.code)
        if event.code in programme.partners:
            return programme.texts.say(language, "partner", event.code, "name")
        row = STAFF_MOVES.get(event.what)
        return _chosen(programme, row.choice, event.code, language) if row and row.choice else event.code

    def _visible(self, staff: Staff) -> list[str]:
        partners = self.programme(staff).partners.values()
        return [one.id for one in partners if one.takes_persons and not one.union] if staff.coordinator else []

    def _place(self, programme: Programme, id: str, language: str) -> str:
        """Returns the name of a place: a choice of the question that a route's `{question}` names."""
        question = programme.placed_by
        return (programme.texts.say(language, "choice", question, id) if question else "") or id

    def _spoken(self, programme: Programme, value: str, language: str) -> str:
        question = programme.by_id.get("interpreter_language")
        return KINDS[question.kind].show(programme, question, value, language) if question else value


def _chosen(programme: Programme, field: MoveField, code: str, language: str) -> str:
    """Returns a choice of a move's field in words: the product's, or the programme's texts."""
    if field.texts:
        return programme.texts.say(language, field.texts, code, "staff")
    return words_for(language)(field.choices[code]) if code in field.choices else code


def _may_read(programme: Programme, partner: Partner, question: Question, value: Value | None, known: bool) -> bool:
    """Whether a partner may read this answer; free text only after picking up (`known`)."""
    kind = KINDS[question.kind]
    if not kind.read_by_partners or not partner.reads(question.id):
        return False
    return known or value is None or kind.coded(programme, question, value) is not None


def _sorted(named: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Sorts by name in Swedish order."""
    return tuple(sorted(named, key=lambda one: alphabetical(one[1])))


def _shown(programme: Programme, partner: Partner | None, answers: Mapping[str, Value], id: str, language: str) -> str:
    """Returns an answer in words for a queue; empty for free text."""
    question: Question | None = programme.by_id.get(id)
    value = answers.get(id)
    if question is None or value is None or partner is None or not partner.reads(id):
        return ""
    if KINDS[question.kind].coded(programme, question, value) is None:
        return ""
    return answer_row(programme, question, value, language).shown
