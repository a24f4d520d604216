"""Shared by commands: loads settings, opens a store or an app, and prints errors as one line.

A command that writes migrates its database first, and the first one publishes stamped programmes. One that only reads
does neither: if the database is missing, or of another version, it says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intake.app import App, open_app
from intake.cli.output import fail
from intake.config import Settings, load_settings
from intake.errors import IntakeError
from intake.store import Store, migrate, must_be_at_head, open_store


@contextmanager
def stored(*, reading: bool = False) -> Iterator[tuple[Settings, Store]]:
    """Yields the settings and their database, for commands about drafts; migrates it first, unless `reading`."""
    with _opening(reading) as settings:
        store = open_store(settings.database, settings.keys(), reading=reading)
        if not reading:
            store.renew()
    try:
        yield settings, store
    except IntakeError as error:
        raise fail(str(error)) from None
    finally:
        store.close()


@contextmanager
def opened(*, reading: bool = False) -> Iterator[App]:
    """Yields an app; migrates its database first, unless `reading`. Prints an IntakeError as one line, exit code 2."""
    with _opening(reading) as settings:
        app = open_app(settings, reading=reading)
        if not reading:
            app.store.renew()
    try:
        yield app
    except IntakeError as error:
        raise fail(str(error)) from None
    finally:
        app.close()


@contextmanager
def _opening(reading: bool) -> Iterator[Settings]:
    """Yields the settings, their database ready to be opened. Errors are printed as one line."""
    try:
        settings = load_settings()
        if not settings.demo:  # a demo makes its own keys once there is a database
            settings.keys()  # reports missing keys before the database is changed
        (must_be_at_head if reading else migrate)(settings.database)
        yield settings
    except IntakeError as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{error.filename} cannot be used: {error.strerror}") from None


def renewing(settings: Settings) -> Iterator[str]:
    """Brings stored contacts to this version's form, and yields lines about what was done."""
    store = open_store(settings.database, settings.keys())
    try:
        renewed = store.renew()
    finally:
        store.close()
    if renewed is not None and renewed.made:
        yield f"{renewed.made} contacts: telephone numbers and what they are found by are made anew"
    if renewed is not None and renewed.unopened:
        yield f"{renewed.unopened} contacts stay as they are: INTAKE_SECRET_KEYS lacks the key they were sealed with"
