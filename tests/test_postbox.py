"""The mail server of the tests behaves like a real one, faults included."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

import pytest

from tests.postbox import Postbox


def letter(to: str = "kim@example.org", subject: str = "Hej") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "intake@example.org", to, subject
    message.set_content("Räksmörgås\n.\nen rad som börjar med punkt")
    return message


def send(postbox: Postbox, message: EmailMessage | None = None, timeout: float = 5) -> None:
    with smtplib.SMTP(postbox.host, postbox.port, timeout=timeout) as client:
        client.send_message(message or letter())


def test_letters_are_kept_with_their_envelope(postbox: Postbox) -> None:
    send(postbox)
    send(postbox, letter("alex@example.org", "Två"))
    assert [kept.subject for kept in postbox.wait(2)] == ["Hej", "Två"]
    [kept] = postbox.letters_to("kim@example.org")
    assert (kept.sender, kept.recipients) == ("intake@example.org", ("kim@example.org",))
    assert kept.text == "Räksmörgås\n.\nen rad som börjar med punkt\n"
    assert postbox.attempts == 2


def test_it_refuses_as_often_as_planned(postbox: Postbox) -> None:
    postbox.refuse_next(451, times=2)
    postbox.refuse_next(550, at="data")
    for code in (451, 451):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(postbox)
        assert refused.value.recipients["kim@example.org"][0] == code
    with pytest.raises(smtplib.SMTPDataError) as late:
        send(postbox)
    assert late.value.smtp_code == 550
    send(postbox)
    assert len(postbox.letters) == 1
    assert postbox.attempts == 4


def test_a_refused_sender(postbox: Postbox) -> None:
    postbox.refuse_next(550, at="mail")
    with pytest.raises(smtplib.SMTPSenderRefused):
        send(postbox)


def test_dropped_in_data_is_not_accepted(postbox: Postbox) -> None:
    postbox.drop_next_in_data()
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(postbox)
    assert postbox.letters == []
    send(postbox)
    assert len(postbox.letters) == 1


def test_a_lost_acknowledgement_is_accepted_all_the_same(postbox: Postbox) -> None:
    postbox.lose_next_acknowledgement()
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(postbox)
    assert len(postbox.letters) == 1


def test_slow(postbox: Postbox) -> None:
    postbox.answer_slowly(0.5)
    with pytest.raises((smtplib.SMTPException, TimeoutError)):
        send(postbox, timeout=0.1)
    send(postbox)


def test_down_and_up_again_on_the_same_port(postbox: Postbox) -> None:
    postbox.down()
    with pytest.raises(OSError):
        send(postbox)
    postbox.up()
    send(postbox)
    assert len(postbox.letters) == 1


def test_going_down_cuts_whoever_is_connected(postbox: Postbox) -> None:
    client = smtplib.SMTP(postbox.host, postbox.port, timeout=5)
    postbox.down()
    with pytest.raises((smtplib.SMTPException, OSError)):
        client.send_message(letter())
    client.close()


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_sign_in_over_starttls(password: str) -> None:
    with Postbox(login=("intake", "right"), tls="starttls") as postbox:
        with smtplib.SMTP(postbox.host, postbox.port, timeout=5) as client:
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.sendmail("intake@example.org", ["kim@example.org"], b"nothing without TLS")
            client.starttls(context=ssl.create_default_context(cafile=postbox.ca_file))
            if password == "wrong":
                with pytest.raises(smtplib.SMTPAuthenticationError):
                    client.login("intake", password)
                return
            client.login("intake", password)
            client.send_message(letter())
        assert postbox.letters_to("kim@example.org")
        assert postbox.url == f"smtp://intake:right@127.0.0.1:{postbox.port}"


def test_tls_from_the_first_byte() -> None:
    with Postbox(tls="implicit") as postbox:
        context = ssl.create_default_context(cafile=postbox.ca_file)
        with smtplib.SMTP_SSL(postbox.host, postbox.port, timeout=5, context=context) as client:
            client.send_message(letter())
        assert len(postbox.letters) == 1
        assert postbox.url.startswith("smtps://")
