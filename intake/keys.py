"""Encryption of personal data, and keyed hashes to find it by. Stores nothing and knows no tables.

AES-256-GCM; every ciphertext names its key (rotation: the first key encrypts, all decrypt) and is bound to its place by
`context`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.errors import BadSetting

_NONCE = 12
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class WrongKey(BadSetting):
    """None of the keys decrypts a ciphertext."""


class Keys:
    """A ring of keys. The index key for hashes is derived from the last (oldest) one, so it survives rotation."""

    def __init__(self, ring: Sequence[tuple[str, bytes]]) -> None:
        self._current = ring[0][0].encode()
        self._ciphers = {id.encode(): AESGCM(key) for id, key in ring}
        self._seal = self._ciphers[self._current].encrypt
        index = HKDF(SHA256(), 32, salt=None, info=b"intake index").derive(ring[-1][1])
        self._index = hmac.new(index, digestmod="sha256")  # copied for each hash: quicker than setting the key anew

    @classmethod
    def from_text(cls, text: str) -> Keys:
        """Returns keys from `INTAKE_SECRET_KEYS`: "id:base64 of 32 bytes", comma-separated, the sealing one first."""
        ring: list[tuple[str, bytes]] = []
        for part in (part.strip() for part in text.split(",") if part.strip()):
            id, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = b""
            if not (id.isascii() and id.isalnum()) or len(id) > 16 or len(key) != 32:
                raise BadSetting('INTAKE_SECRET_KEYS: a key is "id:base64 of 32 bytes"; make one with: intake new-key')
            if id in dict(ring):
                raise BadSetting(f'INTAKE_SECRET_KEYS: two keys are named "{id}"; make another: intake new-key --id k2')
            ring.append((id, key))
        if not ring:
            raise BadSetting("INTAKE_SECRET_KEYS is empty: make a key with: intake new-key")
        return cls(ring)

    @staticmethod
    def new_text(id: str = "k1") -> str:
        return f"{id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"

    def seal(self, value: bytes, context: str) -> bytes:
        """Encrypts. Each nonce is read from the system when needed: forked processes would share one read ahead."""
        nonce = os.urandom(_NONCE)
        return self._current + b":" + nonce + self._seal(nonce, value, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypts. Raises WrongKey if no key can."""
        id, _, rest = bytes(sealed).partition(b":")
        cipher = self._ciphers.get(id)
        if cipher is None:
            raise WrongKey(
                f"INTAKE_SECRET_KEYS lacks key {id.decode(errors='replace')[:16]!r}, with which this data was sealed"
            )
        try:
            return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], context.encode())
        except (InvalidTag, ValueError):  # of another key, or too short
            raise WrongKey("INTAKE_SECRET_KEYS does not open this data: it was sealed with another key") from None

    def seal_json(self, value: Any, context: str, fill: int = 1) -> bytes:
        """Encrypts JSON, padded to a multiple of `fill` bytes, a yes as long as a no, to hide what it contains."""
        text = _as_json(value).encode()
        if fill > 1:
            text = text.ljust(-(-(len(text) + text.count(b"true")) // fill) * fill)
        return self.seal(text, context)

    def open_json(self, sealed: bytes, context: str) -> Any:
        return json.loads(self.open(sealed, context).decode())

    def blind(self, value: str, purpose: str) -> str:
        """Returns a keyed hash to find an exact value by, without storing it: 64 hexadecimal digits."""
        index = self._index.copy()
        index.update(f"{purpose}\0{value}".encode())
        return index.hexdigest()


def token_hash(token: str) -> str:
    """Returns the form in which a random token is stored. With 144 random bits, a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
