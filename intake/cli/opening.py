"""What commands share: the settings, an app on a migrated database, and errors as one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intake.app import App, open_app
from intake.cli.saying import fail
from intake.config import Settings, load_settings
from intake.errors import IntakeError
from intake.store import Store, migrate, open_store


@contextmanager
def stored() -> Iterator[tuple[Settings, Store]]:
    """The settings and their database, migrated first, whatever is published there: for what is still a draft."""
    try:
        settings = load_settings()
        migrate(settings.database)
        store = open_store(settings.database, settings.keys())
        store.renew()
    except IntakeError as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{error.filename} cannot be used: {error.strerror}") from None
    try:
        yield settings, store
    except IntakeError as error:
        raise fail(str(error)) from None
    finally:
        store.close()


@contextmanager
def opened() -> Iterator[App]:
    """An app by the settings; its database is migrated first. An IntakeError becomes one line and exit code 2."""
    try:
        settings = load_settings()
        migrate(settings.database)
        app = open_app(settings)
        app.store.renew()
    except IntakeError as error:
        raise fail(str(error)) from None
    except OSError as error:
        raise fail(f"{error.filename} cannot be used: {error.strerror}") from None
    try:
        yield app
    except IntakeError as error:
        raise fail(str(error)) from None
    finally:
        app.close()


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
