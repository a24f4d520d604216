"""Resolves the name of a programme's version: a folder, an id (the draft), or ID@VERSION (published)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.authoring.catalog import find_folder, load
from intake.config import load_settings
from intake.engine.programme import Programme
from intake.errors import NotFound
from intake.keys import Keys
from intake.publishing.versions import Programmes
from intake.store import Store, must_be_at_head


@contextmanager
def unsealed() -> Iterator[Callable[[], Store]]:
    """Yields a function that opens the database on demand, unmigrated, with a random key that decrypts nothing."""
    opened: list[Store] = []

    def store() -> Store:
        if not opened:
            settings = load_settings()
            must_be_at_head(settings.database)
            opened.append(Store(settings.database, Keys.from_text(Keys.new_text("none"))))
        return opened[0]

    try:
        yield store
    finally:
        for one in opened:
            one.close()


def named(name: str, programmes: Path, store: Callable[[], Store]) -> Programme:
    """Returns the draft of a folder or id, or a published version. Raises NotFound and BadProgramme."""
    id, at, version = name.rpartition("@")
    if not at or Path(name).exists():
        return load(find_folder(name, programmes))
    labels = [one.version for one in store().versions.all(id)]
    if not labels:
        raise NotFound(f'{name}: no version of "{id}" is published')
    if version not in labels:
        raise NotFound(f"{name} is not published; published: {', '.join(dict.fromkeys(labels))}")
    return Programmes(store()).at(id, version)
