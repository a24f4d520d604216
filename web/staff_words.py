"""What staff call the codes of casework. English here; other languages in locale/<language>/staff.po."""

from __future__ import annotations

from collections.abc import Mapping

from intake import Words

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
    "verdict": {
        "eligible": "Seems to belong to the target group",
        "ask_staff": "The rules could not decide",
    },
    "tab": {
        "open": "Open",
        "waiting": "Waiting",
        "accepted": "Picked up",
        "watching": "Watching",
        "closed": "Ended",
        "all": "All",
    },
    "event": {
        "created": "The referral came in",
        "pick_up": "Taken in hand",
        "release": "Released",
        "decline": "Declined",
        "hand_over": "Handed over",
        "close": "Closed",
        "reopen": "Reopened",
        "withdraw": "The person took back the answers",
        "take_on": "Your turn again",
        "responsible": "Responsible for the case now",
        "passed_on": "Responsibility passed on",
        "watch": "Watching, while another is responsible",
        "end": "Ended, because the responsible partner closed",
        "wish": "A partner wishes to hand over; ask the person first",
        "note": "Note",
        "call": "Call",
        "letter": "Letter",
        "send_again": "Letter sent again",
        "decided": "Decided",
        "telephone": "Consents recorded by telephone",
    },
    "letter": {
        "receipt": "Receipt",
        "new_referral": "A referral is waiting",
        "moved": "The case has moved",
        "decision_yes": "You belong to the group",
        "decision_no": "Not for us",
        "withdrawn": "The person took back the answers",
        "first_contact": "First contact",
        "reminder": "Reminder",
        "book_time": "Book a time",
        "closed": "The case is closed",
        "sign_in": "Sign-in link",
    },
    "letter_status": {
        "waiting": "On its way",
        "sent": "Sent",
        "given_up": "Could not be delivered",
        "stopped": "Cannot be sent yet",
    },
    "call": {
        "spoke": "We spoke",
        "no_answer": "No answer",
        "left_message": "Left a message",
    },
    "done": {
        "pick_up": "You have picked it up.",
        "release": "Released. Colleagues can pick it up.",
        "reopen": "Reopened. You have it.",
        "note": "The note is saved.",
        "call": "The call is noted.",
        "decline": "Declined. The case goes on elsewhere.",
        "hand_over": "Handed over. The case goes on elsewhere.",
        "close": "Closed.",
        "decide": "The decision is recorded.",
        "telephone": "The answers are recorded.",
        "letter": "The letter is on its way.",
        "send_again": "The letter is tried again.",
    },
}


def called(words: Words, table: str, code: str) -> str:
    """The code in words; a code nobody has named stays as it is."""
    return words(NAMES[table][code]) if code in NAMES[table] else code
