"""Generates docs/findings.md: `python -m intake.authoring.proof.findings_page > docs/findings.md`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from intake.authoring.catalog.format_page import CODES

HEAD = """# What `intake check` finds

Made from the code (`make docs`); a test holds it in step. `intake check PROGRAMME` says everything at once: file,
key, what is the matter, the code in brackets. Below a finding, or several, stands a person whom it concerns -
answers as JSON, ready for `intake assess PROGRAMME - --draft` - with the questions asked and the result. `--json` has
the same, with the trace of every rule; `--watch` looks again whenever a file changes (with `--json`: a line each time);
`--today` proves for another day (dates are compared with it).

Errors fail (exit code 1) and are never published. Warnings fail with `--strict`, which is for CI; so does a
programme that was not proven. Exit code 2: programme.toml cannot be read at all.

The proof needs the extra `intake[proof]` (z3; `make setup` has it). It is made when the files say what is meant:
while a condition cannot be read there is nothing to prove, and the last line says "not proven". Persons are looked
for among all who could ever answer: every choice, every date, skipped questions and "I don't know" too. In what is
said of a place in the programme, everything asked before it is answered, as the form and the chat have it.
"""

# code: severity, meaning, remedy.
PROVEN: Mapping[str, tuple[str, str, str]] = {
    "no_partner": (
        "error",
        "Somebody gets no partner: no route fits, or there is none for whom staff must decide. The example is one.",
        "Let the last route have `otherwise = true`, and one route `ask_staff = true`.",
    ),
    "partner_missing": (
        "error",
        "A lead or an offer that an answer completes (`board:{county}`) is not there for one of the choices, and"
        " somebody eligible gives that answer. The example is one. Only the last choice may lack a partner: it may"
        " stand for everywhere else.",
        "Add the partner, or write its id as the choice's.",
    ),
    "route_idle": (
        "error",
        "The route never gives the lead, and whatever it offers or tells about is always given by another too. The"
        " example is somebody it fits, with the route that leads instead.",
        "Move it before the route that shadows it, narrow that one, let it offer something of its own, or take it out.",
    ),
    "question_unreached": (
        "error",
        "Nobody is ever asked this. The example passes it by; the message says what rules everybody out.",
        "Mend its `ask_if`, or the rule or choice that ends the journey before, or take the question out.",
    ),
    "choice_unreached": (
        "error",
        "Nobody is ever offered this choice. The example is asked the question without it.",
        "Mend its `hide_if`, or take the choice out.",
    ),
    "nothing_to_choose": (
        "error",
        "Somebody who must answer finds every choice hidden. The example is that person.",
        "Let one choice stand without `hide_if`, or let the question be `optional`.",
    ),
    "rule_unreached": (
        "error",
        "The rule can be a no, but an earlier one always gives the reason first: its text is never read.",
        "Narrow the earlier rule, change their order, or take this one out.",
    ),
    "groups_overlap": (
        "error",
        "Somebody belongs to two groups; only the first would count. The example is that person.",
        "Narrow one of the two, so that they are disjoint.",
    ),
    "yes_and_no": (
        "error",
        "A rule's `yes_if` and `no_if` hold for the same person: it contradicts itself, and the no wins unseen.",
        "Narrow one of the two, or leave `yes_if` out: then it is `not (no_if)`.",
    ),
    "journey_too_long": (
        "error",
        "Somebody is asked more questions before the result than `[limits] questions` promises.",
        "Ask fewer, ask some only of those they matter for, or promise less.",
    ),
    "identity_twice": (
        "error",
        "The same person is asked for the same identity, or the same consents, twice.",
        "Take one of the questions out, or ask each of other persons.",
    ),
    "contact_missing": (
        "error",
        "Somebody can send in without a name, or without an address and a number. The example is that person.",
        "Ask for the name with the id `name`, and let one of email and phone be required (`one_of`).",
    ),
    "consent_missing": (
        "error",
        "Somebody is offered a partner and never asked about it: without a yes nothing is passed on. The example is"
        " that person.",
        "Add a question of kind `consents` with `of`, or ask it of everybody it concerns.",
    ),
    "union_reads": (
        "error",
        "A union would read answers given before the result, and people are told that it gets none. The example is"
        " somebody it is offered to.",
        "Write what it may read in `sees`: who the person is and how to reach them.",
    ),
    "condition_always": (
        "error",
        "The condition is true of everybody who comes to it: it says nothing. The message says why.",
        "Leave it out, or mend it.",
    ),
    "condition_never": (
        "error",
        "The condition is true of nobody who comes to it. The message says why; the example comes to it.",
        "Mend it, or take out what depends on it.",
    ),
    "text_unreached": (
        "error",
        "Nobody ever reads this: a result of a group, an advice, an organisation, the title of a section without"
        " questions, what would settle a result where it never could.",
        "Mend the routes or rules that should lead to it, or take it out.",
    ),
    "partner_unreached": (
        "error",
        "Nobody is ever referred to this partner.",
        "Let a route lead to it or offer it, set `takes_persons = false`, or take it out.",
    ),
    "part_always": (
        "warning",
        "A part of a condition is true of everybody who comes to it there.",
        "Leave the part out, or mend it.",
    ),
    "part_never": (
        "warning",
        "A part of a condition is true of nobody who comes to it there.",
        "Leave the part out, or mend it.",
    ),
    "part_idle": (
        "warning",
        "Whatever this part said - true, false or unknown - nobody's outcome would be another, or it could be left out:"
        " the rest says it already.",
        "Leave the part out, or mend what stands beside it.",
    ),
    "condition_unused": (
        "warning",
        "A named condition that nothing uses. It concerns nobody, so there is no example.",
        "Use it or take it out.",
    ),
    "set_unused": (
        "warning",
        "A set that no condition names. It concerns nobody, so there is no example.",
        "Name it or take it out.",
    ),
    "own_words_early": (
        "warning",
        "A question for own words before the result: people may write who they are, and nothing before the result may"
        " hold that.",
        "Take kind `search` with a list (own words are possible there too, and most choose), or ask after the result.",
    ),
}

LIVE_HEAD = """
## What `--live` finds

All are errors, each with the number of kinds of persons it concerns and one of them: [coverage.md](coverage.md).

"""
# Findings in the database (intake/referrals/coverage.py).
LIVE: Mapping[str, str] = {
    "partner_without_staff": "nobody active who can sign in works at a partner that somebody can come to",
    "partner_paused": "such a partner is paused and takes nobody new",
    "partner_without_address": "such a partner has no address for answers, or none for notices",
}


def describe() -> str:
    """Returns the whole page."""
    proven = [f"### `{code}` ({one[0]})\n\n{one[1]} {one[2]}\n\n" for code, one in PROVEN.items()]
    files = [f"| `{code}` | {meaning} |\n" for code, meaning in CODES.items()]
    live = [f"| `{code}` | {meaning} |\n" for code, meaning in LIVE.items()]
    there = [LIVE_HEAD, "| code | meaning |\n|---|---|\n", *live]
    table = "## What the files lack\n\nAll are errors.\n\n| code | meaning |\n|---|---|\n"
    return "".join([HEAD, "\n## What the proof finds\n\n", *proven, table, *files, *there])


if __name__ == "__main__":
    sys.stdout.write(describe())
