"""Sending in: everything in one transaction, then a reference. (docs/rules.md, "Sending")

Who gets what follows from the verdict and the consents; letters are only written here, the outbox sends them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from intake.channels import CHANNELS
from intake.engine.explaining import decisive, explained, readable
from intake.engine.journey import CHECK, Journey, coded
from intake.engine.kinds import KINDS
from intake.engine.programme import Partner, Programme
from intake.engine.prompts import CheckPrompt, Problem, QuestionPrompt, Reason
from intake.engine.referral import WAITING, plan
from intake.errors import TryLater
from intake.keys import token_hash
from intake.letters.compose import ToPerson, listed_advice
from intake.participants.context import CONTENDED, InterviewContext, for_participant
from intake.participants.turns import Handle, Turn
from intake.publishing.versions import shown
from intake.records import Consent, Contact, Interview, NewMessage, NewReferral, Submission, SubmissionDraft
from intake.store.contacts import email_index, phone_index
from intake.sweden import day_in_sweden
from intake.words import words_for

TRIES = 5
MOST_RECEIPTS = 5  # a day to one address


class Submitting(InterviewContext):
    """Sends an interview in, once."""

    @for_participant
    def submit(
        self,
        handle: Handle,
        programme: str,
        *,
        update: str | None = None,
        revision: int | None = None,
        language: str = "",
        draw: bool = True,
    ) -> Turn:
        """Send everything in. Again (two taps, a reload): the same reference. Not complete: the question that is
        open. Without `draw` the turn only says where that led.
        """
        for _ in range(TRIES):
            interview = self.find(handle, programme)
            if interview is None:
                return self.nothing(programme, language, Problem("gone"))
            if interview.submission_id is not None:
                return self.turn(interview)
            journey = self.journey(interview)
            if journey.place != CHECK or revision not in (None, interview.revision):
                return _incomplete(replace(self.turn(interview), stale=True))
            if self.parts.store.submissions.submit(interview, self._draft(interview, journey)) is not None:
                if not draw:
                    return self.undrawn(interview, "status")
                sent = self.find(handle, programme)
                if sent is None:
                    break
                return self.receipt(sent, just_sent=True)
        raise TryLater(CONTENDED)

    def _draft(self, interview: Interview, journey: Journey) -> SubmissionDraft:
        parts, programme, now = self.parts, journey.programme, self.parts.clock()
        contact = _contact(journey)
        submission_id, token, letter_token = parts.chance.id(), parts.chance.token(), parts.chance.token()
        reference = parts.chance.reference(programme.reference)
        read, source = programme.texts.say(interview.language, "consent", "version"), CHANNELS[interview.channel].source
        consent = Consent(read, interview.language, now, source)
        planned = self._planned(journey, reference, consent)
        referrals, unions = (tuple(one for one in planned if one.union is union) for union in (False, True))
        submission = Submission(
            id=submission_id,
            interview_id=interview.id,
            reference=reference,
            programme=programme.id,
            version=programme.version,
            meaning=programme.meaning or None,
            language=interview.language,
            channel=interview.channel,
            judged_on=journey.today.isoformat(),
            verdict=journey.assessment.verdict,
            group=journey.assessment.group,
            reason=journey.assessment.reason,
            route=journey.routing.route,
            lead=journey.routing.lead,
            offers=journey.routing.offers,
            municipality=_place(journey),
            coded=coded(journey),
            sealed=_sealed(journey, consent) | {"status_token": token, "letter_token": letter_token},
            decision=None,
            decision_reason=None,
            decided_at=None,
            decided_by=None,
            consents_sent_at=None,
            submitted_at=now,
        )
        return SubmissionDraft(
            submission=submission,
            handle_hash=interview.handle_hash,
            status_hash=token_hash(token),
            letter_hash=token_hash(letter_token),
            contact=contact,
            email_index=email_index(parts.keys, contact.email),
            phone_index=phone_index(parts.keys, contact.phone),
            referrals=referrals,
            letters=self.letters_for(programme, submission, contact, referrals),
            union_note_id=parts.chance.id(),
            union_note=parts.unions.note_of(submission, contact.email is None, yes=unions),
        )

    def _planned(self, journey: Journey, reference: str, consent: Consent) -> tuple[NewReferral, ...]:
        """A referral for every partner that the person said yes to; a union's has a reference of its own."""
        programme, chance = journey.programme, self.parts.chance
        said_yes = {partner for partner, yes in journey.consented().items() if yes}
        able = self.parts.store.people.able(programme.id, programme.partners)
        return tuple(
            NewReferral(
                id=chance.id(),
                partner=one.partner,
                reference=chance.reference(programme.reference) if one.union else reference,
                status=one.status,
                responsible=one.responsible,
                rank=one.rank,
                union=one.union,
                consent=None if one.partner == programme.owner else consent,
            )
            for one in plan(programme, journey.routing.partners(), said_yes, able)
        )

    def letters_for(
        self, programme: Programme, submission: Submission, contact: Contact, referrals: tuple[NewReferral, ...]
    ) -> tuple[NewMessage, ...]:
        """What sending in owes: a notice to every partner whose turn it may be, a receipt to the person with an
        address.
        """
        letters = [
            self.parts.letters.to_partner(programme, "new_referral", referral)
            for referral in referrals
            if referral.status == WAITING
        ]
        if contact.email is not None and self._may_get_a_receipt(contact.email, submission.submitted_at):
            letters.append(self._receipt_letter(programme, submission, contact, referrals))
        return tuple(letters)

    def _may_get_a_receipt(self, email: str, now: datetime) -> bool:
        """Nobody shall fill a stranger's mailbox through us: the case is there all the same, and shown on the page."""
        index = email_index(self.parts.keys, email)
        return self.parts.store.submissions.lately(index or "", now - timedelta(days=1), MOST_RECEIPTS) < MOST_RECEIPTS

    def _receipt_letter(
        self, programme: Programme, submission: Submission, contact: Contact, referrals: tuple[NewReferral, ...]
    ) -> NewMessage:
        def name(partner: str) -> str:
            return programme.texts.say(submission.language, "partner", partner, "name")

        responsible = next(referral for referral in referrals if referral.responsible)
        fields = {
            "partners": "\n".join(f"- {name(referral.partner)}" for referral in referrals),
            "responsible": name(responsible.partner),
            "version": shown(submission.version, submission.meaning),
            "why": self._why(programme, submission, programme.partners[responsible.partner]),
            "advice": listed_advice(
                programme, submission, programme.partners[responsible.partner], day_in_sweden(submission.submitted_at)
            ),
        }
        letter = ToPerson(programme, submission, responsible, "receipt", f"receipt:{submission.id}", fields)
        return self.parts.letters.to_person(letter, contact)

    def _why(self, programme: Programme, submission: Submission, partner: Partner) -> str:
        """The result, what decided it, then the rest. Nothing that the partner may not read: who answers the letter
        quotes it to them.
        """
        language = submission.language
        told = explained(programme, submission.sealed["answers"], submission.trace(), language)
        first, rest = (readable(some, partner.reads) for some in decisive(told))
        lines = [programme.texts.say(language, "result", submission.reason, "title"), *_listed(first)]
        if rest:
            lines += ["", f"{words_for(language)('What else your answers say')}:", *_listed(rest)]
        return "\n".join(lines)


def _listed(reasons: Iterable[Reason]) -> list[str]:
    return [f"- {reason.text}" for reason in reasons]


def _contact(journey: Journey) -> Contact:
    def said(way: str) -> str | None:
        value = next((step.value for step in journey.steps if KINDS[step.question.kind].contact == way), None)
        return str(value) if value is not None else None

    kept = journey.kept()
    spoken = journey.step("interpreter_language")
    return Contact(
        name=str(kept.get("name", "")),
        email=said("email"),
        phone=said("phone"),
        interpreter=str(kept["interpreter"]) if "interpreter" in kept else None,
        interpreter_language=str(spoken.value) if spoken is not None and spoken.value is not None else None,
    )


def _place(journey: Journey) -> str | None:
    value = journey.facts.values.get(journey.programme.placed_by or "")
    return None if value is None else str(value)


def _sealed(journey: Journey, consent: Consent) -> dict[str, Any]:
    """What explains the verdict for ever, and what only the participant's side may know (docs/promises.md)."""
    return {
        "answers": journey.kept(),
        "asked": [step.question.id for step in journey.asked()],
        "trace": [[judged.rule, judged.outcome, list(judged.because)] for judged in journey.trace()],
        "fitted": list(journey.routing.fitted),
        "considered": list(journey.routing.considered),
        "lead": journey.routing.lead,
        "offers": list(journey.routing.offers),
        "information": list(journey.routing.information),
        "consents": [
            {"partner": partner, "answer": yes, "version": consent.version, "language": consent.language,
             "source": consent.source, "at": consent.at.isoformat()}
            for partner, yes in journey.consented().items()
        ],
    }  # fmt: skip


def _incomplete(turn: Turn) -> Turn:
    prompt = turn.prompt
    if isinstance(prompt, QuestionPrompt | CheckPrompt):
        return replace(turn, prompt=replace(prompt, problem=Problem("not_complete")))
    return turn
