"""The database as everything else uses it: one unit of work at a time in a thread, on somebody's behalf.

Reads are single statements. What belongs together is written in `transaction()`; everything that the thread reads and
writes meanwhile is part of it. Row-level security would be set, and a read replica chosen, in `connection`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Row, false, true
from sqlalchemy.exc import IntegrityError

from intake.errors import NotFound
from intake.store.engines import make_engines
from intake.store.patience import Patience
from intake.store.quick import Quick, Statement
from intake.store.tables import referrals

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ParticipantScope:
    """A person: sees what their handle or their link leads to."""

    def where(self) -> ColumnElement[bool]:
        return false()


@dataclass(frozen=True, slots=True)
class StaffScope:
    """A member of staff: sees a programme's referrals at one partner, or at all but the unions (coordinator)."""

    programme: str
    partner: str
    everything_but: tuple[str, ...] | None = None

    def where(self) -> ColumnElement[bool]:
        here = referrals.c.programme == self.programme
        if self.everything_but is None:
            return here & (referrals.c.partner == self.partner)
        return here & referrals.c.partner.not_in(self.everything_but)


@dataclass(frozen=True, slots=True)
class SystemScope:
    """The worker, a command or a start: sees everything."""

    def where(self) -> ColumnElement[bool]:
        return true()


Behalf = ParticipantScope | StaffScope | SystemScope
PARTICIPANT, SYSTEM = ParticipantScope(), SystemScope()


class Work:
    """A unit of work: on whose behalf, and which interviews, cases and referrals it was let in to.

    It is let in to a referral by its scope, to an interview by a handle and to a case by a link; from there to all that
    belongs to the same case, which is what a consent or passing on a responsibility needs.
    """

    __slots__ = ("_admitted", "behalf")

    def __init__(self, behalf: Behalf) -> None:
        self.behalf = behalf
        self._admitted: set[str] | None = None if isinstance(behalf, SystemScope) else set()

    def admit(self, *ids: str | None) -> None:
        """What has these ids may be read and changed in this unit of work."""
        if self._admitted is not None:
            self._admitted.update(id for id in ids if id)

    def admits(self, *ids: str | None) -> bool:
        """Whether one of these is admitted."""
        return self._admitted is None or not self._admitted.isdisjoint(ids)

    def must_admit(self, *ids: str | None) -> None:
        """Raises NotFound, as for what does not exist, unless one of these is admitted."""
        if not self.admits(*ids):
            raise NotFound("no such case")

    def must_admit_person(self, id: str) -> None:
        """The same for what only a person's own side may know of their case: raises NotFound for staff."""
        self.must_admit(id)
        if isinstance(self.behalf, StaffScope):
            raise NotFound("no such case")


class _Here(threading.local):
    """Each thread's own. Who opens no unit of work is the system."""

    def __init__(self) -> None:
        self.work = Work(SYSTEM)
        self.connection: Connection | None = None


class _Unit:
    """The time in which a thread is in a unit of work."""

    __slots__ = ("before", "here", "work")

    def __init__(self, here: _Here, work: Work) -> None:
        self.here, self.work = here, work

    def __enter__(self) -> None:
        self.before, self.here.work = self.here.work, self.work

    def __exit__(self, *raised: object) -> None:
        self.here.work = self.before


class Database:
    """Connections, transactions and units of work."""

    def __init__(self, url: str) -> None:
        self.patience = Patience()
        self.autocommit, self.transactions = make_engines(url, self.patience)
        self.dialect = self.autocommit.dialect.name
        self.embedded = self.dialect == "sqlite"
        self.quick = Quick(self.autocommit, self.patience)
        self.conflict = (IntegrityError, self.quick.conflict)  # what a statement raises when somebody was first
        self._here = _Here()

    @property
    def work(self) -> Work:
        """The unit of work that this thread is in."""
        return self._here.work

    def on_behalf(self, behalf: Behalf) -> AbstractContextManager[None]:
        """A unit of work. Within one on the same behalf it is that one."""
        here = self._here
        same = here.work.behalf is behalf or here.work.behalf == behalf
        return _Unit(here, here.work if same else Work(behalf))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is written, or nothing. Within another it is part of that one."""
        if self._here.connection is not None:
            yield self._here.connection
            return
        with self.transactions.begin() as connection:
            self._here.connection = connection
            try:
                yield connection
            finally:
                self._here.connection = None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """The transaction's, or one that commits each statement by itself."""
        if self._here.connection is not None:
            yield self._here.connection
            return
        with self.autocommit.connect() as connection:
            yield connection

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        with self.connection() as connection:
            return connection.execute(statement, values).all()

    def first(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        with self.connection() as connection:
            return connection.execute(statement, values).first()

    def scalar(self, statement: Executable, values: Values | None = None) -> Any:
        with self.connection() as connection:
            return connection.execute(statement, values).scalar()

    def change(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """How many rows it changed."""
        with self.connection() as connection:  # PostgreSQL does not tell an INSERT's number of rows unless asked
            return connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount

    def write(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """The same in a transaction: it outlives a loss of power as soon as this returns."""
        with self.transaction():
            return self.change(statement, values)

    def statement(self, sql: Any) -> Statement:
        """One of the answer path, for `records` and `changed`."""
        return Statement(self.autocommit.dialect, sql)

    def records(self, statement: Statement, values: Values) -> Sequence[Mapping[Any, Any]]:
        """Rows by name."""
        if self._here.connection is not None:
            return self._here.connection.execute(statement.clause, values).mappings().all()
        return self.quick.records(statement, values)

    def changed(self, statement: Statement, values: Values) -> int:
        """How many rows it changed."""
        if self._here.connection is not None:
            return self._here.connection.execute(statement.clause, values).rowcount
        return self.quick.changed(statement, values)

    def close(self) -> None:
        self.quick.close()
        self.autocommit.dispose()
        self.transactions.dispose()
