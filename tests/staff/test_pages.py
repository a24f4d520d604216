"""Access to staff pages: every role, every method, and random requests. Those of others look missing."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack

import httpx
import pytest

from intake.engine.moves import STAFF_MOVES
from intake.engine.referral import DECLINES, OUTCOMES
from intake.operations.demo import COORDINATOR, staff_address
from intake.records import Submission
from tests.offices import OWN_BUSINESS, WHITE, WORKS_HERE, Office
from tests.staff.working import Worker, at_work, browser_at

# Two colleagues, two others, two at the owner, and an outsider who has no case at all.
ROLES: Mapping[str, tuple[str, str]] = {
    "holder": ("trr", staff_address("trr")),
    "colleague": ("trr", "kollega@example.org"),
    "other": ("brg", staff_address("brg")),
    "union": ("unionen", staff_address("unionen")),
    "other union": ("if_metall", staff_address("if_metall")),
    "owner": ("gr", staff_address("gr")),
    "coordinator": ("gr", COORDINATOR),
    "outsider": ("municipality:1407", staff_address("municipality:1407")),
}
MISSING = "VK-AAAA-AAAA"
GIVEN = {
    "text": "Hej", "note": "Hej", "result": "spoke", "reason": "no_capacity", "partner": "gr", "outcome": "new_job",
    "decision": "A", "next_step": "Ring", "template": "reminder", "time": "i morgon", "way": "yes", "read": "1",
}  # fmt: skip
POSTS = (*STAFF_MOVES, "erase", "keep")


@pytest.fixture
async def everybody(here: Office) -> AsyncIterator[dict[str, Worker]]:
    """One signed-in browser for each role, and one nobody is signed in at."""
    here.app.accounts.add_staff("kollega@example.org", "trr", programme="vastkraft", name="Kollegan")
    async with AsyncExitStack() as stack:
        at = {role: await stack.enter_async_context(at_work(here, email)) for role, (_, email) in ROLES.items()}
        yield at | {"anonymous": await stack.enter_async_context(browser_at(here.app))}


def token(worker: Worker) -> str:
    """Of the page the worker is at: the queue, once signed in."""
    here = getattr(worker, "page", None)
    return dict(worker.form("signout").as_it_is())["csrf-token"] if here and worker.can("signout") else "none"


async def asks(worker: Worker, method: str, path: str, fields: Mapping[str, str] = {}) -> httpx.Response:
    """One request as it is, without following anything."""
    if method == "GET":
        return await worker.client.get(path, headers=worker.headers)
    given = {"csrf-token": token(worker), **fields}
    return await worker.client.post(path, data=given, headers=worker.headers)


def bare(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that could be told apart."""
    return answer.status_code, sorted(answer.headers.items()), answer.content


def addresses(reference: str, partner: str = "") -> Iterator[tuple[str, str]]:
    """Every address of a case with its method."""
    there = f"/staff/referrals/{reference}"
    yield "GET", there
    yield "GET", f"{there}?partner={partner or 'trr'}"
    yield from (("POST", f"{there}/{act}") for act in POSTS)


# What a role gets for a case that TRR's holder has in hand, GR watching, a union asked.
OWN, COLLEAGUES, WATCHED = "own", "a colleague's", "watched"
EXPECTED: Mapping[str, Mapping[str, int]] = {
    # decide, new_link, telephone, ask are the coordinator's, on an undecided or wished case: refused here
    OWN: {"pick_up": 303, "take_over": 409, "release": 303, "reopen": 409, "note": 303, "call": 303, "decline": 200,
          "hand_over": 200, "close": 200, "decide": 409, "new_link": 409, "letter": 200, "telephone": 409, "ask": 409},
    COLLEAGUES: {"take_over": 200},
    WATCHED: {},
}  # fmt: skip


def expected(kind: str, act: str) -> int:
    """What is not in the table above follows from the row: what needs the case in hand is the holder's."""
    move = STAFF_MOVES.get(act)
    by_row = move and kind == OWN and set(move.needs) <= {"mine", "held", "partner", "responsible"}
    return EXPECTED[kind].get(act, (200 if move and (move.confirm or move.own_page) else 303) if by_row else 409)


def given(act: str) -> dict[str, str]:
    """What is filled in: a choice that the move has."""
    fields = STAFF_MOVES[act].fields if act in STAFF_MOVES else ()
    choices = {one.name: next(iter(one.choices)) for one in fields if one.choices}
    return GIVEN | {name: code for name, code in choices.items() if name not in GIVEN or act not in EXPECTED[OWN]}


async def test_every_address_answers_every_role_as_it_should(here: Office, everybody: dict[str, Worker]) -> None:
    trr, kinds = here.staff("trr"), {"holder": OWN, "colleague": COLLEAGUES, "owner": WATCHED, "coordinator": WATCHED}
    for role, worker in everybody.items():
        case, kind = here.sends(WHITE, ("trr",), union=True), kinds.get(role, "none")
        queue = await asks(worker, "GET", "/staff/")
        assert queue.status_code == (303 if role == "anonymous" else 200)
        letters = 303 if role == "anonymous" else 200 if role == "coordinator" else 404
        for only in ("/staff/letters", "/staff/coverage"):
            assert (await asks(worker, "GET", only)).status_code == letters
        for method, path in addresses(case.reference):
            if here.standing(case)["trr"] != "accepted*":
                here.app.casework.pick_up(trr, case.reference)
            act, where = path.rpartition("/")[2] if method == "POST" else "", f"{role} {path}"
            answer = await asks(worker, method, path, {**given(act), "holder": trr.id})
            if role == "anonymous":
                assert "signin" in answer.headers.get("location", "") + answer.text, where
            elif kind == "none" or (role == "owner" and "?" in path):
                assert answer.status_code == 404, where
            else:
                assert answer.status_code == (expected(kind, act) if act else 200), where
            if kind not in (OWN, COLLEAGUES):
                assert "Kim Exempel" not in answer.text, where
            elif not act:
                assert "Kim Exempel" in answer.text, where
        assert here.standing(case)["gr"] == "watching" and here.standing(case)["unionen"] == "waiting"


async def test_anothers_is_like_a_missing_one_to_the_last_byte(here: Office, everybody: dict[str, Worker]) -> None:
    """For every address, with good tokens and bad: another's case, and a union's, the coordinator's questions too."""
    for role, (partner, _) in ROLES.items():
        worker, case = everybody[role], here.sends(WHITE, ("af",), union=True)
        others = [case.reference] if partner != "gr" else []
        others += [here.at(case, "unionen").reference] if partner != "unionen" else []
        copies = [("GET", f"/staff/referrals/{MISSING}/{copy}") for copy in ("person", "person.json")]
        for method, path in [*addresses(MISSING, "unionen" if partner == "gr" else "af"), *copies]:
            for sealed in (token(worker), "bad"):
                given = {**GIVEN, "csrf-token": sealed, "confirm": "yes"}
                expected = bare(await asks(worker, method, path, given))
                assert expected[0] == 404, path
                for reference in others:
                    there = path.replace(MISSING, reference)
                    assert bare(await asks(worker, method, there, given)) == expected, f"{role} {there}"
        assert here.standing(case) == {"af": "waiting*", "unionen": "waiting", "gr": "watching"}


async def test_another_partners_letter_is_like_a_missing_one(here: Office, everybody: dict[str, Worker]) -> None:
    case = here.sends(WHITE, ("trr",), union=True)
    here.tick(seconds=1)
    for letter in here.app.store.messages.claim("lease", here.clock(), here.moment, 50):
        here.app.store.messages.give_up(letter.id, "lease", "550")
    [unions] = here.app.store.messages.of_referral(here.at(case, "unionen").id)
    trrs = here.app.store.messages.of_referral(here.at(case, "trr").id)[0]
    may = {unions.id: {"union"}, trrs.id: {"holder", "colleague", "coordinator"}}
    for role in ROLES:
        missing = bare(await asks(everybody[role], "POST", "/staff/letters/none"))
        for letter_id, those in may.items():
            if role not in those:
                assert bare(await asks(everybody[role], "POST", f"/staff/letters/{letter_id}")) == missing, role
    assert {letter.status for letter in (unions, trrs)} == {"given_up"}


def leaks(here: Office, role: str, said: str, cases: list[Submission]) -> list[str]:
    """What somebody with this role may not know and yet has read."""
    partner, found = ROLES[role][0], []
    for number, case in enumerate(cases):
        name, words = f"anarie{number}x" in said, f"Ordagrant{number}x" in said
        if name or words or case.reference in said:
            own = here.at(case, partner) if partner in here.standing(case) else None
            held = own is not None and own.staff_id is not None
            known = role == "coordinator" or (own is not None and own.reference == case.reference)
            found += [f"name {number}"] if name and not held else []
            found += [f"words {number}"] if words and not (held and "union" not in role) else []
            found += [f"number {number}"] if case.reference in said and not known else []
        found += [f"own page {number}"] if case.sealed["status_token"] in said else []
    if "union" not in role:
        found += [word for word in ("Unionen", "IF Metall") if word in said]
    others = {other for other, _ in ROLES.values()} - {partner}
    return found + [f"a note of {other}" for other in others if f"Anteckning-{other}<" in said]


async def test_whatever_is_asked_nobody_learns_what_is_not_theirs(
    here: Office, everybody: dict[str, Worker], effort: int
) -> None:
    """Requests at random, most of them well made: names, typed words, notes and numbers only where they belong."""
    chance = random.Random(2026)
    kinds = ((WHITE, ("trr", "af")), (WHITE, ("trr",)), (OWN_BUSINESS, ("brg",)), (WORKS_HERE, ()), (WHITE, ()))
    cases = [
        here.sends(
            {**answers, "occupation": f"Ordagrant{number}x"}, yes, union=number % 2 == 0,
            name=f"Kanarie{number}x", email=f"kanarie{number}x@example.org",
        )
        for number, (answers, yes) in enumerate(kinds * 2)
    ]  # fmt: skip
    numbers = [one.reference for case in cases for one in here.all_of(case)]
    statuses: dict[int, int] = {}
    for _ in range(400 * effort):
        role = chance.choice(list(ROLES))
        method, path = chance.choice([*addresses(chance.choice(numbers), chance.choice(["af", "unionen"]))])
        if chance.random() < 0.2:
            path, method = f"/staff/?tab={chance.choice(['all', 'open', 'closed'])}&partner=unionen", "GET"
        mine = f"Anteckning-{ROLES[role][0]}"
        given = GIVEN | {
            "text": mine, "note": mine if not path.endswith("hand_over") else "Hej",
            "reason": chance.choice(list(DECLINES)), "outcome": chance.choice(OUTCOMES),
            "partner": chance.choice(["gr", "af", "trr", "brg", "unionen"]), "decision": chance.choice(["A", "B"]),
            "confirm": chance.choice(["", "yes"]), "send": chance.choice(["", "1"]), "answer-trr": "yes",
            "answer-af": "no", "way": chance.choice(["yes", "no", "letter", ""]),
        }  # fmt: skip
        here.tick(seconds=1)
        answer = await asks(everybody[role], method, path, given)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert leaks(here, role, answer.text, cases) == [], f"{role} {method} {path}"
    assert {200, 303, 404, 409} <= set(statuses) <= {200, 303, 404, 409, 422}, statuses  # and no fault of ours


async def test_a_form_of_another_session_is_refused_on_its_page(here: Office, everybody: dict[str, Worker]) -> None:
    case, worker = here.sends(WHITE, ("trr",)), everybody["coordinator"]
    there = f"/staff/referrals/{case.reference}"
    paths = ["/staff/letters", "/staff/letters/none", "/staff/coverage/pause", "/staff/coverage/resume"]
    for path in [*(f"{there}/{act}" for act in POSTS if act not in ("letter", "keep")), *paths]:
        answer = await asks(worker, "POST", path, {"csrf-token": "bad", "confirm": "yes"})
        assert answer.status_code in (403, 409) and "<h1>" in answer.text, path
        assert "för länge" in answer.text or path.endswith("erase"), path
    assert here.standing(case) == {"trr": "waiting*", "gr": "watching"}
