"""Texts for the codes of the staff view; those of moves are in `STAFF_MOVES`. English; locale/<language>/staff.po
translates them.
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
    "happened": {  # for the copy of a person's data
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


# Why a letter was not sent: patterns of the problems in intake/letters/smtp.py and compose.py, and texts for staff.
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


# The advice for letters that are too late.
INSTEAD: Mapping[str, str] = {
    "decision_yes": "Its link has expired. Send a new link from the case.",
    "consent_asked": "Its link has expired. Ask the person again from the case.",
    "": "The day in it has passed. Write a new letter from the case, or call.",
}


def instead(words: Words, letter: str) -> str:
    """Returns what to do instead of a letter that is too late."""
    return words(INSTEAD.get(letter, INSTEAD[""]))


def called(words: Words, table: str, code: str) -> str:
    """Returns the text of a code; an unknown code itself, but empty for `done`, which comes from the URL."""
    if code in NAMES[table]:
        return words(NAMES[table][code])
    return "" if table == "done" else code


def why(words: Words, problem: str) -> str:
    """Returns why a letter was not sent, with the mail server's reply code."""
    text = next(text for pattern, text in TROUBLES.items() if re.match(pattern, problem))
    number = re.search(r"\b[45]\d\d\b", problem)
    return words(text) + (f" ({number[0]})" if number else "")
