"""Published versions: which is served, which were, and how a folder becomes one.

A folder contains a draft; participants see what is published (the table `versions`). A version is never changed: its
label stands for one meaning, and changed texts are a new wording of it. `intake check` and the proof decide whether a
draft is good enough (`intake.cli.publishing`); this module stores and serves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import structlog

from intake.authoring.catalog import Draft, drafts, load_stored, no_programme
from intake.authoring.catalog.files import CASES
from intake.config import Settings
from intake.engine.programme import Programme
from intake.errors import BadProgramme, BadSetting, IntakeError, NotPublished
from intake.records import Version
from intake.store import Store

STAMP = "proven.toml"
SHORT = 8  # characters of a hash shown to people

log = structlog.get_logger()


class Programmes(Mapping[str, Programme]):
    """The programmes served now, by id; `at` returns an earlier version, for what was sent in under it.

    Shared by threads: a change replaces the dictionary, and readers go on with the old one.
    """

    def __init__(
        self,
        store: Store,
        read: Mapping[str, Programme] | None = None,
        unpublished: Mapping[str, Programme] | None = None,
    ) -> None:
        """`read`: programmes read already; those with equal hashes are not read again from the database.

        `unpublished`: what the next start would publish, for commands that only read.
        """
        self._store = store
        self._read = dict(read or {})
        self._numbers: dict[str, int] = {}
        self._current: dict[str, Programme] = dict(unpublished or {})
        self._earlier: dict[tuple[str, str], Programme] = {}
        self._unions: dict[str, tuple[str, ...]] = {}
        self.refresh()

    def __getitem__(self, id: str) -> Programme:
        return self._current[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def refresh(self) -> None:
        """Serves what was published meanwhile, by this process or another."""
        newest = self._store.versions.newest()
        if newest == self._numbers:
            return
        current = dict(self._current)
        for id in sorted(newest):
            if newest[id] != self._numbers.get(id):
                now = current[id] = self._load(self._store.versions.all(id)[-1])
                if self._numbers:
                    log.info("version_served", programme=id, version=shown(now.version, now.meaning))
        self._current = current
        self._earlier, self._unions = {}, {}  # a label may have a newer wording
        self._numbers = newest

    def at(self, id: str, version: str) -> Programme:
        """Returns the newest wording of a version, or the current version if it was not kept."""
        earlier, now = self._earlier, self._current[id]
        if version == now.version:
            return now
        if (id, version) not in earlier:
            found = [one for one in self._store.versions.all(id) if one.version == version]
            earlier[id, version] = self._load(found[-1]) if found else now
        return earlier[id, version]

    def published(self, id: str, version: str, meaning: str | None) -> Programme | None:
        """Returns the version with this label and, if known, this meaning; None if it was not kept."""
        labels = [one for one in self._store.versions.all(id) if one.version == version]
        kept = [one for one in labels if meaning in (None, one.meaning)]
        return self._load(kept[-1]) if kept else None

    def unions(self, id: str) -> tuple[str, ...]:
        """Returns the unions of every version: referrals to a removed one stay as secret as before."""
        unions, now = self._unions, self._current[id]
        if id not in unions:
            earlier = {one.meaning: one for one in self._store.versions.all(id)}
            earlier.pop(now.meaning, None)
            every = [now, *(self._load(one) for one in earlier.values())]
            unions[id] = tuple(dict.fromkeys(union for programme in every for union in programme.unions()))
        return unions[id]

    def _load(self, version: Version) -> Programme:
        read = self._read.get(version.programme)
        if read is None or (read.meaning, read.wording) != (version.meaning, version.wording):
            read = load_stored(f"{version.programme} {version.version}", self._store.versions.files(version))
        imported = self._store.lists.all()
        named = imported.keys() & read.lists.keys()
        return replace(
            read,
            version=version.version,  # in a demo the label may be longer than the file's
            meaning=version.meaning,  # as published: later programs do not compute hashes anew
            wording=version.wording,
            lists={**read.lists, **{name: imported[name] for name in named}},
            former={name: read.lists[name] for name in named},
        )


def publish(store: Store, programme: Programme, files: Mapping[str, str], now: datetime) -> Version:
    """Publishes a programme, unless it is served already. Raises BadSetting if its label has another meaning."""
    kept = {name: text for name, text in files.items() if name != CASES}
    while True:
        new = next_version(store.versions.all(programme.id), programme, now)
        if new is None:
            return store.versions.all(programme.id)[-1]
        if store.versions.add(new, kept):
            return new


def next_version(there: Sequence[Version], programme: Programme, now: datetime) -> Version | None:
    """Returns the version that publishing would add; None if it is the newest already. Raises BadSetting."""
    if there and is_published(programme, there[-1]):
        return None
    if any(one.version == programme.version and one.meaning != programme.meaning for one in there):
        raise BadSetting(
            f'{programme.id}: version "{programme.version}" is published and means something else: '
            "raise the version in programme.toml"
        )
    number = there[-1].number + 1 if there else 1
    return Version(programme.id, number, programme.version, programme.meaning, programme.wording, now)


def is_published(programme: Programme, version: Version) -> bool:
    """Whether this is that version, word for word. A label made longer in a demo is the same."""
    same = (programme.meaning, programme.wording) == (version.meaning, version.wording)
    return same and version.version in (programme.version, longer(programme).version)


def longer(programme: Programme) -> Programme:
    """Returns the programme under a generated label: `1+3fa2c1`."""
    return replace(programme, version=f"{programme.version}+{programme.meaning[:6]}")


@dataclass(frozen=True, slots=True)
class Opened:
    """The programmes served, and notices about the folder at start."""

    programmes: Programmes
    notices: tuple[str, ...] = ()


def open_programmes(settings: Settings, store: Store, now: datetime, *, reading: bool = False) -> Opened:
    """Returns what is served, after publishing the folder: in a demo always, elsewhere first versions with a stamp.

    Another draft beside a served version is only mentioned in the notices; if it is all there is, raises NotPublished,
    or BadProgramme if it is broken. In a demo a broken draft always ends the start. If `reading`, nothing is published:
    what would be is only returned.
    """
    notices: list[str] = []
    drafts_only: list[IntakeError] = []
    read: dict[str, Programme] = {}
    unpublished: dict[str, Programme] = {}
    found = drafts(settings.programmes)
    if not found and not store.versions.newest():
        raise no_programme(settings.programmes)
    for draft in found:
        there = store.versions.all(draft.id)
        if draft.findings:
            broken = BadProgramme(str(draft.folder), draft.findings)
            if settings.demo:
                raise broken
            if there:
                notices.append(f"{draft.id}: the folder has findings; version {there[-1].version} is served")
            else:
                drafts_only.append(broken)
            continue
        programme = read[draft.id] = draft.programme
        if there and is_published(programme, there[-1]):
            continue
        if settings.demo or (not there and is_stamped(draft)):
            taken = any(one.version == programme.version and one.meaning != programme.meaning for one in there)
            new = longer(programme) if taken else programme
            if reading:
                unpublished[draft.id] = new
            else:
                publish(store, new, draft.files, now)
        elif there:
            notices.append(
                f"{draft.id}: the folder differs from what is published; version {there[-1].version} is served "
                f"until `intake publish {draft.id}`"
            )
        else:
            drafts_only.append(NotPublished(f"{draft.id} is not published: run `intake publish {draft.id}`"))
    if drafts_only and not unpublished and not store.versions.newest():
        raise drafts_only[0]
    notices += [f"{one}; until then nobody meets it" for one in drafts_only]
    return Opened(Programmes(store, read, unpublished), tuple(notices))


def is_stamped(draft: Draft) -> bool:
    """Whether the folder's stamp says that exactly this draft was proven."""
    try:
        said = tomllib.loads((draft.folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    programme = draft.programme
    return (said.get("version"), said.get("meaning"), said.get("wording")) == (
        programme.version, programme.meaning, programme.wording,
    )  # fmt: skip


def stamp(folder: Path, programme: Programme, day: date) -> None:
    """Writes into the folder that this was proven. Callers have proven it."""
    (folder / STAMP).write_text(
        f"# Written by `intake publish {programme.id} --stamp`, which proves it first. Never by hand.\n"
        f'version = "{programme.version}"\nmeaning = "{programme.meaning}"\n'
        f'wording = "{programme.wording}"\nproven_on = {day.isoformat()}\n',
        encoding="utf-8",
    )


def shown(version: str, meaning: str | None) -> str:
    """Formats a version for people: `1 · 3fa2c1d0`."""
    return f"{version} · {meaning[:SHORT]}" if meaning else version
