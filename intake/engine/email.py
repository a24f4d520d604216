"""Email addresses: checked without network access. Common slips in a domain are pointed out, never refused."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

# Common misspellings of the providers most used here. They are only suggestions: the address may be right.
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
_NOWHERE = (".test", ".invalid", ".local", ".localhost")  # RFC 2606, RFC 6762: email-validator refuses these


def address(text: str) -> str | None:
    """Returns the deliverable address with its domain in lower-case ASCII, or None if no letter can be sent to it."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return None
    return found.ascii_email


def is_email(text: str) -> bool:
    """Whether the text is written as an address. Reserved domains count too: callers refuse those themselves."""
    reserved = text.lower().endswith(_NOWHERE)
    return address(f"{text}.se" if reserved else text) is not None


def mended(text: str) -> str | None:
    """Returns the address that was probably meant, or None if the domain is no known misspelling."""
    mailbox, _, domain = text.rpartition("@")
    meant = _MEANT.get(domain.lower())
    return f"{mailbox}@{meant}" if meant else None


# Placeholder addresses lead nowhere (RFC 2606, RFC 6761): valid in a demo, never for real letters.
_RESERVED = ("example", "invalid", "test", "localhost", "local")
_EXAMPLES = ("example.com", "example.net", "example.org")


def is_placeholder(address: str) -> bool:
    """Returns whether no letter to this address can arrive."""
    domain = address.rpartition("@")[2].strip("> ").lower().rstrip(".")
    return (
        domain.split(".")[-1] in _RESERVED
        or domain in _EXAMPLES
        or any(domain.endswith(f".{example}") for example in _EXAMPLES)
    )
