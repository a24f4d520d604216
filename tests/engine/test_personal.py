"""Personal identity numbers are detected in every spelling, and ordinary text is not taken for one."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.engine.personal import RECENT, looks_like_personal_number
from tests.engine.personal_numbers import TEN, check_digit, number, ordinary, ways

WAYS, ORDINARY = list(ways()), ordinary()
GROUPS = ((6, 4), (8, 4), (2, 2, 2, 4), (4, 2, 2, 4), (2,) * 5, (4, 4, 4), (10,), (12,),
          (1,) * 10, (1,) * 12, (4, 4, 2))  # fmt: skip
BETWEEN = st.text(st.sampled_from("-+ ./,:;_|*·\u00a0\u00ad\u200b\u2013\t\n"), min_size=1, max_size=4)
AROUND = st.text(st.characters(exclude_categories=["Nd", "No", "Nl", "Cs"], exclude_characters="+"), max_size=20)


def test_there_are_enough_of_both() -> None:
    assert len(set(WAYS)) >= 56 and len(ORDINARY) >= 300


@pytest.mark.parametrize("text", WAYS)
def test_every_way_of_writing_one_is_found(text: str) -> None:
    assert looks_like_personal_number(text)
    assert looks_like_personal_number(f"Hej! {text} är mitt nummer")


def test_nothing_ordinary_is_taken_for_one() -> None:
    assert [text for text in ORDINARY if looks_like_personal_number(text)] == []
    assert [text for text in ORDINARY if looks_like_personal_number(f"Anteckning: {text}. Tack!")] == []


@given(
    st.dates(date(1900, 1, 1), date(RECENT - 1, 12, 31)),
    st.integers(0, 999),
    st.booleans(),
    st.sampled_from(GROUPS),
    BETWEEN,
    AROUND,
    AROUND,
)
@example(date(1992, 12, 10), 0, False, (2, 2, 2, 4), ",", "", "")
def test_one_in_any_grouping_with_any_sign_in_any_text_is_found(
    born: date, three: int, later: bool, groups: tuple[int, ...], sign: str, before: str, after: str
) -> None:
    day = f"{born:%Y%m}{born.day + 60 * later:02}"
    twelve = day + f"{three:03}" + check_digit(day[2:] + f"{three:03}")
    digits = twelve if sum(groups) == 12 else twelve[2:]
    parts, at = [], 0
    for length in groups:
        parts.append(digits[at : at + length])
        at += length
    found = looks_like_personal_number(f"{before}{sign.join(parts)}{after}")
    telephone = digits.startswith("0")  # what begins so and is valid is a telephone number
    assert found or telephone


def test_a_hyphen_tells_personal_from_telephone_numbers() -> None:
    """In a text, six digits, a hyphen and four with a right check digit are none, whatever they begin with."""
    ten = number("2007-01-23", "456")[2:]
    assert looks_like_personal_number(f"{ten[:6]}-{ten[6:]}") and looks_like_personal_number(f"{ten[:6]}+{ten[6:]}")
    assert not looks_like_personal_number(ten) and not looks_like_personal_number(f"{ten[:3]}-{ten[3:]}")
    wrong = ten[:-1] + str((int(ten[-1]) + 1) % 10)
    assert not looks_like_personal_number(f"{wrong[:6]}-{wrong[6:]}")


def test_a_childs_number_is_personal_and_a_case_number_is_not() -> None:
    """Of those, one in ten has a last digit that happens to be right."""
    for day in ("2016-03-12", "2026-11-30"):
        twelve = number(day, "004")
        wrong = twelve[:-1] + str((int(twelve[-1]) + 1) % 10)
        for digits, is_one in ((twelve, True), (wrong, False)):
            assert looks_like_personal_number(f"{digits[:8]}-{digits[8:]}") is is_one
            assert looks_like_personal_number(f"{digits[2:8]}-{digits[8:]}") is is_one
            assert looks_like_personal_number(digits) is is_one


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 100_000, "0 " * 100_000, "1-" * 100_000, "0701740605 " * 18_000, "81.12.18" * 25_000, "+" * 200_000,
        "1999-05-03 - " * 15_000, "å8 1" * 50_000, "12:1" * 50_000, " ".join(f"070123{one:04}" for one in range(9_999)),
    ],
    ids=[str(one) for one in range(10)],
)  # fmt: skip
def test_a_long_text_takes_no_long_time(text: str) -> None:
    """Four times as long takes about four times as long; 50,000 characters take half a second at most."""
    short, long = (_seconds(text[: len(text) // part]) for part in (16, 4))
    assert long < 0.05 or long / short < 12, (short, long)
    assert long < 0.5


def _seconds(text: str) -> float:
    """The least of three times: collecting garbage may fall into one."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        looks_like_personal_number(text)
        taken.append(time.process_time() - start)
    return min(taken)


def test_the_number_that_the_tables_are_made_of_is_right() -> None:
    assert TEN == "8112189876"
