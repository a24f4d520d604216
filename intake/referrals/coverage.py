"""Coverage: whether every partner that somebody can be referred to is available now. (docs/coverage.md)

A partner is available if an active member of staff can sign in for it, it has its addresses and is not paused. Who can
be referred to it is computed by `intake.authoring.proof.reach`; who works there is known to `intake.access.accounts`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake.access.accounts import Accounts
from intake.authoring.proof import installed
from intake.engine.email import is_placeholder
from intake.engine.findings import Finding
from intake.engine.programme import Programme
from intake.errors import BadSetting, NotFound
from intake.records import Staff
from intake.store import Store
from intake.sweden import alphabetical, day_in_sweden

if TYPE_CHECKING:
    from intake.authoring.proof.reach import Cell

WHERE = "database"  # the place of these findings, where others name a file
Reached = Mapping[str, "tuple[Cell, ...]"]


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """The current status of a partner that takes persons. `cells`: who can come to it; None without the solver.
    `lacks`: the addresses that are missing or placeholders.
    """

    programme: Programme
    partner: str
    staff: int
    paused_at: datetime | None
    lacks: tuple[str, ...]
    cells: tuple[Cell, ...] | None

    def kinds(self) -> int:
        """Returns how many kinds of persons can come to it: combinations of place, group and language."""
        return len(self.cells or ()) * len(self.programme.languages)

    def is_there(self) -> bool:
        return bool(self.staff) and self.paused_at is None and not self.lacks

    def findings(self) -> Iterator[Finding]:
        """Yields the findings that keep it from taking somebody who can come to it."""
        if self.cells == ():
            return  # nobody comes: the proof reports that
        if not self.staff:
            yield self._found("partner_without_staff", "nobody who can sign in works there")
        if self.paused_at is not None:
            yield self._found("partner_paused", f"it is paused since {self.paused_at:%Y-%m-%d} and takes nobody new")
        if self.lacks:
            yield self._found("partner_without_address", f"it has no {' and no '.join(self.lacks)} address")

    def _found(self, code: str, message: str) -> Finding:
        cells = self.cells or ()
        led = [cell for cell in cells if not cell.decided and cell.person.journey.routing.lead == self.partner]
        example = next((cell.person.example() for cell in (*led, *cells)), None)
        return Finding(code, WHERE, f"partner.{self.partner}", f"{message}; {self._whom()}", example=example)

    def _whom(self) -> str:
        if self.cells is None:
            return "how many kinds of persons it concerns cannot be told without the solver"
        places = {cell.place for cell in self.cells} - {None}
        groups = dict.fromkeys(cell.group or "staff decide" for cell in self.cells)
        answers = f"{len(places)} answer{'s' * (len(places) > 1)} to {self.programme.placed_by}"
        by = [f"place ({answers})"] if places else []
        by += [f"group ({', '.join(groups)})", f"language ({', '.join(self.programme.languages)})"]
        return f"{self.kinds()} kinds of persons can come to it: by {', '.join(by[:-1])} and {by[-1]}"


def standings(
    programme: Programme, store: Store, reached: Reached | None, demo: bool = False
) -> tuple[PartnerStatus, ...]:
    """Returns every partner that takes persons, in the programme's order. A demo accepts made-up addresses."""

    def usable(address: str | None) -> bool:
        return address is not None and (demo or not is_placeholder(address))

    working: dict[str, int] = {}
    for member in store.people.staff_of(programme.id):
        working[member.partner] = working.get(member.partner, 0) + usable(member.email)
    found = []
    for id, partner in programme.partners.items():
        if partner.takes_persons:
            settings = store.people.partner(programme.id, id)
            addresses = (("reply-to", settings.reply_to), ("notify", settings.notify))
            lacks = tuple(name for name, address in addresses if not usable(address))
            cells = None if reached is None else reached[id]
            found.append(PartnerStatus(programme, id, working.get(id, 0), settings.paused_at, lacks, cells))
    return tuple(found)


KEPT = 8  # programmes cached; each takes the solver about a second
_kept: dict[tuple[str, str, date], Reached] = {}
_proving = threading.Lock()  # the solver is not thread-safe


def who_comes(programme: Programme, today: date) -> Reached | None:
    """Returns who can come to each partner; None without the solver. Computed once per process, meaning of a programme
    and day (about a second), then cached. Touches no database.
    """
    if not installed():
        return None
    from intake.authoring.proof.reach import reach

    key = (programme.id, programme.meaning, today)
    found = _kept.get(key)  # without the lock, so that nobody waits for another programme
    if found is not None:
        return found
    with _proving:
        found = _kept.get(key)
        if found is None:
            found = reach(programme, today)
            if len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            if programme.meaning:  # a draft that cannot be read whole has no meaning to cache it by
                _kept[key] = found
        return found


def uncovered(programme: Programme, store: Store, today: date, demo: bool = False) -> list[Finding]:
    """Returns the findings about partners that somebody can come to and that are not available now."""
    return [
        one for stands in standings(programme, store, who_comes(programme, today), demo) for one in stands.findings()
    ]


@dataclass(frozen=True, slots=True)
class Coming:
    """Groups (None: staff decide) that can come from the same places. `everywhere`: from every place there is."""

    groups: tuple[str | None, ...]
    places: tuple[str, ...]
    everywhere: bool


@dataclass(frozen=True, slots=True)
class PartnerSeen:
    """A partner as the coordinator sees it. Of a union only whether anybody works there, never how many."""

    id: str
    name: str
    union: bool
    owner: bool
    staff: int
    paused_at: datetime | None
    lacks: tuple[str, ...]
    coming: tuple[Coming, ...]
    kinds: int
    missing: bool


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """The coverage of a programme, missing partners first, then by name. `proven`: the solver was available."""

    proven: bool
    partners: tuple[PartnerSeen, ...]


@dataclass(eq=False, repr=False)
class Coverage:
    """The coordinator's view of coverage, and pausing. Raises NotFound for anybody else."""

    programmes: Mapping[str, Programme]
    store: Store
    accounts: Accounts
    clock: Callable[[], datetime]
    demo: bool

    def who_comes(self, staff: Staff) -> Reached | None:
        """Returns who can come to each partner. Takes about a second the first time on a day; touches no database."""
        return who_comes(self._programme(staff), day_in_sweden(self.clock()))

    def seen(self, staff: Staff, language: str) -> CoverageSeen:
        """Returns the coverage for the coordinator's page. Raises NotFound for anybody else."""
        programme, reached = self._programme(staff), self.who_comes(staff)
        seen = [_seen(one, language) for one in standings(programme, self.store, reached, self.demo)]
        by_name = sorted(seen, key=lambda one: (not one.missing, alphabetical(one.name)))
        return CoverageSeen(reached is not None, tuple(by_name))

    def one(self, staff: Staff, partner: str, language: str) -> PartnerSeen:
        """Returns a partner that can be paused. Raises NotFound if there is none."""
        found = next((one for one in self.seen(staff, language).partners if one.id == partner and not one.owner), None)
        if found is None:
            raise NotFound("no such partner")
        return found

    def pause(self, staff: Staff, partner: str) -> None:
        """Pauses a partner, which then takes nobody new; does nothing if it is paused. Raises NotFound."""
        self._change(staff, partner, self.accounts.pause)

    def resume(self, staff: Staff, partner: str) -> None:
        self._change(staff, partner, self.accounts.resume)

    def _change(self, staff: Staff, partner: str, change: Callable[[str, str, str], bool]) -> None:
        programme = self._programme(staff)
        try:
            change(partner, programme.id, staff.id)
        except BadSetting as error:
            raise NotFound(str(error)) from None

    def _programme(self, staff: Staff) -> Programme:
        if not staff.coordinator:
            raise NotFound("no such page")
        return self.programmes[staff.programme]


def _seen(standing: PartnerStatus, language: str) -> PartnerSeen:
    programme = standing.programme
    partner = programme.partners[standing.partner]
    return PartnerSeen(
        id=partner.id,
        name=programme.texts.say(language, "partner", partner.id, "name"),
        union=partner.union,
        owner=partner.id == programme.owner,
        staff=min(standing.staff, 1) if partner.union else standing.staff,
        paused_at=standing.paused_at,
        lacks=standing.lacks,
        coming=tuple(_coming(standing, language)),
        kinds=standing.kinds(),
        missing=not standing.is_there() and standing.cells != (),
    )


def _coming(standing: PartnerStatus, language: str) -> Iterator[Coming]:
    """Yields the groups that have the same places, together."""
    programme, places = standing.programme, dict[str | None, set[str | None]]()
    for cell in standing.cells or ():
        places.setdefault(cell.group, set()).add(cell.place)
    question = programme.by_id.get(programme.placed_by or "")
    all_there_are = {one.id for one in question.choices if not one.dont_know} if question is not None else set()
    for some in dict.fromkeys(map(frozenset, places.values())):
        names = [programme.texts.say(language, "choice", question.id, id) for id in some if id and question is not None]
        yield Coming(
            groups=tuple(group for group, where in places.items() if where == some),
            places=tuple(sorted(names, key=alphabetical)),
            everywhere=bool(names) and some >= all_there_are,
        )
