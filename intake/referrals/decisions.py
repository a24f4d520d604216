"""The coordinator's decision if the rules could not decide: a group, or no. It is recorded beside the verdict.

Nothing goes to a partner before the person has been asked, by a link in the letter or on the phone. (docs/rules.md,
"When staff decide")
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from intake.access.links import CONSENT, LASTS
from intake.engine.advising import facts_since
from intake.engine.explaining import reasons_for_no
from intake.engine.programme import Programme
from intake.errors import NotAllowed, SomebodyElse
from intake.letters.compose import ToPerson, listed_advice
from intake.records import AFTER, NO, NewMessage, Referral, Staff, Submission
from intake.referrals.actions import WrongText, checked
from intake.referrals.case_access import CaseAccess, act, for_staff
from intake.referrals.letters_to_person import LetterDraft, own_page
from intake.sweden import day_in_sweden
from intake.words import words_for


class Deciding(CaseAccess):
    """Decisions. Only the coordinator makes them, on the owner's referral once somebody there has picked it up."""

    @act("decide")
    def decide(self, staff: Staff, referral: Referral, decision: str, reason: str = "", next_step: str = "") -> None:
        """Records a decision: a group's id, or "no" with a rule's reason and a next step in plain words."""
        now = self.parts.clock()
        submission = self.submission(referral)
        step = self._step(submission, decision, reason, next_step)
        kept = reason if decision == NO else None
        if not self.parts.store.submissions.decide(submission.id, decision, kept, staff.id, now):
            raise NotAllowed("this was decided already")
        event = self.parts.moves.event(referral, "decided", self.actor(staff), now, code=decision, note=step)
        if decision == NO:
            self.parts.store.referrals.note(referral, event)
            ended = {"outcome": "support_elsewhere", "staff_id": referral.staff_id}
            self.parts.moves.move(referral, "close", self.actor(staff), now + AFTER, **ended)
        elif not self.parts.store.referrals.move(referral, event, group=decision):
            raise SomebodyElse("a colleague changed it at the same time")
        decided = replace(submission, decision=decision)
        self._say_decided(staff, referral, decided, f"decision:{submission.id}", kept or "", step or "")

    @for_staff
    def check_decision(self, staff: Staff, version: str, decision: str, reason: str, next_step: str) -> None:
        """Validates a decision before it is confirmed, as `check` does for other moves. Raises WrongText."""
        programme = self.under(staff, version)
        if decision not in (NO, *(group.id for group in programme.groups)):
            raise WrongText("required")
        if decision == NO and (reason not in {one.reason for one in programme.rules} or checked(next_step) is None):
            raise WrongText("required")

    @for_staff
    def decision_letter(
        self, staff: Staff, reference: str, decision: str, reason: str, next_step: str
    ) -> LetterDraft | None:
        """Returns the letter that a decision would owe, with words in place of links; None: there is no address.

        Raises NotAllowed or WrongText as the decision would.
        """
        referral = self.own(staff, reference)
        self.demand(staff, referral, "decide")
        submission = replace(self.submission(referral), decision=decision)
        self._step(submission, decision, reason, next_step)
        contact, language = self.contact(submission), submission.language
        if contact.email is None:
            return None
        chosen = words_for(language)("[the link to the choice]")
        letter = self._decided_letter(referral, submission, reason if decision == NO else "", next_step, chosen)
        fields = self.parts.letters.fields(letter, contact) | {"status_link": own_page(language)}
        composed = self.parts.letters.compose(letter.programme, letter.letter, language, fields)
        return LetterDraft(composed.subject, composed.text, language)

    def _step(self, submission: Submission, decision: str, reason: str, next_step: str) -> str | None:
        """Returns the next step after a no; None after a yes. Raises NotAllowed or WrongText."""
        programme = self.programme_of(submission)
        if decision != NO:
            if decision not in {group.id for group in programme.groups}:
                raise NotAllowed("choose a decision")
            return None
        if reason not in dict(noes(programme, submission, submission.language)):
            raise NotAllowed("choose a reason")
        step = checked(next_step)
        if step is None:
            raise WrongText("required")
        return step

    @act("new_link")
    def new_link(self, staff: Staff, referral: Referral) -> None:
        """Owes the letter with the link to the consents again, because the first was lost or has expired."""
        submission = self.submission(referral)
        if self._say_decided(staff, referral, submission, f"decision:{self.parts.chance.id()}") is None:
            raise NotAllowed("the person has no email address: call")

    @for_staff
    def telephone_questions(self, staff: Staff, reference: str, language: str) -> tuple[tuple[str, str, str], ...]:
        """Returns (partner, name, consent text to read out) for each partner the decision calls for, except unions.

        Unions are asked about on the person's own link only: staff never learn the answer.
        """
        referral = self.own(staff, reference)
        self.demand(staff, referral, "telephone")
        return self._read_out(self.submission(referral), language)

    def _read_out(self, submission: Submission, language: str) -> tuple[tuple[str, str, str], ...]:
        programme = self.programme_of(submission)
        asked = self.parts.consenting.asked_about(submission)
        return tuple(read_out(programme, id, language) for id in asked if not programme.partners[id].union)

    @act("telephone")
    def consents_by_telephone(
        self,
        staff: Staff,
        referral: Referral,
        said_yes: Collection[str],
        language: str,
        said_no: Collection[str] | None = None,
    ) -> None:
        """Records all answers given on the phone, once, with source, text version and who heard them.

        `said_no` None: all other partners. Raises WrongText if an answer is missing.
        """
        submission = self.submission(referral)
        asked = [partner for partner, _, _ in self._read_out(submission, language)]
        if said_no is not None and not set(asked) <= {*said_yes, *said_no}:
            raise WrongText("required")
        yes = [partner for partner in asked if partner in said_yes]
        event = self.parts.moves.event(referral, "telephone", self.actor(staff), self.parts.clock())
        self.parts.consenting.record(
            submission, yes, source="telephone", language=language, by=staff.id, heard=(referral, event)
        )

    @for_staff
    def groups(self, staff: Staff, version: str, language: str) -> tuple[tuple[str, str], ...]:
        """Returns (id, first sentence of its result) for every group that can be decided on."""
        programme = self.under(staff, version)
        say = programme.texts.say
        texts = ((one.id, say(language, "result", f"eligible_{one.id}", "text")) for one in programme.groups)
        return tuple((id, text.partition(". ")[0].rstrip(".") + ".") for id, text in texts)

    @for_staff
    def usual_step(self, staff: Staff, version: str, reason: str, language: str) -> str:
        """Returns the programme's advice after a no for this reason; empty if there is none."""
        programme = self.under(staff, version)
        known = reason in {rule.reason for rule in programme.rules if rule.no_if is not None}
        return "\n".join(programme.texts.lines(language, "result", reason, "steps")) if known else ""

    def _say_decided(
        self, staff: Staff, referral: Referral, submission: Submission, key: str, reason: str = "", next_step: str = ""
    ) -> NewMessage | None:
        """Owes the letter about a decision: a no if there is a reason, else a yes with the link to the consents."""
        link, now = "", self.parts.clock()
        if not reason:
            path = f"/{submission.programme}/consent/{self.parts.links.make(CONSENT, submission.id)}"
            link = self.parts.letters.url(path)
        letter = self._decided_letter(referral, submission, reason, next_step, link)
        until = None if reason else now + LASTS[CONSENT]
        return self.parts.letters.owe(replace(letter, key=key, valid_until=until), self.actor(staff), now)

    def _decided_letter(
        self, referral: Referral, submission: Submission, reason: str, next_step: str, link: str
    ) -> ToPerson:
        programme, today = self.programme_of(submission), day_in_sweden(self.parts.clock())
        advice = listed_advice(programme, submission, programme.partners[referral.partner], today)
        if not reason:
            fields = {"link": link, "advice": advice}
            return ToPerson(programme, submission, referral, "decision_yes", "", fields)
        why = dict(noes(programme, submission, submission.language)).get(reason, "")
        fields = {"reason": why, "next_step": next_step, "advice": advice}
        return ToPerson(programme, submission, referral, "decision_no", "", fields)


def noes(programme: Programme, submission: Submission, language: str) -> tuple[tuple[str, str], ...]:
    """Returns (code, sentence) of every reason a no can have for this person, and that can be true of them."""
    judged_on, answers = date.fromisoformat(submission.judged_on), submission.sealed["answers"]
    facts = facts_since(programme, answers, judged_on, None, judged_on)
    return reasons_for_no(programme, answers, submission.trace(), language, facts)


def read_out(programme: Programme, partner: str, language: str) -> tuple[str, str, str]:
    """Returns the partner, its name and the consent text to read out on the phone."""
    name = programme.texts.say(language, "partner", partner, "name")
    return partner, name, programme.texts.say(language, "consent", "telephone").replace("{partner}", name)
