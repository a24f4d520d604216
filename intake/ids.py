"""The only source of randomness, passed as an argument, so that tests can control it."""

from __future__ import annotations

import random
import secrets
from base64 import urlsafe_b64encode

# Without letters and digits that are easily confused (0 O, 1 I L, 5 S, 8 B, U V).
LETTERS = "ACDEFGHJKMNPQRTWXYZ234679"


def as_reference(said: str) -> str:
    """Normalises a reference as people type it: lower case, spaces for hyphens, or none."""
    letters = "".join(one for one in said.upper() if one.isalnum())
    return f"{letters[:-8]}-{letters[-8:-4]}-{letters[-4:]}"


class Chance:
    """Ids, secret tokens and references from the system's source of randomness."""

    def __init__(self, source: random.Random | None = None) -> None:
        self._source = source or secrets.SystemRandom()

    def id(self) -> str:
        """Returns 32 hexadecimal digits."""
        return f"{self._source.getrandbits(128):032x}"

    def token(self) -> str:
        """Returns a secret for a link or a cookie: 144 bits, safe in a URL."""
        return urlsafe_b64encode(self._source.getrandbits(144).to_bytes(18, "big")).decode("ascii")

    def reference(self, prefix: str) -> str:
        """Returns a reference that a person can read out on the phone: VK-7F3K-92HD."""
        drawn = "".join(self._source.choices(LETTERS, k=8))
        return f"{prefix}-{drawn[:4]}-{drawn[4:]}"

    def number(self) -> int:
        """Returns a number from 0 to 999,999,999."""
        return self._source.randrange(1_000_000_000)

    def fraction(self) -> float:
        """Returns a number between 0 and 1, to spread retries."""
        return self._source.random()
