"""Groups the rows by person and by union referral, as the attacker does before the attacks.

They are joined only by unencrypted values: ids, references, and for log lines the ids of letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.linkage.reading import Row

Rows = Mapping[str, Sequence[Row]]
GAPS = ("submissions", "contacts", "interviews", "referrals", "events", "messages")


@dataclass(frozen=True, slots=True)
class Thing:
    """A person, or a union referral: its rows by table, and numbers about its surroundings (`facts`)."""

    id: str
    rows: Rows
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """An open interview: the length of its answers before sending, and how much the union's answer added."""

    length: int = 0
    growth: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A batch as the attacker knows it: who could have chosen, the union referrals, and how many chose."""

    people: Sequence[Thing]
    unions: Sequence[Thing]
    chose: int


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            found[row[column]].append(row)
    return found


class Loot:
    """The grouped rows of all tables. `lines`: the log. `notes`: encrypted notes seen before their batch.

    `open`: open interviews by id.
    """

    def __init__(
        self,
        tables: Rows,
        lines: Sequence[Row] = (),
        notes: Sequence[Row] = (),
        open: Mapping[str, Open] | None = None,
    ) -> None:
        self.tables = tables
        self._events = _by(tables["events"], "referral_id")
        self._messages = _by(tables["messages"], "referral_id")
        self._access = _by(tables["access_log"], "referral_id")
        self._lines = _by([line for line in lines if "id" in line], "id")
        self._notes = notes
        self._open = open or {}
        referrals = tables["referrals"]
        of_person = _by(referrals, "submission_id")
        interviews, contacts = _by(tables["interviews"], "id"), _by(tables["contacts"], "submission_id")
        links = _by(tables["links"], "subject")
        theirs = [row for row in referrals if row["submission_id"] is None]
        self.unions = {row["id"]: Thing(row["id"], self._of([row])) for row in theirs}
        self.people: dict[str, Thing] = {}
        for row in tables["submissions"]:
            own = {
                "submissions": [row],
                "contacts": contacts.get(row["id"], []),
                "interviews": interviews.get(row["interview_id"], []),
                "links": links.get(row["id"], []),
                **self._of(of_person.get(row["id"], [])),
            }
            self.people[row["id"]] = Thing(row["id"], own | {"notes": self._notes_of(own)})
        self._look_around()

    def _of(self, referrals: Sequence[Row]) -> dict[str, list[Row]]:
        def at(found: Mapping[str, list[Row]]) -> list[Row]:
            return [row for one in referrals for row in found.get(one["id"], [])]

        messages = at(self._messages)
        lines = [line for one in messages for line in self._lines.get(one["id"], [])]
        return {
            "referrals": list(referrals),
            "events": at(self._events),
            "messages": messages,
            "access_log": at(self._access),
            "lines": lines,
        }

    def _notes_of(self, own: Rows) -> list[Row]:
        """Returns the person's notes: of the same transaction, else the nearest in time; and those of the same hash."""
        if not self._notes:
            return []
        written = {row.get("@xmin") for rows in own.values() for row in rows} - {None}
        mine = [note for note in self._notes if note["@xmin"] in written]
        if not mine:
            at = own["submissions"][0]["submitted_at"]
            mine = [min(self._notes, key=lambda note: _apart(str(note["created_at"]), str(at)))]
        places = {note["place"] for note in mine}
        return [note for note in self._notes if note["place"] in places]

    def _look_around(self) -> None:
        """Computes facts about neighbouring rows: a union's, or a gap."""
        for table in GAPS:
            for column in ("@place", "@xmin"):
                self._beside(table, column)
        xids = sorted({row["@xmin"] for rows in self.tables.values() for row in rows if row["@xmin"] is not None})
        following = dict(pairwise(xids))
        for person in self.people.values():
            sent = person.rows["submissions"][0]["@xmin"]
            person.facts["transactions until the next"] = following.get(sent, sent) - sent if sent is not None else 0
            open = self._open.get(person.rows["submissions"][0]["interview_id"], Open())
            person.facts.update({"open interview's length": open.length, "open interview's growth": open.growth})
        self._sizes()

    def _sizes(self) -> None:
        """Computes by how much encrypted values are longer than the unencrypted ones predict."""
        people = list(self.people.values())
        clear = [_in_clear(person) for person in people]
        sizes: dict[str, list[float]] = {
            "submissions.sealed": [float(len(one.rows["submissions"][0]["sealed"])) for one in people],
            "interviews.answers_sealed": [
                float(sum(len(row["answers_sealed"]) for row in one.rows["interviews"])) for one in people
            ],
            "open interview": [one.facts["open interview's length"] for one in people],
            "letters": [float(sum(len(row["sealed"]) for row in one.rows["messages"])) for one in people],
        }
        for name, found in sizes.items():
            for person, beyond in zip(people, residuals(clear, found), strict=True):
                person.facts[f"unexplained length of {name}"] = round(beyond, 3)

    def _beside(self, table: str, column: str) -> None:
        owner = {id(row): "" for row in self.tables[table]}
        owner |= {id(row): one for one, thing in self.people.items() for row in thing.rows[table]}
        unions = {id(row) for thing in self.unions.values() for row in thing.rows.get(table, ())}
        rows = sorted((row for row in self.tables[table] if row[column] is not None), key=lambda row: int(row[column]))
        for row, after in pairwise(rows):
            here, there = owner[id(row)], owner[id(after)]
            if here and here != there:
                facts, name = self.people[here].facts, f"{table} {column}"
                facts[f"a union's after, {name}"] = facts.get(f"a union's after, {name}", 0) + (id(after) in unions)
                facts[f"gap after, {name}"] = facts.get(f"gap after, {name}", 0) + after[column] - row[column]


def _in_clear(person: Thing) -> list[float]:
    """Returns what anybody can read of a person, as numbers on which a length may depend."""
    [sent], contacts = person.rows["submissions"], person.rows["contacts"]
    partners = {row["partner"] for row in person.rows["referrals"]}
    return [
        1.0,
        float(sum(len(row["sealed"]) for row in contacts)),
        float(sum(bool(row["has_email"]) for row in contacts)),
        float(len(sent["coded"])),
        float(len(sent["offers"] or "")),
        float(sent["channel"] == "web"),
        float(sent["language"] == "sv"),
        float(len(partners)),
        float(sum(map(len, partners))),
        float(sent["decision"] is not None),
        float(sent["consents_sent_at"] is not None),
        float(len(person.rows["messages"])),
        float(sum(row["status"] == "withdrawn" for row in person.rows["referrals"])),
    ]


def residuals(features: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Returns the residuals of a least-squares fit, with slight ridge regularisation to make it unique."""
    if not features:
        return []
    width = range(len(features[0]))
    square = [[sum(row[i] * row[j] for row in features) + (1e-6 if i == j else 0.0) for j in width] for i in width]
    right = [sum(row[i] * value for row, value in zip(features, values, strict=True)) for i in width]
    for i in width:  # Gauss-Jordan elimination; the matrix is positive definite
        divisor = square[i][i]
        square[i] = [one / divisor for one in square[i]]
        right[i] /= divisor
        for j in width:
            if j != i:
                factor = square[j][i]
                square[j] = [a - factor * b for a, b in zip(square[j], square[i], strict=True)]
                right[j] -= factor * right[i]
    return [
        value - sum(a * b for a, b in zip(row, right, strict=True)) for row, value in zip(features, values, strict=True)
    ]


def _apart(one: str, other: str) -> tuple[int, str]:
    """Sort key for the nearness of two times as text: the longest common prefix first."""
    same = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return -same, other
