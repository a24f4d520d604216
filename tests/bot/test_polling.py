"""The polling loop against a Bot API server: updates repeated, out of order, from many chats at once, or forged."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from bot import run_bot
from bot.polling import AT_ONCE
from intake import App
from intake.participants.answering import KEEP_UPDATES
from tests.bot_player import NOTICE, begins, bot_running, until
from tests.databases import KINDS, Databases, Kind
from tests.openings import Opener
from tests.outcomes import journeys
from tests.telegram_person import Person
from tests.telegram_wire import Wire

FIRST, SECOND = "Hur ser din situation på jobbet ut just nu?", "Varför blev du uppsagd?"


async def test_buttons_change_the_card_and_typed_words_send_a_new_one(wire: Wire, kim: Person) -> None:
    assert FIRST in kim.sees().text
    card = kim.sees().message_id
    tap = await kim.taps(NOTICE)
    assert await tap.answered(timeout=1) == ""
    await wire.confirmed()
    assert (kim.sees().message_id, SECOND in kim.sees().text) == (card, True)
    await kim.says("konkurs")
    await wire.confirmed()
    assert kim.sees().message_id > card
    assert "Fråga 3" in kim.sees().text
    assert "Tillbaka" in kim.sees().labels


def test_no_call_brings_more_updates_than_an_interview_remembers() -> None:
    """Else an answer could be taken twice when a whole call comes again after a crash."""
    assert AT_ONCE <= KEEP_UPDATES


async def test_a_double_tap_has_one_effect_and_one_card(wire: Wire, kim: Person) -> None:
    seen = kim.sees()
    taps = [await kim.taps(NOTICE, on=seen) for _ in range(3)]
    await wire.confirmed()
    assert [await tap.answered(1) for tap in taps] == ["", "Redan besvarad", "Redan besvarad"]
    assert SECOND in kim.sees().text
    assert len(kim.messages) == 2


async def test_the_same_update_twice_is_one_effect(wire: Wire, kim: Person) -> None:
    wire.duplicate_next()
    await kim.taps(NOTICE)
    await wire.confirmed()
    wire.duplicate_next()
    await kim.says("2")
    await wire.confirmed()
    assert "Vilken är din sista anställningsdag?" in kim.sees().text
    assert "datum" not in kim.sees().text.split("Vilken är")[0]  # the second "2" was not read as a date


async def test_what_a_kill_kept_from_showing_is_shown_after_restart(wire: Wire, opener: Opener) -> None:
    kim, first = wire.person(7), opener()
    async with bot_running(first):
        await begins(wire, kim)
        await kim.taps(NOTICE)
        await wire.confirmed()
        await kim.says("konkurs")
        await wire.confirmed()
    first.close()
    app = opener()
    dying = asyncio.create_task(run_bot(app, asyncio.Event()))
    wire.hang_next(60)
    shown = len(wire.calls_of("sendMessage"))
    await kim.says("2027-03-31")
    await until(lambda: len(wire.calls_of("sendMessage")) > shown)
    assert wire._api.unconfirmed, "stored, not shown, and so not confirmed"
    dying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await dying
    app.close()
    second = opener()
    async with bot_running(second):
        await wire.confirmed()
        assert "I vilken kommun är du folkbokförd?" in kim.sees().text
        assert "Det är inget av svaren" not in kim.sees().text  # the date was not taken for a municipality
    second.close()


async def test_a_button_that_overtakes_words_changes_nothing_wrongly(wire: Wire, kim: Person) -> None:
    wire.hold()
    seen = kim.sees()
    await kim.says("uppsagd_notice")
    await kim.taps("Jag har sagt upp mig själv", on=seen)
    await wire.release(reverse=True)
    await wire.confirmed()
    # The button came first and ended it; the words then found no question.
    assert "Använd knapparna" in kim.messages[-2].text
    await kim.taps("Ändra mitt senaste svar")
    await wire.confirmed()
    assert FIRST in kim.sees().text


@pytest.mark.parametrize("kind", KINDS)
async def test_thirty_chats_at_once_each_in_its_own_order(
    kind: Kind, wire: Wire, opener: Opener, databases: Databases
) -> None:
    with databases.lent(kind) as url:
        opener.given["database_url"] = url
        app = opener()
        await thirty_talk(wire, app)
        app.close()


async def thirty_talk(wire: Wire, app: App) -> None:
    persons = [wire.person(100 + number, name=f"P{number}") for number in range(30)]

    async def talk(person: Person) -> None:
        await person.says("/start")
        await until(lambda: any(seen.rows for seen in person.messages))
        await person.taps("Starta")
        await until(lambda: FIRST in person.sees().text)
        for text in (NOTICE, "konkurs", "2027-03-31", "Ale", "1", "Tjänsteman", "ja", "Svetsare", "hoppa över"):
            await person.says(text)  # without waiting for any answer

    async with bot_running(app):
        began = time.monotonic()
        await asyncio.gather(*(talk(person) for person in persons))
        await wire.confirmed(timeout=30)
        took = time.monotonic() - began
    for person in persons:
        assert "Vad behöver du mest?" in person.sees().text
        numbers = [seen.text.split(" ·")[0] for seen in person.messages if seen.text.startswith("Fråga")]
        assert numbers == [f"Fråga {number}" for number in range(1, 11)]
    assert took < 20


async def test_thirty_chats_at_once_take_hardly_longer_than_one(wire: Wire, app: App) -> None:
    """Every call is 80 ms under way. A bot that handled one update at a time would need thirty times as long."""

    async def talk(person: Person) -> None:
        await person.says("/start")
        await person.hears()
        await person.taps("Starta")
        await person.hears()
        for text in (NOTICE, "konkurs", "2027-03-31", "Ale", "1", "Tjänsteman", "ja"):
            await person.says(text)
            await person.hears(timeout=30)
        assert "Vilket är ditt yrke?" in person.sees().text

    async def seconds(*persons: Person) -> float:
        began = time.monotonic()
        await asyncio.gather(*(talk(person) for person in persons))
        return time.monotonic() - began

    wire.delay = 0.08
    async with bot_running(app):
        one = await seconds(wire.person(1))
        thirty = await seconds(*(wire.person(100 + number) for number in range(30)))
    assert thirty < 8 * one, f"one {one:.2f} s, thirty {thirty:.2f} s"


async def test_a_throttled_chat_slows_down_nobody_else(wire: Wire, app: App) -> None:
    hasty, calm = wire.person(7), wire.person(8)
    async with bot_running(app):
        await begins(wire, hasty)
        await begins(wire, calm)
        wire.too_many_next(retry_after=3)
        for _ in range(4):
            await hasty.says("/help")
        await wire.confirmed()
        waited = []
        for text in (NOTICE, "konkurs", "2027-03-31"):
            await hasty.says("hallå?")
            await calm.says(text)
            began = time.monotonic()
            await calm.hears()
            waited.append(time.monotonic() - began)
        await wire.confirmed()
    assert max(waited[1:]) < 0.5, waited
    assert "I vilken kommun är du folkbokförd?" in calm.sees().text


async def test_ticks_survive_a_restart_and_fast_fingers(wire: Wire, opener: Opener) -> None:
    kim, app = wire.person(7), opener()
    async with bot_running(app):
        await begins(wire, kim)
        for text in (NOTICE, "konkurs", "hoppa över", "Ale", "1", "2", "ja", "hoppa över", "hoppa över"):
            await kim.says(text)
            await wire.confirmed()
        seen = kim.sees()
        await kim.taps("Få nytt jobb i min bransch", on=seen)
        await kim.taps("Byta till en ny bransch", on=seen)  # its own keyboard does not know of the first tick
        await wire.confirmed()
        assert [label for label in kim.sees().labels if label.startswith("✅")] == [
            "✅ Få nytt jobb i min bransch",
            "✅ Byta till en ny bransch",
        ]
    app.close()
    app = opener()
    async with bot_running(app):
        await kim.taps("Starta eget på sikt")
        await kim.taps("Byta till en ny bransch")
        await wire.confirmed()
        await kim.taps("Klar")
        await wire.confirmed()
        assert "Hur vill du helst lära dig?" in kim.sees().text
    [answers] = [journey.answers for journey in journeys(app)]
    app.close()
    assert answers["needs"] == ["reemployment", "own_business"]


async def test_alone_unticks_the_others_and_they_untick_it(wire: Wire, kim: Person) -> None:
    for text in (NOTICE, "konkurs", "hoppa över", "Ale", "1", "2", "ja", "hoppa över", "hoppa över"):
        await kim.says(text)
        await wire.confirmed()
    for label, ticked in (
        ("Byta till en ny bransch", ["✅ Byta till en ny bransch"]),
        ("Jag behöver ingen utbildning", ["✅ Jag behöver ingen utbildning"]),
        ("Starta eget på sikt", ["✅ Starta eget på sikt"]),
        ("Starta eget på sikt", []),
    ):
        await kim.taps(label)
        await wire.confirmed()
        assert [one for one in kim.sees().labels if one.startswith("✅")] == ticked


async def test_forged_buttons_are_answered_and_harmless(wire: Wire, kim: Person) -> None:
    forged = ["q", "q:::", "q:name:Kim:1", "t:needs:none:99", "b:name::2", "b:result::1", "x:::1", "g:::1", "web:::"]
    for data in (*forged, "withdrawn::gr:", "åäö" * 10, "start::xx:", "speak::xx:", ":::", "change:::", "forget:::9"):
        tap = await kim.taps_forged(data)
        await wire.confirmed()
        await tap.answered(1)
    assert FIRST in kim.sees().text


async def test_pictures_and_voices_get_a_kind_sentence(wire: Wire, kim: Person) -> None:
    for thing in ("photo", "voice", "sticker"):
        await kim.sends(thing)
        await wire.confirmed()
        assert "bara läsa text och knappar" in kim.messages[-2].text
        assert FIRST in kim.sees().text


async def test_a_group_is_told_once_a_day_to_write_in_private(wire: Wire, kim: Person) -> None:
    for _ in range(3):
        await kim.says_in_group(-500, "/start")
        await wire.confirmed()
    assert [seen.text for seen in wire.sent_to(-500)] == ["Skriv till mig i en egen chatt i stället."]


async def test_a_command_may_name_the_bot_and_carry_something(wire: Wire, kim: Person) -> None:
    await kim.says("/language@vastkraft_test_bot please")
    await wire.confirmed()
    assert kim.sees().labels == ["Svenska", "English"]
    await kim.says("/start 1440")
    await wire.confirmed()
    assert FIRST in kim.sees().text


async def test_an_edited_message_changes_nothing(wire: Wire, kim: Person) -> None:
    said = await kim.says("uppsagd_notice")
    await wire.confirmed()
    await kim.edits(said, "resigned")
    await asyncio.sleep(0.1)
    assert SECOND in kim.sees().text


async def test_the_menu_of_commands_is_set_in_each_language(wire: Wire, kim: Person) -> None:
    await until(lambda: set(wire.descriptions) == {"", "sv", "en"})
    names = {"start", "help", "cancel", "language", "status", "privacy", "delete"}
    assert all(set(wire.commands[language]) == names for language in ("", "sv", "en"))
    assert wire.commands["sv"]["language"] == "Byt språk"
    assert wire.commands["en"]["language"] == "Change language"
