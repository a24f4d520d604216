"""A letter that cannot be decrypted or composed is given up visibly, and the others are sent."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from intake.store.tables import messages
from tests.mail.posting import MailOffice
from tests.mail.test_addresses import forget
from tests.offices import WHITE
from tests.postbox import Postbox

GONE = b"k9:sealed with a key that nobody has"


def seals(office: MailOffice, id: str, sealed: bytes) -> None:
    with office.app.store.transaction() as connection:
        connection.execute(update(messages).where(messages.c.id == id).values(sealed=sealed))


def sealed_as(office: MailOffice, id: str, value: object) -> bytes:
    return office.app.keys.seal_json(value, f"messages.sealed:{id}")


@pytest.mark.parametrize("damage", ["a key that is gone", "another letter's", "cut short", "no letter"])
def test_it_is_given_up_in_sight_and_holds_up_nobody(here: MailOffice, postbox: Postbox, damage: str) -> None:
    case = here.sends(WHITE, ("trr",))
    id, other = here.receipt().id, here.outbox("new_referral")[0]
    damaged = {"a key that is gone": GONE, "another letter's": other.sealed, "cut short": other.sealed[:9]}
    seals(here, id, damaged.get(damage) or sealed_as(here, id, {"to": "kim@example.org"}))
    here.owes(2)
    here.works()
    assert here.statuses() == {"given_up": 1, "sent": 3} and here.receipt().lease is None
    assert here.works(hours=1) == 0
    [trouble] = here.app.casework.troubled(here.coordinator)
    assert (trouble.letter.status, trouble.reference) == ("given_up", case.reference)
    assert trouble.letter.problem.startswith("it cannot be opened: INTAKE_SECRET_KEYS")
    seen = here.app.casework.see(here.staff("trr"), case.reference, "sv")
    assert [one.letter for one in seen.letters if one.stuck] == ["receipt"]


def test_once_the_key_is_there_again_it_goes_out(here: MailOffice, postbox: Postbox) -> None:
    here.sends_in()
    good = here.receipt().sealed
    seals(here, here.receipt().id, GONE)
    here.works()
    assert here.app.casework.send_all_again(here.coordinator) == 1
    here.works()
    assert here.receipt().status == "given_up"
    seals(here, here.receipt().id, good)
    assert here.app.casework.send_all_again(here.coordinator) == 1
    here.works()
    assert here.statuses() == {"sent": 2} and len(postbox.letters) == 2


def test_setting_a_partners_address_does_not_stumble_over_it(here: MailOffice, postbox: Postbox) -> None:
    forget(here, "trr")
    for _ in range(2):
        here.sends(WHITE, ("trr",))
    broken = here.outbox("receipt")[0].id
    seals(here, broken, GONE)
    here.app.accounts.set_partner("trr", reply_to="svar@example.org")
    here.works()
    assert {row.id: row.status for row in here.outbox("receipt")}[broken] == "given_up"
    assert sorted(row.status for row in here.outbox("receipt")) == ["given_up", "sent"]


@pytest.mark.parametrize("to", ["<", ":;\\", " .]", "=?utf-8?b?//8=?=å"])
def test_one_that_the_library_stumbles_over_is_given_up(here: MailOffice, postbox: Postbox, to: str) -> None:
    """Python's own parser of addresses raises IndexError, AttributeError, TypeError or UnicodeEncodeError for these."""
    here.owes(1, to=to)
    here.owes(2)
    here.works()
    assert [row.status for row in here.outbox()] == ["given_up", "sent", "sent"]
    assert here.outbox()[0].problem.startswith("it cannot be written as a letter")
    assert here.outbox()[0].lease is None and len(postbox.letters) == 2
