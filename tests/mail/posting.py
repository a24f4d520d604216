"""Shared by tests of letters: an office with a mail server, running its outbox, and reading it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text

from intake import open_app
from intake.config import load_settings
from intake.engine.programme import Programme
from intake.keys import Keys
from tests.houses import only_vastkraft
from tests.offices import PROGRAMME, WHITE, Office
from tests.postbox import Letter, Postbox

SENDER = "VästKraft <vastkraft@example.org>"
# Outside demo nothing goes to example.org; `.internal` is nobody's on the internet, and no placeholder either.
REAL_SENDER, REAL_KIM, REAL_TRR = "VästKraft <intake@region.internal>", "kim@home.internal", "post@trr.internal"


class MailOffice(Office):
    """An office whose letters go over SMTP."""

    def __init__(self, url: str, var: Path, **settings: Any) -> None:
        always = {"secret_keys": Keys.new_text(), "mail_from": SENDER, "programmes": only_vastkraft()}
        self.settings = {"database_url": url, "var": var, **always}
        super().__init__(url, var, **always | settings)

    @property
    def programme(self) -> Programme:
        return self.app.programmes[PROGRAMME]

    def reopen(self, **settings: Any) -> None:
        """The same data, opened anew with other settings."""
        self.app.close()
        self.app = open_app(load_settings(**self.settings | {"demo": True} | settings), clock=self.clock)

    def goes_live(self, **settings: Any) -> None:
        """Outside demo from now on."""
        self.reopen(**{"demo": False, "mail_from": REAL_SENDER} | settings)

    def is_today(self) -> None:
        """Its clock is the real one's now: for what a process of its own is to do with its letters."""
        self.moment = datetime.now(UTC)

    def works(self, **later: float) -> int:
        """Time passes, then everything that is due is tried once; how many letters that was."""
        self.tick(**later)
        return sum(iter(self.app.outbox.work_once, 0))

    def works_when_due(self) -> int:
        """The same at the very moment the next letter is due."""
        waiting = [self.app.store.messages.get(row.id) for row in self.outbox() if row.status == "waiting"]
        self.moment = max(self.moment, min(letter.next_at for letter in waiting if letter))
        return self.works()

    def owes(self, number: int = 1, to: str = "kim@example.org") -> None:
        """Letters straight into the outbox, when it does not matter which."""
        for _ in range(number):
            letter = self.app.letters.sign_in(to, "https://intake.example.org/x", "sv", self.app.chance.id())
            with self.app.store.transaction():
                self.app.store.messages.add(letter, self.clock())

    def outbox(self, letter: str | None = None) -> list[Row[Any]]:
        """Every letter, as it stands in the database."""
        with self.app.store.db.autocommit.connect() as connection:
            rows = connection.execute(text("SELECT * FROM messages ORDER BY created_at, id")).all()
        return [row for row in rows if letter in (None, row.letter)]

    @property
    def away_since(self) -> datetime | None:
        return self.app.store.messages.away_since()

    def statuses(self) -> dict[str, int]:
        return dict(Counter(row.status for row in self.outbox()))

    def receipt(self) -> Row[Any]:
        [row] = self.outbox("receipt")
        return row

    def sends_in(self, **contact: Any) -> None:
        """A person sends in, with a yes to TRR: a receipt, and a notice to TRR."""
        self.sends(WHITE, ("trr",), **contact)


@contextmanager
def mail_office(url: str, var: Path, **settings: Any) -> Iterator[MailOffice]:
    opened = MailOffice(url, var, **settings)
    try:
        yield opened
    finally:
        opened.app.close()


def copies(letters: Iterable[Letter]) -> Counter[str]:
    """How often each Message-ID was accepted."""
    return Counter(str(letter.message["Message-ID"]) for letter in letters)


def only(postbox: Postbox, to: str) -> Letter:
    """The one letter that came for this address."""
    [letter] = postbox.letters_to(to)
    return letter
