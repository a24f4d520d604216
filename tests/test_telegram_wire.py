"""The tests' Bot API server, used by the real library over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.telegram_wire import Wire


@pytest.fixture
async def bot(wire: Wire) -> AsyncIterator[Bot]:
    async with Bot(wire.token, base_url=f"{wire.url}/bot") as bot:
        yield bot


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"v1:{label}")] for label in labels])


async def updates(bot: Bot, offset: int = 0, timeout: int = 0) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, timeout=timeout)


async def test_a_conversation(wire: Wire, bot: Bot) -> None:
    kim = wire.person(7, language_code="sv", name="Kim")
    assert bot.username == "vastkraft_test_bot"
    await kim.says("/start hej")
    [start] = await updates(bot)
    assert start.message and start.message.text == "/start hej" and start.message.from_user
    assert start.message.from_user.language_code == "sv"
    assert start.message.parse_entities() == {start.message.entities[0]: "/start"}

    sent = await bot.send_message(7, "Var <b>bor</b> du?", parse_mode="HTML", reply_markup=buttons("Ale", "Göteborg"))
    heard = await kim.hears()
    assert (heard.text, heard.labels, heard.edited) == ("Var bor du?", ["Ale", "Göteborg"], False)

    tap = await kim.taps("Göteborg")
    [pressed] = await updates(bot, start.update_id + 1)
    query = pressed.callback_query
    assert query and query.data == "v1:Göteborg" and query.message and query.message.message_id == sent.message_id
    await query.answer("Tack")
    assert await tap.answered() == "Tack"
    await bot.edit_message_text("Du bor i Göteborg.", 7, sent.message_id)
    heard = await kim.hears()
    assert (heard.text, heard.labels, heard.edited) == ("Du bor i Göteborg.", [], True)
    assert kim.sees() == heard
    await updates(bot, pressed.update_id + 1)
    await wire.confirmed()
    assert [call.method for call in wire.calls if call.method != "getUpdates"] == [
        "getMe",
        "sendMessage",
        "answerCallbackQuery",
        "editMessageText",
    ]


async def test_what_is_not_confirmed_comes_again(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    for text in ("ett", "två", "tre"):
        await kim.says(text)
    first = await updates(bot)
    again = await updates(bot, first[1].update_id)
    assert [one.message.text for one in again if one.message] == ["två", "tre"]
    assert [one.message.text for one in await bot.get_updates(limit=1) if one.message] == ["två"]
    with pytest.raises(AssertionError, match="not confirmed"):
        await wire.confirmed(timeout=0.05)
    assert await updates(bot, first[2].update_id + 1) == ()


async def test_a_long_poll_waits_for_news(wire: Wire, bot: Bot) -> None:
    poll = asyncio.create_task(updates(bot, timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await wire.person().says("hej")
    [update] = await poll
    assert update.message and update.message.text == "hej"
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()


async def test_only_one_polls_and_not_beside_a_webhook(wire: Wire, bot: Bot) -> None:
    poll = asyncio.create_task(updates(bot, timeout=5))
    await asyncio.sleep(0.05)
    async with Bot(wire.token, base_url=f"{wire.url}/bot") as second:
        await updates(second)
    with pytest.raises(Conflict, match="other getUpdates"):
        await poll
    await bot.set_webhook("https://intake.example.org/telegram")
    with pytest.raises(Conflict, match="webhook"):
        await updates(bot)
    await bot.delete_webhook()
    await updates(bot)


@pytest.mark.parametrize(
    ("text", "mode", "refusal"),
    [
        ("", None, "empty"),
        ("  <b> </b>", "HTML", "empty"),
        ("x" * 4097, None, "too long"),
        ("\N{SLIGHTLY SMILING FACE}" * 2049, None, "too long"),
        ("a < b", "HTML", "start tag"),
        ("<b>fet", "HTML", "end tag"),
        ("<p>stycke</p>", "HTML", "start tag"),
    ],
)
async def test_text_is_held_to_the_limits(wire: Wire, bot: Bot, text: str, mode: str | None, refusal: str) -> None:
    await wire.person().says("hej")
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_message(7, text, parse_mode=mode)
    assert not wire.person().messages


async def test_text_that_just_fits(wire: Wire, bot: Bot) -> None:
    await wire.person().says("hej")
    await bot.send_message(7, f"<b>{'x' * 4095}</b>&lt;", parse_mode="HTML")
    await bot.send_message(7, "12345")
    assert [seen.text[-3:] for seen in wire.person().messages] == ["xx<", "345"]


async def test_buttons_are_held_to_the_limits(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")

    def one(**content: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Knapp", **content)]])  # type: ignore[arg-type]

    await bot.send_message(7, "går", reply_markup=one(callback_data="å" * 32))
    with pytest.raises(BadRequest, match="(?i)BUTTON_DATA_INVALID"):
        await bot.send_message(7, "går inte", reply_markup=one(callback_data="å" * 32 + "x"))
    await bot.send_message(7, "går", reply_markup=one(url="http://127.0.0.1:8000/fortsatt"))
    assert kim.link("Knapp") == "http://127.0.0.1:8000/fortsatt"
    with pytest.raises(BadRequest, match="(?i)wrong http url"):
        await bot.send_message(7, "går inte", reply_markup=one(url="http://localhost:8000/"))


async def test_edits_are_refused_as_telegram_does(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    said = await kim.says("hej")
    sent = await bot.send_message(7, "en", reply_markup=buttons("A"))
    with pytest.raises(BadRequest, match="(?i)not modified"):
        await bot.edit_message_text("en", 7, sent.message_id, reply_markup=buttons("A"))
    with pytest.raises(BadRequest, match="(?i)not modified"):
        await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=buttons("A"))
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("mitt", 7, said.message_id)
    await bot.edit_message_reply_markup(7, sent.message_id)
    assert kim.sees().labels == []
    await bot.delete_message(7, sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("två", 7, sent.message_id)
    assert kim.messages == []


async def test_who_may_be_written_to(wire: Wire, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="(?i)chat not found"):
        await bot.send_message(7, "hej")
    kim = wire.person()
    await kim.says("hej")
    await bot.send_message(7, "hej")
    await kim.blocks()
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(7, "hallå?")
    await kim.unblocks()
    await bot.send_message(7, "välkommen åter")
    changes = [one.my_chat_member for one in await updates(bot) if one.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_old_and_forged_presses(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")
    await bot.send_message(7, "Fråga 1", reply_markup=buttons("ja"))
    old = await kim.hears()
    await bot.edit_message_text("Fråga 2", 7, old.message_id, reply_markup=buttons("nej"))
    with pytest.raises(AssertionError, match="0 buttons “ja”"):
        await kim.taps("ja")
    tap = await kim.taps("ja", on=old)
    await kim.taps_forged("v1:vad som helst")
    pressed = [one.callback_query for one in await updates(bot) if one.callback_query]
    assert [query.data for query in pressed] == ["v1:ja", "v1:vad som helst"]
    assert tap.answer is None
    wire.query_seconds = 0
    with pytest.raises(BadRequest, match="(?i)query is too old"):
        await pressed[0].answer()


async def test_a_press_on_a_deleted_message(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")
    sent = await bot.send_message(7, "Fråga", reply_markup=buttons("ja"))
    shown = kim.sees()
    await bot.delete_message(7, sent.message_id)
    await kim.taps("ja", on=shown)
    *_, update = await updates(bot)
    assert update.callback_query and update.callback_query.message
    assert not update.callback_query.message.is_accessible


async def test_other_things_than_text(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    said = await kim.says("hjå")
    await kim.edits(said, "hej")
    for thing in ("photo", "voice", "sticker"):
        await kim.sends(thing)
    _, edited, photo, voice, sticker = await updates(bot)
    assert edited.edited_message and edited.edited_message.text == "hej"
    assert photo.message and photo.message.photo and photo.message.text is None
    assert voice.message and voice.message.voice
    assert sticker.message and sticker.message.sticker


async def test_a_group(wire: Wire, bot: Bot) -> None:
    await wire.person().says_in_group(-100, "/start")
    [update] = await updates(bot)
    assert update.message and update.message.chat.type == "supergroup"
    await update.message.reply_text("Skriv till mig privat.")
    assert [seen.text for seen in wire.sent_to(-100)] == ["Skriv till mig privat."]
    assert wire.person().messages == []


async def test_faults(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")
    wire.too_many_next(retry_after=3)
    with pytest.raises(RetryAfter) as slow_down:
        await bot.send_message(7, "ett")
    assert int(slow_down.value._retry_after.total_seconds()) == 3
    wire.fail_next(502, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(7, "två")
    wire.hang_next(30)
    with pytest.raises(TimedOut):
        await bot.send_message(7, "tre", read_timeout=0.1)
    assert kim.messages == []
    wire.lose_next_answer()
    with pytest.raises(NetworkError):
        await bot.send_message(7, "fyra")
    assert [seen.text for seen in kim.messages] == ["fyra"]
    wire.fail_next(500, method=None)
    await updates(bot)  # polling is not meant by "any"
    with pytest.raises(NetworkError):
        await bot.get_me()
    wire.fail_next(502, method="getUpdates")
    with pytest.raises(NetworkError):
        await updates(bot)


async def test_duplicates_and_overtaking(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    wire.duplicate_next()
    await kim.says("ett")
    await kim.says("två")
    assert [one.message.text for one in await updates(bot) if one.message] == ["ett", "ett", "två"]
    await bot.send_message(7, "Fråga", reply_markup=buttons("ja"))
    wire.hold()
    await kim.says("tre")
    await kim.taps("ja")
    assert len(await updates(bot)) == 3
    await wire.release(reverse=True)
    *_, first, second = await updates(bot)
    assert first.callback_query and second.message and first.update_id < second.update_id


async def test_down_and_up_again(wire: Wire, bot: Bot) -> None:
    poll = asyncio.create_task(updates(bot, timeout=30))
    await asyncio.sleep(0.05)
    await wire.down()
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError):
        await bot.get_me()
    await wire.up()
    await bot.get_me()


async def test_a_wrong_token_and_an_unknown_method(wire: Wire, bot: Bot) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{wire.url}/bot"):
            pass
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelegraph")


async def test_what_the_bot_says_about_itself(wire: Wire, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "Börja")], language_code="sv")
    await bot.set_my_description("Hitta stöd", language_code="sv")
    await bot.set_my_short_description("Stöd")
    assert wire.commands == {"sv": {"start": "Börja"}}
    assert (wire.descriptions, wire.short_descriptions) == ({"sv": "Hitta stöd"}, {"": "Stöd"})
    with pytest.raises(BadRequest, match="(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("börja", "Börja")])


async def test_hearing_and_settling(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")
    for text in ("ett", "två"):
        await bot.send_message(7, text)
    assert (await kim.hears()).text == "ett"
    assert (await kim.hears()).text == "två"
    with pytest.raises(AssertionError, match="heard nothing"):
        await kim.hears(timeout=0.05)
    await bot.send_message(7, "gammalt")
    await kim.says("nytt")
    answers = asyncio.gather(*(bot.send_message(7, text) for text in ("tre", "fyra")))
    assert (await kim.settles()).text in {"tre", "fyra"}
    await answers
    assert len(kim.messages) == 5


async def test_a_ticked_button_is_found_by_its_words(wire: Wire, bot: Bot) -> None:
    kim = wire.person()
    await kim.says("hej")
    await bot.send_message(7, "Välj", reply_markup=buttons("✓ Svenska", "Engelska"))
    await kim.taps("Svenska")
    *_, update = await updates(bot)
    assert update.callback_query and update.callback_query.data == "v1:✓ Svenska"
