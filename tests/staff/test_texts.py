"""Texts by staff never contain a personal identity number or an invisible character."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intake import WrongText
from intake.engine.referral import DECLINES, OUTCOMES
from intake.engine.typed import clean
from intake.referrals.actions import checked
from tests.engine.personal_numbers import ordinary, ways
from tests.offices import WHITE, Office
from tests.staff.working import Worker

OUTCOME, DECLINE = next(iter(OUTCOMES)), next(iter(DECLINES))
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)
UNSEEN = "".join(map(chr, (*TURNING, 0x200B, 0x2060, 0xFEFF, 0xAD)))
CONTROL = "".join(map(chr, (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0))))


def test_personal_numbers_are_refused_however_written() -> None:
    for text in ways():
        with pytest.raises(WrongText) as refused:
            checked(text)
        assert refused.value.code == "personal_number", text
    for text in ordinary():
        assert checked(text) in (clean(text, lines=True), None), text


@pytest.mark.parametrize(
    "write",
    [
        lambda here, reference, text: here.app.casework.note(here.staff("trr"), reference, text),
        lambda here, reference, text: here.app.casework.call(here.staff("trr"), reference, "spoke", text),
        lambda here, reference, text: here.app.casework.hand_over(here.staff("trr"), reference, "gr", text),
        lambda here, reference, text: here.app.casework.close(here.staff("trr"), reference, OUTCOME, text),
        lambda here, reference, text: here.app.casework.decline(here.staff("trr"), reference, DECLINE, text),
        lambda here, reference, text: here.app.casework.write(here.staff("trr"), reference, "reminder", text),
        lambda here, reference, text: here.app.casework.draft(here.staff("trr"), reference, "book_time", text),
    ],
    ids=["note", "call", "hand over", "close", "decline", "letter", "time"],
)
def test_wherever_staff_write(here: Office, write: Callable[[Office, str, str], object]) -> None:
    case = here.sends(WHITE, ("trr",))
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    for text in ("Ring 81 12 18 98 76", "811218,9876", "8112\u00ad18-9876"):
        with pytest.raises(WrongText) as refused:
            write(here, case.reference, text)
        assert refused.value.code == "personal_number"


def test_what_cannot_be_seen_is_taken_out_and_lines_stay(here: Office) -> None:
    case, trr = here.sends(WHITE, ("trr",)), here.staff("trr")
    here.app.casework.pick_up(trr, case.reference)
    here.app.casework.note(trr, case.reference, f"Ringde\u202e {UNSEEN}kl 9.\r\n\tPratade.\rTack{CONTROL}!\u2029Hej då")
    [note] = [one.note for one in here.app.store.referrals.events(here.at(case, "trr").id) if one.what == "note"]
    assert note == "Ringde kl 9.\n\tPratade.\nTack!\nHej då"


def test_participants_and_staff_lose_the_same_characters() -> None:
    for char in map(chr, range(0x11000)):
        if not char.isspace() and not 0xD800 <= ord(char) < 0xE000 and char not in CONTROL:
            assert clean(f"a{char}b") == clean(f"a{char}b", lines=True), hex(ord(char))
    assert clean(f"Kim{UNSEEN} Ek{CONTROL}") == "Kim Ek" and clean("می‌خواهم") == "می‌خواهم", "a joiner is spelling"


async def test_a_telephone_number_is_shown_grouped_and_dialled_plain(here: Office, trr: Worker) -> None:
    case = here.sends(WHITE, ("trr",), phone="+46701740605")
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    page = await trr.sees(case.reference)
    assert 'href="tel:+46701740605">070-174 06 05<' in page.html
    case = here.sends(WHITE, ("trr",), phone="00358 40 123 4567")
    here.app.casework.pick_up(here.staff("trr"), case.reference)
    page = await trr.sees(case.reference)
    assert 'href="tel:+358401234567">+358 40 1234567<' in page.html
