"""After sending: what became of it, withdrawing, going on in another channel, and consents once staff have decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from intake.access.links import CONSENT, CONTINUE
from intake.engine.moves import move
from intake.engine.programme import Programme
from intake.engine.prompting import consent_prompt
from intake.engine.prompts import Option, QuestionPrompt
from intake.engine.referral import OPEN
from intake.errors import NotAllowed, NotFound
from intake.keys import token_hash
from intake.participants.context import InterviewContext, for_participant
from intake.participants.turns import Handle, Turn
from intake.records import Actor, Submission
from intake.referrals.persons import WISHED

PARTICIPANT = Actor("participant")


class AfterSending(InterviewContext):
    """What a participant can do after sending, or with a link."""

    @for_participant
    def status(self, programme: str, token: str, language: str = "", handle: Handle | None = None) -> Turn:
        """The page behind the secret link of a receipt or a letter, opened at `handle`. Raises NotFound for any other
        token.
        """
        submission = self.behind(programme, token)
        return self.opened(submission, token, language, handle)

    def opened(self, submission: Submission, token: str, language: str = "", handle: Handle | None = None) -> Turn:
        """A case behind one of its links. Unions stand there only where it was sent in, and never behind a letter's:
        a link can be passed on, and who answers a letter quotes it to a partner.
        """
        own = self.is_own(submission, token, handle)
        return self.standing(submission, language or submission.language, token=token, unions=own)

    def is_own(self, submission: Submission, token: str, handle: Handle | None) -> bool:
        """Whether the own link was opened in the browser that sent in."""
        if handle is None or token == submission.sealed["letter_token"]:
            return False
        return self.parts.store.submissions.sent_from(submission.id, self.hash(handle, submission.programme))

    @for_participant
    def withdraw(
        self,
        programme: str,
        token: str,
        partner: str | None = None,
        language: str = "",
        handle: Handle | None = None,
    ) -> Turn:
        """Take back the consent for one partner, or for all and the owner too (`partner` None)."""
        submission = self.behind(programme, token)
        self.take_back(submission, partner)
        return self.opened(submission, token, language, handle)

    @for_participant
    def withdraw_as(self, handle: Handle, programme: str, partner: str | None = None, language: str = "") -> Turn:
        """The same, from the chat that sent it."""
        submission = self.parts.store.submissions.of_handle(self.hash(handle, programme))
        if submission is None:
            raise NotFound("nothing was sent from here")
        self.take_back(submission, partner)
        return self.standing(submission, language or submission.language, unions=True)

    def behind(self, programme: str, token: str) -> Submission:
        submission = self.parts.store.submissions.by_link_hash(token_hash(token))
        if submission is None or submission.programme != programme:
            raise NotFound("no such page")
        return submission

    def take_back(self, submission: Submission, partner: str | None, erase: bool = False) -> None:
        """`erase`: with it goes the wish to be erased, to the owner."""
        parts, programme, now = self.parts, self.programme_of(submission), self.parts.clock()
        moves = parts.moves
        everything = partner is None
        if partner is not None and partner not in programme.partners:
            raise NotFound("no such partner")
        if partner is not None and programme.partners[partner].union:
            self._take_back(submission, partner)
            return
        back = parts.programmes.unions(programme.id) if everything else ()
        note = parts.unions.note_of(submission, self._by_phone(submission), back=back)
        with parts.store.transaction():
            parts.store.submissions.lock(submission.id)  # as staff do: they come before, or after
            parts.unions.leave(note)
            for referral in parts.store.referrals.siblings(submission.id):
                chosen = everything or (referral.partner == partner and partner != programme.owner)
                if not chosen or move(referral.status, "withdraw") is None:
                    continue
                worked = referral.status != "watching"
                gone = moves.move(referral, "withdraw", PARTICIPANT, now, responsible=False)
                if referral.responsible and referral.status in OPEN and not everything:
                    moves.pass_on(programme, submission, gone, now)
                if worked or (erase and referral.partner == programme.owner):
                    parts.letters.owe_partner(programme, "withdrawn", referral, now)
            if erase:
                self._wish(programme, submission)

    def _wish(self, programme: Programme, submission: Submission) -> None:
        """Said once: pressed twice, or while nobody has answered, it is one wish."""
        siblings = self.parts.store.referrals.siblings(submission.id)
        owner = next((one for one in siblings if one.partner == programme.owner), None)
        if owner is None:
            raise NotFound("it is erased already")
        if not self.parts.rights.wish(owner):
            moves = self.parts.moves
            event = moves.event(owner, WISHED, PARTICIPANT, self.parts.clock())
            self.parts.store.referrals.note(owner, event)

    def _take_back(self, submission: Submission, union: str) -> None:
        """From a union: a note and nothing else, not even a lock, since that too would stand with the person's rows."""
        counting = {one.partner: one for one in self.parts.unions.referrals(submission)}
        if union in counting and move(counting[union].status, "withdraw") is not None:
            note = self.parts.unions.note_of(submission, self._by_phone(submission), back=(union,))
            with self.parts.store.transaction():
                self.parts.unions.leave(note)

    def _by_phone(self, submission: Submission) -> bool:
        contact = self.parts.store.submissions.contact(submission.id)
        return contact is None or contact.email is None

    # going on elsewhere

    @for_participant
    def continue_link(self, handle: Handle, programme: str) -> str | None:
        """A token that carries this unfinished interview to another channel, once, within 15 minutes."""
        found = self.find(handle, programme)
        return None if found is None or found.submission_id is not None else self.parts.links.make(CONTINUE, found.id)

    @for_participant
    def can_continue(self, programme: str, token: str) -> bool:
        """Whether a continue link still works. Changes nothing."""
        link = self.parts.links.peek(token, CONTINUE)
        found = self.parts.store.interviews.by_id(link.subject) if link is not None else None
        return found is not None and found.programme == programme and found.submission_id is None

    @for_participant
    def continue_with(self, programme: str, token: str, handle: Handle) -> Turn | None:
        """The same interview goes on at this handle. None: the link was used, is too old, or the interview is gone."""
        if not self.can_continue(programme, token):
            return None
        key = self.hash(handle, programme)
        with self.parts.store.transaction():
            link = self.parts.links.use(token, CONTINUE)
            if link is None or not self.parts.store.interviews.hand_to(link.subject, key, handle.channel):
                return None
        found = self.find(handle, programme)
        return None if found is None else self.turn(found)

    # consents once staff have decided the group (docs/rules.md, "When staff decide")

    @for_participant
    def consent_questions(self, programme: str, token: str, language: str = "") -> tuple[Turn, ...]:
        """The consent questions behind a decision's link, or behind the person's own page while an answer is waited
        for; unions last on a screen of their own. Raises NotFound.
        """
        submission = self._waiting_for(programme, token)
        if submission is None:
            raise NotFound("no such page")
        return self.questions_about(submission, language or submission.language)

    def _waiting_for(self, programme: str, token: str) -> Submission | None:
        link = self.parts.links.peek(token, CONSENT)
        submission = self.parts.store.submissions.by_id(link.subject) if link is not None else self._own_page(token)
        if submission is None or submission.programme != programme or not self.parts.consenting.waits(submission):
            return None
        return submission

    def _own_page(self, token: str) -> Submission | None:
        """Whose own page this opens. A letter's does not count: who answers the letter quotes its link to a partner."""
        submission = self.parts.store.submissions.by_link_hash(token_hash(token))
        return submission if submission is not None and token == submission.sealed["status_token"] else None

    def questions_about(self, submission: Submission, language: str) -> tuple[Turn, ...]:
        """The consent questions of a decided submission."""
        programme = self.programme_of(submission)
        language = programme.negotiate_language(language)
        routing = self.parts.consenting.routing(submission)
        turns = []
        for question in programme.after_result:
            prompt = consent_prompt(programme, question, routing, language) if question.of else None
            if prompt is not None:
                turns.append(Turn(prompt, question.id, language, programme.id))
        return tuple(replace(turn, prompt=_numbered(turn, place)) for place, turn in enumerate(turns, 1))

    @for_participant
    def send_consents(
        self,
        programme: str,
        token: str,
        said_yes: Collection[str],
        language: str = "",
        asked: Collection[str] | None = None,
    ) -> Turn:
        """Record a yes or no for every partner asked about, and refer to those with a yes. Once.

        `asked`: whom the page asked about. Raises NotAllowed, with nothing recorded, when it is about others by now.
        """
        submission = self._waiting_for(programme, token)
        if submission is None:
            raise NotFound("no such page")
        turns = self.questions_about(submission, language or submission.language)
        spoken = turns[0].language if turns else submission.language
        if asked is not None and set(asked) != {option.id for turn in turns for option in _options(turn)}:
            raise NotAllowed("the page asked about other partners")
        try:
            self.parts.consenting.record(submission, said_yes, source="link", language=spoken)
        except NotAllowed:
            pass  # pressed twice: what was recorded stands
        self.parts.links.use(token, CONSENT)  # afterwards, so that no answer is lost between the two
        renewed = self.parts.store.submissions.by_id(submission.id)
        own = token == submission.sealed["status_token"]  # else a letter's link brought the person here
        shown = token if own else submission.sealed["letter_token"]
        return self.opened(renewed or submission, shown, language)

    @for_participant
    def answered(self, programme: str, token: str) -> Turn | None:
        """The case behind a consent link whose answers are there, or an own page: the form was sent twice, say."""
        link = self.parts.links.known(token, CONSENT)  # usable still: answered in another tab or on the phone just now
        used = link is not None and link.used_at is not None
        submission = self.parts.store.submissions.by_id(link.subject) if link is not None else self._own_page(token)
        if submission is None or submission.programme != programme:
            return None
        if not used and self.parts.consenting.waits(submission):  # an own page stays open for what is asked later
            return None
        shown = token if link is None else submission.sealed["letter_token"]
        return self.opened(submission, shown)


def _options(turn: Turn) -> tuple[Option, ...]:
    return turn.prompt.options if isinstance(turn.prompt, QuestionPrompt) else ()


def _numbered(turn: Turn, place: int) -> QuestionPrompt:
    prompt = turn.prompt
    if not isinstance(prompt, QuestionPrompt):
        raise TypeError("a consent question is a question")
    return replace(prompt, number=place)
