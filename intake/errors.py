"""One tree of errors. Each message says what is wrong, where, and what to do; commands print it as one line."""

from __future__ import annotations

from collections.abc import Sequence

from intake.engine.findings import Finding


class IntakeError(Exception):
    """Something a person can act on."""


class BadSetting(IntakeError):
    """A setting that cannot be used."""


class BadProgramme(IntakeError):
    """A programme with findings; it cannot be served."""

    def __init__(self, programme: str, findings: Sequence[Finding]) -> None:
        first = f"{findings[0]}" if findings else "it cannot be read"
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        super().__init__(f"programme {programme}: {first}{more}; see: intake check {programme}")
        self.findings = tuple(findings)


class NotPublished(IntakeError):
    """A programme that nobody may meet yet."""


class NewerDatabase(IntakeError):
    """The database was made by a newer version of this program."""


class Damaged(IntakeError):
    """Something that was stored cannot be read any more."""


class NotFound(IntakeError):
    """There is no such thing, or it is not for you: the two look the same on purpose."""


class NotAllowed(IntakeError):
    """It is there and visible, but this may not be done with it now."""


class SomebodyElse(IntakeError):
    """Somebody was first; `who` is a colleague's name when there is one."""

    def __init__(self, message: str, who: str = "") -> None:
        super().__init__(message)
        self.who = who


class TryLater(IntakeError):
    """A limit was reached or something is down for the moment; nothing is lost."""
