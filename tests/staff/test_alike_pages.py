"""Pages that others than the person may open do not differ, in length either, by whether a union was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.records import Submission
from tests.offices import PROGRAMME, WHITE, Office
from tests.staff.working import Worker
from tests.web.conftest import browser_of

# What is another for everybody: case numbers, secrets in addresses and forms, moments.
OWN = re.compile(
    r"VK-[A-Z0-9]{4}-[A-Z0-9]{4}|(?<=/status/)[\w-]+|(?<=value=\")[\w.=:-]{24,}|\d\d?[:.]\d\d(?:[:.][\d.]+)?"
)


def two(there: Office) -> tuple[Submission, Submission]:
    return there.sends(WHITE, ("trr", "af"), union=True), there.sends(WHITE, ("trr", "af"), union=False)


def pages(case: Submission) -> Iterator[str]:
    for token in ("letter_token", "status_token"):
        for path in ("", "/data", "/data.json", "/erase"):
            yield f"/{PROGRAMME}/status/{case.sealed[token]}{path}"


async def test_behind_a_link_in_another_browser_everything_is_alike(here: Office) -> None:
    yes, no = two(here)
    for step in ("sent", "taken back", "wished"):
        async with browser_of(here.app) as visitor:
            for one, other in zip(pages(yes), pages(no), strict=True):
                said, same = [await visitor.client.get(path) for path in (one, other)]
                assert said.status_code == same.status_code == 200
                assert OWN.sub("", said.text) == OWN.sub("", same.text), (step, one)
                names = [[name for name, _ in answer.headers.raw] for answer in (said, same)]
                assert names[0] == names[1] and len(said.content) == len(same.content), (step, one)
        for case in (yes, no):
            if step == "sent":
                here.app.desk.withdraw(PROGRAMME, case.sealed["letter_token"], "trr")
            elif step == "taken back":
                here.app.desk.wish_erased(PROGRAMME, case.sealed["letter_token"])
        here.app.unions.work_once()


async def test_at_the_coordinator_everything_is_alike(here: Office, coordinator: Worker) -> None:
    yes, no = two(here)
    for case in (yes, no):
        here.app.casework.pick_up(here.staff("trr"), case.reference)
        here.app.casework.hand_over(here.staff("trr"), case.reference, "gr", "vill mer")
        here.app.casework.pick_up(here.coordinator, case.reference)
    for path in ("", "?partner=trr", "/person", "/person.json"):
        said, same = [await coordinator.client.get(f"/staff/referrals/{one.reference}{path}") for one in (yes, no)]
        assert said.status_code == same.status_code == 200
        assert _in_any_order(said.text) == _in_any_order(same.text), path
        assert len(said.content) == len(same.content), path


def _in_any_order(text: str) -> list[str]:
    """What happened in one microsecond of the tests' clock stands in an order of chance."""
    return sorted(part.strip(" ,") for part in re.split(r"[<\n]", OWN.sub("", text)))
