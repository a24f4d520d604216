"""Sends one letter over SMTP and says what became of it: sent, try later, or never. Knows no database.

"Maybe": the connection was lost after the letter had gone out and before the server said yes. It is sent again with the
same Message-ID; that is the one stated bound on doubles.
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
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from intake.addresses import is_placeholder
from intake.config import Settings
from intake.records import Message

TIMEOUT = 20.0  # seconds for any one answer of the server


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a letter. `problem` is the server's code or our own words, never an address."""

    sent: bool
    permanent: bool = False
    maybe: bool = False
    problem: str = ""


class Post(Protocol):
    """A way for letters; entered for a batch, so that one connection serves it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def deliver(self, letter: Message, moment: datetime) -> Delivered: ...


class Mailbox:
    """Demo without SMTP: a letter counts as sent, and is read at /demo/mail."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        return Delivered(True)


class Nowhere:
    """No SMTP server is set: letters wait."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        return Delivered(False, problem="no mail server is set: INTAKE_SMTP_URL")


class Smtp:
    """One SMTP server. Certificates are verified; STARTTLS is used when the server offers it or a password is to be
    sent.
    """

    def __init__(self, settings: Settings) -> None:
        self.url = urlsplit(settings.smtp_url)
        self.sender = settings.mail_from
        self.demo = settings.demo
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def deliver(self, letter: Message, moment: datetime) -> Delivered:
        """Give one letter to the server."""
        if not self.demo and any(map(is_placeholder, filter(None, (letter.to, letter.reply_to, self.sender)))):
            return Delivered(False, permanent=True, problem="a placeholder address: no real letter goes there")
        gone_out = False
        try:
            server = self._connected()
            _expect(server.mail(parseaddr(self.sender)[1]), 250)
            _expect(server.rcpt(letter.to), 250, 251)
            _expect(server.docmd("DATA"), 354)
            gone_out = True
            server.send(_dotted(write(letter, self.sender, moment).as_bytes()))
            _expect(server.getreply(), 250)
            return Delivered(True)
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            never = 500 <= error.smtp_code < 600
            return Delivered(False, permanent=never, problem=f"the mail server answered {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            what = "was lost while it took the letter" if gone_out else "cannot be reached"
            return Delivered(False, maybe=gone_out, problem=f"the mail server {what} ({type(error).__name__})")

    def _connected(self) -> smtplib.SMTP:
        if self.server is not None:
            return self.server
        host, context = self.url.hostname or "", ssl.create_default_context()
        server: smtplib.SMTP
        if self.url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, self.url.port or 587, timeout=TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        self.server = server
        server.ehlo()
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def _hang_up(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()


def write(letter: Message, sender: str, moment: datetime) -> EmailMessage:
    """The letter as RFC 5322 has it: plain text first, the same words as simple HTML, nothing fetched from anywhere."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    return message


def as_html(letter: Message) -> str:
    """Paragraphs with links that can be pressed; every word escaped."""
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


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(reply[0], reply[1])


def _dotted(content: bytes) -> bytes:
    """Lines that begin with a dot get another, and the end is marked (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines) + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
