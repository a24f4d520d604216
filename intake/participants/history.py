"""What happened in a case, as its person reads it on their own page: one sentence each, with its day.

Never about a union: its part stands apart and has no order beside the rest (docs/promises.md). Notes of staff and what
they do among themselves are theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from intake.engine.moves import NOT_SPOKEN
from intake.engine.programme import Programme
from intake.engine.prompts import Happened
from intake.letters.compose import PERSON
from intake.records import Event, Message, Referral, Submission
from intake.sweden import day_in_sweden
from intake.words import Words

# Events whose sentence needs only the name of the partner.
SAID: Mapping[str, str] = {
    "decline": "{partner} could not take it.",
    "hand_over": "{partner} has handed it on.",
    "responsible": "It is the turn of {partner}.",
    "take_on": "It is the turn of {partner}.",
    "close": "{partner} has finished.",
    "reopen": "{partner} has opened your case again.",
    "decided": "A person at {partner} has decided.",
    "asked": "{partner} has asked if one more may get your answers.",
    "withdraw": "You have taken back your answers from {partner}.",
}
GONE = ("given_up", "stopped", "too_late", "erased")  # letters that did not reach anybody


def history(
    programme: Programme,
    submission: Submission,
    events: Sequence[tuple[Referral, Event]],
    letters: Sequence[Message],
    name_of: Callable[[str | None], str],
    words: Words,
) -> tuple[Happened, ...]:
    """Returns what happened, oldest first. `events` and `letters` are those of the partners that are no unions."""
    told: list[tuple[datetime, str]] = [(submission.submitted_at, words("You sent your answers."))]
    for referral, event in events:
        partner = programme.texts.say(words.language, "partner", referral.partner, "name")
        told += [(event.at, text) for text in _sentences(event, partner, name_of(event.staff_id), words)]
    for one in letters:
        if one.recipient == PERSON and one.status not in GONE and not one.unreadable:
            told.append((one.created_at, words("Letter to you: {subject}", subject=one.subject)))
    return tuple(Happened(day_in_sweden(at), text) for at, text in sorted(told, key=lambda one: one[0]))


def _sentences(event: Event, partner: str, staff: str, words: Words) -> Iterator[str]:
    match event.what:
        case "pick_up" | "take_over":
            yield words("{staff} at {partner} has your case.", staff=staff, partner=partner)
        case "call" if event.code in NOT_SPOKEN:
            yield words("{partner} called and did not reach you.", partner=partner)
        case "call":
            yield words("{partner} talked with you.", partner=partner)
        case what if what in SAID:
            yield words(SAID[what], partner=partner)
