"""Faults of the server, the database or a setting: the bot waits, logs one line, and loses nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from bot import run_bot
from intake import App, BadSetting
from intake.store.tables import interviews
from tests.bot_player import NOTICE, begins, bot_running, until
from tests.databases import Databases
from tests.openings import Opener
from tests.postgres import Postgres
from tests.telegram_person import Person
from tests.telegram_wire import Wire

SECOND = "Varför blev du uppsagd?"


async def test_a_query_too_old_to_answer_still_counts(wire: Wire, kim: Person) -> None:
    wire.query_seconds = 0
    await kim.taps(NOTICE)
    await wire.confirmed()
    assert SECOND in kim.sees().text


async def test_a_database_row_that_cannot_be_read_stops_nobody_else(
    wire: Wire, app: App, kim: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    with app.store.db.transactions.begin() as connection:
        connection.execute(update(interviews).values(answers_sealed=b"spoiled"))
    other = wire.person(8)
    await kim.says("hemligt svar")
    await other.says("/start")
    await wire.confirmed(timeout=10)
    assert "Hej!" in other.sees().text
    assert "Något gick fel hos oss" in kim.sees().text
    assert "hemligt" not in "".join(capfd.readouterr())


async def test_a_database_that_goes_away_is_waited_for(
    wire: Wire, opener: Opener, databases: Databases, postgres: Postgres
) -> None:
    with databases.lent("postgresql") as url:
        opener.given["database_url"] = url
        app, kim = opener(), wire.person(7)
        async with bot_running(app):
            await begins(wire, kim)
            postgres.disconnect_all()
            await kim.says("uppsagd_notice")
            await wire.confirmed(timeout=15)
            assert SECOND in kim.sees().text
            restarting = asyncio.create_task(asyncio.to_thread(postgres.restart))
            for text in ("konkurs", "2027-03-31", "Ale"):
                await kim.says(text)
            await restarting
            await wire.confirmed(timeout=30)
            assert "Vad gör företaget" in kim.sees().text
            assert not any("Något gick fel" in seen.text for seen in kim.messages)
        app.close()


async def test_it_stops_while_the_database_is_away_and_hears_again(
    wire: Wire, opener: Opener, databases: Databases, postgres: Postgres
) -> None:
    with databases.lent("postgresql") as url:
        opener.given["database_url"] = url
        app, kim = opener(), wire.person(7)
        async with bot_running(app):
            await begins(wire, kim)
            await asyncio.to_thread(postgres.kill)
            await kim.says("uppsagd_notice")
            await asyncio.sleep(0.3)
        app.close()
        await asyncio.to_thread(postgres.start)
        app = opener()
        async with bot_running(app):
            await wire.confirmed(timeout=15)
            assert SECOND in kim.sees().text
        app.close()


async def test_while_running_an_unreachable_server_is_waited_for(
    wire: Wire, kim: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    await wire.down()
    await asyncio.sleep(1.5)
    await wire.up()
    await kim.says("uppsagd_notice")
    await wire.confirmed(timeout=10)
    assert SECOND in kim.sees().text
    log = "".join(capfd.readouterr())
    assert log.count("telegram_unreachable") == 1
    assert log.count("telegram_reached_again") == 1


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_revoked_while_running_ends_nothing(
    wire: Wire, kim: Person, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    """The process may serve the form too: nobody there is turned away because of the chat."""
    wire.fail_next(code, "getUpdates", times=2)
    await kim.says("uppsagd_notice")  # ends the call that waits; those after it are refused
    await asyncio.sleep(0.3)
    await kim.says("konkurs")
    await until(lambda: "Vilken är din sista anställningsdag?" in kim.sees().text, timeout=15)
    log = "".join(capfd.readouterr())
    assert log.count("does not know TELEGRAM_BOT_TOKEN any more") == 1 == log.count("telegram_reached_again")
    assert wire.token not in log


async def test_a_second_poller_is_told_so_and_nothing_is_done_twice(
    wire: Wire, kim: Person, opener: Opener, capfd: pytest.CaptureFixture[str]
) -> None:
    app = opener()
    async with bot_running(app):
        await asyncio.sleep(0.3)
        await kim.taps(NOTICE)
        await wire.confirmed(timeout=10)
        await kim.says("konkurs")
        await wire.confirmed(timeout=10)
    app.close()
    assert "Vilken är din sista anställningsdag?" in kim.sees().text
    assert "another process polls" in "".join(capfd.readouterr())


async def test_a_webhook_left_behind_does_not_shut_it_out(wire: Wire, app: App) -> None:
    kim = wire.person(7)
    await kim.says("/start")
    await wire._api.setWebhook("https://example.org/hook")
    async with bot_running(app):
        await wire.confirmed()
        assert "Hej!" in kim.sees().text


@pytest.mark.parametrize("settings", [{"TELEGRAM_BOT_TOKEN": "4200:wrong-and-secret"}, {"TELEGRAM_BOT_TOKEN": ""}])
async def test_a_bad_token_is_one_clear_line_at_start(opener: Opener, settings: dict[str, str]) -> None:
    opener.given |= settings
    app = opener()
    with pytest.raises(BadSetting, match="TELEGRAM_BOT_TOKEN") as refused:
        await run_bot(app, asyncio.Event())
    app.close()
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_server_away_at_start_is_waited_for_with_one_line(
    wire: Wire, opener: Opener, capfd: pytest.CaptureFixture[str]
) -> None:
    await wire.down()
    app, kim = opener(), wire.person(7)
    async with bot_running(app):
        await asyncio.sleep(1.2)
        await wire.up()
        wire.answer_page_next("<html>502</html>", 502, "getMe")
        wire.too_many_next(1, "deleteWebhook")
        await kim.says("/start")
        await wire.confirmed(timeout=20)
        assert "Hej!" in kim.sees().text
    app.close()
    said = "".join(capfd.readouterr())
    assert said.count("telegram_unreachable") == said.count("telegram_reached_again") == 1 and wire.url in said


async def test_told_to_stop_while_it_waits_for_the_server_it_stops(wire: Wire, opener: Opener) -> None:
    await wire.down()
    app, stop = opener(), asyncio.Event()
    running = asyncio.create_task(run_bot(app, stop))
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.wait_for(running, 2)
    app.close()


@pytest.mark.parametrize("address", ["http://telegram..internal", "http://[::1"])
async def test_where_no_server_can_be_none_is_waited_for(opener: Opener, address: str) -> None:
    opener.given["TELEGRAM_API_URL"] = address
    try:
        app = opener()
    except BadSetting as refused:  # said by the settings already
        assert "TELEGRAM_API_URL" in str(refused)
        return
    with pytest.raises(BadSetting, match="TELEGRAM_API_URL.*no web address"):
        await asyncio.wait_for(run_bot(app, asyncio.Event()), 5)
    app.close()


async def test_a_proxys_page_is_waited_out_and_never_quoted(
    wire: Wire, kim: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    page = f"<html>502: http://proxy/bot{wire.token}/sendMessage could not be fetched</html>"
    wire.answer_page_next(page, 502, "getUpdates")
    for code in (403, 200):
        wire.answer_page_next(page, code, "editMessageText")
    await kim.taps(NOTICE)
    await wire.confirmed(timeout=20)
    await until(lambda: SECOND in kim.sees().text, timeout=10)
    log = "".join(capfd.readouterr())
    assert "no Bot API server answers there (HTTP" in log
    assert wire.token not in log
    assert "proxy" not in log


async def test_a_button_stops_waiting_also_when_the_first_answer_fails(wire: Wire, kim: Person) -> None:
    wire.fail_next(502, "answerCallbackQuery")
    wire.too_many_next(1, "answerCallbackQuery")
    tap = await kim.taps(NOTICE)
    assert await tap.answered() == ""


async def test_a_group_while_the_database_is_away_stops_nothing(
    wire: Wire, opener: Opener, databases: Databases, postgres: Postgres
) -> None:
    with databases.lent("postgresql") as url:
        opener.given["database_url"] = url
        app, kim = opener(), wire.person(7)
        async with bot_running(app):
            await begins(wire, kim)
            await asyncio.to_thread(postgres.kill)
            await kim.says_in_group(-500, "/start")
            await wire.confirmed(timeout=10)
            await asyncio.to_thread(postgres.start)
            await kim.says("uppsagd_notice")
            await wire.confirmed(timeout=15)
            assert SECOND in kim.sees().text
        app.close()


@pytest.mark.parametrize("text", ["/", "/\u00a0", "/ \u2003 ", "/@", "/\u200b\u200b"])
async def test_half_a_command_gets_help(wire: Wire, kim: Person, text: str) -> None:
    await kim.says(text)
    await wire.confirmed()
    assert "/privacy" in kim.sees().text
