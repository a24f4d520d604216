"""What people want of unions, kept apart from everything else they do (Art. 9; docs/rules.md, "Unions").

Rows written together stand together: in the order of a table, or under one transaction number. So a union's referral
is never written with the person's rows. Everybody who sends in, and everybody who changes something later, leaves a
sealed note of one length in that transaction, whether a union is meant or not. The worker carries the notes out in
batches of several people, shuffled, in a transaction of its own that touches no row of a person. Until then the notes
say what counts: a union reads nothing of somebody who has taken the consent back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from intake.engine.moves import move
from intake.engine.referral import WITHDRAWN
from intake.ids import Chance
from intake.letters.compose import Letters
from intake.publishing.versions import Programmes
from intake.records import Actor, HasPartner, NewReferral, Referral, Submission, UnionNote
from intake.referrals.responsibility import ReferralMoves
from intake.store import Store

LONGEST = timedelta(days=3)  # a note waits for others no longer than this
PARTICIPANT = Actor("participant")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants of one union after all their notes: `yes`, or None when it is taken back or erased."""

    note: UnionNote
    union: str
    yes: NewReferral | None


@dataclass(eq=False, repr=False)
class Unions:
    """Leaves notes, says what counts now, and carries the notes out. `at_once`: nobody waits for others (a demo)."""

    programmes: Programmes
    store: Store
    letters: Letters
    clock: Callable[[], datetime]
    chance: Chance
    at_once: bool

    def __post_init__(self) -> None:
        self.moves = ReferralMoves(self.store, self.letters, self.chance)
        self._unreadable: dict[str, int] = {}

    # leaving notes

    def leave(self, note: UnionNote) -> None:
        """In the transaction of whatever else the person does; see `note_of`."""
        self.store.union_notes.add(self.chance.id(), note)

    def note_of(
        self,
        submission: Submission,
        by_phone: bool,
        *,
        yes: Iterable[NewReferral] = (),
        back: Iterable[str] = (),
        erased: bool = False,
    ) -> UnionNote:
        """A note of a submission; with nothing said it is one of those that hide the others."""
        return UnionNote(
            submission.id,
            submission.programme,
            submission.version,
            self.clock(),
            submission.language,
            by_phone,
            tuple(yes),
            tuple(back),
            erased,
        )

    # what counts now

    def referrals(self, submission: Submission) -> list[Referral]:
        """The unions' referrals of a submission as they count now. Only for the person's own side."""
        stored = self.store.referrals.of_unions(submission.id, self.programmes.unions(submission.programme))
        counting = {referral.partner: referral for referral in stored}
        for note in in_order(self.store.union_notes.of_submission(submission.id)):
            for new in note.yes:
                counting.setdefault(new.partner, _to_be(note, new))
            for union in note.back:
                if union in counting:
                    counting[union] = replace(counting[union], status=WITHDRAWN, staff_id=None)
        return list(counting.values())

    def as_it_counts(self, referral: Referral) -> Referral | None:
        """A union's referral after the notes that wait. None: the person is erased."""
        submission_id = self.store.referrals.submission_id(referral)
        return _after(referral, in_order(self.store.union_notes.of_submission(submission_id)))

    def all_as_they_count(self, programme: str, referrals: Sequence[Referral]) -> list[Referral]:
        """The same for a queue."""
        notes: dict[str, list[UnionNote]] = {}
        for note in in_order(self.store.union_notes.look(programme)):
            notes.setdefault(note.submission_id, []).append(note)
        if not notes:
            return list(referrals)
        after = (_after(one, notes.get(self.store.referrals.submission_id(one), ())) for one in referrals)
        return [one for one in after if one is not None]

    # carrying out

    def work_once(self) -> int:
        """Carry out the notes of every programme in which enough people have left one; how many notes."""
        return sum(self._batch(programme) for programme in self.programmes)

    def _batch(self, programme: str) -> int:
        least = 1 if self.at_once else self.programmes[programme].limits.union_batch
        number, oldest = self.store.union_notes.waiting(programme)
        now = self.clock()
        if oldest is None or (number < least and oldest > now - LONGEST):
            return 0
        with self.store.transaction():
            notes, unreadable = self.store.union_notes.all(programme)
            self._say_unreadable(programme, unreadable)
            people = {note.submission_id for _, note in notes}
            if not notes or (len(people) < least and oldest > now - LONGEST):
                return 0
            # The transaction is one for all, and in an order that nobody chose.
            for wanted in self._shuffled(_wanted(note for _, note in notes)):
                self._carry_out(wanted, now)
            self.store.union_notes.delete([id for id, _ in notes])
        log.info("union_notes_carried_out", programme=programme, number=len(notes))
        return len(notes)

    def _carry_out(self, wanted: Wanted, now: datetime) -> None:
        referrals, note = self.store.referrals, wanted.note
        there = next(iter(referrals.of_unions(note.submission_id, (wanted.union,))), None)
        if there is not None:  # who works there may be doing something with it
            there = referrals.hold(there.id)
        if wanted.yes is not None and there is None:
            if self.store.erasing.is_erased(note.submission_id):
                return  # a note that was left unread when the others of this person were carried out
            referrals.add_union(note, wanted.yes, now)
            self._owe(note, "new_referral", wanted.yes, now)
        elif wanted.yes is None and there is not None and note.erased:
            self.store.erasing.erase_union(there.id)
        elif wanted.yes is None and there is not None and move(there.status, "withdraw") is not None:
            self.moves.move(there, "withdraw", PARTICIPANT, now, responsible=False)
            self._owe(note, "withdrawn", there, now)

    def _owe(self, note: UnionNote, letter: str, referral: HasPartner, now: datetime) -> None:
        self.letters.owe_partner(self.programmes.at(note.programme, note.version), letter, referral, now)

    def _shuffled(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """In an order that follows from nothing."""
        return [one for _, one in sorted(((self.chance.id(), one) for one in wanted), key=lambda drawn: drawn[0])]

    def _say_unreadable(self, programme: str, number: int) -> None:
        """Notes sealed with a key that is missing, or damaged: they stay, and the rest goes on."""
        if number != self._unreadable.get(programme, 0):
            log.error("union_notes_unreadable", programme=programme, number=number)
            self._unreadable[programme] = number


def in_order(notes: Iterable[UnionNote]) -> list[UnionNote]:
    """Oldest first; of one moment, what is taken back comes last. Erasing is the last, whatever a clock says."""
    return sorted(notes, key=lambda note: (note.erased, note.at, bool(note.back)))


def _wanted(notes: Iterable[UnionNote]) -> list[Wanted]:
    """What each person wants of each union after all their notes, oldest first."""
    last: dict[tuple[str, str], Wanted] = {}
    for note in in_order(notes):
        for new in note.yes:
            last[note.submission_id, new.partner] = Wanted(note, new.partner, new)
        for union in note.back:
            last[note.submission_id, union] = Wanted(note, union, None)
    return list(last.values())


def _after(referral: Referral, notes: Iterable[UnionNote]) -> Referral | None:
    for note in notes:
        if note.erased:
            return None
        if referral.partner in note.back:
            referral = replace(referral, status=WITHDRAWN, staff_id=None)
    return referral


def _to_be(note: UnionNote, new: NewReferral) -> Referral:
    """A union's referral that the next batch will make, as the person sees it by now."""
    return Referral(
        id=new.id, reference=new.reference, programme=note.programme, partner=new.partner, submission_id=None,
        status=new.status, responsible=False, rank=new.rank, group=None, municipality=None, verdict=None, route=None,
        language=note.language, by_phone=note.by_phone, staff_id=None, decline_reason=None, outcome=None,
        consent=new.consent, created_at=note.at, changed_at=note.at, coming=True,
    )  # fmt: skip
