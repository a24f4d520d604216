"""Network addresses as they are compared and counted."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


@lru_cache(maxsize=4096)
def plain_address(said: str) -> str:
    """One IP address in one spelling: without port, brackets and zone, `::ffff:192.0.2.1` as 192.0.2.1.

    An empty string when it is none.
    """
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


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """What is counted as one: an IPv4 address; of IPv6 the /64, for that is what one subscriber gets at least."""
    if ":" not in address:
        return address
    return str(ipaddress.IPv6Network((address, 64), strict=False))
