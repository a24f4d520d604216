"""What every part of the desk needs: who is speaking, where they are, and what became of what they sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from intake.engine.explaining import reasons_for_no
from intake.engine.journey import Journey, travel
from intake.engine.moves import MOVES
from intake.engine.moving import carried
from intake.engine.programme import Programme
from intake.engine.prompting import prompt_for
from intake.engine.prompts import Happened, Leg, Problem, StartPrompt, StatusPrompt
from intake.engine.referral import ACCEPTED, NOT_REACHED, OPEN, WITHDRAWN
from intake.errors import NotFound
from intake.letters.compose import advice_of
from intake.participants.history import history
from intake.participants.open_questions import OpenQuestions
from intake.participants.turns import Handle, Turn
from intake.publishing.versions import shown
from intake.records import NO, Changed, Interview, Referral, Submission
from intake.referrals.actions import days_tried, tries
from intake.referrals.deps import Deps
from intake.store import PARTICIPANT
from intake.sweden import day_in_sweden
from intake.words import Words, words_for

TRIES = 8  # how often a lost race is tried again
CONTENDED = "these answers are being changed from several places at once: try again"


Given = ParamSpec("Given")
Result = TypeVar("Result")
Context = TypeVar("Context", bound="InterviewContext")


def for_participant(
    act: Callable[Concatenate[Context, Given], Result],
) -> Callable[Concatenate[Context, Given], Result]:
    """What a channel asks for is one unit of work: it sees what the person's handle or link leads to."""

    @wraps(act)
    def within(self: Context, /, *args: Given.args, **named: Given.kwargs) -> Result:
        with self.parts.store.on_behalf(PARTICIPANT):
            return act(self, *args, **named)

    return within


class InterviewContext:
    """Reads; the only writes go through `save` and `leave`."""

    def __init__(self, parts: Deps) -> None:
        self.parts = parts
        self.open_questions = OpenQuestions()

    def programme(self, id: str) -> Programme:
        """Raises NotFound for an unknown programme."""
        if id not in self.parts.programmes:
            raise NotFound(f'no programme "{id}"')
        return self.parts.programmes[id]

    def programme_of(self, submission: Submission) -> Programme:
        """The version that it was sent in under. Raises NotFound for an unknown programme."""
        return self.parts.programmes.at(self.programme(submission.programme).id, submission.version)

    def hash(self, handle: Handle, programme: str) -> str:
        return self.parts.keys.blind(f"{handle.channel}|{handle.key}|{programme}", "handle")

    def today(self) -> date:
        return day_in_sweden(self.parts.clock())

    def journey(self, interview: Interview) -> Journey:
        """Where these answers lead."""
        return travel(self.programme(interview.programme), interview.answers, self.today())

    @for_participant
    def find(self, handle: Handle, programme: str) -> Interview | None:
        """What this handle has, as it counts under the version served now."""
        found = self.parts.store.interviews.find(self.hash(handle, programme))
        return None if found is None else self.brought(found)

    def readings(self, handle: Handle, programme: str) -> Iterator[Interview | None]:
        """What this handle has, read anew each time: a step decides, saves and returns, or else decides once more."""
        return (self.find(handle, programme) for _ in range(TRIES))

    def save(self, interview: Interview, changed: Changed) -> Interview | None:
        """One guarded write; with it the interview moves to the version served now. None: somebody was first."""
        changed.version = interview.version
        return self.parts.store.interviews.save(interview, changed, self.parts.clock())

    def brought(self, interview: Interview) -> Interview:
        """An unfinished interview as it counts under the version served now. One that is sent keeps its own."""
        if interview.version == self.programme(interview.programme).version or interview.submission_id is not None:
            return interview
        programmes = self.parts.programmes
        programmes.refresh()  # it may have been begun where a newer version is known already
        now = programmes[interview.programme]
        answers = carried(programmes.at(interview.programme, interview.version), now, interview.answers)
        return replace(interview, version=now.version, answers=answers)

    def leave(self, interview: Interview) -> None:
        """This handle forgets: an unfinished interview is deleted, a sent one stays with those who have it."""
        if interview.submission_id is None:
            self.parts.store.interviews.delete(interview.id)
        else:
            self.parts.store.interviews.release(interview.id)

    def nothing(self, programme: str, language: str, problem: Problem | None = None) -> Turn:
        """No interview: the start."""
        return Turn(StartPrompt(problem), "start", self.programme(programme).negotiate_language(language), programme)

    def turn(self, interview: Interview) -> Turn:
        """Where this interview is now."""
        if interview.submission_id is not None:
            return self.receipt(interview)
        journey = self.journey(interview)
        return self.drawn(interview, journey, journey.place)

    def undrawn(self, interview: Interview, place: str) -> Turn:
        """Where this interview is, for who goes there next and draws it then."""
        return Turn(StartPrompt(), place, interview.language, interview.programme, interview.revision)

    def drawn(
        self,
        interview: Interview,
        journey: Journey,
        place: str,
        problem: Problem | None = None,
        typed: Sequence[str] | None = None,
    ) -> Turn:
        prompt = prompt_for(journey, place, interview.language, problem, typed)
        turn = Turn(prompt, place, interview.language, interview.programme, interview.revision)
        if place == journey.place:
            self.open_questions.keep(interview.handle_hash, journey.programme, journey.today, turn)
        return turn

    def receipt(self, interview: Interview, just_sent: bool = False) -> Turn:
        """What became of a sent interview, in the language it is shown in now."""
        submission = self.parts.store.submissions.by_id(interview.submission_id or "")
        if submission is None:
            raise NotFound("no such submission")
        language, revision = interview.language, interview.revision
        return self.standing(submission, language, just_sent=just_sent, revision=revision, unions=True)

    def standing(
        self,
        submission: Submission,
        language: str,
        *,
        just_sent: bool = False,
        revision: int = 0,
        token: str = "",
        unions: bool,
    ) -> Turn:
        """Every referral of a submission as the participant sees it; `token`: behind which link. `unions`: this is the
        browser or chat that sent it in.
        """
        programme = self.programme_of(submission)
        language = programme.negotiate_language(language)
        from_letter = token == submission.sealed["letter_token"]
        link = submission.sealed["letter_token" if from_letter else "status_token"]
        referrals = self.parts.store.referrals.siblings(submission.id)
        if unions:
            referrals += self.parts.unions.referrals(submission)
        contact = self.parts.store.submissions.contact(submission.id)
        goes_on = any(one.partner == programme.owner and one.status in OPEN for one in referrals)
        prompt = StatusPrompt(
            reference=submission.reference,
            submitted=words_for(language).date(day_in_sweden(submission.submitted_at)),
            verdict=submission.verdict,
            decision=submission.decision or "",
            legs=tuple(self._leg(programme, referral, language, submission.decision == NO) for referral in referrals),
            status_path=f"/{programme.id}/status/{link}",
            undecided=submission.verdict == "ask_staff" and submission.decision is None and goes_on,
            no=self._no(programme, submission, referrals, language) if submission.decision == NO else None,
            choosing=self._choosing(submission) if goes_on and not from_letter else "",
            choose_path=f"/{programme.id}/consent/{link}",
            version=shown(submission.version, submission.meaning),
            elsewhere=not unions,
            erasing=self._erasing(programme, referrals),
            just_sent=just_sent,
            email_known=contact is not None and contact.email is not None,
            next=programme.texts.say(language, "receipt", "next"),
            title=programme.texts.say(language, "receipt", "title"),
            keep_link=programme.texts.say(language, "receipt", "keep_link"),
            happened=() if just_sent else self._history(programme, submission, referrals, words_for(language)),
            advice=advice_of(programme, submission, language, day_in_sweden(self.parts.clock())),
        )
        return Turn(prompt, "status", language, programme.id, revision)

    def _erasing(self, programme: Programme, referrals: Sequence[Referral]) -> tuple[str, str] | None:
        """The wish to be erased: ("wished", "") while nobody has answered, ("kept", why) once somebody has."""
        owner = next((one for one in referrals if one.partner == programme.owner), None)
        if owner is None or owner.status != WITHDRAWN:
            return None
        if self.parts.rights.wish(owner):
            return ("wished", "")
        answer = self.parts.rights.answer(owner)
        return ("kept", answer) if answer else None

    def _history(
        self, programme: Programme, submission: Submission, referrals: Sequence[Referral], words: Words
    ) -> tuple[Happened, ...]:
        store, told = self.parts.store, [one for one in referrals if not programme.partners[one.partner].union]
        events = [(referral, event) for referral in told for event in store.referrals.events(referral.id)]
        letters = [letter for referral in told for letter in store.messages.of_referral(referral.id)]
        return history(programme, submission, events, letters, self.name_of, words)

    def name_of(self, staff_id: str | None) -> str:
        """Returns the name with which a member of staff signs; empty if there is none."""
        member = self.parts.store.people.staff_by_id(staff_id) if staff_id else None
        return member.name if member is not None else ""

    def _leg(self, programme: Programme, referral: Referral, language: str, decided_no: bool) -> Leg:
        """What staff said no to has been told why; its outcome is for the statistics."""
        say, why = programme.texts.say, ""
        if referral.status == "closed" and referral.outcome and not decided_no:
            why = say(language, "outcome", referral.outcome, "person")
            if referral.outcome == NOT_REACHED:
                why = f"{why} {days_tried(tries(self.parts.store.referrals.events(referral.id)), language)}".strip()
        elif referral.status == "declined" and referral.decline_reason:
            why = say(language, "decline", referral.decline_reason, "person")
        return Leg(
            partner=referral.partner,
            name=say(language, "partner", referral.partner, "name"),
            status=referral.status,
            responsible=referral.responsible,
            reference=referral.reference,
            can_withdraw=(referral.status, "withdraw") in MOVES and referral.partner != programme.owner,
            union=programme.partners[referral.partner].union,
            outcome=why,
            coming=referral.coming,
            holder=self._holder(programme, referral),
        )

    def _holder(self, programme: Programme, referral: Referral) -> str:
        own = referral.status == ACCEPTED and not programme.partners[referral.partner].union
        return self.name_of(referral.staff_id) if own else ""

    def _choosing(self, submission: Submission) -> str:
        if submission.waits_for_consents:
            return "decided"
        return "asked" if self.parts.consenting.asking(submission) is not None else ""

    def _no(
        self, programme: Programme, submission: Submission, referrals: Sequence[Referral], language: str
    ) -> tuple[str, str]:
        """Why staff said no, and what they said the person can do now: as in the letter."""
        reasons = reasons_for_no(programme, submission.sealed["answers"], submission.trace(), language)
        own = (one.id for one in referrals if one.partner == programme.owner)
        events = (event for id in own for event in self.parts.store.referrals.events(id))
        step = next((event.note for event in events if event.what == "decided" and event.code == NO), None)
        return dict(reasons).get(submission.decision_reason or "", ""), step or ""
