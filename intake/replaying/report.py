"""What a replay found: how many change what, from what to what, where they live. Small numbers are hidden.

Unions are counted with all other partners and never named: that somebody was offered one tells what they work as.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.engine.kinds import choice_text
from intake.engine.programme import Programme
from intake.records import SentIn
from intake.replaying.hiding import Shown, Table, parts, shown, table
from intake.replaying.judging import Outcome

SAME = "same"
COMPARED = ("verdict", "group", "lead")
Move = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Moved:
    """One person who changes, for whoever follows up. Without unions."""

    reference: str | None
    before: Outcome
    after: Outcome
    decided: bool


@dataclass
class Report:
    """Filled by `intake.replaying.replay`. `persons` only where they were asked for."""

    old: Programme
    new: Programme
    rows: int = 0
    untouched: int = 0  # no changed condition can touch them: not judged
    touched: int = 0
    read_back: int = 0  # of these the old result was not read but judged: other versions, older rows, files
    never_asked: Counter[str] = field(default_factory=Counter)  # required questions that somebody has no answer to
    judged: int = 0  # by the engine: each way to answer that makes a difference, once
    changing: int = 0
    decided: int = 0
    reading_seconds: float = 0.0
    judging_seconds: float = 0.0
    persons: list[Moved] = field(default_factory=list)
    _moves: dict[str, Counter[Move]] = field(default_factory=lambda: {what: Counter() for what in COMPARED})
    _offers: int = 0
    _gained: Counter[str] = field(default_factory=Counter)
    _lost: Counter[str] = field(default_factory=Counter)
    _places: Counter[tuple[Hashable, Hashable]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        both = (self.old, self.new)
        self._unions = {id for one in both for id in one.unions()}
        self._templates = {
            template
            for one in both
            for route in one.routes
            for template in (route.lead, *route.offer)
            if "{" in template
        }

    @property
    def anyone_changes(self) -> bool:
        return self.changing > 0

    def add(self, row: SentIn, before: Outcome, now: Outcome, listed: bool) -> None:
        """One person who changes."""
        self.changing += 1
        self.decided += row.decided
        self._places[row.municipality, before.group] += 1
        for what in COMPARED:
            was, new = getattr(before, what), getattr(now, what)
            if was != new:
                self._moves[what][self._named(was, row), self._named(new, row)] += 1
        self._offers += before.offers != now.offers
        self._gained.update({self._named(id, row) for id in {*now.offers} - {*before.offers} - self._unions})
        self._lost.update({self._named(id, row) for id in {*before.offers} - {*now.offers} - self._unions})
        if listed:
            seen = self._without_unions(before), self._without_unions(now)
            if seen[0] != seen[1]:
                self.persons.append(Moved(row.reference, *seen, bool(row.decided)))

    def _without_unions(self, outcome: Outcome) -> Outcome:
        return outcome._replace(offers=tuple(id for id in outcome.offers if id not in self._unions))

    def _named(self, id: Any, row: SentIn) -> Any:
        """A partner of a place as the route has it (`municipality:{home}`): who lives where is another table's."""
        place = row.municipality or ""
        same = (template for template in self._templates if place and re.sub(r"{\w+}", place, template) == id)
        return next(same, id)

    def table(self) -> Table:
        """Who changes, by municipality and the group they had."""
        order = sorted(self._places, key=lambda place: tuple(map(str, place)))
        return table({place: self._places[place] for place in order})

    def moves(self, what: str) -> dict[Move | str, Shown]:
        """From what to what, the most frequent first; with `same` they are everybody who changes in some way."""
        counted: dict[Hashable, int] = dict(self._moves[what].most_common())
        if not counted:
            return {}
        return parts({**counted, SAME: self.changing - sum(counted.values())})  # type: ignore[return-value]

    def figures(self) -> dict[str, Any]:
        """For --json. Numbers under five are "<5", those hidden beside them "5+"."""
        table = self.table()
        return {
            "programme": self.new.id,
            "old": {"version": self.old.version, "meaning": self.old.meaning},
            "new": {"version": self.new.version, "meaning": self.new.meaning},
            "submissions": self.rows,
            "changing": shown(self.changing),
            **{
                what: [
                    {"from": SAME, "to": SAME, "count": number}
                    if isinstance(move, str)
                    else {"from": move[0], "to": move[1], "count": number}
                    for move, number in self.moves(what).items()
                ]
                for what in COMPARED
            },
            "offers": {"count": shown(self._offers), "gained": _counts(self._gained), "lost": _counts(self._lost)},
            "never_asked": _counts(self.never_asked),
            "decided": shown(self.decided),
            "places": {
                "groups": list(table.columns),
                "rows": [
                    {"municipality": row, "counts": [table.cells[row, column] for column in table.columns],
                     "sum": table.row_sums[row]}
                    for row in table.rows
                ],
                "sums": [table.column_sums[column] for column in table.columns],
                "sum": table.sum,
            },
            "work": {
                "untouched": self.untouched, "touched": self.touched, "old_judged_too": self.read_back,
                "judged": self.judged,
                "reading_seconds": round(self.reading_seconds, 3), "judging_seconds": round(self.judging_seconds, 3),
            },
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """For people to read."""
        yield f"{self.new.id} {_version(self.old)} -> {_version(self.new)}: {_of(self.rows)}"
        if not self.rows:
            yield "There is nobody to replay: no submissions."
            return
        if not self.changing:
            yield "Nobody changes verdict, group, lead or offers."
        else:
            yield from self._who_changes()
        yield ""
        yield f"{self.untouched:,} not judged: no changed condition can touch them. {self.touched:,} looked at, " + (
            f"of these {self.read_back:,} by the old version too (sent under another, or kept without offers); "
            if self.read_back
            else "their old result read; "
        ) + f"{self.judged:,} different ways to answer judged."
        yield f"reading {self.reading_seconds:.2f} s, judging {self.judging_seconds:.2f} s"

    def _who_changes(self) -> Iterator[str]:
        number = shown(self.changing)
        yield f"{_number(number)} {'change' if number != 1 else 'changes'} verdict, group, lead or offers."
        for what in COMPARED:
            moves = self.moves(what)
            if moves:
                yield f"\n{what}:"
            for move, count in moves.items():
                text = "as before" if isinstance(move, str) else f"{move[0] or 'none'} -> {move[1] or 'none'}"
                yield f"  {text:<52}{_number(count):>9}"
        if self._offers:
            yield f"\noffers: {_number(shown(self._offers))} are offered others"
            for sign, counter in (("+", self._gained), ("-", self._lost)):
                for id, count in counter.most_common():
                    yield f"  {sign} {id:<50}{_number(shown(count)):>9}"
        for question, count in self.never_asked.most_common():
            text = "Cannot tell what the new version would give them: "
            yield f"\n{text}{_number(shown(count))} were never asked {question}, or have no answer it takes."
        if self.decided:
            count = _number(shown(self.decided))
            yield f"\n{count} of those who change were decided by staff; what staff decided stands."
        yield from self._places_drawn()

    def _places_drawn(self) -> Iterator[str]:
        table, names = self.table(), self._place_names()
        yield "\nwho changes, by municipality and the group they had (fewer than five hidden):"
        yield f"  {'':<24}" + "".join(f"{column or 'no group':>10}" for column in table.columns) + f"{'sum':>10}"
        for row in table.rows:
            cells = "".join(f"{_number(table.cells[row, column]):>10}" for column in table.columns)
            yield f"  {names.get(str(row), str(row or 'not known')):<24}{cells}{_number(table.row_sums[row]):>10}"
        sums = "".join(f"{_number(table.column_sums[column]):>10}" for column in table.columns)
        yield f"  {'sum':<24}{sums}{_number(table.sum):>10}"

    def _place_names(self) -> Mapping[str, str]:
        question = self.new.by_id.get(self.new.placed_by or "")
        if question is None:
            return {}
        language = self.new.speak("en")
        return {choice.id: choice_text(self.new, question, choice.id, language) for choice in question.choices}


def _counts(counter: Counter[str]) -> list[dict[str, Any]]:
    return [{"id": id, "count": shown(count)} for id, count in counter.most_common()]


def _number(value: Shown) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _version(programme: Programme) -> str:
    return programme.version + (f" ({programme.meaning[:8]})" if programme.meaning else "")


def _of(rows: int) -> str:
    return f"{rows:,} submission{'s' * (rows != 1)}"
