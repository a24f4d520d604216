"""Who waits for another process's write lock on SQLite, and where.

Calls into the store run in the event loop there, and SQLite's own waiting would stop the loop with all it serves. So a
call from the loop is hurried: until it has written something it does not wait at all but ends as `Locked`, and is run
again as a whole (`intake.app`). Once it has written something it waits in place, as every other thread does.
"""

from __future__ import annotations

import sqlite3
import threading

BUSY_MS = 10_000


class Locked(BaseException):
    """Another is writing just now, and this call has written nothing: it can be run again from its beginning.

    No Exception, so that nothing on its way out takes it for a fault of its own.
    """


class Patience(threading.local):
    """Each thread's own."""

    hurried = False
    wrote = False  # something, since this call began

    def milliseconds(self) -> int:
        """How long SQLite itself waits."""
        return 0 if self.hurried and not self.wrote else BUSY_MS

    def ends(self, error: BaseException | None) -> bool:
        """Whether this error of the driver is the lock, and the call is to be run again."""
        code = getattr(error, "sqlite_errorcode", None)
        return self.hurried and not self.wrote and code is not None and code & 0xFF == sqlite3.SQLITE_BUSY
