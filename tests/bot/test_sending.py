"""Queues of chats: in order within a chat, independent between them, despite faults. The library over real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.request import AiohttpRequest
from bot.sending import ChatQueues
from intake.chat.cards import Button, Card, Press, Reply
from tests.telegram_wire import Wire


@pytest.fixture
async def queues(wire: Wire) -> AsyncIterator[ChatQueues]:
    bot = Bot(wire.token, f"{wire.url}/bot", request=AiohttpRequest(8), get_updates_request=AiohttpRequest(1))
    async with bot:
        queues = ChatQueues(bot)
        yield queues
        await queues.close(patience=0)


def card(text: str, *labels: str) -> Card:
    return Card(text, tuple((Button(label, Press("q", "question", label, 1)),) for label in labels))


async def all_sent(queues: ChatQueues) -> None:
    await queues.close(patience=10)


async def known(wire: Wire, chat: int = 7) -> int:
    """A chat in which the person has written; the id of what they wrote."""
    return (await wire.person(chat).says("hej")).message_id


async def test_a_card_has_its_text_its_buttons_and_what_stands_out(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    link = Button("Webben", url="https://example.org/a")
    queues.put(7, Reply((Card("🙂 Fråga 1\n\nVad <b>heter</b> du?", ((link,),), strong="Vad <b>heter</b> du?"),)))
    await all_sent(queues)
    seen = wire.person(7).sees()
    assert seen.text == "🙂 Fråga 1\n\nVad <b>heter</b> du?"  # no markup language: what was written is what is seen
    assert wire.person(7).link("Webben") == "https://example.org/a"
    [call] = wire.calls_of("sendMessage")
    assert "parse_mode" not in call.params
    [bold] = call.params["entities"]
    assert (bold["type"], bold["offset"], bold["length"]) == ("bold", 12, 20)  # in UTF-16 units: 🙂 is two


async def test_what_else_there_is_to_say_is_folded_and_opened_by_a_tap(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    text = "Titel 🙂\n\nMer\n✓ ett\n✓ två\n\nSlut"
    queues.put(7, Reply((Card(text, strong="Titel 🙂", folded="Mer\n✓ ett\n✓ två"),)))
    await all_sent(queues)
    [call] = wire.calls_of("sendMessage")
    placed = [(one["type"], one["offset"], one["length"]) for one in call.params["entities"]]
    assert placed == [("bold", 0, 8), ("expandable_blockquote", 10, 15)]


async def test_the_pressed_card_is_changed_if_it_is_the_last(wire: Wire, queues: ChatQueues) -> None:
    queues.heard(7, await known(wire))
    queues.put(7, Reply((card("ett", "a"),)))
    await all_sent(queues)
    first = wire.person(7).sees().message_id
    queues.put(7, Reply((card("två", "b"),), in_place=True), pressed=first)
    await all_sent(queues)
    assert [(seen.message_id, seen.text) for seen in wire.person(7).messages] == [(first, "två")]
    queues.heard(7, (await wire.person(7).says("något")).message_id)
    queues.put(7, Reply((card("tre", "c"),), in_place=True), pressed=first)
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["två", "tre"]  # the old card is out of sight by now


async def test_a_second_tap_sends_nothing_new(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    queues.put(7, Reply((card("ett", "a"),)))
    await all_sent(queues)
    first = wire.person(7).sees().message_id
    for _ in range(3):
        queues.put(7, Reply((card("två", "b"),), in_place=False), pressed=first)
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["ett", "två"]


async def test_not_modified_is_no_error_and_no_second_card(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    queues.put(7, Reply((card("ett", "a"),)))
    await all_sent(queues)
    first = wire.person(7).sees().message_id
    queues.queue(7).newest, queues.queue(7).shown = 0, None  # as after a restart
    queues.put(7, Reply((card("ett", "a"),), in_place=True), pressed=first)
    await all_sent(queues)
    assert len(wire.calls_of("editMessageText")) == 1
    assert len(wire.person(7).messages) == 1


async def test_what_cannot_be_changed_is_sent_anew(wire: Wire, queues: ChatQueues) -> None:
    theirs = await known(wire)
    queues.put(7, Reply((card("ny", "a"),), in_place=True), pressed=theirs)
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["ny"]


async def test_a_long_text_is_split_with_the_buttons_last(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    queues.put(7, Reply((card("\n\n".join(f"{number} " + "ord " * 500 for number in range(4)), "Fortsätt"),)))
    await all_sent(queues)
    messages = wire.person(7).messages
    assert len(messages) == 2
    assert [seen.labels for seen in messages] == [[], ["Fortsätt"]]


async def test_too_many_is_waited_for_in_order_while_others_go_on(wire: Wire, queues: ChatQueues) -> None:
    await known(wire, 7)
    await known(wire, 8)
    wire.too_many_next(retry_after=1)
    began = time.monotonic()
    for text in ("ett", "två", "tre"):
        queues.put(7, Reply((card(text),)))
    await asyncio.sleep(0.1)  # chat 7 has met its 429
    queues.put(8, Reply((card("genast"),)))
    assert (await wire.person(8).hears(timeout=0.5)).text == "genast"
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["ett", "två", "tre"]
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("code", [500, 502])
async def test_a_failing_server_is_tried_again(wire: Wire, queues: ChatQueues, code: int) -> None:
    await known(wire)
    wire.fail_next(code, times=2)
    queues.put(7, Reply((card("ändå"),)))
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["ändå"]
    assert len(wire.calls_of("sendMessage")) == 3


async def test_a_lost_answer_may_show_a_card_twice_but_never_loses_one(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    wire.lose_next_answer()
    queues.put(7, Reply((card("ett"),)))
    queues.put(7, Reply((card("två"),)))
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["ett", "ett", "två"]


async def test_who_blocked_the_bot_gets_nothing_more(
    wire: Wire, queues: ChatQueues, capfd: pytest.CaptureFixture[str]
) -> None:
    person = wire.person(7)
    await person.says("hej")
    await person.blocks()
    for text in ("ett", "två", "tre"):
        queues.put(7, Reply((card(text),)))
    await all_sent(queues)
    assert len(wire.calls_of("sendMessage")) == 1  # the rest was not even tried
    assert capfd.readouterr() == ("", "")
    await person.unblocks()
    queues.put(7, Reply((card("igen"),)))
    await all_sent(queues)
    assert [seen.text for seen in person.messages] == ["igen"]


async def test_a_link_that_telegram_refuses_is_left_out(wire: Wire, queues: ChatQueues) -> None:
    await known(wire)
    rows = ((Button("there", url="https://example.org/a"), Button("here", url="http://localhost:8000/a")),)
    queues.put(7, Reply((Card("länk", rows), Card("bara här", ((rows[0][1],),)))))
    await all_sent(queues)
    assert [seen.labels for seen in wire.person(7).messages] == [["there"], []]


async def test_a_refused_card_stops_nothing_and_its_link_stays_secret(
    wire: Wire, queues: ChatQueues, capfd: pytest.CaptureFixture[str]
) -> None:
    await known(wire)
    wrong = Card("länk", ((Button("hit", url="http://a.b@localhost/a-secret"),),))
    queues.put(7, Reply((wrong,)))
    queues.put(7, Reply((card("nästa"),)))
    await all_sent(queues)
    assert [seen.text for seen in wire.person(7).messages] == ["nästa"]
    log = "".join(capfd.readouterr())
    assert "card_refused" in log
    assert "a-secret" not in log


async def test_fast_ticks_build_on_what_was_just_drawn(wire: Wire, queues: ChatQueues) -> None:
    """The second tap's own keyboard may be older than the card that the first tap is changing."""
    await known(wire)
    one, other = Button("✅ A", Press("t", "needs", "a", 1)), Button("⬜ B", Press("t", "needs", "b", 1))
    ticked = Card("kryssa", ((one,), (other,)))
    queues.put(7, Reply((ticked,), in_place=True), pressed=41)
    assert queues.queue(7).ticks == {41: {"a"}}


async def test_of_very_many_chats_the_idle_ones_are_forgotten(wire: Wire, queues: ChatQueues) -> None:
    few = ChatQueues(queues._bot, remembered=10)
    for chat in range(100):
        few.heard(chat, 1)
        assert few.queue(chat).newest == 1
    assert len(few._queues) <= 10


async def test_what_is_remembered_of_a_chat_is_no_text(wire: Wire, queues: ChatQueues) -> None:
    """A card can hold what a person has answered: no decrypted answer outlives the request that opened it."""
    await known(wire)
    check = Card("Kontrollera\n\nYrke: murförfattare", card("", "Skicka").rows, strong="Yrke: murförfattare")
    queues.put(7, Reply((check,)))
    await all_sent(queues)
    queue = queues.queue(7)
    assert queue.last is not None and queue.last.rows == check.rows
    assert "murförfattare" in wire.person(7).sees().text
    assert "murförfattare" not in repr(queue)
