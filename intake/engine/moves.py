"""The moves of referrals (`MOVES`) and of staff (`STAFF_MOVES`).

Buttons, forms, URLs, refusals, the timeline's texts and docs/referral-life.md are derived from these tables. Texts are
English; intake/locale/<language>/staff.po translates them. How to add a move: docs/extend.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from intake.engine.referral import (
    ACCEPTED,
    CLOSED,
    DECLINED,
    DECLINES,
    HANDED_OVER,
    OUTCOMES,
    WAITING,
    WATCHING,
    WITHDRAWN,
)

# (status, move) -> status. Besides those of staff: the participant's (withdraw), and those that another move causes:
# take_on (it becomes responsible), watch and end (the owner, beside a responsible partner).
MOVES: Mapping[tuple[str, str], str] = {
    (WAITING, "pick_up"): ACCEPTED,
    (WAITING, "decline"): DECLINED,
    (WAITING, "withdraw"): WITHDRAWN,
    (WAITING, "watch"): WATCHING,
    (ACCEPTED, "take_over"): ACCEPTED,
    (ACCEPTED, "release"): WAITING,
    (ACCEPTED, "decline"): DECLINED,
    (ACCEPTED, "hand_over"): HANDED_OVER,
    (ACCEPTED, "close"): CLOSED,
    (ACCEPTED, "withdraw"): WITHDRAWN,
    (ACCEPTED, "watch"): WATCHING,
    (WATCHING, "take_on"): WAITING,
    (WATCHING, "end"): CLOSED,
    (WATCHING, "withdraw"): WITHDRAWN,
    (CLOSED, "reopen"): ACCEPTED,
    (CLOSED, "take_on"): WAITING,
    (CLOSED, "watch"): WATCHING,
    (CLOSED, "withdraw"): WITHDRAWN,
    (DECLINED, "take_on"): WAITING,
    (DECLINED, "withdraw"): WITHDRAWN,
    (HANDED_OVER, "take_on"): WAITING,
    (HANDED_OVER, "withdraw"): WITHDRAWN,
}
STATUS_MOVES = {name for _, name in MOVES}


def move(status: str, name: str) -> str | None:
    """Returns the status after a move; None if it is impossible."""
    return MOVES.get((status, name))


# The needs of moves: the description in docs/referral-life.md, and the refusal if one is not met. Without a refusal:
# the colleague who has it is named ("free"), or the act refuses ("colleague": it can be theirs by now).
FACTS: Mapping[str, tuple[str, str]] = {
    "coordinator": ("the coordinator", "only the coordinator decides"),
    "free": ("staff, unless a colleague has it", ""),
    "colleague": ("staff, while a colleague has it", ""),
    "held": ("once somebody there has picked it up", "pick it up first"),
    "mine": ("who has it in hand", "pick it up first"),
    "responsible": ("the responsible partner", "only the responsible partner hands over"),
    "partner": ("not the owner", "the owner hands over or closes; there is nobody to decline to"),
    "undecided": ("what the rules could not decide", "there is nothing to decide"),
    "awaiting": ("while consents are awaited after a decision", "the consents were answered before"),
    "settled": ("not while a decision or its consents are awaited", "only the coordinator asks, with the case in hand"),
    "email": ("if there is an email address", "the person has no email address: call"),
}

CALLS = {"spoke": "We spoke", "no_answer": "No answer", "left_message": "Left a message"}
NOT_SPOKEN = ("no_answer", "left_message")
OPTIONAL = "Note (optional)"
NEVER = "Never write a personal identity number or anything about health."
READ_BY = "Your own organisation reads this, and the coordinator when the person has to be asked first."
CALLED = "The person has no email address: the next partner calls."


@dataclass(frozen=True, slots=True)
class MoveField:
    """A field of a move's form. `choice`: one of `choices` (code: words; with `texts` the programme's texts of that
    name). `partner`: one that can take the case. `text`: validated by `checked`. `holder`: who has it, hidden.
    """

    name: str
    kind: Literal["choice", "partner", "text", "line", "holder"]
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    texts: str = ""
    required: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """The confirmation of a move: its title, its consequences, and those for a person without an email address (with
    one, the person is told).
    """

    title: str
    text: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class StaffMove:
    """A move of staff, on a referral of their own organisation.

    `name`: its URL, its act in `intake.referrals`, and, if it changes the status, its name in `MOVES`. `needs`: who may
    do it and when (`FACTS`); the statuses are in `MOVES`. `means`: its description in docs/referral-life.md. `button`:
    the title of its form. `done`: the confirmation shown afterwards, one for each way if there are several. `events`:
    the events it writes, and their texts on the timeline. `fields`: in the order of the act's arguments. `form`: the
    template of its form under web/templates/staff/moves/. `own_page`: its form has a path operation of its own.
    """

    name: str
    needs: tuple[str, ...]
    means: str
    button: str
    done: str | Mapping[str, str]
    events: Mapping[str, str]
    fields: tuple[MoveField, ...] = ()
    intro: str = ""
    look: Literal["", "alt", "risk", "text"] = ""
    confirm: Confirm | None = None
    form: str = "form"
    own_page: bool = False

    @property
    def choice(self) -> MoveField | None:
        """Returns the field whose value is the code of the event."""
        return next((one for one in self.fields if one.kind == "choice"), None)

    def all_done(self) -> Mapping[str, str]:
        """Returns the confirmations shown afterwards, by the code in the URL."""
        if isinstance(self.done, str):
            return {self.name: self.done}
        return {f"{self.name}_{way}": text for way, text in self.done.items()}

    def starts_from(self, status: str) -> bool:
        return self.name not in STATUS_MOVES or (status, self.name) in MOVES


# In the order of the page of a case.
STAFF_MOVES: Mapping[str, StaffMove] = {
    one.name: one
    for one in (
        StaffMove(
            "pick_up",
            needs=("free",),
            means="one of them takes it; of two at once one wins, the other is told who",
            button="Pick up",
            done="You have picked it up.",
            events={"pick_up": "Taken in hand"},
        ),
        StaffMove(
            "take_over",
            needs=("colleague",),
            means="from a colleague who is away or does not work there any more",
            button="Take over",
            done="You have taken it over.",
            events={"take_over": "Taken over from"},
            fields=(MoveField("holder", "holder"),),
            intro="{name} has it. Is it you who go on? Then take it over.",
            look="alt",
            confirm=Confirm("Take over from a colleague", "{name} has it now. Talk to each other first if you can."),
        ),
        StaffMove(
            "reopen",
            needs=(),
            means="it goes on with the one who reopens it",
            button="Reopen",
            done="Reopened. You have it.",
            events={"reopen": "Reopened"},
            look="alt",
        ),
        StaffMove(
            "decide",
            needs=("coordinator", "held", "undecided"),
            means="a group, or a no with a reason and a next step",
            button="Decide",
            done="The decision is recorded.",
            events={"decided": "Decided"},
            fields=(MoveField("decision", "line"), MoveField("reason", "line"), MoveField("next_step", "text")),
            confirm=Confirm("Decide"),
            form="decide",
            own_page=True,
        ),
        StaffMove(
            "telephone",
            needs=("coordinator", "held", "awaiting"),
            means="the consents that the person gave on the phone after a decision",
            button="Consents by telephone",
            done="The answers are recorded.",
            events={"telephone": "Consents recorded by telephone"},
            form="telephone",
            own_page=True,
        ),
        StaffMove(
            "new_link",
            needs=("coordinator", "held", "awaiting", "email"),
            means="once more the letter with the link to the consents",
            button="Send a new link",
            done="A new letter with a link is on its way.",
            events={"letter": "Letter"},
            intro="The person has a letter with a link, which works for 14 days.",
            look="alt",
        ),
        StaffMove(
            "ask",
            needs=("coordinator", "mine", "responsible", "settled"),
            means="the person, by letter or on the phone, about one more partner",
            button="Ask the person about one more partner",
            done={
                "letter": "The person has been asked by letter.",
                "yes": "Recorded: yes. The case has gone on to the partner.",
                "no": "Recorded: no.",
            },
            events={
                "asked": "The person was asked by letter about",
                "said_yes": "The person said yes to",
                "said_no": "The person said no to",
            },
            fields=(MoveField("partner", "line"),),
            form="ask",
            own_page=True,
        ),
        StaffMove(
            "letter",
            needs=("mine",),
            means="from a template, seen before it goes",
            button="Write an email",
            done="The letter is on its way.",
            events={"letter": "Letter"},
            fields=(MoveField("time", "line"),),
            form="letter",
            own_page=True,
        ),
        StaffMove(
            "call",
            needs=("mine",),
            means="how a call went",
            button="Note a call",
            done="The call is noted.",
            events={"call": "Call"},
            fields=(
                MoveField("result", "choice", "How did it go?", CALLS),
                MoveField("note", "text", OPTIONAL, required=False),
            ),
        ),
        StaffMove(
            "note",
            needs=("mine",),
            means="read by the own organisation only",
            button="Write a note",
            done="The note is saved.",
            events={"note": "Note"},
            fields=(MoveField("text", "text", "Note for your own organisation", hint=NEVER),),
        ),
        StaffMove(
            "hand_over",
            needs=("mine", "responsible"),
            means="to another partner, with a reason. The owner goes on watching instead",
            button="Hand over",
            done="Handed over. The case goes on elsewhere.",
            events={"hand_over": "Handed over", "wish": "A partner wishes to hand over; ask the person first"},
            fields=(
                MoveField("partner", "partner", "To"),
                MoveField("note", "text", "Why?", hint=READ_BY),
            ),
            intro="A partner that the person has said yes to gets the case at once. Otherwise the coordinator asks the "
            "person first.",
            look="alt",
            confirm=Confirm("Hand over", "If the person has not said yes to them, the coordinator asks first.", CALLED),
        ),
        StaffMove(
            "close",
            needs=("mine",),
            means="with an outcome; when the responsible partner closes, the owner's watching ends",
            button="Close with an outcome",
            done="Closed.",
            events={"close": "Closed"},
            fields=(
                MoveField("outcome", "choice", "Outcome", dict.fromkeys(OUTCOMES, ""), texts="outcome"),
                MoveField("note", "text", OPTIONAL, required=False),
            ),
            look="alt",
            confirm=Confirm("Close with an outcome", call="The person has no email address: call and tell them."),
        ),
        StaffMove(
            "decline",
            needs=("free", "partner"),
            means="with a reason; responsibility passes on. The owner cannot: it is the last",
            button="Decline with a reason",
            done="Declined. The case goes on elsewhere.",
            events={"decline": "Declined"},
            fields=(
                MoveField("reason", "choice", choices=DECLINES, texts="decline"),
                MoveField("note", "text", OPTIONAL, required=False),
            ),
            look="risk",
            confirm=Confirm("Decline with a reason"),
            form="decline",
        ),
        StaffMove(
            "release",
            needs=("mine",),
            means="back for colleagues; name and contact are hidden again",
            button="Release: put it back in the queue",
            done="Released. Colleagues can pick it up.",
            events={"release": "Released"},
            look="text",
        ),
    )
}
# The fields with text that staff wrote, which must not be lost when a session ends.
OWN_WORDS = tuple({one.name: 0 for row in STAFF_MOVES.values() for one in row.fields if one.kind == "text"})


def changes(name: str) -> bool:
    """Whether a move changes the status or the holder, so that repeating it at once is refused."""
    ways = {(before, after) for (before, one), after in MOVES.items() if one == name}
    return any(before != after or "mine" not in STAFF_MOVES[name].needs for before, after in ways)


def possible(status: str, facts: Collection[str]) -> frozenset[str]:
    """Returns the moves of a referral that are possible if these `FACTS` hold."""
    rows = STAFF_MOVES.values()
    return frozenset(one.name for one in rows if one.starts_from(status) and set(one.needs) <= set(facts))
