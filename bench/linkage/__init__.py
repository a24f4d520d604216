"""Tests whether a union's member can be identified from the database without its key, by every order there is.

`tried` simulates the days of a scenario repeatedly, with the real desk, casework and worker, and runs every attack
(`attacks`) on the resulting database. The hits over all rounds are compared with those expected by chance.
There are some 320 attacks, of which one in forty exceeds chance by two standard deviations by luck. So an attack is
found only if it does so in three passes with days of their own, and surely over all of them (`Figure.sure`). Of attacks
that see nothing one in about 80,000 is found so; of whole runs, 4 times 320 attacks, one in about 60. A leak that gives
a pass four deviations on average is found in 93 of 100 cases. What luck cannot reach is found at once.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.linkage.attacks import JOINS, TELLS
from bench.linkage.days import Batch, Days, Scenario, lived
from bench.linkage.figures import Figure, of_join, of_tell
from bench.linkage.loot import Known, Loot, Rows
from bench.linkage.reading import Row, everything, rows_of
from tests.databases import Databases, Kind

MOST = 2.0  # standard deviations beyond chance: the limit
CERTAIN, SURE = 8.0, 5.0  # deviations, and `Figure.sure`, that luck cannot reach
PASSES = 3
Figures = Mapping[str, Figure]


@dataclass(slots=True)
class Trial:
    """The result of one database and scenario: the figures of each pass, and the attacks that are found."""

    kind: Kind
    scenario: str
    passes: list[Figures] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)  # numbers of people who share a batch and the union offered

    def whole(self, name: str) -> Figure:
        """Returns an attack's figure over all its passes."""
        return sum((one[name] for one in self.passes if name in one), Figure())


def tried(
    databases: Databases, kind: Kind, scenario: Scenario, var: Path, rounds: int, seed: int, most: float = MOST
) -> Trial:
    """Runs up to three passes of this many rounds each, until every attack is found or cleared."""
    trial = Trial(kind, scenario.name)
    suspects: Sequence[str] = [*JOINS, *TELLS]
    for number in range(PASSES):
        pooled: dict[str, Figure] = defaultdict(Figure)
        for round in range(rounds):
            with databases.lent(kind) as url, lived(url, var, scenario, seed + number * rounds + round) as days:
                trial.groups += sizes(days)
                for name, figure in attacked(days, suspects):
                    pooled[name] += figure
        trial.passes.append(pooled)
        certain = [name for name in suspects if pooled[name].z >= CERTAIN and pooled[name].sure >= SURE]
        trial.found += certain
        far = [name for name in suspects if pooled[name].z > most and pooled[name].sure > most / 2]
        suspects = [name for name in far if name not in certain]
        if not suspects:
            break
    trial.found += [name for name in suspects if trial.whole(name).sure > most]
    return trial


def attacked(days: Days, names: Sequence[str], tables: Rows | None = None) -> Iterator[tuple[str, Figure]]:
    """Yields each attack's figure in each batch, on these `tables` or else on the database."""
    loot = Loot(tables or everything(days.url), days.lines, days.notes, days.open)
    owners = owners_of(days)
    for batch in days.batches:
        for known, truth, yes in _parted(batch, loot, owners):
            for name in names:
                if name in TELLS:
                    yield name, of_tell(TELLS[name](known), yes)
                elif known.unions:
                    yield name, of_join(JOINS[name](known), truth)


def sizes(days: Days) -> list[int]:
    """Returns the sizes of the anonymity sets: of each batch and union."""
    return [number for batch in days.batches for number in Counter(one.partner for one in batch.members).values()]


def _parted(
    batch: Batch, loot: Loot, owners: Mapping[str, str]
) -> Iterator[tuple[Known, list[int | None], list[bool]]]:
    """Splits a batch by union, because the union offered follows from coded answers, which are unencrypted.

    Erased persons are left out: they have no rows, at a union neither.
    """
    there = [one for one in batch.members if one.submission in loot.people]
    for partner in sorted({one.partner for one in there}):
        members = [one for one in there if one.partner == partner]
        places = {one.submission: place for place, one in enumerate(members)}
        unions = [thing for id, thing in loot.unions.items() if id in batch.made]
        unions = [thing for thing in unions if thing.rows["referrals"][0]["partner"] == partner]
        known = Known([loot.people[one.submission] for one in members], unions, sum(one.yes for one in members))
        yield known, [places.get(owners[one.id]) for one in unions], [one.yes for one in members]


def owners_of(days: Days) -> dict[str, str]:
    """Returns {a union's referral: the submission}, computed with the key."""
    keys, rows = days.app.keys, [row for row in rows_of(days.url, "referrals") if row["submission_id"] is None]
    sent = [row["id"] for row in rows_of(days.url, "submissions")]
    by_key = {
        keys.blind(f"{one}|{partner}", "referral"): one for one in sent for partner in {row["partner"] for row in rows}
    }
    return {row["id"]: by_key.get(row["unique_key"]) or _sealed_owner(days, row) for row in rows}


def _sealed_owner(days: Days, row: Row) -> str:
    return str(days.app.keys.open_json(row["sealed"], f"referrals.sealed:{row['id']}")["submission_id"])


def report(trial: Trial, shown: int) -> Iterator[str]:
    """Yields the figures of the attacks furthest beyond chance, the found ones first, as lines."""
    first = trial.passes[0]
    yield f"  {trial.kind}, {trial.scenario}: {len(first)} attacks, {len(trial.found)} found"
    groups = f"{len(trial.groups)} groups of {min(trial.groups)} to {max(trial.groups)} people"
    yield f"    {groups}, half of them {statistics.median(trial.groups):g} or more: a batch, by the union offered"
    order = sorted(first, key=lambda name: (name not in trial.found, -trial.whole(name).z))
    yield f"    {'attack':78} {'hits':>7} {'chance':>7} {'sd':>6}  deviations in each pass"
    for name in order[: max(shown, 0)]:
        whole = trial.whole(name)
        beyond = ", ".join(f"{one[name].z:.1f}" for one in trial.passes if name in one)
        mark = "FOUND" if name in trial.found else ""
        yield f"    {name:78} {whole.hits:7.1f} {whole.expected:7.1f} {whole.deviation:6.2f}  {beyond} {mark}"
