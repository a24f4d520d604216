"""Before anything is sent: beginning, answering, going back, changing language, forgetting.

Every step is a loop: read, decide, save unless somebody was first. What is asked next is computed, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.engine.conditions import Value
from intake.engine.journey import (
    CHANGING,
    CHECK,
    END,
    RESULT,
    RETURNED,
    SEEN,
    Answers,
    Journey,
    accept,
    returned,
    travel,
)
from intake.engine.kinds import Refused
from intake.engine.prompting import points_out
from intake.engine.prompts import Problem
from intake.errors import TryLater
from intake.participants.context import CONTENDED, InterviewContext, for_participant
from intake.participants.turns import Handle, Turn
from intake.records import Changed, Interview

KEEP_UPDATES = 20  # how many of a channel's update ids an interview remembers


@dataclass(slots=True)
class Decided:
    """What comes of one thing said: what is to be stored, if anything, and what is shown then."""

    journey: Journey
    changed: Changed | None = None
    problem: Problem | None = None
    stale: bool = False
    place: str | None = None


class Answering(InterviewContext):
    """What a participant can do before sending."""

    @for_participant
    def start(
        self, handle: Handle, programme: str, language: str, *, update: str | None = None, afresh: bool = False
    ) -> Turn:
        """Begin, or go on where the person was. `afresh` forgets the unfinished interview first."""
        parts, source = self.parts, self.programme(programme)
        key, found = self.hash(handle, programme), self.find(handle, programme)
        if found is not None and (not afresh or (update is not None and update in found.applied)):
            return self.turn(found)
        if found is not None:
            self.leave(found)
        now = parts.clock()
        fresh = Interview(
            id=parts.chance.id(),
            programme=programme,
            version=source.version,
            language=source.negotiate_language(language),
            channel=handle.channel,
            answers={},
            revision=parts.chance.number(),  # a button of an earlier interview fits none of this one's
            reached="",
            applied=(update,) if update else (),
            submission_id=None,
            started_at=now,
            touched_at=now,
            handle_hash=key,
        )
        return replace(self.turn(parts.store.interviews.add(fresh)), fresh=True)

    @for_participant
    def begin(
        self, handle: Handle, renewed: Handle, programme: str, language: str, *, afresh: bool = False
    ) -> tuple[Turn, Handle]:
        """Start, and where that is now. An interview never begins at a handle that was known before, but at `renewed`,
        which nobody has seen yet: who planted or noted the old one reads nothing. What the old one has in other
        programmes goes along. The same two handles again, from a double click say, come to the same interview.
        """
        if handle == renewed or self.find(renewed, programme) is not None:
            return self.start(renewed, programme, language, afresh=afresh and handle == renewed), renewed
        found = self.find(handle, programme)
        if found is not None and not afresh:
            return self.turn(found), handle
        if found is not None:
            self.leave(found)
        self.take_along(handle, renewed, programme)
        return self.start(renewed, programme, language), renewed

    @for_participant
    def take_along(self, handle: Handle, renewed: Handle, but: str) -> None:
        """What a handle has in every other programme is at another one from now on."""
        for other in self.parts.programmes:
            if other != but and self.find(handle, other) is not None:
                self.parts.store.interviews.rename(self.hash(handle, other), self.hash(renewed, other))

    @for_participant
    def now(self, handle: Handle, programme: str, language: str = "") -> Turn:
        """Where the person is: the start when there is no interview, the status once it is sent."""
        row = self.parts.store.interviews.read(self.hash(handle, programme))
        if row is None:
            return self.nothing(programme, language)
        kept = self.open_questions.find(row, self.programme(programme), self.today())
        return kept or self.turn(self.brought(self.parts.store.interviews.open(row)))

    @for_participant
    def look(self, handle: Handle, programme: str, place: str, language: str = "") -> Turn:
        """Show a place on the journey without going there (Back, Change on the web); another: the present one."""
        row = self.parts.store.interviews.read(self.hash(handle, programme))
        if row is None:
            return self.nothing(programme, language)
        kept = self.open_questions.find(row, self.programme(programme), self.today())
        if kept is not None and kept.place == place:
            return kept
        found = self.brought(self.parts.store.interviews.open(row))
        if found.submission_id is not None:
            return replace(self.turn(found), stale=True)
        journey = self.journey(found)
        return self.drawn(found, journey, place) if _on(journey, place) else replace(self.turn(found), stale=True)

    @for_participant
    def answer(
        self,
        handle: Handle,
        programme: str,
        question: str,
        raw: Sequence[str],
        *,
        skip: bool = False,
        update: str | None = None,
        revision: int | None = None,
        asked: Sequence[str] | None = None,
        language: str = "",
        draw: bool = True,
    ) -> Turn:
        """One answer. Refused: the same prompt with its problem. Not a question here now: the present one, `stale`.

        `asked`: the partners that the page asked about. When it was drawn for another revision, or asked about others
        than the question does now, nothing is stored and the question is asked anew; unless just this is stored
        already, as when a button is pressed twice. Without `draw` a result or a check that comes next is not drawn.
        """
        for interview in self.readings(handle, programme):
            if interview is None:
                return self.nothing(programme, language, Problem("gone"))
            if interview.submission_id is not None:
                return replace(self.turn(interview), stale=True)
            decided = self._decide(interview, question, () if skip else raw, update, revision, asked)
            saved = interview if decided.changed is None else self.save(interview, decided.changed)
            if saved is None:
                continue
            place = decided.place or decided.journey.place
            if not draw and place in (RESULT, CHECK, END):
                return replace(self.undrawn(saved, place), stale=decided.stale)
            typed = tuple(raw) if decided.problem is not None and decided.problem.code != "asked_anew" else None
            turn = self.drawn(saved, decided.journey, place, decided.problem, typed)
            return replace(turn, stale=True) if decided.stale else turn
        raise TryLater(CONTENDED)

    def _decide(
        self,
        interview: Interview,
        question: str,
        raw: Sequence[str],
        update: str | None,
        revision: int | None,
        asked: Sequence[str] | None,
    ) -> Decided:
        """What an answer changes, and what it leads to."""
        journey = self.journey(interview)
        if update is not None and update in interview.applied:
            return Decided(journey)
        on, late = _on(journey, question), revision not in (None, interview.revision)
        value = accept(journey, question, raw) if on else None
        if on and asked is not None and (late or tuple(asked) != _offered(journey, question)):
            if value != interview.answers.get(question):
                return Decided(journey, problem=Problem("asked_anew"), place=question)
            return Decided(journey, stale=True)
        if not on or late:
            return Decided(journey, stale=True)
        if isinstance(value, Refused):
            return Decided(journey, problem=Problem(value.code, value.params), place=question)
        answers = _without(interview.answers, question)
        answers[question] = value
        after = travel(journey.programme, answers, journey.today, journey)
        if after.end is not None or after.judged.no is not None:
            after = travel(journey.programme, _without_later(after), journey.today, after)
        second_look = value is not None and value != interview.answers.get(question)
        shown = question if second_look and points_out(after, question, interview.language) else None
        changed = Changed(answers=after.answers, reached=after.place, applied=_applied(interview, update))
        return Decided(after, changed, place=shown)

    @for_participant
    def go_on(
        self,
        handle: Handle,
        programme: str,
        *,
        update: str | None = None,
        revision: int | None = None,
        language: str = "",
    ) -> Turn:
        """Past the result the person has seen."""
        for interview in self.readings(handle, programme):
            if interview is None:
                return self.nothing(programme, language, Problem("gone"))
            if interview.submission_id is not None or not _timely(interview, update, revision):
                return self.turn(interview)
            journey = self.journey(interview)
            if journey.place != RESULT or journey.assessment.verdict == "not_eligible":
                return self.turn(interview)
            answers = {**interview.answers, SEEN: journey.seen()}
            if (turn := self._moved(interview, answers, update)) is not None:
                return turn
        raise TryLater(CONTENDED)

    @for_participant
    def reopen(
        self, handle: Handle, programme: str, place: str, *, update: str | None = None, revision: int | None = None
    ) -> Turn:
        """Go back to a place on the journey and stay there until it is answered (Back and Change in a chat)."""
        for interview in self.readings(handle, programme):
            if interview is None:
                return self.nothing(programme, "")
            if interview.submission_id is not None or (update is not None and update in interview.applied):
                return self.turn(interview)
            if revision not in (None, interview.revision) or not _on(self.journey(interview), place):
                return replace(self.turn(interview), stale=True)
            answers = _without(interview.answers)
            if place == RESULT:
                answers.pop(SEEN, None)
            elif place not in (CHECK, END):
                answers[CHANGING] = place
            if (turn := self._moved(interview, answers, update)) is not None:
                return turn
        raise TryLater(CONTENDED)

    def _moved(self, interview: Interview, answers: Answers, update: str | None) -> Turn | None:
        """Where the interview is with these answers, stored; None when somebody was first."""
        journey = self.journey(replace(interview, answers=answers))
        changed = Changed(dict(answers), reached=journey.place, applied=_applied(interview, update))
        saved = self.save(interview, changed)
        return None if saved is None else self.drawn(saved, journey, journey.place)

    @for_participant
    def set_language(self, handle: Handle, programme: str, language: str, *, update: str | None = None) -> Turn:
        """Change the language of the interview; the answers stay. Without an interview: the start in that language."""
        wanted = self.programme(programme).negotiate_language(language)
        for interview in self.readings(handle, programme):
            if interview is None:
                return self.nothing(programme, wanted)
            if interview.submission_id is not None:  # its answers are frozen, what it is shown in is not
                self.parts.store.interviews.set_language(interview.id, wanted)
                return self.turn(replace(interview, language=wanted))
            if interview.language == wanted or (update is not None and update in interview.applied):
                return self.turn(interview)
            applied = _applied(interview, update)
            changed = Changed(interview.answers, language=wanted, reached=interview.reached, applied=applied)
            if (saved := self.save(interview, changed)) is not None:
                return self.turn(saved)
        raise TryLater(CONTENDED)

    @for_participant
    def forget(self, handle: Handle, programme: str) -> None:
        """Delete the unfinished interview, or let go of a sent one: this browser or chat knows nothing any more."""
        found = self.find(handle, programme)
        if found is not None:
            self.leave(found)


def _on(journey: Journey, place: str) -> bool:
    """Whether this place may be shown now: a question asked so far, the result once there, the check when complete."""
    if place == journey.place:
        return place not in journey.programme.by_id or journey.step(place) is not None
    if place == RESULT:  # past the result means: at anything that comes after it
        after = journey.programme.by_id.get(journey.place)
        return journey.place in (CHECK, END) or (after is not None and after.after_result)
    step = journey.step(place)
    # A question further on was shown before an earlier one came back: what is answered there is not lost.
    shown = step is not None and (step.settled or step.value is not None or RETURNED in journey.answers)
    return step is not None and step.asked and shown


def _timely(interview: Interview, update: str | None, revision: int | None) -> bool:
    """Whether what was pressed was neither heard before nor drawn for another revision."""
    return (update is None or update not in interview.applied) and revision in (None, interview.revision)


def _offered(journey: Journey, question: str) -> tuple[str, ...]:
    step = journey.step(question)
    return () if step is None else step.offered


def _without_later(journey: Journey) -> dict[str, Value | None]:
    """The journey ended by a choice or by a no: what was answered after that (a name, say) is not kept."""
    met = {step.question.id for step in journey.steps}
    after = {question.id for question in journey.programme.after_result}
    return {id: value for id, value in journey.answers.items() if id in met or id not in after}


def _without(answers: Answers, answered: str = "") -> dict[str, Value | None]:
    """The answers with nothing being changed any more; a question answered now has not come back."""
    left = {id: said for id, said in answers.items() if id != CHANGING}
    if answered in returned(answers):
        left[RETURNED] = [id for id in returned(answers) if id != answered]
    return left


def _applied(interview: Interview, update: str | None) -> tuple[str, ...]:
    return (*interview.applied, update)[-KEEP_UPDATES:] if update else interview.applied
