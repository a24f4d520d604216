"""A link works once, for one caller; limits are counted in the database, for all processes together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake import App
from intake.access.limits import LIMITS
from intake.access.links import CONSENT, CONTINUE, LASTS, SIGN_IN
from tests.store.conftest import Opening
from tests.store.inside import Clock, ask, at_once, count


def test_a_link_works_exactly_once(app: App) -> None:
    token = app.links.make(CONTINUE, "interview 1")
    assert [app.links.peek(token, CONTINUE) is not None for _ in range(3)] == [True] * 3  # looking uses nothing up
    used = app.links.use(token, CONTINUE)
    assert used is not None and used.subject == "interview 1"
    assert app.links.use(token, CONTINUE) is None and app.links.peek(token, CONTINUE) is None


def test_used_by_four_at_the_same_moment_it_works_for_one(opened: Opening, clock: Clock) -> None:
    apps = [opened() for _ in range(4)]
    token = apps[0].links.make(SIGN_IN, "staff 1")
    clock.meet(4)  # each has seen that it is not used yet
    used = at_once(*[lambda app=app: app.links.use(token, SIGN_IN) for app in apps])
    assert sorted(link is not None for link in used) == [False, False, False, True]


@pytest.mark.parametrize("purpose", [SIGN_IN, CONTINUE, CONSENT])
def test_a_link_is_too_old_when_its_time_is_over(app: App, clock: Clock, purpose: str) -> None:
    early, late = app.links.make(purpose, "1"), app.links.make(purpose, "2")
    clock.now += LASTS[purpose] - timedelta(microseconds=1)
    assert app.links.use(early, purpose) is not None
    clock.now += timedelta(microseconds=1)
    assert app.links.peek(late, purpose) is None and app.links.use(late, purpose) is None


def test_a_link_is_for_its_purpose_and_its_browser_only(app: App, database_url: str) -> None:
    token = app.links.make(SIGN_IN, "staff 1", binding="my browser")
    assert app.links.use(token, CONTINUE, binding="my browser") is None
    assert app.links.use(token, SIGN_IN) is None
    assert app.links.use(token, SIGN_IN, binding="another browser") is None
    assert token not in str(ask(database_url, "SELECT * FROM links"))  # only its hash is kept
    assert app.links.use(token, SIGN_IN, binding="my browser") is not None


def test_the_limit_counts_for_all_processes_and_over_restarts(opened: Opening, clock: Clock) -> None:
    most, within = LIMITS["sign_in_link"]
    assert most == 3
    assert [opened().limits.allow("sign_in_link", "gr@example.org") for _ in range(5)] == [True] * 3 + [False] * 2
    app = opened()
    assert app.limits.allow("sign_in_link", "trr@example.org") and app.limits.allow("link_guess", "gr@example.org")
    clock.now += within
    assert app.limits.allow("sign_in_link", "gr@example.org")


def test_of_many_at_once_no_more_than_the_limit_pass(opened: Opening, clock: Clock) -> None:
    apps = [opened() for _ in range(8)]
    for round in range(4):
        clock.meet(8)
        passed = at_once(*[lambda app=app, who=f"{round}": app.limits.allow("sign_in_link", who) for app in apps])
        assert sum(passed) <= 3


def test_whom_a_limit_concerns_is_not_kept(app: App, database_url: str) -> None:
    app.limits.allow("sign_in_link", "kim@example.org")
    [(kept,)] = ask(database_url, "SELECT bucket FROM attempts")
    assert kept.startswith("sign_in_link:") and "kim" not in kept and count(database_url, "attempts") == 1
