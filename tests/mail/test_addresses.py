"""Addresses of letters: monitored ones, no placeholders outside demo, and letters that wait for a setting."""

from __future__ import annotations

import pytest

from intake import Asked, BadSetting
from intake.engine.email import is_placeholder
from intake.records import PartnerSettings
from tests.mail.posting import REAL_KIM, REAL_SENDER, REAL_TRR, MailOffice, only
from tests.offices import WHITE
from tests.postbox import Postbox


@pytest.mark.parametrize(
    ("address", "placeholder"),
    [
        ("kim@example.org", True),
        ("kim@mail.example.com", True),
        ("Kim <kim@EXAMPLE.NET>", True),
        ("kim@example.org.", True),
        ("kim@intake.invalid", True),
        ("kim@firma.test", True),
        ("kim@firma.example", True),
        ("root@localhost", True),
        ("kim@printer.local", True),
        ("kim@region.internal", False),
        ("kim@notexample.org", False),
        ("kim@example.org.firma.internal", False),
        ("test@firma.internal", False),
        ("", False),
    ],
)
def test_what_a_placeholder_is(address: str, placeholder: bool) -> None:
    assert is_placeholder(address) == placeholder


def test_outside_demo_nothing_goes_to_a_placeholder(there: MailOffice, postbox: Postbox) -> None:
    there.sends_in()  # in demo, to example.org
    there.goes_live(smtp_url=postbox.url)
    there.works()
    assert postbox.attempts == 0 and there.statuses() == {"given_up": 2}
    assert {row.problem for row in there.outbox()} == {"a placeholder address: no real letter goes there"}
    there.sends_in(email=REAL_KIM)  # TRR's addresses are still the demo's
    there.works()
    assert postbox.attempts == 0 and there.statuses() == {"given_up": 2, "stopped": 2}
    there.app.accounts.set_partner("trr", reply_to=REAL_TRR, notify=REAL_TRR)
    there.works()
    assert only(postbox, REAL_KIM).message["Reply-To"] == REAL_TRR
    assert only(postbox, REAL_TRR).message["From"] == REAL_SENDER


@pytest.mark.parametrize("sender", ["", "VästKraft", "VästKraft <post@example.org>", "a@b.internal\nBcc: c@d.internal"])
def test_without_a_real_sender_nothing_starts_outside_the_demo(here: MailOffice, postbox: Postbox, sender: str) -> None:
    with pytest.raises(BadSetting, match="INTAKE_MAIL_FROM"):
        here.goes_live(smtp_url=postbox.url, mail_from=sender)


def test_without_a_mail_server_letters_wait_and_name_the_setting(
    here: MailOffice, postbox: Postbox, capfd: pytest.CaptureFixture[str]
) -> None:
    here.goes_live()
    here.app.accounts.set_partner("trr", reply_to=REAL_TRR, notify=REAL_TRR)
    case = here.sends(WHITE, ("trr",), email=REAL_KIM)
    for _ in range(24):
        here.works(hours=1)
    assert here.statuses() == {"waiting": 2}
    assert "".join(capfd.readouterr()).count("no mail server is set: INTAKE_SMTP_URL") == 1
    timeline = here.app.casework.see(here.staff("trr"), case.reference, "sv").timeline
    assert "is away" in next(event.letter.problem for event in timeline if event.letter)
    here.goes_live(smtp_url=postbox.url)
    here.works(minutes=2)
    assert here.statuses() == {"sent": 2} and len(postbox.letters) == 2


def test_without_a_mail_server_the_demo_uses_its_mailbox(here: MailOffice) -> None:
    here.reopen()
    here.sends_in()
    here.works()
    assert sorted(letter.letter for letter in here.app.mailbox()) == ["new_referral", "receipt"]


# Partners


def forget(office: MailOffice, partner: str) -> None:
    office.app.store.people.set_partner(PartnerSettings("vastkraft", partner, None, None, None), office.clock())


def test_a_letter_waits_until_a_monitored_address_is_set(there: MailOffice, postbox: Postbox) -> None:
    forget(there, "trr")
    case = there.sends(WHITE, ("trr",))
    assert there.works(hours=5) == 0 and there.statuses() == {"stopped": 2}
    case_seen = there.app.casework.see(there.staff("trr"), case.reference, "sv")
    problems = {letter.letter: letter.problem for letter in case_seen.letters}
    assert "intake partner set trr --reply-to" in problems["receipt"]
    assert "intake partner set trr --notify" in problems["new_referral"]
    assert {trouble.message.status for trouble in there.app.casework.troubled(there.coordinator)} == {"stopped"}
    there.app.accounts.set_partner("trr", reply_to="svar@example.org")
    assert there.works() == 1
    assert only(postbox, "kim@example.org").message["Reply-To"] == "svar@example.org"
    there.app.accounts.set_partner("trr", notify="vakt@example.org")
    assert there.works() == 1 and only(postbox, "vakt@example.org")


def test_an_address_mended_since_is_the_one_that_is_used(here: MailOffice, postbox: Postbox) -> None:
    here.app.accounts.set_partner("trr", notify="fel@example.org", reply_to="fel@example.org")
    here.sends_in()
    postbox.refuse_next(550, times=2)
    here.works()
    assert here.statuses() == {"given_up": 2}
    here.app.accounts.set_partner("trr", notify="vakt@example.org", reply_to="svar@example.org")
    for trouble in here.app.casework.troubled(here.coordinator):
        here.app.casework.send_again(here.coordinator, trouble.message.id)
    here.works()
    assert only(postbox, "vakt@example.org").message["Reply-To"] is None
    assert only(postbox, "kim@example.org").message["Reply-To"] == "svar@example.org"


def test_who_has_no_email_gets_no_letter_and_is_to_be_called(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",), email="", phone="031-123 45 67")
    here.works()
    assert [letter.recipients for letter in postbox.letters] == [("trr@example.org",)]
    trr = here.staff("trr")
    [row] = here.app.casework.queue(trr, Asked(), "sv").rows
    assert (row.reference, row.by_phone) == (case.reference, True)
    here.app.casework.pick_up(trr, case.reference)
    here.app.casework.call(trr, case.reference, "spoke")
    here.app.casework.close(trr, case.reference, "training")
    assert here.works() == 0
