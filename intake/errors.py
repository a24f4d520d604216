"""All errors. Each message says what is wrong, where, and what to do; commands print it as one line."""

from __future__ import annotations

from collections.abc import Sequence

from intake.engine.findings import Finding


class IntakeError(Exception):
    """Base of all errors that somebody can act on."""


class BadSetting(IntakeError):
    """A setting that cannot be used."""


class BadProgramme(IntakeError):
    """A programme with findings, which cannot be served."""

    def __init__(self, programme: str, findings: Sequence[Finding]) -> None:
        first = f"{findings[0]}" if findings else "it cannot be read"
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        super().__init__(f"programme {programme}: {first}{more}; see: intake check {programme}")
        self.findings = tuple(findings)


class NotPublished(IntakeError):
    """A programme that is not published yet."""


class NewerDatabase(IntakeError):
    """The database was made by a newer version of this program."""


class Damaged(IntakeError):
    """Stored data can no longer be read."""


class NotFound(IntakeError):
    """The thing does not exist, or is not visible to the caller; the two look the same on purpose."""


class NotAllowed(IntakeError):
    """The thing is visible, but the action is not allowed now."""


class SomebodyElse(IntakeError):
    """Somebody else acted first; `who` is the name of a colleague, if known."""

    def __init__(self, message: str, who: str = "") -> None:
        super().__init__(message)
        self.who = who


class TryLater(IntakeError):
    """A limit was reached or a service is down for the moment; nothing is lost."""
