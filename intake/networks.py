"""Normalises network addresses, for comparing and counting."""

from __future__ import annotations

import ipaddress
import re

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR_BYTES = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")  # most addresses: ipaddress takes five times as long
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def plain_address(said: str) -> str:
    """Returns an IP address in one spelling, or an empty string if the text is none.

    Port, brackets and zone are removed, and `::ffff:192.0.2.1` becomes 192.0.2.1.
    """
    if _FOUR_BYTES.fullmatch(said):
        return said
    text = said.strip()
    if found := _WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def network_of(address: str) -> str:
    """Returns the network counted as one client: an IPv4 address, or the /64 that an IPv6 subscriber gets at least."""
    if ":" not in address:
        return address
    return str(ipaddress.IPv6Network((address, 64), strict=False))
