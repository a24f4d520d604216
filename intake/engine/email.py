"""Email addresses: read without asking the network, and the usual slips in a domain pointed out, never refused."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

# What people write when they mean one of the providers most used here. A second look: the address may be right.
_MEANT = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.cm": "gmail.com",
    "gmail.se": "gmail.com",
    "gnail.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmai.com": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "hotnail.com": "hotmail.com",
    "outlok.com": "outlook.com",
    "outloo.com": "outlook.com",
    "outlook.con": "outlook.com",
    "iclod.com": "icloud.com",
    "icloud.con": "icloud.com",
    "yaho.com": "yahoo.com",
    "yahoo.con": "yahoo.com",
    "telia.con": "telia.com",
}
_NOWHERE = (".test", ".invalid", ".local", ".localhost")  # RFC 2606, RFC 6762: no address by email-validator


def address(text: str) -> str | None:
    """The address as letters go to it: the domain in small ASCII letters; None when none can go there."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return None
    return found.ascii_email


def is_email(text: str) -> bool:
    """Whether this is written as an address, also at a domain that leads nowhere by design: to refuse that is for
    others.
    """
    reserved = text.lower().endswith(_NOWHERE)
    return address(f"{text}.se" if reserved else text) is not None


def mended(text: str) -> str | None:
    """The address that was probably meant; None when nothing looks wrong with this one."""
    mailbox, _, domain = text.rpartition("@")
    meant = _MEANT.get(domain.lower())
    return f"{mailbox}@{meant}" if meant else None


# Addresses that lead nowhere by design (RFC 2606, RFC 6761): good for a demo, never for real letters.
_RESERVED = ("example", "invalid", "test", "localhost", "local")
_EXAMPLES = ("example.com", "example.net", "example.org")


def is_placeholder(address: str) -> bool:
    """Whether no letter to this address can arrive: it is an example's, or a test's."""
    domain = address.rpartition("@")[2].strip("> ").lower().rstrip(".")
    return (
        domain.split(".")[-1] in _RESERVED
        or domain in _EXAMPLES
        or any(domain.endswith(f".{example}") for example in _EXAMPLES)
    )
