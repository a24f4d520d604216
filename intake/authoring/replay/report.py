"""What a replay found: how many change what, from what to what, where they live. Small numbers are hidden.

Unions are counted with all other partners and never named: that somebody was offered one tells what they work as.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from intake.authoring.replay.judging import Outcome
from intake.authoring.replay.small_cells import CountTable, Shown, parts, shown, table
from intake.engine.kinds import choice_text
from intake.engine.programme import Programme

SAME = "same"
NAMED = 10  # damaged ones, at most
COMPARED = ("verdict", "group", "lead")
Move = tuple[str | None, str | None]


class OutcomeChange(NamedTuple):
    """What somebody came to and would come to, where they live, and whether staff have decided meanwhile."""

    before: Outcome
    after: Outcome
    municipality: str | None
    decided: bool


@dataclass
class Counted:
    """What there is to count of some people. `persons` by reference, only where they were asked for."""

    rows: int = 0
    untouched: int = 0  # not judged: both versions mean the same
    touched: int = 0  # judged by the new version
    read_back: int = 0  # of these the old result was not read but judged: other versions, older rows, files
    judged: int = 0  # how often the engine judged: of very many, once for all who answered alike
    reading_seconds: float = 0.0
    judging_seconds: float = 0.0
    changes: Counter[OutcomeChange] = field(default_factory=Counter)
    never_asked: Counter[str] = field(default_factory=Counter)  # required questions that somebody has no answer to
    damaged: list[str] = field(default_factory=list)  # references of what cannot be read any more: not among the rest
    persons: list[tuple[str | None, OutcomeChange]] = field(default_factory=list)

    def add(self, more: Counted) -> None:
        """The same of other people."""
        for one in fields(Counted):
            both = getattr(self, one.name), getattr(more, one.name)
            setattr(self, one.name, both[0] + both[1])


class Report(Counted):
    """Filled by `replay` or `replay_many`. `processes`: so many shared the work."""

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
        """The persons, without unions: whose only change is a union is not among them."""
        seen = [(reference, self._without_unions(change)) for reference, change in self.persons]
        return sorted((one for one in seen if one[1].before != one[1].after), key=_by_number)

    def _without_unions(self, change: OutcomeChange) -> OutcomeChange:
        before, after = (
            outcome._replace(offers=tuple(id for id in outcome.offers if id not in self._unions))
            for outcome in (change.before, change.after)
        )
        return change._replace(before=before, after=after)

    def _named(self, id: Any, place: str | None) -> Any:
        """A partner of a place as the route has it (`municipality:{home}`): who lives where is another table's."""
        same = (template for template in self._templates if place and re.sub(r"{\w+}", place, template) == id)
        return next(same, id)

    def table(self) -> CountTable:
        """Who changes, by municipality and the group they had."""
        places: Counter[tuple[Hashable, Hashable]] = Counter()
        for change, number in self.changes.items():
            places[change.municipality, change.before.group] += number
        return table({place: places[place] for place in sorted(places, key=lambda place: tuple(map(str, place)))})

    def moves(self, what: str) -> dict[Move | str, Shown]:
        """From what to what, the most frequent first; with `same` they are everybody who changes in some way."""
        moves: Counter[Hashable] = Counter()
        for change, number in self.changes.items():
            was, now = (self._named(getattr(one, what), change.municipality) for one in (change.before, change.after))
            moves[(was, now) if was != now else SAME] += number
        same = moves.pop(SAME, 0)
        if not moves:
            return {}
        return parts(dict(moves.most_common()) | ({SAME: same} if same else {}))  # type: ignore[return-value]

    def offers(self) -> tuple[Shown, Mapping[str, Shown], Mapping[str, Shown]]:
        """How many are offered others, and how many more or fewer each partner would be offered to."""
        others, gained, lost = 0, Counter[str](), Counter[str]()
        for change, number in self.changes.items():
            before, after = {*change.before.offers}, {*change.after.offers}
            others += number * (change.before.offers != change.after.offers)
            for counter, ids in ((gained, after - before), (lost, before - after)):
                counter.update({self._named(id, change.municipality): number for id in ids - self._unions})
        return shown(others), _shown(gained), _shown(lost)

    def decided(self) -> Shown:
        """How many of those who change staff have decided about."""
        return shown(sum(number for change, number in self.changes.items() if change.decided))

    def figures(self) -> dict[str, Any]:
        """For --json. Numbers under five are "<5", those hidden beside them "5+"."""
        table, (others, gained, lost) = self.table(), self.offers()
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
            "offers": {"count": others, "gained": _counts(gained), "lost": _counts(lost)},
            "never_asked": _counts(_shown(self.never_asked)),
            "decided": self.decided(),
            "damaged": sorted(self.damaged),
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
                "judged": self.judged, "processes": self.processes,
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
        for question, number in _shown(self.never_asked).items():
            yield f"\nCannot tell: {_number(number)} were never asked {question}, or have no answer that it takes."
        if self.damaged:
            named = f"{', '.join(sorted(self.damaged)[:NAMED])}{', ...' * (len(self.damaged) > NAMED)}"
            yield f"\nNot counted, because what is stored cannot be read: {named}. Restore it from a backup."
        yield ""
        yield from self._work()

    def _work(self) -> Iterator[str]:
        if self.untouched:
            yield f"{self.untouched:,} not judged: both versions mean the same."
        if self.touched:
            too = f"of these {self.read_back:,} by the old version too (sent under another, or kept without offers)"
            old = too if self.read_back else "their old result read"
            yield f"{self.touched:,} judged by the new version, {old}; {self.judged:,} times by the engine."
        shared = f", shared by {self.processes} processes" if self.processes > 1 else ""
        yield f"reading {self.reading_seconds:.2f} s, judging {self.judging_seconds:.2f} s{shared}"

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
        others, gained, lost = self.offers()
        if others:
            yield f"\noffers: {_number(others)} are offered others"
            for sign, partners in (("+", gained), ("-", lost)):
                for id, count in partners.items():
                    yield f"  {sign} {id:<50}{_number(count):>9}"
        if self.decided():
            count = _number(self.decided())
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


def _by_number(one: tuple[str | None, OutcomeChange]) -> tuple[int, str]:
    """Line 9 before line 10."""
    reference = one[0] or ""
    return len(reference), reference


def _counts(numbers: Mapping[str, Shown]) -> list[dict[str, Any]]:
    return [{"id": id, "count": number} for id, number in numbers.items()]


def _shown(counter: Counter[str]) -> dict[str, Shown]:
    return {id: shown(number) for id, number in counter.most_common()}


def _number(value: Shown) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _version(programme: Programme) -> str:
    return programme.version + (f" · {programme.meaning[:8]}" if programme.meaning else "")


def _of(rows: int) -> str:
    return f"{rows:,} submission{'s' * (rows != 1)}"
