"""Chat and form agree with the engine for every class of path that the solver finds.

To the result, and on from there with a yes to everything; and from the result to every end. Transcripts are written by
hand; these are not. `python -m pytest tests/test_every_class.py -s` prints the counts of docs/parity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake import App
from intake.authoring.catalog import load
from intake.authoring.proof import adds_only
from intake.authoring.proof.example_persons import Answers
from intake.config import PACKAGED
from intake.engine.journey import CHECK, RESULT
from tests.bot_player import BotPlayer, bot_running, runs_already
from tests.chat_player import NearPlayer
from tests.databases import Databases
from tests.openings import Opener
from tests.path_classes import AfterClass, PathClass, after_classes, path_classes
from tests.players import TODAY, EnginePlayer, Player, Shown, Turn
from tests.telegram_wire import Wire
from tests.web_player import WebPlayer
from web import build_web

PROGRAMMES = ("vastkraft", "vaxla")
PAGE = Path(__file__).parents[1] / "docs" / "parity.md"
LANGUAGE, LONGEST, PARTS = "sv", 60, 8
# What those say after the result of whom the way to it matters: yes to all.
AFTER: Answers = {
    "want_referral": "yes", "protected_identity": "no", "name": "Kim Exempel", "email": "kim@example.org",
}  # fmt: skip
TYPED = ("date", "month", "year", "number", "text", "search", "email", "phone")


@cache
def paths(programme: str) -> tuple[PathClass, ...]:
    return tuple(path_classes(load(PACKAGED / programme), TODAY))


@cache
def ends(programme: str) -> tuple[AfterClass, ...]:
    return tuple(after_classes(load(PACKAGED / programme), TODAY))


each_programme = pytest.mark.parametrize("programme", PROGRAMMES)
each_part = pytest.mark.parametrize("part", range(PARTS))


class Kept:
    """An app that stays open however often somebody closes it: reopening is what the transcripts try."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return (lambda: None) if name == "close" else getattr(self._app, name)


async def to_the_end(engine: EnginePlayer, answers: Answers) -> list[tuple[Turn, Shown]]:
    """Everything this person does, and where each step leads."""
    done: list[tuple[Turn, Shown]] = []
    turn: Turn | None = {"do": "start"}
    while turn is not None:
        done.append((turn, await engine.play(turn)))
        assert len(done) < LONGEST, f"{done[-1]} leads nowhere"
        turn = next_turn(engine, answers, done[-1][1].place)
    return done


def next_turn(engine: EnginePlayer, answers: Answers, place: str) -> Turn | None:
    if place == RESULT:
        return None if engine.journey.assessment.verdict == "not_eligible" else {"do": "go_on"}
    if place == CHECK:
        return {"do": "submit"}
    step = engine.journey.step(place)
    if step is None:
        return None
    question, said = step.question, answers.get(place)
    if question.kind == "consents":
        several = question.of != "unions" or len(step.offered) > 1
        return {"answer": place, "with": list(step.offered) if several else ["yes"]}
    if question.kind == "confirm":
        return {"answer": place, "with": ["yes"]}
    if said is None:
        return {"do": "skip"}
    if question.kind in TYPED:
        return {"type": str(said)}
    return {"answer": place, "with": list(said) if isinstance(said, list) else [str(said)]}


def everything_said(one: PathClass | AfterClass) -> Answers:
    if isinstance(one, AfterClass):
        return dict(one.person.answers)
    return {**one.person.answers, **AFTER}


async def compare(programme: str, one: PathClass | AfterClass, player: Player) -> None:
    engine = EnginePlayer(load(PACKAGED / programme), LANGUAGE)
    for turn, expected in await to_the_end(engine, everything_said(one)):
        shown = await player.play(turn)
        assert shown.place == expected.place, f"{dict(turn)}: {shown.place}, the engine is at {expected.place}"
    expected_outcome, outcome = await engine.outcome(), await player.outcome()
    assert outcome == expected_outcome
    if isinstance(one, PathClass):
        assert (outcome.reason, outcome.group, outcome.route) == (one.reason, one.group, one.route)
    else:
        assert outcome.end == one.end and bool(outcome.referrals) is (one.end is None)


@contextmanager
def kept(opener: Opener) -> Iterator[Callable[[], Any]]:
    app = opener()
    kept = Kept(app)
    yield lambda: kept
    app.close()


def share(programme: str, part: int) -> tuple[PathClass | AfterClass, ...]:
    """A part of them, so that several processes have something to do."""
    everyone: list[PathClass | AfterClass] = [*paths(programme), *ends(programme)]
    return tuple(everyone[part::PARTS])


@each_programme
@each_part
async def test_on_the_web(programme: str, part: int, databases: Databases, tmp_path: Path) -> None:
    for number, one in enumerate(share(programme, part)):
        with databases.lent("sqlite") as url, kept(Opener(url, tmp_path / str(number), programmes=PACKAGED)) as opened:
            await compare(programme, one, WebPlayer(opened, LANGUAGE, programme, cache(build_web)))


@each_programme
@each_part
async def test_in_the_chat(programme: str, part: int, databases: Databases, tmp_path: Path) -> None:
    for number, one in enumerate(share(programme, part)):
        with databases.lent("sqlite") as url, kept(Opener(url, tmp_path / str(number), programmes=PACKAGED)) as opened:
            await compare(programme, one, NearPlayer(opened, LANGUAGE, programme))


@each_programme
@each_part
async def test_over_telegram(
    programme: str, part: int, wire: Wire, databases: Databases, tmp_path: Path, effort: int
) -> None:
    """Every fifth class, and in `make test-all` every class: the conversation is the same one."""
    given = {"programmes": PACKAGED, "TELEGRAM_BOT_TOKEN": wire.token, "TELEGRAM_API_URL": wire.url}
    for number, one in enumerate(share(programme, part)[:: 5 if effort == 1 else 1]):
        with databases.lent("sqlite") as url, kept(Opener(url, tmp_path / str(number), **given)) as opened:
            async with bot_running(opened()):
                await compare(programme, one, BotPlayer(wire, opened, LANGUAGE, programme, runs_already))


def test_the_page_tells_the_counts() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for programme in PROGRAMMES:
        found, from_there = paths(programme), ends(programme)
        assert len({(one.asked, one.reason, one.group, one.route) for one in found}) == len(found)
        assert len({(one.asked, one.end) for one in from_there}) == len(from_there)
        both = len(found) + len(from_there)
        asked = {one.asked for one in found}
        row = f"| {programme} | {len(asked)} | {len(found)} | {len(from_there)} | {both} | {both} |"
        print(row)
        assert row in page, f"docs/parity.md should say: {row}"


def test_the_classes_come_to_everything() -> None:
    for programme in PROGRAMMES:
        served, found, from_there = load(PACKAGED / programme), paths(programme), ends(programme)
        assert {id for path in found for id in path.asked} == {one.id for one in served.before_result}
        assert {id for path in from_there for id in path.asked} == {one.id for one in served.after_result}
        reasons = {rule.reason for rule in served.rules} | {f"eligible_{group.id}" for group in served.groups}
        assert {path.reason for path in found} == reasons
        leading = {route.id for route in served.routes} - adds_only(served, TODAY)
        assert {path.route for path in found} - {None} == leading
        choices = {choice.ends for question in served.questions for choice in question.choices}
        assert {path.end for path in from_there} == choices, "an end, or sending in, that nobody comes to"
