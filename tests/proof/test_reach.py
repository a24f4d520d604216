"""Reach of partners: it includes everybody whom the engine sends there, and the engine confirms every example."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from time import process_time

import pytest

from intake.authoring.catalog import checked
from intake.authoring.catalog.files import Files
from intake.authoring.proof.reach import Cell, reach
from intake.config import PACKAGED
from intake.engine.journey import CHECK, SEEN, travel
from intake.engine.programme import Programme
from intake.engine.routing import routes_as
from tests.proof.faults import FOLDER, Fault, edited
from tests.random_people import random_answers

TODAY = date(2026, 11, 23)
SECONDS = 5.0  # of work, for all kinds of VästKraft; it takes one, twice that on a busy machine
PERSONS = 4000
Reached = Mapping[str, tuple[Cell, ...]]


@pytest.fixture(scope="module")
def programme() -> Programme:
    found = checked(Files.of(PACKAGED / "vastkraft"))[1]
    assert found is not None
    return found


@pytest.fixture(scope="module")
def reached(programme: Programme) -> Reached:
    return reach(programme, TODAY)


def kinds(cells: tuple[Cell, ...]) -> set[tuple[str | None, str | None]]:
    return {(cell.place, cell.group) for cell in cells}


def test_the_kinds_of_vastkraft(programme: Programme, reached: Reached) -> None:
    """By docs/rules.md: brg helps group B with a business, a municipality only its own, GR has what staff decide."""
    region = {id.split(":")[1] for id in programme.partners if id.startswith("municipality:")}
    everywhere = {*region, "other"}  # who lives elsewhere comes once staff have decided
    assert len(region) == 13 and "teknikforetagen" not in reached
    assert kinds(reached["gr"]) == {(place, group) for place in everywhere for group in ("A", "B", None)}
    assert kinds(reached["brg"]) == {(place, "B") for place in everywhere}
    for partner in ("af", "trr", "unionen", "if_metall"):
        assert kinds(reached[partner]) == {(place, group) for place in everywhere for group in ("A", "B")}, partner
    for place in region:
        assert kinds(reached[f"municipality:{place}"]) == {(place, "A"), (place, "B")}
    decided = {(cell.partner, cell.place) for cells in reached.values() for cell in cells if cell.decided}
    assert decided == {(partner, "other") for partner in ("gr", "brg", "af", "trr", "unionen", "if_metall")}


def test_every_example_is_sent_there_by_the_engine(programme: Programme, reached: Reached) -> None:
    for partner, cells in reached.items():
        for cell in cells:
            answers = cell.person.answers
            seen = travel(programme, answers, TODAY).judged.seen()
            journey = travel(programme, {**answers, SEEN: seen}, TODAY)
            assert journey.place == CHECK, cell
            routing = routes_as(programme, journey.facts, str(cell.group)) if cell.decided else journey.routing
            assert partner == "gr" or partner in routing.partners(), cell
            assert answers["home_municipality"] == cell.place
            judged = journey.assessment
            expected = ("ask_staff", None) if cell.decided or cell.group is None else ("eligible", cell.group)
            assert (judged.verdict, judged.group if judged.verdict == "eligible" else None) == expected


def test_nobody_at_random_is_missing(programme: Programme, reached: Reached) -> None:
    chance, met = random.Random(20261123), defaultdict(set)
    for _ in range(PERSONS):
        journey = travel(programme, {id: said or None for id, said in random_answers(chance).items()}, TODAY)
        judged, place = journey.assessment, journey.facts.values.get("home_municipality")
        if judged.verdict == "not_eligible" or journey.missing():
            continue
        group = judged.group if judged.verdict == "eligible" else None
        for partner in {"gr", *journey.routing.partners()}:
            met[partner].add((place, group))
        for decided in ("A", "B") if group is None else ():
            for partner in routes_as(programme, journey.facts, decided).partners():
                met[partner].add((place, decided))
    assert sum(map(len, met.values())) > 100, "the search meets many kinds"
    for partner, found in met.items():
        assert found <= kinds(reached[partner]), partner


def test_it_is_quick(programme: Programme) -> None:
    """The best of three: what else the machine does is no fault of ours."""

    def took() -> float:
        began = process_time()
        reach(programme, TODAY)
        return process_time() - began

    assert min(took() for _ in range(3)) < SECONDS


def edit(*pairs: tuple[str, str]) -> Reached:
    edits = tuple(("programme.toml", old, new) for old, new in pairs)
    programme = checked(edited(Fault("edited", edits, "", "", lambda one: True), FOLDER))[1]
    assert programme is not None
    return reach(programme, TODAY)


def test_a_partner_nobody_is_asked_about_gets_nobody() -> None:
    """Unions are offered as before, but there is no question to say yes to."""
    reached = edit(('id = "consent_union" # a screen of its own; skipping it is a no\nkind = "consents"\nof = "unions"',
                    'id = "consent_union"\nkind = "consents"\nof = "partners"'))  # fmt: skip
    assert reached["unionen"] and all(cell.decided for cell in reached["unionen"])  # by the letter after a decision
    assert not all(cell.decided for cell in reached["trr"])


def test_a_route_that_is_narrowed_narrows_who_comes() -> None:
    """R1 for Göteborg only: BRG gets no other place any more, unless staff decide so, which they cannot."""
    reached = edit(('"own_business" in needs\'\nlead = "brg"',
                    '"own_business" in needs and home_municipality == "1480"\'\nlead = "brg"'))  # fmt: skip
    assert kinds(reached["brg"]) == {("1480", "B")}


def test_the_last_resort_is_reached_where_no_other_leads() -> None:
    """Somebody elsewhere whom staff put in a group, with R6 only: there is no such municipality, so R13's partner."""
    reached = edit(('id = "R13"\nlead = "gr"', 'id = "R13"\nlead = "brg"'))
    assert ("other", "A") in kinds(reached["brg"]) and ("1480", "B") in kinds(reached["brg"])


@pytest.mark.parametrize("id", sorted(path.parent.name for path in PACKAGED.glob("*/programme.toml")))
def test_every_shipped_programme_reaches_each_partner(id: str) -> None:
    programme = checked(Files.of(PACKAGED / id))[1]
    assert programme is not None
    reached = reach(programme, TODAY)  # every example replayed, or it raises
    groups = {None, *(group.id for group in programme.groups)}
    assert {cell.group for cell in reached[programme.owner]} == groups
    assert set(reached) == {one.id for one in programme.partners.values() if one.takes_persons} and all(
        reached.values()
    )
