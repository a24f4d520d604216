"""All known attacks that identify a union's member from the database without its key, by name.

A *join* scores each of a batch's union referrals against each of its people; a *tell* scores the people alone. Pure
functions of the rows (`bench.linkage.loot`). Scores only rank: they have no scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bench.linkage.loot import Known, Thing
from bench.linkage.reading import Row

Matrix = list[list[float]]
Join = Callable[[Known], Matrix]
Tell = Callable[[Known], list[float]]
Mark = tuple[str, str]  # a table and one of its columns

NOTHING = float("-inf")
OWN = ("referrals", "events", "messages")  # the tables in which unions have rows too
TIMES_OF_UNION: tuple[Mark, ...] = (
    ("referrals", "created_at"), ("referrals", "changed_at"), ("referrals", "consent_at"), ("events", "at"),
    ("messages", "created_at"), ("messages", "next_at"), ("messages", "sent_at"), ("access_log", "at"), ("lines", "at"),
)  # fmt: skip
TIMES_OF_PERSON: tuple[Mark, ...] = (
    ("submissions", "submitted_at"), ("interviews", "touched_at"), ("submissions", "consents_sent_at"),
    ("referrals", "changed_at"), ("messages", "sent_at"), ("access_log", "at"), ("lines", "at"),
)  # fmt: skip
IDS: tuple[tuple[Mark, Mark], ...] = (
    (("referrals", "id"), ("submissions", "id")),
    (("referrals", "id"), ("referrals", "id")),
    (("referrals", "reference"), ("submissions", "reference")),
    (("referrals", "unique_key"), ("referrals", "unique_key")),
    (("events", "id"), ("events", "id")),
    (("messages", "id"), ("messages", "id")),
    (("messages", "message_id"), ("messages", "message_id")),
    (("referrals", "unique_key"), ("submissions", "handle_hash")),
    (("referrals", "id"), ("interviews", "id")),
)
SAME: tuple[tuple[str, Mark, Mark], ...] = (
    ("language", ("referrals", "language"), ("submissions", "language")),
    ("by_phone", ("referrals", "by_phone"), ("contacts", "has_email")),
    ("consent_language", ("referrals", "consent_language"), ("submissions", "language")),
    ("consent_version", ("referrals", "consent_version"), ("referrals", "consent_version")),
    ("consent_source", ("referrals", "consent_source"), ("submissions", "channel")),
    ("municipality", ("referrals", "municipality"), ("submissions", "municipality")),
    ("group", ("referrals", "group"), ("submissions", "group")),
    ("route", ("referrals", "route"), ("submissions", "route")),
    ("rank", ("referrals", "rank"), ("referrals", "rank")),
)
KINDS: tuple[Mark, ...] = (
    ("contacts", "has_email"), ("contacts", "has_phone"), ("submissions", "channel"), ("submissions", "language"),
    ("submissions", "municipality"), ("contacts", "sealed"), ("interviews", "revision"),
)  # fmt: skip
MEANS = {"form": "web", "chat": "telegram"}  # the source of a consent, and its channel


def values(thing: Thing, mark: Mark) -> list[float]:
    """Returns a column of the rows as numbers: times in seconds, hashes and ids by their first bytes."""
    table, column = mark
    found = [row.get(column) for row in thing.rows.get(table, ())]
    return [number for one in found if one is not None and (number := _number(one, column)) is not None]


def _number(value: object, column: str) -> float | None:
    if isinstance(value, bytes | memoryview):
        return float(len(value))
    if isinstance(value, int | float):
        return float(value)
    if column == "at" or column.endswith("_at"):
        return datetime.fromisoformat(str(value)).timestamp()
    text = str(value).strip("<").encode()[:12]
    return float(int.from_bytes(text.ljust(12, b"\0"), "big"))


# Joins


def nearest(union: Mark, person: Mark, side: int = 0) -> Join:
    """Scores by the smallest distance; `side` 1: only if the union's value is greater, -1: smaller."""

    def score(mine: list[float], theirs: list[float]) -> float:
        return max((-abs(a - b) for a in mine for b in theirs if (a - b) * side >= 0), default=NOTHING)

    return lambda known: _crossed(known, union, person, score)


def _crossed(
    known: Known, union: Mark, person: Mark, score: Callable[[list[float], list[float]], float]
) -> Matrix:
    theirs = [values(one, person) for one in known.people]
    return [[score(mine, other) for other in theirs] for mine in (values(one, union) for one in known.unions)]


def same_hour(union: Mark, person: Mark) -> Join:
    """Scores by whether the person's time is in the hour to which the union's is rounded."""

    def score(mine: list[float], theirs: list[float]) -> float:
        return float(bool({one // 3600 for one in mine} & {one // 3600 for one in theirs}))

    return lambda known: _crossed(known, union, person, score)


def in_order(union: Mark, person: Mark, reverse: bool = False) -> Join:
    """Matches in order: the first union row to the first person, stretched over all people."""

    def places(things: Sequence[Thing], mark: Mark) -> list[float]:
        firsts = [min(values(one, mark), default=NOTHING) for one in things]
        sorted_ = sorted(firsts)
        return [(sorted_.index(first) + 0.5) / len(firsts) for first in firsts]

    def matrix(known: Known) -> Matrix:
        own, theirs = places(known.unions, union), places(known.people, person)
        return [[-abs((1 - a if reverse else a) - b) for b in theirs] for a in own]

    return matrix


def equal(union: Mark, person: Mark) -> Join:
    """Scores by equal values in any rows of both."""

    def said(thing: Thing, mark: Mark) -> set[object]:
        return {_said(row, mark[1]) for row in thing.rows.get(mark[0], ())} - {None}

    def matrix(known: Known) -> Matrix:
        theirs = [said(one, person) for one in known.people]
        return [[float(bool(said(one, union) & other)) for other in theirs] for one in known.unions]

    return matrix


def _said(row: Row, column: str) -> object:
    value = row.get(column)
    if column == "by_phone" and value is not None:
        return not value  # by_phone is set for people without an email address
    if column == "has_email":
        return bool(value)
    return MEANS.get(value, value) if column == "consent_source" and isinstance(value, str) else value


def both(first: Join, then: Join) -> Join:
    """Scores by the first, and by the second among equals."""

    def ranks(row: list[float]) -> list[int]:
        order = sorted(row)
        return [order.index(one) for one in row]

    def matrix(known: Known) -> Matrix:
        rows = zip(map(ranks, first(known)), map(ranks, then(known)), strict=True)
        return [[float(a * len(one) + b) for a, b in zip(one, two, strict=True)] for one, two in rows]

    return matrix


def all_equal(known: Known) -> Matrix:
    """Scores by the number of equal unencrypted columns."""
    parts = [equal(union, person)(known) for _, union, person in SAME]
    return [[sum(part[i][j] for part in parts) for j in range(len(known.people))] for i in range(len(known.unions))]


def any_table(column: str, how: Callable[[Mark, Mark], Join], other_column: str = "") -> Join:
    """Scores by the best pair of tables, because transaction ids count over the whole database."""
    theirs = ("submissions", "contacts", "interviews", *OWN)
    joins = [how((one, column), (other, other_column or column)) for one in OWN for other in theirs]

    def matrix(known: Known) -> Matrix:
        parts = [join(known) for join in joins]
        return [
            [max(part[i][j] for part in parts) for j in range(len(known.people))] for i in range(len(known.unions))
        ]

    return matrix


def rank_fits(known: Known) -> Matrix:
    """Scores by whether the union's rank is missing among the person's referrals."""

    def fits(mine: list[float], theirs: list[float]) -> float:
        return float(any(one not in theirs and one <= max(theirs, default=0) for one in mine))

    return _crossed(known, ("referrals", "rank"), ("referrals", "rank"), fits)


def joins() -> Iterator[tuple[str, Join]]:
    for column in ("@place", "@xmin"):
        for table in (*OWN, "access_log"):
            mark = (table, column)
            yield f"nearest {column}, {table}", nearest(mark, mark)
            yield f"next after, {column}, {table}", nearest(mark, mark, side=1)
            yield f"same order, {column}, {table}", in_order(mark, mark)
        yield f"same order, {column}, referrals ~ submissions", in_order(("referrals", column), ("submissions", column))
        yield f"backwards, {column}, referrals ~ submissions", in_order(
            ("referrals", column), ("submissions", column), reverse=True
        )
        yield f"same order, {column}, referrals ~ interviews", in_order(("referrals", column), ("interviews", column))
    yield "equal @xmin, any table", any_table("@xmin", equal)
    yield "nearest @xmin, any table", any_table("@xmin", nearest)
    yield "locked by the same, any table", any_table("@xmin", equal, "@xmax")
    yield "locked next to it, any table", any_table("@xmin", nearest, "@xmax")
    for union in TIMES_OF_UNION:
        for person in TIMES_OF_PERSON:
            yield f"nearest time, {'.'.join(union)} ~ {'.'.join(person)}", nearest(union, person)
    for person in TIMES_OF_PERSON:
        yield f"same hour, referrals.created_at ~ {'.'.join(person)}", same_hour(("referrals", "created_at"), person)
        yield f"same hour, referrals.changed_at ~ {'.'.join(person)}", same_hour(("referrals", "changed_at"), person)
    for union in TIMES_OF_UNION:
        yield f"same order, {'.'.join(union)} ~ submitted_at", in_order(union, ("submissions", "submitted_at"))
    yield "next line of the log", nearest(("lines", "@place"), ("lines", "@place"))
    yield "same order in the log", in_order(("lines", "@place"), ("lines", "@place"))
    for union, person in IDS:
        yield f"ids in order, {'.'.join(union)} ~ {'.'.join(person)}", in_order(union, person)
        yield f"nearest id, {'.'.join(union)} ~ {'.'.join(person)}", nearest(union, person)
    for name, union, person in SAME:
        yield f"equal {name}", equal(union, person)
    yield "rank fits a gap", rank_fits
    yield "all columns in clear", all_equal
    for table in ("referrals", "messages"):  # encrypted columns of a union may be longer for some kinds of persons
        for person in KINDS:
            for reverse in (False, True):
                way = "longest least" if reverse else "longest most"
                yield f"{way}, {table}.sealed ~ {'.'.join(person)}", in_order((table, "sealed"), person, reverse)
    for table in ("referrals", "messages"):
        yield f"nearest length, {table}.sealed", nearest((table, "sealed"), (table, "sealed"))
    for column in ("@place", "@xmin"):
        lie = nearest(("referrals", column), ("referrals", column))
        yield f"columns in clear, then nearest {column}", both(all_equal, lie)
    yield "columns in clear, then nearest time", both(
        all_equal, nearest(("referrals", "created_at"), ("submissions", "submitted_at"))
    )
    yield "same hour, then columns in clear", both(
        same_hour(("referrals", "created_at"), ("submissions", "submitted_at")), all_equal
    )


# Tells


def fact(name: str) -> Tell:
    return lambda known: [float(one.facts.get(name, 0)) for one in known.people]


def size(table: str, column: str) -> Tell:
    """Scores by the length of a column, or its value if it is a number."""

    def longest(one: Thing) -> float:
        found = [row[column] for row in one.rows.get(table, ()) if row.get(column) is not None]
        sizes = [len(each) if isinstance(each, str | bytes) else each for each in found]
        return float(max(sizes, default=0))

    return lambda known: [longest(one) for one in known.people]


def number(table: str, **having: object) -> Tell:
    def count(one: Thing) -> float:
        return sum(all(row.get(name) == value for name, value in having.items()) for row in one.rows.get(table, ()))

    return lambda known: [float(count(one)) for one in known.people]


def rank_gaps(known: Known) -> list[float]:
    """Scores by the ranks that are missing among the person's referrals."""
    ranks = [values(one, ("referrals", "rank")) for one in known.people]
    return [max(one) + 1 - len(set(one)) if one else 0.0 for one in ranks]


def changed_alone(table: str, near: int = 0) -> Tell:
    """Scores by whether the row was rewritten by a transaction that wrote none of the person's other rows.

    `near`: nor did this many transactions before and after it.
    """

    def alone(one: Thing) -> float:
        named = [name for name in one.rows if name not in (table, "notes", "lines")]
        others = [row["@xmin"] for name in named for row in one.rows[name]]
        mine = [row["@xmin"] for row in one.rows[table]]
        return float(None not in mine and all(abs(a - b) > near for a in mine for b in others))

    return lambda known: [alone(one) for one in known.people]


def changed_for_nothing(known: Known) -> list[float]:
    """Scores by whether the submission was rewritten without a visible reason."""

    def unexplained(one: Thing) -> float:
        [sent], first = one.rows["submissions"], [row["@xmin"] for row in one.rows["contacts"]]
        moved = any(row["what"] == "withdraw" or row.get("staff_id") for row in one.rows["events"])
        return float(sent["@xmin"] not in first and not moved and not sent["consents_sent_at"])

    return [unexplained(one) for one in known.people]


def locked_alone(table: str) -> Tell:
    """Scores by transactions that locked the row and wrote none of the person's rows."""

    def alone(one: Thing) -> float:
        written = {row["@xmin"] for name, rows in one.rows.items() if name not in ("notes", "lines") for row in rows}
        locked = {row["@xmax"] for row in one.rows[table]} - {None}
        return float(len(locked - written))

    return lambda known: [alone(one) for one in known.people]


def moved(table: str) -> Tell:
    """Scores by whether the row was moved from its original order (PostgreSQL moves changed rows)."""

    def score(known: Known) -> list[float]:
        order = sorted(known.people, key=lambda one: values(one, ("contacts", "@place")) or [0.0])
        places = [max(values(one, (table, "@place")), default=0.0) for one in order]
        after = dict(zip((one.id for one in order), places, strict=True))
        middle = sorted(places)[len(places) // 2] if places else 0
        return [float(after[one.id] > middle) for one in known.people]

    return score


def _tells() -> Iterator[tuple[str, Tell]]:
    for table, column in (
        ("submissions", "sealed"), ("contacts", "sealed"), ("interviews", "answers_sealed"), ("referrals", "sealed"),
        ("messages", "sealed"), ("notes", "sealed"), ("submissions", "offers"), ("interviews", "revision"),
        ("interviews", "applied"), ("submissions", "@place"), ("submissions", "@xmin"),
        ("interviews", "@place"), ("interviews", "@xmin"), ("notes", "@place"),
    ):  # fmt: skip
        yield f"{table}.{column}", size(table, column)
    for table in (*OWN, "links", "access_log", "notes", "lines"):
        yield f"number of {table}", number(table)
    yield "number of withdrawals", number("events", what="withdraw")
    yield "ranks left out", rank_gaps
    for table in ("submissions", "interviews", "contacts"):
        yield f"{table} written alone", changed_alone(table)
        yield f"{table} written with nothing near", changed_alone(table, near=4)
        yield f"{table} locked alone", locked_alone(table)
        yield f"{table} moved", moved(table)
    yield "submissions written for nothing", changed_for_nothing
    yield "referrals locked alone", locked_alone("referrals")
    yield "transactions until the next", fact("transactions until the next")
    yield "open interview's length", fact("open interview's length")
    yield "open interview's growth", fact("open interview's growth")
    for what in ("submissions.sealed", "interviews.answers_sealed", "open interview", "letters"):
        yield f"unexplained length of {what}", fact(f"unexplained length of {what}")
    for table in ("submissions", "contacts", "interviews", *OWN):
        for column in ("@place", "@xmin"):
            yield f"a union's after, {table} {column}", fact(f"a union's after, {table} {column}")
            yield f"gap after, {table} {column}", fact(f"gap after, {table} {column}")


def _upside_down(tell: Tell) -> Tell:
    return lambda known: [-score for score in tell(known)]


def tells() -> Iterator[tuple[str, Tell]]:
    """Yields each tell in both directions, because the attacker may know the right one."""
    for name, tell in _tells():
        yield f"most, {name}", tell
        yield f"least, {name}", _upside_down(tell)


JOINS: dict[str, Join] = dict(joins())
TELLS: dict[str, Tell] = dict(tells())
