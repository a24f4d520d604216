"""What commands share: the settings, an app on a database, and errors as one line.

A command that writes migrates its database first, and the first one publishes what comes with a stamp. One that only
reads does neither: where the database is not there, or not of this version, it says what to do.
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
    """The settings and their database, whatever is published there: for what is still a draft. It is migrated first,
    or only looked into when `reading`.
    """
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
    """An app by the settings; its database is migrated first, or only looked into when `reading`. An IntakeError
    becomes one line and exit code 2.
    """
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
    """The settings, their database ready to be opened. What is wrong with either becomes one line, too."""
    try:
        settings = load_settings()
        if not settings.demo:  # which makes its own once the database is there
            settings.keys()  # or what they lack is said before a database is touched
        (must_be_at_head if reading else migrate)(settings.database)
        yield settings
    except IntakeError as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{error.filename} cannot be used: {error.strerror}") from None


def renewing(settings: Settings) -> Iterator[str]:
    """Bring what is sealed in the database to this version's form, and say what was done."""
    store = open_store(settings.database, settings.keys())
    try:
        renewed = store.renew()
    finally:
        store.close()
    if renewed is not None and renewed.made:
        yield f"{renewed.made} contacts: telephone numbers and what they are found by are made anew"
    if renewed is not None and renewed.unopened:
        yield f"{renewed.unopened} contacts stay as they are: INTAKE_SECRET_KEYS lacks the key they were sealed with"
