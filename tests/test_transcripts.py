"""Every transcript on every player: the same questions, refusals, verdict, answers and referrals.

The product is opened anew for every turn. The pure engine is played first and is the reference for the channels.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from intake.authoring.catalog import load
from intake.config import PACKAGED
from tests.bot_player import BotPlayer, bot_running
from tests.databases import Databases, Kind
from tests.openings import Opener
from tests.players import EnginePlayer, Outcome, Player, Transcript, read, transcripts
from tests.telegram_wire import Wire
from tests.web_player import WebPlayer

PROGRAMME = load(PACKAGED / "vastkraft")
ALL = transcripts()
ON_POSTGRESQL = {"b_white_collar", "ask_staff_yes", "ask_staff_by_telephone", "change_of_mind"}
ON_POSTGRESQL |= {"double_tap", "withdrawn"}

each = pytest.mark.parametrize("transcript", ALL, ids=lambda transcript: transcript.id)


async def play(player: Player, transcript: Transcript) -> Outcome:
    """Turn by turn; what is asked and refused is compared at once."""
    for number, turn in enumerate(transcript.turns, 1):
        shown = await player.play(turn)
        assert shown.place == turn["asks"], f"turn {number}, {dict(turn)}: asked {shown.place}"
        assert shown.problem == turn.get("problem"), f"turn {number}, {dict(turn)}: said {shown.problem}"
        if "note" in turn:
            assert shown.noted, f"turn {number}, {dict(turn)}: nothing was pointed out"
    outcome = await player.outcome()
    then = transcript.then
    assert (outcome.verdict, outcome.reason) == (then["verdict"], then["reason"])
    assert outcome.end == then.get("end")
    assert not set(then.get("without", ())) & set(outcome.answers)
    assert dict(outcome.referrals) == then.get("referrals", {})
    assert outcome.responsible == then.get("responsible")
    assert "letters" not in then or sorted(outcome.letters) == sorted(then["letters"])
    return outcome


async def by_engine(transcript: Transcript) -> Outcome:
    programme = load(PACKAGED / transcript.programme)
    return await play(EnginePlayer(programme, transcript.language, transcript.today), transcript)


@each
async def test_the_engine_alone(transcript: Transcript) -> None:
    await by_engine(transcript)


@each
async def test_in_telegram(transcript: Transcript, wire: Wire, databases: Databases, tmp_path: Path) -> None:
    kind: Kind = "postgresql" if transcript.id in ON_POSTGRESQL else "sqlite"
    with databases.lent(kind) as url:
        opener = Opener(url, tmp_path, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url, programmes=PACKAGED)
        opener.moment = transcript.moment
        running = bot_running if kind == "postgresql" else None  # these by polling, the others handed over
        outcome = await play(BotPlayer(wire, opener, transcript.language, transcript.programme, running), transcript)
    assert outcome == await by_engine(transcript)
    assert outcome.sources <= {"chat", "link", "telephone"}
    assert opener.opened > len(transcript.turns), "opened anew for every turn"


@each
async def test_on_the_web(transcript: Transcript, databases: Databases, tmp_path: Path) -> None:
    kind: Kind = "postgresql" if transcript.id in ON_POSTGRESQL else "sqlite"
    with databases.lent(kind) as url:
        opener = Opener(url, tmp_path, programmes=PACKAGED)
        opener.moment = transcript.moment
        outcome = await play(WebPlayer(opener, transcript.language, transcript.programme), transcript)
    assert outcome == await by_engine(transcript)
    assert outcome.sources <= {"form", "link", "telephone"}
    assert opener.opened > len(transcript.turns), "opened anew for every turn"


@pytest.mark.parametrize("place", ["protected_identity", "consent_partner"])
async def test_begun_in_telegram_and_sent_on_the_web(wire: Wire, sqlite_url: str, tmp_path: Path, place: str) -> None:
    """The link that the chat offers before contact and before consent carries the same interview over, once."""
    whole = read("b_white_collar")
    asked = [turn["asks"] for turn in whole.turns]
    until = asked.index(place) + 1
    opener = Opener(sqlite_url, tmp_path, TELEGRAM_BOT_TOKEN=wire.token, TELEGRAM_API_URL=wire.url, programmes=PACKAGED)
    chat, browser = BotPlayer(wire, opener, whole.language), WebPlayer(opener, whole.language)
    for turn in whole.turns[:until]:
        await chat.play(turn)
    link = await chat.asks_for_link()
    assert (await browser.play({"go on here": link})).place == place
    assert await play(browser, replace(whole, turns=whole.turns[until:])) == await by_engine(whole)
    assert (await chat.play({"type": "hej"})).place == "start"
    with pytest.raises(AssertionError, match="404"):
        await WebPlayer(opener, whole.language).play({"go on here": link})


def test_there_are_transcripts_of_everything() -> None:
    reasons = {transcript.then["reason"] for transcript in ALL}
    assert {rule.reason for rule in PROGRAMME.rules} <= reasons
    assert {f"eligible_{group.id}" for group in PROGRAMME.groups} <= reasons
    asked = {turn["asks"] for transcript in ALL for turn in transcript.turns}
    assert set(PROGRAMME.by_id) <= asked, "a question that no transcript asks"
    choices = {choice.ends for question in PROGRAMME.questions for choice in question.choices if choice.ends}
    assert choices <= {transcript.then.get("end") for transcript in ALL}
