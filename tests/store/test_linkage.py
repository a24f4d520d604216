"""A union's member cannot be identified without the key: the short form of `python -m bench linkage`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bench.linkage import attacked, owners_of, report, tried
from bench.linkage.attacks import JOINS
from bench.linkage.days import Days, Scenario, lived, within_an_hour
from bench.linkage.figures import Figure, of_join, of_tell
from bench.linkage.loot import Known, Thing, residuals
from bench.linkage.reading import Row, everything
from tests.databases import KINDS, Databases, Kind

SHORT = Scenario("16 in an hour", within_an_hour, 16, timedelta(days=1))
# One short round decides little, and luck must not fail a test: more is asked of an attack than in the long form.
MOST = 4.0
SPOILT = Scenario("28 in an hour", within_an_hour, 28, timedelta(days=1))  # enough for lengths to be explained


@pytest.mark.parametrize("kind", KINDS)
def test_no_attack_beats_chance(databases: Databases, tmp_path: Path, kind: Kind) -> None:
    trial = tried(databases, kind, SHORT, tmp_path, rounds=1, seed=Random().randrange(10**6), most=MOST)
    assert not trial.found, "\n".join(report(trial, 12))


# --- the attacks can win -------------------------------------------------------------------------------------------

Tables = dict[str, list[Row]]
Owners = Mapping[str, str]


@pytest.fixture(scope="module")
def days(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    with databases.lent("sqlite") as url, lived(url, tmp_path_factory.mktemp("var"), SPOILT, 1) as days:
        yield days


def beside(tables: Tables, owners: Owners) -> None:
    """A union's row right after the person's last one."""
    for row, own in union_rows(tables, owners):
        row["@place"] = max(one["@place"] for one in own) + 0.5


def same_transaction(tables: Tables, owners: Owners) -> None:
    numbers = itertools.count(1000)
    for row in (row for rows in tables.values() for row in rows):
        row["@xmin"] = next(numbers)
    for row, own in union_rows(tables, owners):
        row["@xmin"] = own[0]["@xmin"]


def by_id(tables: Tables, owners: Owners) -> None:
    for row, _ in union_rows(tables, owners):
        row["reference"] = next(one["reference"] for one in tables["submissions"] if one["id"] == owners[row["id"]])


def to_the_second(tables: Tables, owners: Owners) -> None:
    sent = {row["id"]: row["submitted_at"] for row in tables["submissions"]}
    for row, _ in union_rows(tables, owners):
        later = datetime.fromisoformat(sent[owners[row["id"]]]) + timedelta(seconds=3)
        row["created_at"] = later.isoformat()


def one_byte_more(tables: Tables, owners: Owners) -> None:
    """Everything else explained: what is sealed is as long as what stands in clear has it, but for a byte."""
    chose = set(owners.values())
    names = {row["submission_id"]: len(row["sealed"]) for row in tables["contacts"]}
    for row in tables["submissions"]:
        row["sealed"] = b"x" * (500 + names[row["id"]] + (row["id"] in chose))


def written_alone(tables: Tables, owners: Owners) -> None:
    """What is kept of a wish was written anew, and nothing else of the person's."""
    chose = set(owners.values())
    for table, rows in tables.items():
        for number, row in enumerate(rows):
            row["@xmin"] = 50_000 + number if table == "submissions" and row["id"] in chose else 7


def one_lock(tables: Tables, owners: Owners) -> None:
    """The batch's transaction locked those of whom it made a referral."""
    numbers = itertools.count(1000)
    for row in (row for rows in tables.values() for row in rows):
        row["@xmin"] = next(numbers)
    for row, _ in union_rows(tables, owners):
        sent = next(one for one in tables["submissions"] if one["id"] == owners[row["id"]])
        sent["@xmax"] = row["@xmin"]


def union_rows(tables: Tables, owners: Owners) -> Iterator[tuple[Row, list[Row]]]:
    """Each of the unions' referrals with those of the same person that are no union's."""
    for row in tables["referrals"]:
        if row["id"] in owners:
            yield row, [one for one in tables["referrals"] if one["submission_id"] == owners[row["id"]]]


@pytest.mark.parametrize(
    ("spoil", "attack"),
    [
        (beside, "next after, @place, referrals"),
        (beside, "most, a union's after, referrals @place"),
        (same_transaction, "equal @xmin, any table"),
        (same_transaction, "nearest @xmin, any table"),
        (by_id, "nearest id, referrals.reference ~ submissions.reference"),
        (to_the_second, "nearest time, referrals.created_at ~ submissions.submitted_at"),
        (one_byte_more, "most, unexplained length of submissions.sealed"),
        (written_alone, "most, submissions written alone"),
        (written_alone, "most, submissions written with nothing near"),
        (one_lock, "most, submissions locked alone"),
        (one_lock, "locked by the same, any table"),
    ],
)
def test_what_is_spoilt_is_found(days: Days, spoil: Callable[[Tables, Owners], None], attack: str) -> None:
    tables, owners = deepcopy(everything(days.url)), owners_of(days)
    spoil(tables, owners)
    whole = sum((figure for _, figure in attacked(days, [attack], tables)), Figure())
    assert whole.z > 2, (attack, whole)


def test_a_batch_that_is_not_shuffled_is_found() -> None:
    """Its rows in the order of sending in: told from a shuffled one over a few batches."""
    draw = Random(1)
    straight, shuffled = Figure(), Figure()
    for _ in range(20):
        chose = sorted(draw.sample(range(10), 5))
        for places in (list(range(5)), draw.sample(range(5), 5)):
            people = [Thing(str(place), {"submissions": [{"@place": place}]}) for place in range(10)]
            unions = [Thing(f"u{place}", {"referrals": [{"@place": 100 + place}]}) for place in places]
            scores = JOINS["same order, @place, referrals ~ submissions"](Known(people, unions, 5))
            figure = of_join(scores, chose)
            if places == list(range(5)):
                straight += figure
            else:
                shuffled += figure
    assert straight.z > 4
    assert abs(shuffled.z) < 3


# --- chance is reckoned right --------------------------------------------------------------------------------------


def exactly(hits: list[float]) -> tuple[float, float]:
    """Mean and variance of equally likely outcomes."""
    mean = sum(hits) / len(hits)
    return mean, sum((one - mean) ** 2 for one in hits) / len(hits)


@pytest.mark.parametrize("seed", range(8))
def test_chance_of_a_join_is_that_of_all_ways_to_deal(seed: int) -> None:
    draw = Random(seed)
    people, rows = draw.randint(1, 6), 0
    rows = draw.randint(1, people)
    scores = [[float(draw.randrange(3)) for _ in range(people)] for _ in range(rows)]
    ways = [list(way) for way in itertools.permutations(range(people), rows)]
    figures = [of_join(scores, way) for way in ways]
    assert (figures[0].expected, figures[0].variance) == pytest.approx(exactly([one.hits for one in figures]))


@pytest.mark.parametrize("seed", range(8))
def test_chance_of_a_tell_is_that_of_all_who_could_have_chosen(seed: int) -> None:
    draw = Random(seed)
    people = draw.randint(1, 7)
    chose = draw.randint(0, people)
    scores = [float(draw.randrange(3)) for _ in range(people)]
    ways = [[who in way for who in range(people)] for way in itertools.combinations(range(people), chose)]
    figures = [of_tell(scores, way) for way in ways]
    assert (figures[0].expected, figures[0].variance) == pytest.approx(exactly([one.hits for one in figures]))


def test_deciding_nothing_is_no_hit_beyond_chance() -> None:
    assert of_join([[0.0] * 4] * 2, [1, 3]).z == 0
    assert of_tell([5.0] * 4, [True, False, False, True]).z == 0
    assert of_tell([1.0], [True]).z == 0
    assert of_join([[1.0, 0.0]] * 2, [0, 1]).z == 0  # one of the two is always hit: no luck, no finding


def test_always_right_is_beyond_every_limit() -> None:
    ten = range(10)
    assert of_join([[float(i == j) for j in ten] for i in ten], list(ten)).z == pytest.approx(9)
    assert math.isclose(of_tell([float(i < 5) for i in ten], [i < 5 for i in ten]).z, 3)


def test_a_fit_leaves_only_what_is_unexplained() -> None:
    draw = Random(1)
    features: list[Any] = [[1.0, draw.random(), draw.random()] for _ in range(40)]
    odd = 7
    values = [3 + 2 * a - b + (number == odd) for number, (_, a, b) in enumerate(features)]
    left = residuals(features, values)
    assert max(left) == left[odd] and left[odd] > 0.8
