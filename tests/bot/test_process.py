"""`intake bot` as a real process: killed during a conversation, stopped, started with a bad setting."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.bot_player import until
from tests.houses import only_vastkraft
from tests.openings import KEYS, Opener
from tests.outcomes import journeys
from tests.processes import Process, started
from tests.telegram_wire import Wire

SAID = {
    "employment_status": "uppsagd_notice",
    "termination_reason": "arbetsbrist",
    "last_employment_date": "2099-03-31",
    "home_municipality": "Lerum",
    "industry": "teknik",
    "collar": "tjänsteman",
    "collective_agreement": "nej",
    "occupation": "Svetsare",
    "education_level": "hoppa över",
}


@pytest.fixture
def environment(wire: Wire, sqlite_url: str) -> dict[str, str]:
    return {
        "INTAKE_DATABASE_URL": sqlite_url,
        "INTAKE_SECRET_KEYS": KEYS,
        "TELEGRAM_BOT_TOKEN": wire.token,
        "TELEGRAM_API_URL": wire.url,
        "INTAKE_PROGRAMMES": str(only_vastkraft()),
    }


async def restarted(process: Process, wire: Wire) -> None:
    """Killed without mercy and started again; it polls when this returns."""
    process.kill()
    polls = len(wire.calls_of("getUpdates"))
    process.start()
    await until(lambda: len(wire.calls_of("getUpdates")) > polls, timeout=30)


async def test_a_kill_in_mid_conversation_loses_and_doubles_nothing(
    wire: Wire, environment: dict[str, str], sqlite_url: str, tmp_path: Path, effort: int
) -> None:
    chance = random.Random(1)
    kim = wire.person(7)
    with started(tmp_path, "bot", ready=False, **environment) as process:
        await kim.says("/start")
        await wire.confirmed(timeout=30)
        await kim.taps("Starta")
        await wire.confirmed(timeout=30)
        kills = set(chance.sample(sorted(SAID), min(4 * effort, len(SAID))))
        for number, (question, said) in enumerate(SAID.items(), 1):
            assert f"Fråga {number} " in kim.sees().text, f"before {question}: {kim.sees().text}"
            await kim.says(said)
            if question in kills:
                await asyncio.sleep(chance.uniform(0, 0.03))
                await restarted(process, wire)
            await wire.confirmed(timeout=30)
            if f"Fråga {number + 1} " not in kim.sees().text:  # stored and confirmed, but died before it was shown
                await kim.says("/start")
                await wire.confirmed(timeout=30)
        assert "Vad behöver du mest?" in kim.sees().text
        assert process.stop() == 0
    app = Opener(sqlite_url, tmp_path)()
    [journey] = journeys(app)
    app.close()
    assert list(journey.answers) == list(SAID)
    assert journey.answers["last_employment_date"] == "2099-03-31"
    assert journey.answers["home_municipality"] == "1441"
    assert wire.token not in process.output


async def test_told_to_stop_it_finishes_and_goes(wire: Wire, environment: dict[str, str], tmp_path: Path) -> None:
    with started(tmp_path, "bot", ready=False, **environment) as process:
        await wire.person(7).says("/start")
        await wire.confirmed(timeout=30)
        assert await asyncio.to_thread(process.stop) == 0
        assert "Traceback" not in process.output


async def test_a_wrong_token_ends_it_with_one_line(wire: Wire, environment: dict[str, str], tmp_path: Path) -> None:
    wrong = environment | {"TELEGRAM_BOT_TOKEN": "4200:wrong-and-secret"}
    with started(tmp_path, "bot", ready=False, **wrong) as process:
        assert await asyncio.to_thread(process.wait) == 2
    [line] = process.output.splitlines()
    assert "TELEGRAM_BOT_TOKEN" in line
    assert "secret" not in line


async def test_a_server_that_is_not_there_is_waited_for(
    wire: Wire, environment: dict[str, str], tmp_path: Path
) -> None:
    await wire.down()
    with started(tmp_path, "bot", ready=False, **environment) as process:
        await until(lambda: "telegram_unreachable" in process.output, timeout=30)
        assert await asyncio.to_thread(process.stop) == 0
        process.start()
        await until(lambda: process.output.count("telegram_unreachable") == 2, timeout=30)
        await wire.up()
        await wire.person(7).says("/start")
        await wire.confirmed(timeout=30)
        assert "Hej!" in wire.person(7).sees().text
        assert await asyncio.to_thread(process.stop) == 0
    lines = [line for line in process.output.splitlines() if "telegram_" in line]
    assert len(lines) == 3 and "telegram_reached_again" in lines[-1] and wire.url in lines[0]
    assert wire.token not in process.output
