"""Shared by commands: loads settings and opens a store or an app.

A command that writes migrates its database first, and the first one publishes stamped programmes. One that only reads
does neither: if the database is missing, or of another version, it says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from intake.app import App, open_app
from intake.cli.output import fail
from intake.config import Settings, load_settings
from intake.store import Store, migrate, must_be_at_head, open_store


@contextmanager
def stored(*, reading: bool = False) -> Iterator[tuple[Settings, Store]]:
    """Yields the settings and their database, for commands about drafts; migrates it first, unless `reading`."""
    with _opening(reading) as settings:
        store = open_store(settings.database, settings.keys(), reading=reading)
        if not reading:
            store.renew()
    with closing(store):
        yield settings, store


@contextmanager
def opened(*, reading: bool = False) -> Iterator[App]:
    """Yields an app; migrates its database first, unless `reading`."""
    with _opening(reading) as settings:
        app = open_app(settings, reading=reading)
        if not reading:
            app.store.renew()
    with closing(app):
        yield app


@contextmanager
def _opening(reading: bool) -> Iterator[Settings]:
    """Yields the settings, their database ready to be opened."""
    try:
        settings = load_settings()
        if not settings.demo:  # a demo makes its own keys once there is a database
            settings.keys()  # reports missing keys before the database is changed
        (must_be_at_head if reading else migrate)(settings.database)
        yield settings
    except OSError as error:
        raise fail(f"{error.filename} cannot be used: {error.strerror}") from None


def renewing(settings: Settings) -> Iterator[str]:
    """Brings stored contacts to this version's form, and yields lines about what was done."""
    store = open_store(settings.database, settings.keys())
    with closing(store):
        renewed = store.renew()
    if renewed is not None and renewed.made:
        yield f"{renewed.made} contacts: telephone numbers and what they are found by are made anew"
    if renewed is not None and renewed.unopened:
        yield f"{renewed.unopened} contacts stay as they are: INTAKE_SECRET_KEYS lacks the key they were sealed with"
