"""Consents to unions, written separately from everything else a person does (Art. 9; docs/rules.md, "Unions").

Rows written in one transaction can be linked by their order in a table or by the transaction's number, so a union's
referral is never written with the person's rows. Instead, everybody who sends in or changes something later leaves a
sealed note of fixed length, whether or not it concerns a union. The worker carries the notes out in shuffled batches of
several people, in a transaction that touches no row of a person. Until then notes take effect when referrals are read:
a union sees nothing of somebody who has withdrawn.
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
    """The result of a person's notes for one union: `yes`, or None if it is withdrawn or erased."""

    note: UnionNote
    union: str
    yes: NewReferral | None


@dataclass(eq=False, repr=False)
class Unions:
    """Leaves notes, applies them when reading, and carries them out. `at_once`: without a batch (a demo)."""

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
        """Stores a note (see `note_of`), in the transaction of whatever else the person does."""
        self.store.union_notes.add(self.chance.id(), note)

    def note_of(
        self, submission: Submission, by_phone: bool, *, yes: Iterable[NewReferral] = (), back: Iterable[str] = (),
        erased: bool = False,
    ) -> UnionNote:  # fmt: skip
        """Returns a note of a submission. Without `yes`, `back` and `erased` it only hides the others."""
        return UnionNote(
            submission.id, submission.programme, submission.version, self.clock(), submission.language, by_phone,
            tuple(yes), tuple(back), erased,
        )  # fmt: skip

    # reading

    def referrals(self, submission: Submission) -> list[Referral]:
        """Returns the unions' referrals of a submission with the waiting notes applied. For the person only."""
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
        """Returns a union's referral with the waiting notes applied; None if the person is erased."""
        submission_id = self.store.referrals.submission_id(referral)
        return _after(referral, in_order(self.store.union_notes.of_submission(submission_id)))

    def all_as_they_count(self, programme: str, referrals: Sequence[Referral]) -> list[Referral]:
        """Returns the referrals of a queue with the waiting notes applied."""
        notes: dict[str, list[UnionNote]] = {}
        for note in in_order(self.store.union_notes.look(programme)):
            notes.setdefault(note.submission_id, []).append(note)
        if not notes:
            return list(referrals)
        after = (_after(one, notes.get(self.store.referrals.submission_id(one), ())) for one in referrals)
        return [one for one in after if one is not None]

    # carrying out

    def work_once(self) -> int:
        """Carries out the notes of every programme with enough people for a batch; returns the number of notes."""
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
            # One transaction for all, in random order.
            for wanted in self._shuffled(_wanted(note for _, note in notes)):
                self._carry_out(wanted, now)
            self.store.union_notes.delete([id for id, _ in notes])
        log.info("union_notes_carried_out", programme=programme, number=len(notes))
        return len(notes)

    def _carry_out(self, wanted: Wanted, now: datetime) -> None:
        referrals, note = self.store.referrals, wanted.note
        there = next(iter(referrals.of_unions(note.submission_id, (wanted.union,))), None)
        if there is not None:  # its staff may be changing it
            there = referrals.hold(there.id)
        if wanted.yes is not None and there is None:
            if self.store.erasing.is_erased(note.submission_id):
                return  # this note could not be read when the others of this person were carried out
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
        """Returns them in random order."""
        return [one for _, one in sorted(((self.chance.id(), one) for one in wanted), key=lambda drawn: drawn[0])]

    def _say_unreadable(self, programme: str, number: int) -> None:
        """Logs how many notes are damaged or lack their key; they are kept, and the others carried out."""
        if number != self._unreadable.get(programme, 0):
            log.error("union_notes_unreadable", programme=programme, number=number)
            self._unreadable[programme] = number


def in_order(notes: Iterable[UnionNote]) -> list[UnionNote]:
    """Sorts notes, oldest first; withdrawals after others of the same time, erasures always last."""
    return sorted(notes, key=lambda note: (note.erased, note.at, bool(note.back)))


def _wanted(notes: Iterable[UnionNote]) -> list[Wanted]:
    """Returns the result of all notes for each person and union, oldest first."""
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
    """Returns the union's referral that the next batch will create, as the person sees it until then."""
    return Referral(
        id=new.id, reference=new.reference, programme=note.programme, partner=new.partner, submission_id=None,
        status=new.status, responsible=False, rank=new.rank, group=None, municipality=None, verdict=None, route=None,
        language=note.language, by_phone=note.by_phone, staff_id=None, decline_reason=None, outcome=None,
        consent=new.consent, created_at=note.at, changed_at=note.at, coming=True,
    )  # fmt: skip
