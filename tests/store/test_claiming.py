"""Letters are claimed by one worker at a time; those of a dead worker go to the next."""

from __future__ import annotations

from datetime import timedelta

from intake import App
from intake.records import Message, NewMessage
from tests.players import NOW
from tests.store.conftest import Opening
from tests.store.inside import at_once, count

LEASE = timedelta(minutes=10)


def owes(app: App, *keys: str) -> list[bool]:
    """A letter for each key; whether it was owed anew."""
    letters = [
        NewMessage(
            id=app.chance.id(), dedup_key=key, letter="sign_in", programme=None, recipient="staff",
            to="gr@example.org", reply_to="", subject="Hej", text="Hej", language="sv",
            message_id=f"<{key}@example.org>",
        )
        for key in keys
    ]  # fmt: skip
    with app.store.transaction():
        return [app.store.messages.add(letter, NOW) for letter in letters]


def claims(app: App, lease: str, after: timedelta = timedelta(0), limit: int = 20) -> list[Message]:
    return app.store.messages.claim(lease, NOW + after, NOW + after + LEASE, limit)


def test_the_same_letter_is_owed_once(app: App, database_url: str) -> None:
    assert owes(app, "a", "b") == [True, True]
    assert owes(app, "b", "c") == [False, True]
    assert count(database_url, "messages") == 3


def test_workers_share_the_letters_and_claim_none_twice(opened: Opening) -> None:
    apps = [opened() for _ in range(4)]
    keys = [str(number) for number in range(80)]
    owes(apps[0], *keys)

    def works(app: App, who: str) -> list[str]:
        mine: list[str] = []
        while letters := claims(app, who, limit=3):
            mine += [letter.message_id for letter in letters]
        return mine

    shares = at_once(*[lambda app=app, who=f"worker {who}": works(app, who) for who, app in enumerate(apps)])
    claimed = [id for share in shares for id in share]
    assert sorted(claimed) == sorted(f"<{key}@example.org>" for key in keys)


def test_a_dead_workers_letters_are_free_after_the_lease(app: App) -> None:
    owes(app, "a")
    assert len(claims(app, "dead")) == 1
    assert claims(app, "next", LEASE - timedelta(seconds=1)) == []
    [letter] = claims(app, "next", LEASE)
    assert not app.store.messages.give_up(letter.id, "dead", "too late to say anything")
    assert app.store.messages.sent(letter, "next", NOW + LEASE)
    kept = app.store.messages.get(letter.id)
    assert kept is not None and (kept.status, kept.attempts) == ("sent", 1)
    assert claims(app, "third", 10 * LEASE) == []


def test_a_letter_tried_in_vain_is_due_when_it_was_put_off_to(app: App) -> None:
    owes(app, "a")
    [letter] = claims(app, "one")
    app.store.messages.try_later(letter.id, "one", NOW + timedelta(minutes=5), "451", maybe_delivered=True)
    assert claims(app, "two", timedelta(minutes=4)) == []
    [again] = claims(app, "two", timedelta(minutes=5))
    assert (again.message_id, again.attempts, again.maybe_delivered) == (letter.message_id, 1, True)
