"""Single-use links: looking at one (GET) changes nothing, using it (POST) works exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from intake.ids import Chance
from intake.keys import token_hash
from intake.records import Link
from intake.store import Store

SIGN_IN, CONTINUE, CONSENT = "signin", "continue", "consent"
LASTS: Mapping[str, timedelta] = {
    SIGN_IN: timedelta(minutes=10),
    CONTINUE: timedelta(minutes=15),
    CONSENT: timedelta(days=14),
}


class SingleUseLinks:
    """Creates, finds and uses links. Only the hash of a token is stored."""

    def __init__(self, store: Store, clock: Callable[[], datetime], chance: Chance) -> None:
        self.store = store
        self.clock = clock
        self.chance = chance

    def make(self, purpose: str, subject: str, *, binding: str | None = None) -> str:
        """Returns a new token. `binding`: only the browser with this cookie may use it."""
        token, now = self.chance.token(), self.clock()
        bound = token_hash(binding) if binding is not None else None
        link = Link(purpose, subject, bound, now, now + LASTS[purpose], None)
        self.store.links.add(token_hash(token), link)
        return token

    def drop(self, token: str) -> None:
        """Deletes a link."""
        self.store.links.drop(token_hash(token))

    def peek(self, token: str, purpose: str) -> Link | None:
        """Returns the link if it can still be used, else None."""
        link = self.store.links.find(token_hash(token), purpose)
        return link if link is not None and link.used_at is None and link.expires_at > self.clock() else None

    def known(self, token: str, purpose: str) -> Link | None:
        """Returns the link if it was used or still can be. One query, because it may be used between two."""
        link = self.store.links.find(token_hash(token), purpose)
        return link if link is not None and (link.used_at is not None or link.expires_at > self.clock()) else None

    def use(self, token: str, purpose: str, *, binding: str | None = None) -> Link | None:
        """Returns the link to exactly one caller; None if it was used, is too old, or belongs to another browser."""
        link = self.peek(token, purpose)
        if link is None or (
            link.binding_hash is not None and (binding is None or token_hash(binding) != link.binding_hash)
        ):
            return None
        return link if self.store.links.use(token_hash(token), purpose, self.clock()) else None
