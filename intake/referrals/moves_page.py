"""Generates docs/referral-life.md from `MOVES` and `STAFF_MOVES` (`make docs`).

A test keeps the page equal to the tables. The meanings of statuses are written here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from intake.engine.moves import FACTS, MOVES, STAFF_MOVES
from intake.engine.referral import ABOUT_US, DECLINES, OPEN, OUTCOMES, STATUSES

STATUS_MEANS: Mapping[str, str] = {
    "waiting": "nobody at this partner has picked it up; no name, no contact",
    "accepted": "one member of staff has it in hand; name and contact are shown to the organisation",
    "watching": "the owner's, while another partner is responsible",
    "closed": "ended, with an outcome; or the owner's watching ended with the responsible partner's closing",
    "declined": "the partner said no, with a reason",
    "handed_over": "the partner handed the case to another",
    "withdrawn": "the person took the answers back; nothing of them is shown any more, and it never comes back",
}
OTHERS_MEAN: Mapping[str, tuple[str, str]] = {  # the moves that are not staff's
    "withdraw": ("the person", "takes back the consent for one partner, or for all and the owner too"),
    "take_on": ("follows", "it becomes responsible again and waits to be picked up"),
    "watch": ("follows", "the owner watches, because another partner is responsible now"),
    "end": ("follows", "the owner's watching ends, because the responsible partner closed"),
}
PASSING = (
    (
        "declines for a reason about itself",
        "the next consenting partner in order whose referral is open and who has staff, else the owner",
    ),
    ("declines for a reason about the person", "the owner, which decides"),
    ("the person withdraws from it", "the next in order, else the owner"),
    (
        "hands over to a partner the person said yes to, with staff",
        "that partner: an open referral stays as it is, an ended one waits again",
    ),
    (
        "hands over to any other",
        "the owner, with the wish: the coordinator asks the person, by letter or on the phone; a yes makes the "
        "referral and brings the case there",
    ),
    ("closes", "it stays responsible; the owner's watching ends"),
    ("reopens", "it is responsible still, and the owner watches again"),
    ("another partner reopens what nobody responsible works on", "that partner, and the owner watches again"),
)


PAGE = """# A referral's life

Made from `MOVES` and `STAFF_MOVES` in `intake/engine/moves.py` (`make docs`); a test holds page and tables equal. How
to add a move: [extend.md](extend.md). Who sees what: [roles.md](roles.md). What the rules mean and where they come
from: [rules.md](rules.md), "Sending".

A referral is one submission at one partner. A submission makes one for the owner (GR) and one for every partner the
person said yes to, at the same moment. A union's is made apart from the others, in the next batch of notes
(`intake/referrals/unions.py`): when at least ten people have sent in since the last one, whatever they chose, or after
three days. Until then the person sees it as `waiting`.

```mermaid
stateDiagram-v2
    [*] --> waiting
    [*] --> watching
{arrows}
```

## Statuses

| status | open | meaning |
|---|---|---|
{statuses}
## Moves

*follows*: nobody presses it; it follows from another's move, in the same transaction. Every move locks the case first
and reads the referral anew, so that of two at once one comes after the other: it is done, or told that it cannot be
done now. A form of the staff view that is sent twice acts once: each page is drawn with a key, and what was done with
it is kept for 30 days as a hash.

A union's referral is locked alone, never together with the person's rows. What is withdrawn from a union counts at once
(its staff read nothing more and can do nothing); its row, event and letter follow in the next batch.

| move | by | from | to | meaning |
|---|---|---|---|---|
{moves}
## Who may do what

With a referral of the own organisation, from the statuses above; the coordinator with the owner's, as any of its
staff, and what only the coordinator may. "Who has it in hand" is this very person, who picked it up. Posted by anybody
else it is refused (409), for another organisation's referral like a missing one (404). *Confirmed*: asked about once
more before it is done. *note?*: may be left empty.

| move | who, and when | filled in | confirmed | meaning |
|---|---|---|---|---|
{who_may}
## Who is responsible

One referral of a case is responsible: whose turn it is. At first it is the first of lead and offers, in order, that has
consent, has staff and is no union; else the owner's, which otherwise watches. Then:

| what happens at the responsible partner | responsibility goes to |
|---|---|
{passing}
Each time it passes, the person is told by letter if there is an address; without one the new partner sees *call*.

## Why a partner declines

| reason | about |
|---|---|
{declines}
## Outcomes

{outcomes}. Their words, for staff and for the person, are in the
programme's texts.
"""


def describe() -> str:
    """Returns the whole page."""
    return PAGE.format(
        arrows=_arrows(),
        statuses=_statuses(),
        moves=_moves(),
        who_may=_who_may(),
        passing="".join(f"| {what} | {where} |\n" for what, where in PASSING),
        declines=_declines(),
        outcomes=", ".join(f"`{outcome}`" for outcome in OUTCOMES),
    )


def _arrows() -> str:
    return "\n".join(f"    {before} --> {after}: {name}" for (before, name), after in MOVES.items())


def _statuses() -> str:
    return "".join(
        f"| `{status}` | {'yes' if status in OPEN else 'no'} | {STATUS_MEANS[status]} |\n" for status in STATUSES
    )


def _moves() -> str:
    rows = ""
    for name in dict.fromkeys(name for _, name in MOVES):
        ways = {after: [one for (one, move), to in MOVES.items() if move == name and to == after] for after in STATUSES}
        by, means = ("staff", STAFF_MOVES[name].means) if name in STAFF_MOVES else OTHERS_MEAN[name]
        for after, before in ways.items():
            if before:
                rows += f"| `{name}` | {by} | {', '.join(f'`{one}`' for one in before)} | `{after}` | {means} |\n"
    return rows


def _who_may() -> str:
    rows = ""
    for move in STAFF_MOVES.values():
        filled = (one.name + ("" if one.required else "?") for one in move.fields if one.kind != "holder")
        who = ", ".join(FACTS[need][0] for need in move.needs) or "staff"
        cells = (f"`{move.name}`", who, ", ".join(filled), "yes" if move.confirm else "", move.means)
        rows += f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |")
    return rows


def _declines() -> str:
    names = {about: "us: the next partner's turn" if about == ABOUT_US else "the person: the owner decides" for about in
             DECLINES.values()}  # fmt: skip
    return "".join(f"| `{reason}` | {names[about]} |\n" for reason, about in DECLINES.items())


if __name__ == "__main__":
    sys.stdout.write(describe())
