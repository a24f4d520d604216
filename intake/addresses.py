"""Placeholder addresses that lead nowhere (RFC 2606, RFC 6761): valid in a demo, never for real letters."""

from __future__ import annotations

_RESERVED = ("example", "invalid", "test", "localhost", "local")
_EXAMPLES = ("example.com", "example.net", "example.org")


def is_placeholder(address: str) -> bool:
    domain = address.rpartition("@")[2].strip("> ").lower().rstrip(".")
    return (
        domain.split(".")[-1] in _RESERVED
        or domain in _EXAMPLES
        or any(domain.endswith(f".{example}") for example in _EXAMPLES)
    )
