"""Sends one letter over SMTP and returns the result: sent, try later, or never. Knows no database.

"Maybe": the connection was lost after the whole letter was sent and before the server confirmed it. It is sent again
with the same Message-ID; this is the only case in which a letter may arrive twice.
"""

from __future__ import annotations

import html
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from intake.config import Settings
from intake.engine.email import is_placeholder
from intake.errors import BadSetting
from intake.records import Message

ANSWERING = 20.0  # seconds for any response of the server,
TAKING = 300.0  # but for the confirmation: it may be scanning the letter, and hanging up would cause a duplicate
SIGN_IN_FIRST = 530  # the fault is in INTAKE_SMTP_URL, not in the letter
OUT_OF_DATE = (9, 10)  # OpenSSL: not valid yet, not valid any more
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result of sending a letter. `problem` is the server's code or our own words, never an address.

    `away`: the server cannot be reached, which says nothing about the letter.
    """

    sent: bool
    permanent: bool = False
    maybe: bool = False
    problem: str = ""
    away: bool = False


class Post(Protocol):
    """A way to send letters; entered for a batch, so that one connection serves it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def greet(self) -> str:
        """Returns why letters cannot be sent now; empty if they can. Raises BadSetting if they never can."""

    def deliver(self, letter: Message, moment: datetime) -> Delivered: ...


class Mailbox:
    """Demo without SMTP: a letter counts as sent, and is shown at /demo/mail."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def greet(self) -> str:
        return ""

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        return Delivered(True)


class Nowhere(Mailbox):
    """No SMTP server is set: letters wait."""

    problem = "no mail server is set: INTAKE_SMTP_URL"

    def greet(self) -> str:
        return self.problem

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        return Delivered(False, problem=self.problem, away=True)


class Smtp:
    """One SMTP server. Certificates are verified, and STARTTLS is used if offered.

    Passwords are sent only over TLS, except to this machine itself.
    """

    def __init__(self, settings: Settings, *, answering: float = ANSWERING, taking: float = TAKING) -> None:
        self.url = urlsplit(settings.smtp_url)
        self.host = self.url.hostname or ""
        self.port = self.url.port or (465 if self.url.scheme == "smtps" else 587)
        self.demo = settings.demo
        self.sender = settings.mail_from
        self.answering = answering
        self.taking = taking
        self.server: smtplib.SMTP | None = None
        self.away = ""  # why the server cannot be used; not tried again in this batch
        self.never = False  # and it never can, with these settings

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._hang_up()
        self.away, self.never = "", False

    def greet(self) -> str:
        if self._connected() is None and self.never:
            raise BadSetting(f"INTAKE_SMTP_URL: {self.away} ({self.host}:{self.port})")
        return f"{self.away} ({self.host}:{self.port})" if self.away else ""

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        """Sends one letter."""
        if not self.demo and any(map(is_placeholder, filter(None, (letter.to, letter.reply_to)))):
            return Delivered(False, permanent=True, problem="a placeholder address: no real letter goes there")
        try:
            content = _dotted(write(letter, self.sender, moment).as_bytes())
        except Exception as error:  # its content cannot be written: the letters after it still go
            return _never(error)
        server = self._connected()
        if server is None:
            return Delivered(False, problem=f"{self.away} ({self.host}:{self.port})", away=True)
        return self._hand_over(server, letter.to, content)

    def _hand_over(self, server: smtplib.SMTP, to: str, content: bytes) -> Delivered:
        gone_out = False
        try:
            _expect(server.mail(parseaddr(self.sender)[1]), 2)
            _expect(server.rcpt(to), 2)
            _expect(server.docmd("DATA"), 3)
            server.send(content)
            gone_out = True
            _wait_at_most(server, self.taking)
            _expect(server.getreply(), 2)
            _wait_at_most(server, self.answering)
            return Delivered(True)
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            code = error.smtp_code
            never = code >= 500 and code != SIGN_IN_FIRST
            return Delivered(False, permanent=never, problem=f"the mail server answered {code}")
        except OSError as error:  # includes smtplib's own errors
            self._hang_up()
            what = "was lost before it said that it has the letter" if gone_out else "was lost"
            return Delivered(False, maybe=gone_out, problem=f"the mail server {what} ({type(error).__name__})")
        except ValueError as error:  # an address that no command can contain
            self._hang_up()
            return _never(error)

    def _connected(self) -> smtplib.SMTP | None:
        """Returns the connection, signed in; None: see `away`."""
        if self.server is None and not self.away:
            try:
                self._connect()
            except (OSError, ValueError) as error:
                self._hang_up()
                self.away, self.never = _why(error), _is_a_setting(error)
        return self.server

    def _connect(self) -> None:
        if self.url.scheme == "smtps":
            context = ssl.create_default_context()
            self.server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.answering, context=context)
        else:
            self.server = smtplib.SMTP(self.host, self.port, timeout=self.answering)
        self.server.ehlo_or_helo_if_needed()
        safe = self.url.scheme == "smtps" or self.host in LOOPBACK
        if self.url.scheme == "smtp" and self.server.has_extn("starttls"):
            self.server.starttls(context=ssl.create_default_context())
            self.server.ehlo_or_helo_if_needed()
            safe = True
        if self.url.username:
            if not safe:
                raise smtplib.SMTPNotSupportedError
            self.server.login(unquote(self.url.username), unquote(self.url.password or ""))

    def _hang_up(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            try:
                server.quit()
            except OSError:
                server.close()


def write(letter: Message, sender: str, moment: datetime) -> EmailMessage:
    """Returns the letter in RFC 5322 form: plain text, then the same as simple HTML without external resources."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language  # last, or set_content would put it into the first part
    return message


def as_html(letter: Message) -> str:
    """Returns paragraphs with links; every word is escaped."""
    paragraphs = (html.escape(part).replace("\n", "<br>") for part in letter.text.strip().split("\n\n"))
    linked = (re.sub(r"(https?://[^\s<]+)", r'<a href="\1" style="color:#0b5563">\1</a>', part) for part in paragraphs)
    body = "".join(f'<p style="margin:0 0 1em">{part}</p>' for part in linked)
    return (
        f'<!doctype html><html lang="{html.escape(letter.language)}"><head><meta charset="utf-8">'
        f"<title>{html.escape(letter.subject)}</title></head>"
        '<body style="margin:0;background:#f2f0ec;color:#11282d"><div style="background:#083a45;height:8px"></div>'
        '<div style="max-width:36em;margin:0 auto;padding:24px;background:#fff;'
        f'font:17px/1.55 system-ui,sans-serif">{body}</div></body></html>'
    )


def _expect(reply: tuple[int, bytes], kind: int) -> None:
    """Checks the first digit of a reply, which determines its kind (RFC 5321, 4.3.2)."""
    if reply[0] // 100 != kind:
        raise smtplib.SMTPResponseException(reply[0], reply[1])


def _wait_at_most(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _never(error: Exception) -> Delivered:
    """Returns the result for a letter that no server could accept, for example with a line break in an address."""
    return Delivered(False, permanent=True, problem=f"it cannot be written as a letter ({type(error).__name__})")


def _is_a_setting(error: Exception) -> bool:
    """Whether trying again cannot help: an invalid host, a refused password, no TLS, a certificate of somebody else.

    An expired certificate will be renewed, and a 4xx reply to the password means "later".
    """
    match error:
        case smtplib.SMTPAuthenticationError():
            return error.smtp_code >= 500
        case ssl.SSLCertVerificationError():
            return error.verify_code not in OUT_OF_DATE
    return isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError)


def _why(error: Exception) -> str:
    """Describes why there is no connection, without the password or what the server quotes of it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"the mail server does not accept this name and password (it answered {error.smtp_code})"
        case smtplib.SMTPNotSupportedError():
            return "the mail server takes no password over TLS"
        case smtplib.SMTPResponseException():
            return f"the mail server answered {error.smtp_code} when it was greeted"
        case ssl.SSLCertVerificationError():
            return "the mail server's certificate is not to be trusted"
        case UnicodeError():
            return "the mail server cannot be told this host, name or password: write them in ASCII"
    return f"the mail server cannot be reached ({type(error).__name__})"


def _dotted(content: bytes) -> bytes:
    """Escapes lines that begin with a dot, and adds the end of data (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines) + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
