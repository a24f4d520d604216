"""The docs about staff and referrals agree with the code."""

from __future__ import annotations

import re
from pathlib import Path

from intake.access.accounts import IDLE, LONGEST
from intake.access.limits import LIMITS
from intake.access.links import CONSENT, LASTS, SIGN_IN
from intake.engine.moves import MOVES, STAFF_MOVES
from intake.engine.referral import STATUSES
from intake.referrals.moves_page import OTHERS_MEAN, STATUS_MEANS, describe

ROOT = Path(__file__).parents[2]
ROLES = (ROOT / "docs/roles.md").read_text(encoding="utf-8")


def test_the_page_about_a_referrals_life_is_made_from_the_moves() -> None:
    page = (ROOT / "docs/referral-life.md").read_text(encoding="utf-8")
    assert page == describe(), "run: python -m intake.referrals.moves_page > docs/referral-life.md"


def test_the_diagram_has_every_move_and_no_other() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", describe(), re.MULTILINE)
    assert {(before, name): after for before, after, name in drawn} == dict(MOVES) and len(drawn) == len(MOVES)


def test_every_status_and_move_is_explained_once() -> None:
    assert list(STATUS_MEANS) == list(STATUSES)
    moves = {name for _, name in MOVES}
    assert moves and set(OTHERS_MEAN) == moves - set(STAFF_MOVES)


def test_the_pages_name_everything_staff_can_do() -> None:
    for act in STAFF_MOVES:
        assert f"\n| `{act}` |" in describe().split("## Who may do what")[1], act
    assert '[referral-life.md](referral-life.md), "Who may do what"' in ROLES
    for act in ("send_again", "person", "erase", "keep"):
        assert f"`{act}`" in ROLES, act


def test_the_roles_page_has_the_limits_of_the_code() -> None:
    most, within = LIMITS["sign_in_link"]
    minutes = int(within.total_seconds() // 60)
    assert f"{most} letters in {minutes} minutes" in ROLES
    for lasts in (IDLE, LASTS[SIGN_IN]):
        assert f"{int(lasts.total_seconds() // 60)} minutes" in ROLES
    assert f"{int(LONGEST.total_seconds() // 3600)} hours" in ROLES and f"{LASTS[CONSENT].days} days" in ROLES
    guesses, _ = LIMITS["link_guess"]
    assert f"{guesses} a minute" in ROLES
