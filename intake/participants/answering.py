"""Before anything is sent: beginning, answering, going back, changing language, forgetting.

Every step is one read and one guarded write (`store.interviews.step`); what is asked next is computed, never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.engine.conditions import Value
from intake.engine.journey import CHANGING, CHECK, END, RESULT, RETURNED, SEEN, Answers, Journey, accept, returned
from intake.engine.kinds import Refused
from intake.engine.prompting import points_out
from intake.engine.prompts import Problem
from intake.participants.context import InterviewContext
from intake.participants.turns import Handle, Turn
from intake.records import Changed, Interview

KEEP_UPDATES = 20  # how many of a channel's update ids an interview remembers


@dataclass(slots=True)
class Said:
    """What came of one thing said: why it was refused, or that it came too late."""

    problem: Problem | None = None
    stale: bool = False
    place: str | None = None
    journey: Journey | None = None  # where it led, so that it need not be walked again


class Answering(InterviewContext):
    """What a participant can do before sending."""

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
            language=source.speak(language),
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

    def take_along(self, handle: Handle, renewed: Handle, but: str) -> None:
        """What a handle has in every other programme is at another one from now on."""
        for other in self.parts.programmes:
            if other != but and self.find(handle, other) is not None:
                self.parts.store.interviews.rename(self.hash(handle, other), self.hash(renewed, other))

    def now(self, handle: Handle, programme: str, language: str = "") -> Turn:
        """Where the person is: the start when there is no interview, the status once it is sent."""
        found = self.find(handle, programme)
        return self.nothing(programme, language) if found is None else self.turn(found)

    def look(self, handle: Handle, programme: str, place: str, language: str = "") -> Turn:
        """Show a place on the journey without going there (Back, Change on the web); another: the present one."""
        found = self.find(handle, programme)
        if found is None:
            return self.nothing(programme, language)
        if found.submission_id is not None:
            return replace(self.turn(found), stale=True)
        journey = self.journey(found)
        return self.drawn(found, journey, place) if _on(journey, place) else replace(self.turn(found), stale=True)

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
    ) -> Turn:
        """One answer. Refused: the same prompt with its problem. Not a question here now: the present one, `stale`.

        `asked`: the partners that the page asked about. When it was drawn for another revision, or asked about others
        than the question does now, nothing is stored and the question is asked anew; unless just this is stored
        already, as when a button is pressed twice.
        """
        said = Said()

        def change(interview: Interview) -> Changed | None:
            said.problem, said.stale, said.place, said.journey = None, False, None, None
            if update is not None and update in interview.applied:
                return None
            journey = self.journey(interview)
            on, late = _on(journey, question), revision not in (None, interview.revision)
            value = accept(journey, question, () if skip else raw) if on else None
            if on and asked is not None and (late or tuple(asked) != _offered(journey, question)):
                if value != interview.answers.get(question):
                    said.problem, said.place = Problem("asked_anew"), question
                said.stale = said.problem is None
                return None
            if not on or late:
                said.stale = True
                return None
            if isinstance(value, Refused):
                said.problem, said.place = Problem(value.code, value.params), question
                return None
            answers = _without(interview.answers, question)
            answers[question] = value
            after = self.walk(interview, answers)
            if after.end is not None or after.judged.no is not None:
                after = self.walk(interview, _without_later(after))
            said.journey = after
            second_look = value is not None and value != interview.answers.get(question)
            if second_look and points_out(after, question, interview.language):
                said.place = question
            return Changed(answers=after.answers, reached=after.place, applied=_applied(interview, update))

        interview = self.step(handle, programme, change)
        if interview is None:
            return self.nothing(programme, language, Problem("gone"))
        if interview.submission_id is not None:
            return replace(self.turn(interview), stale=True)
        journey = said.journey or self.journey(interview)
        typed = tuple(raw) if said.problem is not None and said.problem.code != "asked_anew" else None
        turn = self.drawn(interview, journey, said.place or journey.place, said.problem, typed)
        return replace(turn, stale=True) if said.stale else turn

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

        def change(interview: Interview) -> Changed | None:
            journey = self.journey(interview)
            late = (update is not None and update in interview.applied) or (revision not in (None, interview.revision))
            if late or journey.place != RESULT or journey.assessment.verdict == "not_eligible":
                return None
            after = self.journey(replace(interview, answers={**interview.answers, SEEN: journey.seen()}))
            return Changed(answers=dict(after.answers), reached=after.place, applied=_applied(interview, update))

        interview = self.step(handle, programme, change)
        return self.nothing(programme, language, Problem("gone")) if interview is None else self.turn(interview)

    def reopen(
        self, handle: Handle, programme: str, place: str, *, update: str | None = None, revision: int | None = None
    ) -> Turn:
        """Go back to a place on the journey and stay there until it is answered (Back and Change in a chat)."""
        stale = False

        def change(interview: Interview) -> Changed | None:
            nonlocal stale
            journey = self.journey(interview)
            if update is not None and update in interview.applied:
                return None
            stale = revision not in (None, interview.revision) or not _on(journey, place)
            if stale:
                return None
            answers = _without(interview.answers)
            if place == RESULT:
                answers.pop(SEEN, None)
            elif place not in (CHECK, END):
                answers[CHANGING] = place
            after = self.journey(replace(interview, answers=answers))
            return Changed(answers=answers, reached=after.place, applied=_applied(interview, update))

        interview = self.step(handle, programme, change)
        return self.nothing(programme, "") if interview is None else replace(self.turn(interview), stale=stale)

    def speak(self, handle: Handle, programme: str, language: str, *, update: str | None = None) -> Turn:
        """Change the language of the interview; the answers stay. Without an interview: the start in that language."""
        wanted = self.programme(programme).speak(language)

        def change(interview: Interview) -> Changed | None:
            if interview.language == wanted or (update is not None and update in interview.applied):
                return None
            return Changed(
                answers=interview.answers,
                language=wanted,
                reached=interview.reached,
                applied=_applied(interview, update),
            )

        interview = self.step(handle, programme, change)
        if interview is None:
            return self.nothing(programme, wanted)
        if interview.submission_id is not None:  # its answers are frozen, what it is shown in is not
            self.parts.store.interviews.speak(interview.id, wanted)
            interview = replace(interview, language=wanted)
        return self.turn(interview)

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
