"""Assembles the application, the only place to do so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import ParamSpec, TypeVar

from intake.access.accounts import Accounts
from intake.access.forward import Forward
from intake.access.limits import AttemptLimits
from intake.access.links import SingleUseLinks
from intake.access.marks import Marks
from intake.config import Settings
from intake.errors import TryLater
from intake.ids import Chance
from intake.letters.compose import Letters
from intake.letters.outbox import Outbox
from intake.letters.smtp import Mailbox, Nowhere, Post, Smtp
from intake.participants import Desk
from intake.publishing.versions import open_programmes
from intake.records import Message
from intake.referrals import Casework
from intake.referrals.coverage import Coverage
from intake.referrals.deps import Deps
from intake.store import Locked, open_store
from intake.store.engines import AWAY, PATIENCE, POOL
from intake.store.readiness import Readiness

SHORTEST, LONGEST = 0.001, 0.02  # seconds between two tries while another process writes
Given = ParamSpec("Given")
Result = TypeVar("Result")


def now() -> datetime:
    return datetime.now(UTC)


class App:
    """Everything that channels and commands use."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        chance: Chance,
        elapsed: Callable[[], float],
        reading: bool,
    ) -> None:
        self.settings = settings
        self._moment: datetime | None = None
        self._clock = clock
        self.chance = chance
        self.keys = settings.keys()
        self.store = open_store(settings.database, self.keys, reading=reading)
        try:
            opened = open_programmes(settings, self.store, clock(), reading=reading)
        except BaseException:
            self.store.close()
            raise
        self.programmes, self.notices = opened.programmes, opened.notices
        self.letters = Letters(settings, self.store, chance)
        forward = Forward(self.clock, self.store.people.latest(), elapsed)
        self.links = SingleUseLinks(self.store, forward, chance)
        self.limits = AttemptLimits(self.store, self.keys, forward, chance)
        deps = Deps(
            self.programmes, self.store, self.keys, self.clock, chance, self.letters, self.links, self.limits,
            settings.demo,
        )  # fmt: skip
        self.unions, self.rights, self.consenting = deps.unions, deps.rights, deps.consenting
        self.desk, self.casework = Desk(deps), Casework(deps)
        marks = Marks(self.keys, forward, chance)
        self.accounts = Accounts(
            self.programmes, self.store, self.letters, self.links, self.limits, marks, self.clock, forward, chance
        )
        self.coverage = Coverage(self.programmes, self.store, self.accounts, self.clock, settings.demo)
        self.outbox = Outbox(self.store, self._post(), self.clock, chance)
        self.readiness = Readiness(lambda: self.run(self.store.probe, forward()))
        # SQLite answers from this process's memory in less time than a thread takes to wake.
        self._threads = None if self.store.db.embedded else ThreadPoolExecutor(POOL, "store")
        self._line = asyncio.Lock()

    def clock(self) -> datetime:
        """Returns the current time in UTC."""
        if self._moment is None:
            return self._clock()
        self._moment += timedelta(milliseconds=1)
        return self._moment

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Replaces the current time, for the made-up past of a demo."""
        self._moment = moment
        try:
            yield
        finally:
            self._moment = None

    async def run(self, act: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
        """Calls a synchronous function: directly on the embedded database, in a thread otherwise.

        If another process is writing to the embedded database, the call waits here while the loop serves others.
        """
        if self._threads is None:
            patience = self.store.db.patience
            patience.hurried, patience.wrote = True, False
            try:
                return act(*args, **named)
            except Locked:
                pass
            finally:
                patience.hurried = False
            return await self._in_line(lambda: act(*args, **named))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: act(*args, **named))

    async def _in_line(self, act: Callable[[], Result]) -> Result:
        """Tries until the lock is free. Only the first in line tries, so that many waiting cost no more than one."""
        patience, pause = self.store.db.patience, SHORTEST
        try:
            async with asyncio.timeout(PATIENCE), self._line:
                while True:
                    patience.hurried, patience.wrote = True, False
                    try:
                        return act()
                    except Locked:
                        pass
                    finally:
                        patience.hurried = False
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST)
        except TimeoutError:
            raise TryLater(AWAY) from None

    def ready(self) -> bool:
        """Whether the database answers."""
        try:
            return self.store.ready()
        except Exception:  # whatever is wrong: not ready
            return False

    def mailbox(self) -> list[Message]:
        """Returns the letters sent, newest first, in a demo without SMTP."""
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


def open_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
    chance: Chance | None = None,
    elapsed: Callable[[], float] | None = None,
    reading: bool = False,
) -> App:
    """Assembles an app. The database must have this version's schema (`intake migrate`).

    `elapsed`: seconds of a clock that is never set; if only `clock` is given, no time passes but by that clock.
    `reading`: what would be published automatically is only shown. Raises NotPublished if the folder contains a
    programme that was never published.
    """
    return App(settings, clock, chance or Chance(), elapsed or (monotonic if clock is now else float), reading)
