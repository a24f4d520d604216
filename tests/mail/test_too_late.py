"""A letter outdated when the mail server returns is not sent, and staff see what to do instead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from intake import NotAllowed, WrongText
from intake.access.links import CONSENT, LASTS, SIGN_IN
from intake.operations.demo import staff_address
from intake.records import Submission
from intake.referrals.undelivered import LATE
from intake.store.messages import GIVEN_UP
from tests.mail.posting import MailOffice
from tests.offices import WHITE
from tests.postbox import Postbox

UNSURE = {**WHITE, "industry": "unknown"}


def decides(office: MailOffice) -> Submission:
    """The coordinator's yes, which owes the person a link."""
    case, karin = office.sends(UNSURE), office.coordinator
    office.app.casework.pick_up(karin, case.reference)
    office.app.casework.decide(karin, case.reference, "B")
    return case


def status(office: MailOffice, letter: str) -> list[str]:
    return [row.status for row in office.outbox(letter)]


def stuck(office: MailOffice) -> list[tuple[str, str]]:
    """What the coordinator is shown, as (letter, status)."""
    return [(one.letter.letter, one.letter.status) for one in office.app.casework.troubled(office.coordinator)]


def test_a_sign_in_link_is_not_sent_after_its_ten_minutes(there: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    for _ in range(2):
        there.app.accounts.ask_to_sign_in(staff_address("trr"), "browser", "sv")
        there.works(minutes=8)
    postbox.up()
    assert there.works(minutes=1) == 1  # 17 minutes after the first, 9 after the second
    assert there.statuses() == {"too_late": 1, "sent": 1}
    [link] = re.findall(r"/staff/signin/([\w-]+)", postbox.letters[0].text)
    assert there.app.accounts.can_sign_in(link, "browser")
    assert stuck(there) == []  # nobody waits for it


def test_a_letter_holds_never_longer_than_its_link(here: MailOffice) -> None:
    here.app.accounts.ask_to_sign_in(staff_address("trr"), "browser", "sv")
    decides(here)
    with here.app.store.db.autocommit.connect() as connection:
        links = connection.exec_driver_sql("SELECT purpose, expires_at FROM links").all()
    ends = {one.purpose: datetime.fromisoformat(one.expires_at) for one in links}
    [signin], [consent] = here.outbox("sign_in"), here.outbox("decision_yes")
    for row, purpose in ((signin, SIGN_IN), (consent, CONSENT)):
        until = datetime.fromisoformat(row.valid_until)
        assert ends[purpose] - timedelta(seconds=1) < until <= ends[purpose]
        assert until - datetime.fromisoformat(row.created_at) < LASTS[purpose] + timedelta(seconds=1)


def test_a_consent_link_is_renewed_after_fourteen_days(here: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    case, karin = decides(here), here.coordinator
    here.works(days=13)
    assert stuck(here) == []
    here.works(days=2)
    assert stuck(here) == [("decision_yes", "too_late")]
    seen = here.app.casework.see(karin, case.reference, "sv")
    assert ("decision_yes", True) in {(one.letter, one.stuck) for one in seen.letters} and "new_link" in seen.can
    with pytest.raises(NotAllowed, match=LATE):
        here.app.casework.send_again(karin, here.outbox("decision_yes")[0].id)
    here.app.casework.new_link(karin, case.reference)
    assert stuck(here) == []
    postbox.up()
    here.works(minutes=1)
    assert status(here, "decision_yes") == ["too_late", "sent"] and status(here, "receipt") == ["sent"]
    [letter] = [one for one in postbox.letters if "/consent/" in one.text]
    [link] = re.findall(r"/vastkraft/consent/([\w-]+)", letter.text)
    assert here.app.links.peek(link, CONSENT) is not None


def test_one_that_was_answered_on_the_phone_needs_nobody(here: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    case, karin = decides(here), here.coordinator
    here.app.casework.consents_by_telephone(karin, case.reference, ["trr"], "sv")
    here.works(days=15)
    assert status(here, "decision_yes") == ["too_late"] and stuck(here) == []


def test_a_question_about_one_more_partner_is_asked_again(here: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    case, karin = here.sends(WHITE), here.coordinator
    here.app.casework.pick_up(karin, case.reference)
    here.app.casework.ask_by_letter(karin, case.reference, "brg")
    here.works(days=15)
    assert stuck(here) == [("consent_asked", "too_late")]
    here.app.casework.ask_by_letter(karin, case.reference, "brg")
    postbox.up()
    here.works(minutes=1)
    assert status(here, "consent_asked") == ["too_late", "sent"] and stuck(here) == []


def test_given_up_and_then_too_late_it_is_not_sent_again(there: MailOffice, postbox: Postbox) -> None:
    decides(there)
    postbox.refuse_next(550, times=10)
    there.works()
    assert ("decision_yes", "given_up") in stuck(there)
    letter = there.outbox("decision_yes")[0].id
    there.tick(days=15)  # no worker has looked since
    with pytest.raises(NotAllowed, match=LATE):
        there.app.casework.send_again(there.coordinator, letter)
    assert there.app.casework.send_all_again(there.coordinator) == 2  # the receipt, and the owner's notice
    assert status(there, "decision_yes") == [GIVEN_UP]
    there.works()
    assert status(there, "decision_yes") == ["too_late"]


def test_a_leased_letter_is_not_late_before_its_lease_ends(there: MailOffice) -> None:
    there.app.accounts.ask_to_sign_in(staff_address("trr"), "browser", "sv")
    there.tick(seconds=1)
    messages = there.app.store.messages
    [letter] = messages.claim("mine", there.clock(), there.moment + timedelta(minutes=15), 1)
    there.tick(minutes=12)
    assert messages.expire(there.clock()) == 0
    assert messages.sent(letter, "mine", there.clock()) and there.statuses() == {"sent": 1}


# a day in a letter


def books(office: MailOffice, last_day: str) -> Submission:
    case, trr = office.sends(WHITE, ("trr",)), office.staff("trr")
    office.app.casework.pick_up(trr, case.reference)
    office.app.casework.write(trr, case.reference, "book_time", "Vi ses på tisdag kl. 9.", last_day)
    return case


def test_a_meeting_time_is_not_sent_after_its_swedish_day(here: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    case, trr = books(here, "2026-11-24"), here.staff("trr")
    [row] = here.outbox("book_time")
    assert datetime.fromisoformat(row.valid_until) == datetime(2026, 11, 24, 23, tzinfo=UTC)
    here.works(days=1)
    assert status(here, "book_time") == ["waiting"]
    here.works(hours=14)
    assert stuck(here) == [("book_time", "too_late")]
    here.app.casework.call(trr, case.reference, "spoke")
    assert stuck(here) == []
    postbox.up()
    here.works(minutes=1)
    assert here.statuses() == {"sent": 2, "too_late": 1}


def test_without_a_day_it_always_holds(here: MailOffice, postbox: Postbox) -> None:
    postbox.down()
    books(here, " ")
    here.works(days=300)
    postbox.up()
    here.works(minutes=1)
    assert here.statuses() == {"sent": 3}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-11-22", "day_passed"),
        ("2026-02-30", "not_a_date"),
        ("i morgon", "not_a_date"),
        ("9999-12-31", "not_a_date"),
    ],
)
def test_a_day_that_is_none_or_over_is_refused(here: MailOffice, day: str, code: str) -> None:
    with pytest.raises(WrongText) as refused:
        books(here, day)
    assert (refused.value.code, refused.value.params["question"]) == (code, "last_day")
    assert here.outbox("book_time") == []
