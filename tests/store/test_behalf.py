"""A unit of work is on somebody's behalf: staff see what their partner has, a person what their key opens."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from intake.errors import NotFound
from intake.participants import Desk
from intake.records import Event, Submission
from intake.referrals import ACTS, Casework
from intake.store import PARTICIPANT, Filters, StaffScope
from intake.store.database import Behalf
from tests.offices import PROGRAMME, WHITE, Office
from tests.packages import OURS, ROOT

ROOMS = {"desk": Desk, "casework": Casework}
# What asks the store for nothing, and so is on nobody's behalf.
READS_NOTHING = {"casework.check_letter", "casework.pressed"}
UNION = "unionen"


def called_from_outside() -> Iterator[str]:
    """desk.answer, casework.pick_up: what channels and commands call."""
    for folder in (*set(OURS) - {"intake"}, "intake/chat", "intake/cli", "intake/operations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
                    room = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                    if room in ROOMS and callable(getattr(ROOMS[room], node.attr, None)):
                        yield f"{room}.{node.attr}"


def test_whatever_is_called_from_outside_is_a_unit_of_work() -> None:
    called = set(called_from_outside())
    assert {"desk.answer", "desk.submit", "casework.pick_up", "casework.queue"} <= called
    opening = {
        name for name in called if hasattr(getattr(ROOMS[name.split(".")[0]], name.split(".")[1]), "__wrapped__")
    }
    assert called - opening == READS_NOTHING & called


def test_every_act_of_staff_is_a_unit_of_work() -> None:
    """Those that the web finds by the names of their moves, too."""
    assert {"pick_up", "close", "letter"} <= set(ACTS)
    assert not [name for name, act in ACTS.items() if not hasattr(act, "__wrapped__")]
    for name, act in vars(Casework).items():
        assert name.startswith("_") or hasattr(act, "__wrapped__")
    for room in Casework.__mro__[1:-1]:
        for name, act in vars(room).items():
            code = getattr(act, "__code__", None)
            takes_staff = code is not None and code.co_varnames[1:3] == ("staff", "reference")
            if takes_staff and not name.startswith("_") and room.__name__ != "CaseAccess":
                assert hasattr(act, "__wrapped__"), f"{room.__name__}.{name}: @for_staff"


Read = Callable[[Office, Submission], Any]


def an_event(office: Office, case: Submission) -> Event:
    return office.app.casework.parts.moves.event(
        office.at(case, "trr"), "note", office.app.casework.actor(office.staff("trr")), office.clock()
    )


READS: dict[str, Read] = {
    "case": lambda office, case: office.app.store.submissions.by_id(case.id),
    "contact": lambda office, case: office.app.store.submissions.contact(case.id),
    "lock": lambda office, case: office.app.store.submissions.lock(case.id),
    "decision": lambda office, case: office.app.store.submissions.decide(case.id, "A", None, "staff", office.clock()),
    "reseal": lambda office, case: office.app.store.submissions.reseal(case.id, {}),
    "interview": lambda office, case: office.app.store.interviews.by_id(case.interview_id),
    "siblings": lambda office, case: office.app.store.referrals.siblings(case.id),
    "unions": lambda office, case: office.app.store.referrals.of_unions(case.id, [UNION]),
    "notes for unions": lambda office, case: office.app.store.union_notes.of_submission(case.id),
    "erasing": lambda office, case: office.app.store.erasing.erase(case, office.clock()),
}


@pytest.mark.parametrize("read", READS)
def test_nobody_reads_a_case_by_its_id_alone(there: Office, read: str) -> None:
    case = there.sends(WHITE, ("trr",), union=True)
    for behalf in (PARTICIPANT, StaffScope(PROGRAMME, "af")):
        with there.app.store.on_behalf(behalf), pytest.raises(NotFound):
            READS[read](there, case)
    assert there.app.store.submissions.by_id(case.id) == case, "the operator reads it, and it is as it was"


@pytest.mark.parametrize("read", ["get", "hold", "events", "note", "letters"])
def test_nobody_reads_a_referral_by_its_id_alone(there: Office, read: str) -> None:
    case = there.sends(WHITE, ("trr",))
    store, referral, event = there.app.store, there.at(case, "trr"), an_event(there, case)
    reads: dict[str, Callable[[], object]] = {
        "get": lambda: store.referrals.get(referral.id),
        "hold": lambda: store.referrals.hold(referral.id),
        "events": lambda: store.referrals.events(referral.id),
        "note": lambda: store.referrals.note(referral, event),
        "letters": lambda: store.messages.of_referral(referral.id),
    }
    for behalf in (PARTICIPANT, StaffScope(PROGRAMME, "af"), StaffScope("another", "trr")):
        with store.on_behalf(behalf), pytest.raises(NotFound):
            reads[read]()
    with store.on_behalf(StaffScope(PROGRAMME, "trr")):
        assert store.referrals.find(case.reference, "trr") == referral
        reads[read]()


def test_lists_show_what_is_in_the_scope(there: Office) -> None:
    there.sends(WHITE, ("trr", "af"), union=True)
    store, unions = there.app.store, there.app.programmes.unions(PROGRAMME)
    seen: dict[str, set[str]] = {}
    scopes: dict[str, Behalf] = {
        "trr": StaffScope(PROGRAMME, "trr"),
        "union": StaffScope(PROGRAMME, UNION),
        "coordinator": StaffScope(PROGRAMME, "gr", unions),
        "person": PARTICIPANT,
    }
    for name, behalf in scopes.items():
        with store.on_behalf(behalf):
            seen[name] = {one.partner for one in store.referrals.queue(Filters())}
            assert sum(store.referrals.counts().values()) == len(seen[name])
    assert seen["trr"] == {"trr"} and seen["union"] == {UNION} and seen["person"] == set()
    assert "trr" in seen["coordinator"] and not seen["coordinator"] & set(unions)


def test_a_case_opens_its_own_rows_and_never_a_union(there: Office) -> None:
    case = there.sends(WHITE, ("trr",), union=True)
    store = there.app.store
    with store.on_behalf(StaffScope(PROGRAMME, "trr")):
        store.referrals.find(case.reference, "trr")
        assert store.submissions.by_id(case.id) == case and len(store.referrals.siblings(case.id)) == 2
        with pytest.raises(NotFound):
            store.referrals.of_unions(case.id, [UNION])
    with store.on_behalf(PARTICIPANT):
        assert store.submissions.of_handle(there.app.desk.hash(there.browser, PROGRAMME)) == case
        assert [one.partner for one in store.referrals.of_unions(case.id, [UNION])] == [UNION]


def test_a_unit_within_another_on_the_same_behalf_is_that_one(there: Office) -> None:
    case = there.sends(WHITE, ("trr",))
    store, trr = there.app.store, StaffScope(PROGRAMME, "trr")
    with store.on_behalf(trr):
        store.referrals.find(case.reference, "trr")
        with store.on_behalf(trr):
            assert store.submissions.contact(case.id) is not None
        with store.on_behalf(PARTICIPANT), pytest.raises(NotFound):
            store.submissions.contact(case.id)
        assert store.submissions.contact(case.id) is not None
