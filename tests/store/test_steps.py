"""One answer is one guarded step: two writers lose nothing, and a repetition is done once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from intake import App, Handle, TryLater
from intake.participants.context import CONTENDED, TRIES
from intake.records import Changed, Interview
from tests.players import NOW
from tests.store.conftest import Opening
from tests.store.inside import Clock, ask, at_once, count

KIM = Handle("web", "a browser")
PROGRAMME = "vastkraft"
Change = Callable[[Interview], Changed]


def begun(app: App) -> str:
    """Somebody has begun; the hash their interview is found by."""
    app.desk.start(KIM, PROGRAMME, "sv")
    return app.desk.hash(KIM, PROGRAMME)


def step(app: App, handle: str, change: Change) -> Interview:
    """Read, decide, save unless somebody was first, else again: as the desk does with what a person says."""
    for _ in range(TRIES):
        read = app.store.interviews.find(handle)
        assert read is not None
        if (saved := app.store.interviews.save(read, change(read), NOW)) is not None:
            return saved
    raise TryLater(CONTENDED)


def revision(app: App, handle: str) -> int:
    found = app.store.interviews.find(handle)
    assert found is not None
    return found.revision


def adds(id: str, meeting: threading.Barrier | None = None) -> Change:
    """Answers one more question; the first time it waits until the others have read the interview too."""
    first = iter([True])

    def change(interview: Interview) -> Changed:
        if meeting is not None and next(first, False):
            meeting.wait()
        return Changed({**interview.answers, id: "yes"}, id, interview.applied)

    return change


def test_of_two_writers_at_once_neither_is_lost(opened: Opening) -> None:
    one, other = opened(), opened()
    handle = begun(one)
    first = revision(one, handle)
    meeting = threading.Barrier(2, timeout=30)
    steps = [
        lambda: step(one, handle, adds("first", meeting)),
        lambda: step(other, handle, adds("second", meeting)),
    ]
    revisions = sorted(done.revision for done in at_once(*steps))
    kept = one.store.interviews.find(handle)
    assert kept is not None and kept.answers == {"first": "yes", "second": "yes"}
    assert revisions == [first + 1, first + 2] and kept.revision == first + 2


def test_many_writers_lose_nothing(opened: Opening) -> None:
    apps = [opened() for _ in range(4)]
    handle = begun(apps[0])
    first = revision(apps[0], handle)

    def writes(app: App, who: int) -> None:
        for number in range(5):
            while True:
                try:
                    step(app, handle, adds(f"{who}-{number}"))
                    break
                except TryLater:
                    pass

    at_once(*[lambda app=app, who=who: writes(app, who) for who, app in enumerate(apps)])
    kept = apps[0].store.interviews.find(handle)
    assert kept is not None and len(kept.answers) == 20 and kept.revision == first + 20


def test_who_always_comes_second_is_told_to_try_later(opened: Opening, clock: Clock) -> None:
    app, quicker = opened(), opened()
    handle = begun(app)
    first = revision(app, handle)

    def overtaken() -> None:
        step(quicker, handle, adds(f"r{revision(quicker, handle)}"))

    clock.before(overtaken)
    with pytest.raises(TryLater):
        app.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",))
    kept = app.store.interviews.find(handle)
    assert kept is not None and len(kept.answers) == kept.revision - first >= TRIES


def test_two_answers_to_two_questions_at_the_same_moment(opened: Opening, clock: Clock) -> None:
    one, other = opened(), opened()
    handle = begun(one)
    for question, said in (("employment_status", "uppsagd_notice"), ("termination_reason", "arbetsbrist")):
        one.desk.answer(KIM, PROGRAMME, question, (said,))
    clock.meet(2, look=2)  # the first is before the interview is read, the second after
    at_once(
        lambda: one.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_left",)),
        lambda: other.desk.answer(KIM, PROGRAMME, "last_employment_date", ("2027-03-31",)),
    )
    kept = one.store.interviews.find(handle)
    assert kept is not None
    assert (kept.answers["employment_status"], kept.answers["last_employment_date"]) == ("uppsagd_left", "2027-03-31")


def test_an_update_that_comes_again_is_done_once(app: App) -> None:
    first = revision(app, begun(app))
    once = app.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",), update="41")
    app.desk.answer(KIM, PROGRAMME, "employment_status", ("employed_varslad",), update="42")
    again = app.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",), update="41")
    assert (once.revision, again.revision) == (first + 1, first + 2)
    kept = app.store.interviews.find(app.desk.hash(KIM, PROGRAMME))
    assert kept is not None and kept.answers["employment_status"] == "employed_varslad"


def test_updates_are_remembered_and_the_oldest_forgotten(opened: Opening) -> None:
    app = opened()
    app.desk.start(KIM, PROGRAMME, "sv", update="1")
    for number in range(2, 31):
        choice = ("uppsagd_notice", "uppsagd_left")[number % 2]
        app.desk.answer(KIM, PROGRAMME, "employment_status", (choice,), update=str(number))
    kept = opened().store.interviews.find(app.desk.hash(KIM, PROGRAMME))
    assert kept is not None and kept.applied == tuple(str(number) for number in range(11, 31))


def test_of_two_starts_at_once_one_interview_comes(opened: Opening, clock: Clock, database_url: str) -> None:
    one, other = opened(), opened()
    clock.meet(2)
    at_once(lambda: one.desk.start(KIM, PROGRAMME, "sv"), lambda: other.desk.start(KIM, PROGRAMME, "en"))
    assert count(database_url, "interviews") == 1


def test_who_goes_on_elsewhere_leaves_what_was_there(app: App, database_url: str) -> None:
    begun(app)
    chat = Handle("telegram", "7")
    app.desk.start(chat, PROGRAMME, "sv")
    app.desk.answer(chat, PROGRAMME, "employment_status", ("uppsagd_notice",))
    token = app.desk.continue_link(chat, PROGRAMME)
    turn = app.desk.continue_with(PROGRAMME, str(token), KIM)
    assert turn is not None and turn.place == "termination_reason"
    assert app.desk.now(chat, PROGRAMME).place == "start"
    assert ask(database_url, "SELECT channel FROM interviews WHERE handle_hash IS NOT NULL") == [("web",)]


def test_a_link_to_an_interview_that_is_gone_takes_nothing_away(app: App) -> None:
    handle = begun(app)
    app.desk.answer(KIM, PROGRAMME, "employment_status", ("uppsagd_notice",))
    with app.store.transaction():
        assert not app.store.interviews.hand_to("no such interview", handle, "web")
    assert app.desk.now(KIM, PROGRAMME).place == "termination_reason"
