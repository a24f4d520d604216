"""The report of a replay: how many persons change, from what to what, and where they live, in rounded numbers.

Unions are counted with all other partners and never named: being offered one reveals somebody's occupation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from intake.authoring.replay.judging import Outcome
from intake.authoring.replay.rounding import BASE, CountTable, Name, by_size, rounded, table
from intake.engine.kinds import choice_text
from intake.engine.programme import Programme

SAME = "same"
NAMED = 10  # damaged rows named, at most
COMPARED = ("verdict", "group", "lead")
ROUNDED = f"Numbers of people are rounded to {BASE}, each on its own: they need not add up. 0 is fewer than 3."
Move = tuple[Any, Any]


class OutcomeChange(NamedTuple):
    """The old and the new outcome, where the person lives, and whether staff have decided since."""

    before: Outcome
    after: Outcome
    municipality: str | None
    decided: bool


@dataclass
class Counted:
    """Counts of a set of persons. `persons` by reference, only if asked for."""

    rows: int = 0
    untouched: int = 0  # not judged: both versions mean the same
    touched: int = 0  # judged by the new version
    read_back: int = 0  # of these, judged by the old version too: other versions, older rows, files
    judged: int = 0  # judgements of the engine; of very many, one per class of answers
    reading_seconds: float = 0.0
    judging_seconds: float = 0.0
    changes: Counter[OutcomeChange] = field(default_factory=Counter)
    never_asked: Counter[str] = field(default_factory=Counter)  # required questions without an answer
    damaged: list[str] = field(default_factory=list)  # references of unreadable rows, which are not counted elsewhere
    persons: list[tuple[str | None, OutcomeChange]] = field(default_factory=list)

    def add(self, more: Counted) -> None:
        """Adds the counts of other persons."""
        for one in fields(Counted):
            both = getattr(self, one.name), getattr(more, one.name)
            setattr(self, one.name, both[0] + both[1])


class Report(Counted):
    """The report, filled by `replay` or `replay_many`. `processes`: how many shared the work."""

    def __init__(self, old: Programme, new: Programme) -> None:
        super().__init__()
        self.old, self.new, self.processes = old, new, 1
        both = (self.old, self.new)
        self._unions = {id for one in both for id in one.unions()}
        named = {template for one in both for route in one.routes for template in (route.lead, *route.offer)}
        self._templates = sorted(template for template in named if "{" in template)

    @property
    def changing(self) -> int:
        return self.changes.total()

    @property
    def same_meaning(self) -> bool:
        """Whether nobody can change, whatever they answered."""
        return bool(self.old.meaning) and self.old.meaning == self.new.meaning

    @property
    def anyone_changes(self) -> bool:
        return bool(self.changes)

    def followed_up(self) -> list[tuple[str | None, OutcomeChange]]:
        """Returns the persons whose result changes in more than unions."""
        seen = [(reference, self._without_unions(change)) for reference, change in self.persons]
        return sorted((one for one in seen if one[1].before != one[1].after), key=_by_number)

    def _without_unions(self, change: OutcomeChange) -> OutcomeChange:
        before, after = (
            outcome._replace(offers=tuple(id for id in outcome.offers if id not in self._unions))
            for outcome in (change.before, change.after)
        )
        return change._replace(before=before, after=after)

    def _named(self, id: Any, place: str | None) -> Any:
        """Names a local partner by its template (`municipality:{home}`); another table shows who lives where."""
        same = (template for template in self._templates if place and re.sub(r"{\w+}", place, template) == id)
        return next(same, id)

    def table(self) -> CountTable:
        """Counts those who change by municipality and former group."""
        places: Counter[tuple[Name, Name]] = Counter()
        for change, number in self.changes.items():
            places[change.municipality, change.before.group] += number
        return table(places)

    def moves(self, what: str) -> dict[Move, int]:
        """Counts the changes from one value to another; last, as `same`, those who change otherwise only."""
        moves: Counter[Move] = Counter()
        for change, number in self.changes.items():
            was, now = (self._named(getattr(one, what), change.municipality) for one in (change.before, change.after))
            moves[(was, now) if was != now else (SAME, SAME)] += number
        same = rounded(moves.pop((SAME, SAME), 0))
        shown = by_size(moves)
        return shown | ({(SAME, SAME): same} if shown and same else {})

    def offers(self) -> tuple[int, dict[str, int], dict[str, int]]:
        """Returns how many are offered other partners, and how many more or fewer each partner would be offered to."""
        others, gained, lost = 0, Counter[str](), Counter[str]()
        for change, number in self.changes.items():
            before, after = {*change.before.offers}, {*change.after.offers}
            others += number * (change.before.offers != change.after.offers)
            for counter, ids in ((gained, after - before), (lost, before - after)):
                counter.update({self._named(id, change.municipality): number for id in ids - self._unions})
        return rounded(others), by_size(gained), by_size(lost)

    def decided(self) -> int:
        """Returns how many of those who change were decided by staff."""
        return rounded(sum(number for change, number in self.changes.items() if change.decided))

    def about(self) -> dict[str, Any]:
        """Returns the versions, and what could not be read, for --json."""
        return {
            "programme": self.new.id,
            "old": {"version": self.old.version, "meaning": self.old.meaning},
            "new": {"version": self.new.version, "meaning": self.new.meaning},
            "damaged": sorted(self.damaged),
        }

    def figures(self) -> dict[str, Any]:
        """Returns all numbers, for --json."""
        table, (others, gained, lost) = self.table(), self.offers()
        return self.about() | {
            "submissions": rounded(self.rows),
            "changing": rounded(self.changing),
            **{
                what: [{"from": was, "to": now, "count": number} for (was, now), number in self.moves(what).items()]
                for what in COMPARED
            },
            "offers": {"count": others, "gained": _counts(gained), "lost": _counts(lost)},
            "never_asked": _counts(by_size(self.never_asked)),
            "decided": self.decided(),
            "places": {
                "groups": list(table.column_sums),
                "rows": [
                    {"municipality": row, "counts": [table.cells[row, column] for column in table.column_sums],
                     "sum": number}
                    for row, number in table.row_sums.items()
                ],
                "sums": list(table.column_sums.values()),
                "sum": table.sum,
            },
            "work": {
                "untouched": rounded(self.untouched), "touched": rounded(self.touched),
                "old_judged_too": rounded(self.read_back), "judged": rounded(self.judged),
                "processes": self.processes,
                "reading_seconds": round(self.reading_seconds, 3), "judging_seconds": round(self.judging_seconds, 3),
            },
        }  # fmt: skip

    def head(self) -> str:
        """Names the programme and both versions."""
        return f"{self.new.id} {_version(self.old)} -> {_version(self.new)}"

    def lines(self) -> Iterator[str]:
        """Yields the report for people."""
        yield f"{self.head()}: {_many(self.rows)} submissions"
        yield ROUNDED
        yield from self._who_changes()
        for question, count in by_size(self.never_asked).items():
            yield f"\nCannot tell: {count:,} were never asked {question}, or have no answer that it takes."
        yield from self.damage()
        yield ""
        yield from self._work()

    def damage(self) -> Iterator[str]:
        """Yields a line that names those who could not be read."""
        if self.damaged:
            named = f"{', '.join(sorted(self.damaged)[:NAMED])}{', ...' * (len(self.damaged) > NAMED)}"
            yield f"\nNot counted, because what is stored cannot be read: {named}. Restore it from a backup."

    def _work(self) -> Iterator[str]:
        untouched, touched, read_back, judged = map(
            rounded, (self.untouched, self.touched, self.read_back, self.judged)
        )
        if untouched:
            yield f"{untouched:,} not judged: both versions mean the same."
        if touched:
            too = f"of these {read_back:,} by the old version too (sent under another, or kept without offers)"
            old = too if read_back else "their old result read"
            yield f"{touched:,} judged by the new version, {old}; {judged:,} times by the engine."
        shared = f", shared by {self.processes} processes" if self.processes > 1 else ""
        yield f"reading {self.reading_seconds:.2f} s, judging {self.judging_seconds:.2f} s{shared}"

    def _who_changes(self) -> Iterator[str]:
        if self.same_meaning:
            yield "Nobody changes verdict, group, lead or offers: both versions mean the same."
            return
        yield f"{_many(self.changing)} change verdict, group, lead or offers."
        for what in COMPARED:
            moves = self.moves(what)
            if moves:
                yield f"\n{what}:"
            for (was, now), count in moves.items():
                text = "as before" if was == SAME else f"{was or 'none'} -> {now or 'none'}"
                yield f"  {text:<52}{count:>9,}"
        others, gained, lost = self.offers()
        if others:
            yield f"\noffers: {others:,} are offered others"
            for sign, partners in (("+", gained), ("-", lost)):
                for id, count in partners.items():
                    yield f"  {sign} {id:<50}{count:>9,}"
        if self.decided():
            yield f"\n{self.decided():,} of those who change were decided by staff; what staff decided stands."
        yield from self._places_drawn()

    def _places_drawn(self) -> Iterator[str]:
        table, names = self.table(), self._place_names()
        if not table.cells:
            return
        yield "\nwho changes, by municipality and the group they had:"
        yield f"  {'':<24}" + "".join(f"{column or 'no group':>10}" for column in table.column_sums) + f"{'sum':>10}"
        for row, number in table.row_sums.items():
            cells = "".join(f"{table.cells[row, column]:>10,}" for column in table.column_sums)
            yield f"  {names.get(str(row), row or 'not known'):<24}{cells}{number:>10,}"
        sums = "".join(f"{number:>10,}" for number in table.column_sums.values())
        yield f"  {'sum':<24}{sums}{table.sum:>10,}"

    def _place_names(self) -> Mapping[str, str]:
        question = self.new.by_id.get(self.new.placed_by or "")
        if question is None:
            return {}
        language = self.new.negotiate_language("en")
        return {choice.id: choice_text(self.new, question, choice.id, language) for choice in question.choices}


def _by_number(one: tuple[str | None, OutcomeChange]) -> tuple[int, str]:
    """Sorts line 9 before line 10."""
    reference = one[0] or ""
    return len(reference), reference


def _counts(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"id": id, "count": number} for id, number in numbers.items()]


def _many(number: int) -> str:
    """Formats nobody, one and two alike."""
    return f"{rounded(number):,}" if rounded(number) else "fewer than 3"


def _version(programme: Programme) -> str:
    return programme.version + (f" · {programme.meaning[:8]}" if programme.meaning else "")
