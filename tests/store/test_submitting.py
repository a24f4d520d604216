"""Sending in is one transaction: done once, by any number of tries, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import SQLAlchemyError

from intake import App
from tests.offices import PROGRAMME
from tests.store.conftest import Opening
from tests.store.inside import Clock, ask, at_once, count
from tests.store.sending import KIM, at_the_check, sent_once

WRITTEN = ("submissions", "contacts", "referrals", "events", "messages")


def test_pressed_ten_times_it_is_sent_once(app: App, database_url: str) -> None:
    at_the_check(app)
    turns = [app.desk.submit(KIM, PROGRAMME) for _ in range(10)]
    assert {turn.place for turn in turns} == {"status"}
    assert len({getattr(turn.prompt, "reference", None) for turn in turns}) == 1
    sent_once(database_url)


def test_sent_by_six_at_the_same_moment_it_is_sent_once(opened: Opening, clock: Clock, database_url: str) -> None:
    apps = [opened() for _ in range(6)]
    at_the_check(apps[0])
    clock.meet(6)  # all have read the interview as not yet sent
    turns = at_once(*[lambda app=app: app.desk.submit(KIM, PROGRAMME) for app in apps])
    assert len({getattr(turn.prompt, "reference", None) for turn in turns}) == 1
    sent_once(database_url)


def test_a_change_during_sending_is_sent_or_comes_too_late(opened: Opening, clock: Clock, database_url: str) -> None:
    one, other = opened(), opened()
    at_the_check(one)
    clock.meet(2)
    at_once(
        lambda: one.desk.submit(KIM, PROGRAMME),
        lambda: other.desk.answer(KIM, PROGRAMME, "name", ("Robin Exempel",)),
    )
    clock.meet(1)
    turn = one.desk.submit(KIM, PROGRAMME)
    assert turn.place == "status"
    sent_once(database_url)
    [(submission,)] = ask(database_url, "SELECT id FROM submissions")
    contact = one.store.submissions.contact(submission)
    assert contact is not None and contact.name in ("Kim Exempel", "Robin Exempel")


@contextmanager
def refusing(url: str, table: str) -> Iterator[None]:
    """A database that takes no row into this table: something fails in the middle of a transaction."""
    if url.startswith("sqlite"):
        refuse = f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        allow = "DROP TRIGGER refuse"
    else:
        refuse = f"ALTER TABLE {table} ADD CONSTRAINT refuse CHECK (false) NOT VALID"
        allow = f"ALTER TABLE {table} DROP CONSTRAINT refuse"
    ask(url, refuse)
    yield
    ask(url, allow)


@pytest.mark.parametrize("table", WRITTEN)
def test_when_something_fails_nothing_was_sent(app: App, database_url: str, table: str) -> None:
    at_the_check(app)
    before = ask(database_url, "SELECT * FROM interviews")
    with refusing(database_url, table), pytest.raises(SQLAlchemyError) as refused:
        app.desk.submit(KIM, PROGRAMME)
    assert "Kim Exempel" not in str(refused.value) and "kim@example.org" not in str(refused.value)
    assert [count(database_url, name) for name in WRITTEN] == [0, 0, 0, 0, 0]
    assert ask(database_url, "SELECT * FROM interviews") == before
    assert app.desk.submit(KIM, PROGRAMME).place == "status"
    sent_once(database_url)


def test_what_was_sent_keeps_no_answers_beside_the_submission(app: App, database_url: str) -> None:
    at_the_check(app)
    app.desk.submit(KIM, PROGRAMME)
    [(answers,)] = ask(database_url, "SELECT answers_sealed FROM interviews")
    assert bytes(answers) == b""
    app.desk.forget(KIM, PROGRAMME)
    assert app.desk.now(KIM, PROGRAMME).place == "start" and count(database_url, "submissions") == 1
