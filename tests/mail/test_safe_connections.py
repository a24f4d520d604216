"""STARTTLS, TLS and passwords: verified, never in clear, and wrong ones waited out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.mail.posting import MailOffice, mail_office
from tests.postbox import Postbox, Tls

Opened = Callable[..., tuple[MailOffice, Postbox]]


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path) -> Iterator[Opened]:
    """An office and a post office that asks for what a test says."""
    with ExitStack() as stack:

        def open_both(host: str = "127.0.0.1", **asks: Any) -> tuple[MailOffice, Postbox]:
            postbox = Postbox(**asks)
            postbox.host = host
            stack.enter_context(postbox)
            return stack.enter_context(mail_office(sqlite_url, tmp_path, smtp_url=address(postbox))), postbox

        yield open_both


@pytest.fixture
def trusts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Postbox], None]:
    """The system trusts the post office's authority, as it does the real ones: by its environment."""
    return lambda postbox: monkeypatch.setenv("SSL_CERT_FILE", postbox.ca_file)


def address(postbox: Postbox, password: str | None = None) -> str:
    """INTAKE_SMTP_URL, with the login percent-encoded as a URL wants it."""
    bare = postbox.url.rpartition("@")[2].removeprefix("smtp://").removeprefix("smtps://")
    name, right = postbox.login or ("", "")
    who = f"{quote(name, safe='')}:{quote(password or right, safe='')}@" if name else ""
    return f"{'smtps' if postbox.tls == 'implicit' else 'smtp'}://{who}{bare}"


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("login", [None, ("intake@example.org", "100 % hemligt/#?:@")])
def test_letters_go_over_verified_tls(
    opened: Opened, trusts: Callable[[Postbox], None], tls: Tls, login: tuple[str, str] | None
) -> None:
    office, postbox = opened(tls=tls, login=login)
    trusts(postbox)
    office.owes(3)
    office.works()
    assert office.statuses() == {"sent": 3} and len(postbox.letters) == 3


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_an_untrusted_certificate_is_refused_and_tried_later(
    opened: Opened, trusts: Callable[[Postbox], None], capfd: pytest.CaptureFixture[str], tls: Tls
) -> None:
    office, postbox = opened(tls=tls, login=("intake", "hemligt"))
    office.owes(2)
    office.works()
    assert office.statuses() == {"waiting": 2} and postbox.attempts == 0
    assert "the mail server's certificate is not to be trusted" in "".join(capfd.readouterr())
    trusts(postbox)
    office.works(minutes=2)
    assert office.statuses() == {"sent": 2}


def test_a_certificate_for_another_name_is_refused(opened: Opened, trusts: Callable[[Postbox], None]) -> None:
    office, postbox = opened(host="127.0.0.1", tls="starttls")
    trusts(postbox)
    office.reopen(smtp_url=f"smtp://127.0.0.2:{postbox.port}")
    office.owes()
    office.works()
    assert office.statuses() == {"waiting": 1} and postbox.attempts == 0


@pytest.mark.parametrize("tls", ["starttls", "implicit", None])
def test_a_wrong_password_is_waited_out_and_never_shown(
    opened: Opened, trusts: Callable[[Postbox], None], capfd: pytest.CaptureFixture[str], tls: Tls
) -> None:
    office, postbox = opened(tls=tls, login=("intake", "hemligt"))
    if tls:
        trusts(postbox)
    office.reopen(smtp_url=address(postbox, "felaktigt"))
    office.owes(2)
    office.works()
    said = "".join(capfd.readouterr())
    assert office.statuses() == {"waiting": 2} and "felaktigt" not in said
    assert "the mail server does not accept this name and password (it answered 535)" in said
    office.reopen(smtp_url=address(postbox))
    office.works(minutes=2)
    assert office.statuses() == {"sent": 2}


def test_a_server_that_wants_an_unset_password_is_waited_out(opened: Opened) -> None:
    office, postbox = opened(login=("intake", "hemligt"))
    office.reopen(smtp_url=f"smtp://{postbox.host}:{postbox.port}")
    office.owes()
    office.works()
    assert [(row.status, row.problem) for row in office.outbox()] == [("waiting", "the mail server answered 530")]


class Listening(Postbox):
    """Another machine's mail server, which writes down what is said to it in clear."""

    host = "127.0.0.2"
    heard = 0

    def _sign_in(self, *said: Any) -> Any:
        self.heard += 1
        return super()._sign_in(*said)


def test_no_password_goes_to_another_machine_in_clear(
    sqlite_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        Listening(login=("intake", "hemligt")) as postbox,
        mail_office(sqlite_url, tmp_path, smtp_url=postbox.url) as office,
    ):
        office.owes()
        office.works()
        assert office.statuses() == {"waiting": 1} and postbox.heard == 0
        assert "the mail server takes no password over TLS" in "".join(capfd.readouterr())


@pytest.mark.parametrize("password", ["ålänning", "100%"])
def test_an_unusual_smtp_password_breaks_nothing(
    opened: Opened, capfd: pytest.CaptureFixture[str], password: str
) -> None:
    office, postbox = opened(login=("intake", "hemligt"))
    office.reopen(smtp_url=f"smtp://intake:{password}@{postbox.host}:{postbox.port}")
    office.owes()
    office.works()
    assert office.statuses() == {"waiting": 1} and password not in "".join(capfd.readouterr())
