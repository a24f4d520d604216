"""The only place where things are put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from intake.accounts import Accounts
from intake.casework import Casework
from intake.casework import Parts as CaseworkParts
from intake.chance import Chance
from intake.config import Settings
from intake.consenting import Consenting
from intake.coverage import Coverage
from intake.desk import Desk
from intake.desk.parts import Parts
from intake.limits import Limits
from intake.links import Links
from intake.mail import Mailbox, Nowhere, Post, Smtp
from intake.messages import Messages
from intake.outbox import Outbox
from intake.passing import Passing
from intake.publishing import open_programmes
from intake.records import Message
from intake.rights import Rights
from intake.store import open_store
from intake.store.engines import POOL
from intake.unions import Unions

Given = ParamSpec("Given")
Result = TypeVar("Result")


def now() -> datetime:
    return datetime.now(UTC)


class App:
    """Everything the channels and the commands use."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], chance: Chance) -> None:
        self.settings = settings
        self._moment: datetime | None = None
        self._clock = clock
        self.chance = chance
        self.keys = settings.keys()
        self.store = open_store(settings.database, self.keys)
        try:
            opened = open_programmes(settings, self.store, clock())
        except BaseException:
            self.store.close()
            raise
        self.programmes, self.notices = opened.programmes, opened.notices
        self.messages = Messages(settings, self.store, chance)
        self.links = Links(self.store, self.clock, chance)
        self.limits = Limits(self.store, self.keys, self.clock, chance)
        self.unions = Unions(self.programmes, self.store, self.messages, self.clock, chance, settings.demo)
        self.rights = Rights(self.programmes, self.store, self.unions, self.clock, chance.id)
        self.consenting = Consenting(self.programmes, self.store, self.messages, self.clock, chance, self.unions)
        self.desk = Desk(
            Parts(
                self.programmes,
                self.store,
                self.keys,
                self.clock,
                chance,
                self.messages,
                self.links,
                self.consenting,
                self.limits,
                self.unions,
                self.rights,
            )
        )
        self.accounts = Accounts(
            settings, self.programmes, self.store, self.messages, self.links, self.limits, self.clock, chance
        )
        self.coverage = Coverage(self.programmes, self.store, self.accounts, self.clock, settings.demo)
        self.casework = Casework(
            CaseworkParts(
                self.programmes,
                self.store,
                self.clock,
                chance,
                self.messages,
                self.links,
                self.consenting,
                Passing(self.store, self.messages, chance),
                self.unions,
                self.rights,
            )
        )
        self.outbox = Outbox(self.store, self._post(), self.clock, chance)
        # SQLite answers from this process's memory in less time than a thread takes to wake.
        self._threads = None if self.store.embedded else ThreadPoolExecutor(POOL, "store")

    def clock(self) -> datetime:
        """Now, in UTC."""
        if self._moment is None:
            return self._clock()
        self._moment += timedelta(milliseconds=1)
        return self._moment

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let it be another time: for the made-up past of a demo."""
        self._moment = moment
        try:
            yield
        finally:
            self._moment = None

    async def run(self, act: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
        """Call into the synchronous core: at once on the embedded database, in a thread on a server's."""
        if self._threads is None:
            return act(*args, **named)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: act(*args, **named))

    def ready(self) -> bool:
        """Whether the database answers."""
        try:
            return self.store.ready()
        except Exception:  # whatever is wrong with it: not ready
            return False

    def mailbox(self) -> list[Message]:
        """Demo without SMTP: the letters sent, newest first."""
        return self.store.messages.latest() if self.has_mailbox else []

    @property
    def has_mailbox(self) -> bool:
        return self.settings.demo and not self.settings.smtp_url

    def _post(self) -> Post:
        if self.has_mailbox:
            return Mailbox()
        if not self.settings.smtp_url:
            return Nowhere()
        return Smtp(self.settings)

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown()
        self.store.close()


def open_app(settings: Settings, *, clock: Callable[[], datetime] = now, chance: Chance | None = None) -> App:
    """Put everything together. The database must have this version's shape (`intake migrate`).

    Raises NotPublished when a programme lies in the folder that nobody has published.
    """
    return App(settings, clock, chance or Chance())
