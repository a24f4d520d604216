"""What staff call the codes of casework; moves have their words in `STAFF_MOVES`. English here; other languages in
locale/<language>/staff.po.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from intake import STAFF_MOVES, Words

NAMES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "waiting": "Waiting",
        "accepted": "In hand",
        "watching": "Watching",
        "declined": "Declined",
        "handed_over": "Handed over",
        "withdrawn": "Withdrawn by the person",
        "closed": "Closed",
    },
    "verdict": {"eligible": "Seems to belong to the target group", "ask_staff": "The rules could not decide"},
    "tab": {
        "open": "Open",
        "waiting": "Waiting",
        "accepted": "Picked up",
        "mine": "Mine",
        "watching": "Watching",
        "closed": "Ended",
        "all": "All",
    },
    "event": {
        "created": "The referral came in",
        "withdraw": "The person took back the answers",
        "take_on": "Your turn again",
        "responsible": "Responsible for the case now",
        "passed_on": "Responsibility passed on",
        "watch": "Watching, while another is responsible",
        "end": "Ended, because the responsible partner closed",
        "send_again": "Letter sent again",
        "erase_wished": "The person wishes to be erased",
        "erase_answered": "Answered what must be kept, and why",
    }
    | {event: text for move in STAFF_MOVES.values() for event, text in move.events.items()},
    "happened": {  # the same for whoever reads what is stored, the person too
        "created": "Sent there",
        "pick_up": "Taken in hand",
        "decline": "Declined",
        "hand_over": "Handed over",
        "close": "Closed",
        "reopen": "Reopened",
        "withdraw": "Taken back",
        "decided": "Decided",
        "asked": "Asked about one more partner",
        "said_yes": "Yes to one more partner",
        "said_no": "No to one more partner",
        "telephone": "Consents recorded by telephone",
        "letter": "Letter",
        "call": "Call",
        "erase_wished": "Asked to be erased",
        "erase_answered": "Answered what must be kept",
    },
    "letter": {
        "receipt": "Receipt",
        "new_referral": "A referral is waiting",
        "moved": "The case has moved",
        "decision_yes": "You belong to the group",
        "decision_no": "Not for us",
        "consent_asked": "May one more partner get the case?",
        "withdrawn": "The person took back the answers",
        "first_contact": "First contact",
        "reminder": "Reminder",
        "book_time": "Book a time",
        "closed": "The case is closed",
        "erase_answer": "What must be kept, and why",
        "sign_in": "Sign-in link",
    },
    "letter_status": {
        "waiting": "On its way",
        "sent": "Sent",
        "given_up": "Could not be delivered",
        "stopped": "Cannot be sent yet",
        "too_late": "Not sent: too late",
    },
    "done": {
        "send_again": "The letter is tried again.",
        "pause": "Paused. New cases go to the next in turn.",
        "resume": "They take care of new cases again.",
        "erase": "Everything about that person is erased.",
        "keep": "The answer is recorded.",
    }
    | {done: text for move in STAFF_MOVES.values() for done, text in move.all_done().items()},
}


# Why a letter did not go out: what intake/letters/smtp.py and compose.py noted, and how staff read it.
TROUBLES: Mapping[str, str] = {
    r"no monitored reply address": "The organisation has no monitored address for answers.",
    r"no address for notices": "The organisation has no address for notices.",
    r"it cannot be opened": "It cannot be opened: the key to it is missing. Tell those who run the service.",
    r"it cannot be written": "It could not be made into a letter. Is the address right?",
    r"the mail server is away": "The mail server does not answer just now. The letter goes out by itself when it does.",
    r"the mail server answered 5": "The mail server does not take it. Is the address right?",
    r"the mail server": "The mail server could not be reached, or did not take it.",
    r".*placeholder": "The address is a placeholder that leads nowhere.",
    r"": "It could not be sent.",
}


# What to do instead of a letter that came too late.
INSTEAD: Mapping[str, str] = {
    "decision_yes": "Its link has expired. Send a new link from the case.",
    "consent_asked": "Its link has expired. Ask the person again from the case.",
    "": "The day in it has passed. Write a new letter from the case, or call.",
}


def instead(words: Words, letter: str) -> str:
    """What to do instead of this letter, which came too late."""
    return words(INSTEAD.get(letter, INSTEAD[""]))


def called(words: Words, table: str, code: str) -> str:
    """The code in words. An unnamed code stays as it is, but of `done`, which stands in the address, becomes empty."""
    if code in NAMES[table]:
        return words(NAMES[table][code])
    return "" if table == "done" else code


def why(words: Words, problem: str) -> str:
    """Why a letter did not go out, with the mail server's number."""
    text = next(text for pattern, text in TROUBLES.items() if re.match(pattern, problem))
    number = re.search(r"\b[45]\d\d\b", problem)
    return words(text) + (f" ({number[0]})" if number else "")
