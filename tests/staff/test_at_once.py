"""Two simultaneous actions on one case have the result of one order or the other.

Nothing is lost or done by halves, and nobody is told to try later. Each pair is first done in both orders, then by two
threads that start together, many times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from intake import NotAllowed, NotFound, SomebodyElse
from intake.records import Submission
from tests.offices import PROGRAMME, WHITE, WORKS_HERE, Office
from tests.store.inside import ask, at_once

Act = Callable[[Office, Submission], object]
Case = Callable[[Office], Submission]
End = dict[str, Any]

ROUNDS = {"postgresql": 2, "sqlite": 1}  # SQLite has one writer: little can go wrong there
PARTS = 3  # tests that share the pairs
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


# cases as they are when two come at once


def sent(there: Office, answers: Mapping[str, str], *yes: str) -> Submission:
    """By somebody who has sent nothing before: an address gets only so many receipts."""
    return there.sends(answers, yes, email=f"kim{there.persons}@example.org")


def at_trr(there: Office) -> Submission:
    return sent(there, WHITE, "trr", "af")


def in_trrs_hands(there: Office) -> Submission:
    case = at_trr(there)
    there.app.casework.pick_up(there.staff("trr"), case.reference)
    return case


def closed_by_trr(there: Office) -> Submission:
    case = in_trrs_hands(there)
    there.app.casework.close(there.staff("trr"), case.reference, "new_job")
    return case


def in_the_owners_hands(there: Office) -> Submission:
    """The owner is responsible, and AF has its consent."""
    case = at_trr(there)
    there.app.casework.decline(there.staff("trr"), case.reference, "not_target")
    there.app.casework.pick_up(there.coordinator, case.reference)
    return case


def to_be_asked_about(there: Office) -> Submission:
    case = sent(there, WHITE)
    there.app.casework.pick_up(there.coordinator, case.reference)
    return case


def asked_by_letter(there: Office) -> Submission:
    case = to_be_asked_about(there)
    there.app.casework.ask_by_letter(there.coordinator, case.reference, "af")
    return case


def to_be_decided(there: Office) -> Submission:
    case = sent(there, WORKS_HERE)
    there.app.casework.pick_up(there.coordinator, case.reference)
    return case


def waiting_for_consents(there: Office) -> Submission:
    case = sent(there, {**WHITE, "industry": "unknown"})
    there.app.casework.pick_up(there.coordinator, case.reference)
    there.app.casework.decide(there.coordinator, case.reference, "B")
    return case


# what is done with them


def at(partner: str, act: str, *given: object) -> Act:
    return lambda there, case: getattr(there.app.casework, act)(there.staff(partner), case.reference, *given)


def owner(act: str, *given: object) -> Act:
    return lambda there, case: getattr(there.app.casework, act)(there.coordinator, case.reference, *given)


def withdraws(partner: str | None = None) -> Act:
    return lambda there, case: there.app.desk.withdraw(PROGRAMME, case.sealed["status_token"], partner)


def link_of(there: Office, case: Submission) -> str:
    letters = there.letters(case, "decision_yes") + there.letters(case, "consent_asked")
    found = re.search(r"/consent/([\w-]+)", letters[0])
    assert found is not None
    return found[1]


def answers_by_link(*yes: str) -> Act:
    return lambda there, case: there.app.desk.send_consents(PROGRAMME, link_of(there, case), yes)


by_telephone = owner("consents_by_telephone", ["af"], "sv")
to_af, owner_to_af = at("trr", "hand_over", "af", "Kan mer"), owner("hand_over", "af", "Kan mer")
reopens = at("trr", "reopen")

PAIRS: dict[str, tuple[Case, Act, Act]] = {
    "pick_up, withdraw": (at_trr, at("trr", "pick_up"), withdraws("trr")),
    "pick_up, withdraw all": (at_trr, at("trr", "pick_up"), withdraws()),
    "pick_up at the next, withdraw": (at_trr, at("af", "pick_up"), withdraws("trr")),
    "release, withdraw": (in_trrs_hands, at("trr", "release"), withdraws("trr")),
    "decline, withdraw": (in_trrs_hands, at("trr", "decline", "no_capacity"), withdraws("trr")),
    "decline, withdraw all": (in_trrs_hands, at("trr", "decline", "not_target"), withdraws()),
    "decline, withdraw from the next": (in_trrs_hands, at("trr", "decline", "no_capacity"), withdraws("af")),
    "hand_over, withdraw": (in_trrs_hands, at("trr", "hand_over", "af", "Kan mer"), withdraws("trr")),
    "hand_over, withdraw from the next": (in_trrs_hands, at("trr", "hand_over", "af", "Kan mer"), withdraws("af")),
    "close, withdraw": (in_trrs_hands, at("trr", "close", "new_job"), withdraws("trr")),
    "close, withdraw all": (in_trrs_hands, at("trr", "close", "new_job"), withdraws()),
    "reopen, withdraw": (closed_by_trr, at("trr", "reopen"), withdraws("trr")),
    "note, withdraw": (in_trrs_hands, at("trr", "note", "Ringer"), withdraws("trr")),
    "letter, withdraw": (in_trrs_hands, at("trr", "write", "reminder", "Hej"), withdraws("trr")),
    "decide, withdraw all": (to_be_decided, owner("decide", "A"), withdraws()),
    "decide no, withdraw all": (to_be_decided, owner("decide", "no", "no_municipality", "Ring"), withdraws()),
    "consents by link, withdraw all": (waiting_for_consents, answers_by_link("trr"), withdraws()),
    "consents by telephone, withdraw all": (waiting_for_consents, by_telephone, withdraws()),
    "ask, withdraw all": (to_be_asked_about, owner("ask_by_letter", "af"), withdraws()),
    "two hand-overs": (in_trrs_hands, to_af, to_af),
    "two hand-overs by the owner": (in_the_owners_hands, owner_to_af, owner_to_af),
    "two declines": (at_trr, at("trr", "decline", "no_capacity"), at("trr", "decline", "not_target")),
    "declines at two partners": (at_trr, at("trr", "decline", "no_capacity"), at("af", "decline", "no_capacity")),
    "two closes": (in_trrs_hands, at("trr", "close", "new_job"), at("trr", "close", "training")),
    "close, hand_over": (in_trrs_hands, at("trr", "close", "new_job"), at("trr", "hand_over", "af", "Kan mer")),
    "two reopen": (closed_by_trr, reopens, reopens),
    "reopen, owner's move": (closed_by_trr, at("trr", "reopen"), owner("reopen")),
    "two decisions": (to_be_decided, owner("decide", "A"), owner("decide", "no", "no_municipality", "Ring")),
    "two consents": (waiting_for_consents, answers_by_link("trr"), by_telephone),
    "two questions": (to_be_asked_about, owner("ask_by_letter", "af"), owner("ask_by_letter", "brg")),
    "two answers": (asked_by_letter, answers_by_link("af"), owner("answered_by_telephone", "af", True, "sv")),
}  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_two_at_once_are_one_after_the_other(there: Office, part: int, database_url: str, effort: int) -> None:
    for pair, (made, *acts) in list(PAIRS.items())[part::PARTS]:
        orders = [acts] if acts[0] is acts[1] else [acts, acts[::-1]]
        expected = [_in_order(there, made(there), order) for order in orders]
        for _ in range(ROUNDS[_kind(database_url)] * effort):
            case = made(there)
            _at_once(there, case, *acts)
            assert end(there, case) in expected, pair
    if _kind(database_url) == "postgresql":
        assert ask(database_url, DEADLOCKS) == [(0,)]


def test_a_withdrawal_at_the_moment_of_a_pick_up_is_always_done(there: Office, effort: int) -> None:
    for _ in range(12 * effort):
        case = at_trr(there)
        picked, withdrawn = _at_once(there, case, at("trr", "pick_up"), withdraws("trr"))
        assert withdrawn is None and picked in (None, NotAllowed)
        assert there.standing(case) == {"trr": "withdrawn", "af": "waiting*", "gr": "watching"}
        assert [len(there.letters(case, letter)) for letter in ("withdrawn", "moved")] == [1, 1]


def test_who_finds_consents_sent_in_just_now_finds_the_case(there: Office, effort: int) -> None:
    """Another tab looks as long as there is something to answer; from then on the case is behind the link."""
    for _ in range(8 * effort):
        case = waiting_for_consents(there)
        token = link_of(there, case)

        def looks(token: str = token) -> bool:
            while True:
                try:
                    there.app.desk.consent_questions(PROGRAMME, token)
                except NotFound:
                    return there.app.desk.answered(PROGRAMME, token) is not None

        def sends(case: Submission = case) -> bool:
            return answers_by_link("af")(there, case) is not None

        assert at_once(sends, *[looks] * 4) == [True] * 5


def test_eight_at_once_on_one_case(there: Office, effort: int) -> None:
    """Everything that anybody could press just then: one is responsible, or none because all was taken back."""
    colleague = there.app.accounts.add_staff("kollega@example.org", "trr", name="KOLLEGA")
    acts = (
        at("trr", "pick_up"),
        lambda there, case: there.app.casework.pick_up(colleague, case.reference),
        at("trr", "decline", "no_capacity"),
        at("af", "pick_up"),
        at("af", "decline", "not_target"),
        owner("pick_up"),
        withdraws("trr"),
    )
    for last in (withdraws("af"), withdraws()) * 3 * effort:
        case = at_trr(there)
        refused = _at_once(there, case, *acts, last)
        standing = there.standing(case)
        responsible = [partner for partner, status in standing.items() if status.endswith("*")]
        assert refused[-2:] == [None, None] and standing["trr"] == "withdrawn", standing
        assert len(responsible) == (0 if set(standing.values()) == {"withdrawn"} else 1), standing


def _at_once(there: Office, case: Submission, *acts: Act) -> list[type[Exception] | None]:
    def begin(act: Act) -> Callable[[], type[Exception] | None]:
        return lambda: _refused(act, there, case)

    return at_once(*map(begin, acts))


def _kind(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def _refused(act: Act, there: Office, case: Submission) -> type[Exception] | None:
    """How it was told that it cannot be done; None: it was done."""
    try:
        act(there, case)
    except (NotAllowed, SomebodyElse, NotFound) as error:
        return type(error)
    return None


def _in_order(there: Office, case: Submission, acts: Sequence[Act]) -> End:
    for act in acts:
        _refused(act, there, case)
    return end(there, case)


def end(there: Office, case: Submission) -> End:
    """Everything that stands about a case: where it is, what happened, what was decided and answered, what was told."""
    store = there.app.store
    now = store.submissions.by_id(case.id)
    assert now is not None
    referrals = there.all_of(case)
    events = [(one.partner, event) for one in referrals for event in store.referrals.events(one.id)]
    letters = [letter for one in referrals for letter in store.messages.of_referral(one.id)]
    return {
        "standing": there.standing(case),
        "holders": {one.partner: one.staff_id for one in referrals},
        "events": Counter((partner, event.what, event.code, event.to_status) for partner, event in events),
        "letters": Counter((letter.letter, letter.recipient, letter.to_partner) for letter in letters),
        "decision": (now.decision, now.decision_reason),
        "consents": [(one["partner"], one["answer"], one["source"]) for one in now.sealed["consents"]],
        "asking": (now.sealed.get("asking") or {}).get("partner"),
    }
