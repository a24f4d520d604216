"""Refusals and silence of the mail server: letters are retried, given up visibly, never lost, rarely sent twice."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest

from intake import NotAllowed
from intake.config import load_settings
from intake.letters.outbox import LEASE, SPREAD, WAITS, Outbox
from intake.letters.smtp import Smtp
from tests.mail.posting import MailOffice, copies
from tests.offices import NOW, WHITE
from tests.postbox import Postbox, Stage

FIVE_HOURS = timedelta(hours=5)
STAGES: tuple[Stage, ...] = ("mail", "rcpt", "data")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("code", [421, 451])
def test_a_passing_no_is_tried_again_after_the_wait(
    here: MailOffice, postbox: Postbox, stage: Stage, code: int
) -> None:
    here.owes()
    postbox.refuse_next(code, times=2, at=stage)
    here.works()
    [row] = here.outbox()
    assert (row.status, row.attempts, row.problem) == ("waiting", 1, f"the mail server answered {code}")
    assert here.works(seconds=50) == 0  # not before its time
    assert here.works(seconds=20) == 1 and here.works(seconds=110) == 0
    assert here.works(seconds=20) == 1
    [letter] = postbox.letters
    assert letter.message["Message-ID"] == row.message_id
    assert [(row.status, row.attempts, row.problem) for row in here.outbox()] == [("sent", 3, None)]
    assert not here.outbox()[0].maybe_delivered


@pytest.mark.parametrize("stage", STAGES)
def test_a_permanent_refusal_is_shown_and_can_be_sent_again(there: MailOffice, postbox: Postbox, stage: Stage) -> None:
    case = there.sends(WHITE, ("trr",))
    postbox.refuse_next(550, times=2, at=stage)
    there.works()
    assert there.works(hours=6) == 0 and postbox.letters == []
    trr, karin = there.staff("trr"), there.coordinator
    shown = [event.letter for event in there.app.casework.see(trr, case.reference, "sv").timeline if event.letter]
    assert {(letter.status, letter.problem) for letter in shown} == {("given_up", "the mail server answered 550")}
    troubled = [trouble.message for trouble in there.app.casework.troubled(karin)]
    assert {letter.letter for letter in troubled} == {"receipt", "new_referral"}
    for letter in troubled:
        there.app.casework.send_again(karin, letter.id)
        with pytest.raises(NotAllowed):  # pressed twice
            there.app.casework.send_again(trr, letter.id)
    there.works()
    assert copies(postbox.letters) == {letter.message_id: 1 for letter in troubled}
    assert there.app.casework.troubled(karin) == ()


def test_a_no_to_one_letter_holds_up_no_other(here: MailOffice, postbox: Postbox) -> None:
    here.owes(5)
    postbox.refuse_next(550)
    postbox.refuse_next(451, at="data")
    here.works()
    assert here.statuses() == {"given_up": 1, "waiting": 1, "sent": 3}


# The server is away


def test_while_the_mail_server_is_away_no_letter_is_given_up(there: MailOffice, postbox: Postbox) -> None:
    there.sends_in()
    postbox.down()
    there.works()
    since = there.away_since
    for _ in range(3 * 24):
        assert there.works(hours=1) == 0
    assert [(row.status, row.attempts, row.lease) for row in there.outbox()] == [("waiting", 0, None)] * 2
    assert since is not None and since - NOW < timedelta(seconds=1) and there.away_since == since
    postbox.up()
    assert there.works(minutes=1) == 2 and there.away_since is None
    assert copies(postbox.letters) == {row.message_id: 1 for row in there.outbox()}
    assert not any(row.maybe_delivered for row in there.outbox())


def test_the_five_hours_begin_when_it_is_back(here: MailOffice, postbox: Postbox) -> None:
    case = here.sends(WHITE, ("trr",))
    postbox.down()
    for _ in range(6):
        here.works(hours=1)
    postbox.up()
    postbox.refuse_next(451, times=10**6)
    back = here.moment
    here.works(minutes=1)
    while "waiting" in here.statuses():
        assert here.moment - back < FIVE_HOURS
        here.works_when_due()
    assert here.statuses() == {"given_up": 2} and timedelta(hours=4.5) < here.moment - back < FIVE_HOURS
    assert len(here.app.casework.troubled(here.coordinator)) == 2
    postbox.forget_faults()
    assert here.works(hours=1) == 0
    here.app.casework.send_again(here.staff("trr"), here.receipt().id)
    postbox.refuse_next(451)
    here.works()
    assert (here.receipt().status, here.receipt().attempts) == ("waiting", 1)  # it has the whole time once more
    here.works(minutes=2)
    assert copies(postbox.letters) == {here.receipt().message_id: 1} and case.reference in postbox.letters[0].subject


def test_a_server_lost_in_mid_batch_costs_one_attempt(here: MailOffice, postbox: Postbox) -> None:
    here.owes(5)
    postbox.hang_up_and_go()
    here.works()
    assert sorted(row.attempts for row in here.outbox()) == [0, 0, 0, 0, 1]
    assert here.statuses() == {"waiting": 5} and not any(row.lease for row in here.outbox())
    postbox.up()
    here.works(minutes=2)
    assert here.statuses() == {"sent": 5} and len(postbox.letters) == 5


def test_one_line_when_it_goes_and_one_when_it_is_back(
    here: MailOffice, postbox: Postbox, capfd: pytest.CaptureFixture[str]
) -> None:
    here.owes(3)
    postbox.down()
    for _ in range(60):
        here.works(minutes=1)
    postbox.up()
    here.works(minutes=1)
    here.works(minutes=1)
    said = "".join(capfd.readouterr())
    assert said.count("mail_server_away") == said.count("mail_server_back") == 1
    assert f"cannot be reached (ConnectionRefusedError) (127.0.0.1:{postbox.port})" in said


def test_a_server_away_longer_is_asked_less_often(here: MailOffice, postbox: Postbox) -> None:
    here.owes()
    postbox.down()
    with Doorbell(postbox.port) as door:
        for _ in range(600):
            here.works(seconds=1)
    assert 13 <= door.rung <= 16  # after 1, 2, 4 ... seconds, then every minute


def test_a_clock_set_back_does_not_stop_the_probing(here: MailOffice, postbox: Postbox) -> None:
    here.owes()
    postbox.down()
    here.works()
    here.moment -= timedelta(hours=3)
    here.owes()
    postbox.up()
    assert here.works() == 1  # and the other when its time has come again


def test_the_waits_stay_under_five_hours_at_the_slowest() -> None:
    trying = timedelta(seconds=20)  # when nothing answers at all
    assert timedelta(hours=4.6) < sum(WAITS, timedelta()) < FIVE_HOURS - len(WAITS) * (trying + SPREAD) - trying


def test_a_server_that_is_away_is_not_asked_for_every_letter(here: MailOffice, postbox: Postbox) -> None:
    here.owes(30)
    postbox.down()
    with Doorbell(postbox.port) as door:
        here.works()
    assert here.statuses() == {"waiting": 30} and door.rung == 1
    assert {row.attempts for row in here.outbox()} == {0}


class Doorbell:
    """Listens where the mail server was, and shuts the door on whoever comes."""

    def __init__(self, port: int) -> None:
        self.rung = 0
        self.listening = socket.create_server(("127.0.0.1", port))
        self.thread = threading.Thread(target=self._open)

    def _open(self) -> None:
        while True:
            try:
                caller, _ = self.listening.accept()
            except OSError:
                return
            self.rung += 1
            caller.close()

    def __enter__(self) -> Doorbell:
        self.thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


# The server is slow, or gone at the worst moment


def patient(office: MailOffice, postbox: Postbox, answering: float, taking: float) -> Outbox:
    """The office's outbox with other patience: a test does not wait for minutes."""
    post = Smtp(load_settings(demo=True, smtp_url=postbox.url), answering=answering, taking=taking)
    return Outbox(office.app.store, post, office.clock, office.app.chance)


def test_a_server_slow_to_accept_gets_the_letter_once(here: MailOffice, postbox: Postbox) -> None:
    here.owes(2)
    postbox.answer_slowly(0.6)
    patient(here, postbox, answering=0.2, taking=5).work_once()
    assert here.statuses() == {"sent": 2} and len(postbox.letters) == 2


def test_a_server_that_leaves_it_open_is_asked_again(here: MailOffice, postbox: Postbox) -> None:
    here.owes()
    postbox.answer_slowly(0.6)
    patient(here, postbox, answering=5, taking=0.2).work_once()
    assert _maybe(here) and "before it said that it has the letter" in here.outbox()[0].problem
    here.works(minutes=2)
    assert set(copies(postbox.letters)) == {here.outbox()[0].message_id} and here.statuses() == {"sent": 1}


def test_a_connection_lost_in_the_letter_loses_no_letter(there: MailOffice, postbox: Postbox) -> None:
    there.owes(3)
    postbox.drop_next_in_data(times=2)
    there.works()
    assert there.statuses() == {"waiting": 2, "sent": 1}
    there.works(minutes=2)
    assert copies(postbox.letters) == {row.message_id: 1 for row in there.outbox()}
    assert there.statuses() == {"sent": 3}


def test_a_lost_acceptance_makes_one_marked_double(there: MailOffice, postbox: Postbox) -> None:
    there.owes(3)
    postbox.lose_next_acknowledgement()
    there.works()
    assert len(postbox.letters) == 3
    [unsure] = [row for row in there.outbox() if row.status == "waiting"]
    assert unsure.maybe_delivered
    there.works(minutes=2)
    expected = {row.message_id: 2 if row.id == unsure.id else 1 for row in there.outbox()}
    assert copies(postbox.letters) == expected
    first, second = (one for one in postbox.letters if one.message["Message-ID"] == unsure.message_id)
    assert (first.text, first.subject, first.recipients) == (second.text, second.subject, second.recipients)
    assert [row.id for row in there.outbox() if row.maybe_delivered] == [unsure.id]
    assert there.statuses() == {"sent": 3}


def test_a_dead_workers_letter_is_taken_by_another(there: MailOffice, postbox: Postbox) -> None:
    there.owes(3)
    claimed = there.app.store.messages.claim("dead", there.clock(), there.moment + LEASE, 1)
    assert there.works() == 2 and there.works(minutes=14) == 0
    assert there.works(minutes=1, seconds=1) == 1
    assert copies(postbox.letters)[claimed[0].message_id] == 1


def _maybe(office: MailOffice) -> bool:
    [row] = office.outbox()
    return bool(row.maybe_delivered) and row.status == "waiting"
