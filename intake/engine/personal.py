"""Detects Swedish personal identity numbers in text, however they are written. Nobody shall write one here.

A personal identity number is a day (year, month, day), three digits and a check digit; a co-ordination number has 60
added to the day. It is distinguished from other digits as follows:
- In the usual form (the day, whole or in parts, and four digits) it counts with any check digit, because a slip in one
  digit gives the person away all the same. Days of birth in `RECENT` or later, or before 1940, do not count: case
  numbers contain such days.
- In any other grouping ("81 12 18 98 76"), or with other separators, the check digit must be right.
- Digits that begin with 0, 00 or + and are a valid telephone number are one. But six digits, a hyphen or plus and four
  digits with a right check digit are a personal identity number, whatever they begin with.
- Days with a time, ranges of days, and days of `RECENT` or later without a hyphen after them are dates.
Runs in linear time.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from intake.engine.telephone import e164
from intake.engine.typed import plain

RECENT = 2015  # nobody born since then is of working age yet; "2026-11-23 0900" is a day and a time
_MOST_NUMBERS = 1000  # limits the look-ups of telephone numbers in one text; no real text has as many

_DAY = r"(?:1[89]|20)\d\d(?P<{0}>[-./])(?:0?[1-9]|1[0-2])(?P={0})(?:0?[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?"
_MONTH = r"(?:19|20)\d\d[-./](?:0[1-9]|1[0-2])(?![-./]?\d)"
_TO = r" {0,2}(?:--?| ) {0,2}"
# Digits that are dates or times. Each pattern is matched once, from the left.
_TIMES = re.compile(
    rf"(?<!\d)(?:{_DAY.format('a')}{_TO}{_DAY.format('b')}(?!.?.?.?\d{{4}}(?!\d))"  # from one day to another
    rf"|{_DAY.format('c')}(?:,? |T){_CLOCK}(?:{_TO}{_CLOCK})?"  # a day and a time
    rf"|{_MONTH}{_TO}{_MONTH}"  # from month to month
    r"|(?:0?[1-9]|[12]\d|3[01]) ?[-./] ?(?:0?[1-9]|1[0-2])[-./ ] ?(?:19|20)\d\d"
    r"(?![-+./_,:]\d\d(?!\d|[-./ ]+\d))"  # 23/11 2026
    rf"|(?<![:.]){_CLOCK}{_TO}{_CLOCK}"  # from one time to another
    r")(?![\d]|[:.]\d)"
)
_USUAL = re.compile(
    r"(?<!\d)(?P<year>(?:1[89]|20)?\d\d)(?P<a>[-/. _:]?)(?P<month>\d\d)(?P<b>[-/. _:]?)(?P<day>\d\d)"
    r"(?P<gap>[-+/. _:]{0,3})(?P<last>\d{4})(?!\d)"
)
_DIGITS = re.compile(r"[0-9]+")
_CHAIN = re.compile(r"[0-9]+(?:[\W_]{1,5}[0-9]+)*")  # the separators allowed between two digits of one number
_MORE = re.compile(r"[-. ()]{1,2}\d{1,5}(?!\d)")
_HYPHENED = re.compile(r"\d{6} ?[-+] ?\d{4}")
_DOUBLED = str.maketrans("0123456789", "0246813579")
_DAYS = frozenset(
    f"{month:02}{day + later:02}" for month in range(1, 13) for day in range(1, monthrange(2000, month)[1] + 1)
    for later in (0, 60)
)  # fmt: skip
_LEAP_DAYS = frozenset({"0229", "0289"})


Spans = Sequence[tuple[int, int]]  # (start, end) of digits that stand together


def looks_like_personal_number(text: str) -> bool:
    """Whether a text holds a Swedish personal identity number or co-ordination number."""
    text = plain(text)
    if sum(map(text.count, "0123456789")) < 10:
        return False
    text = _TIMES.sub(lambda found: "x" * len(found[0]), text)
    phones = _Telephones(text)
    return any(_is_usual(phones, found) for found in _USUAL.finditer(text)) or any(
        _is_ungrouped(phones, groups) for chain in _CHAIN.finditer(text) for groups in _numbers(text, *chain.span())
    )


def _is_usual(phones: _Telephones, found: re.Match[str]) -> bool:
    digits = found["year"] + found["month"] + found["day"] + found["last"]
    if not _is_born(digits) or bool(found["a"]) != bool(found["b"]):
        return False
    right, signed = _is_right(digits), "-" in found["gap"] or "+" in found["gap"]
    if not right and _is_of_nobody(digits):
        return False
    if len(digits) == 12 and int(digits[:4]) >= RECENT and not signed:
        return right and not (found["a"] or found["b"]) and not _is_time(found["last"])
    if len(digits) == 10 and found["gap"].isspace() and _is_time(found["last"]) and not right:
        return False
    return not phones.hold(found.start(), found.end(), right)


def _is_ungrouped(phones: _Telephones, groups: Spans) -> bool:
    written = [phones.text[start:end] for start, end in groups]
    if _is_sums(phones.text, groups) or _is_recent_day(written) or _is_two_days(written):
        return False
    return not phones.hold(groups[0][0], groups[-1][1], True)


def _numbers(text: str, start: int, end: int) -> Iterator[Spans]:
    """Yields consecutive groups of digits that together are a number with a right check digit."""
    groups = [found.span() for found in _DIGITS.finditer(text, start, end)]
    digits = "".join(_DIGITS.findall(text, start, end))
    at = list(accumulate((stop - begin for begin, stop in groups), initial=0))
    places = {offset: place for place, offset in enumerate(at)}
    for place, offset in enumerate(at[:-1]):
        for end in (offset + 10, offset + 12):
            if end in places and digits[end - 8 : end - 4] in _DAYS and _is_one(digits[offset:end]):
                yield groups[place : places[end]]


def _is_one(digits: str) -> bool:
    return _is_right(digits) and _is_born(digits)


def _is_born(digits: str) -> bool:
    """Whether 10 or 12 digits begin with a day of the calendar (in a co-ordination number 60 days later)."""
    day, century = digits[-8:-4], digits[:-10]
    if day not in _DAYS or century not in ("", "18", "19", "20"):
        return False
    return day not in _LEAP_DAYS or isleap(int(century or "20") * 100 + int(digits[-10:-8]))


def _is_of_nobody(digits: str) -> bool:
    """Whether nobody of working age was born on that day, as in case numbers ("20261130-0042", "261130-0042")."""
    if len(digits) == 12:
        return int(digits[:4]) >= RECENT
    return RECENT - 2000 <= int(digits[:2]) < 40


def _is_right(digits: str) -> bool:
    """Whether the last digit is the check digit of the nine before it (Luhn)."""
    return sum((digits[-10::2].translate(_DOUBLED) + digits[-9::2]).encode()) % 10 == 0  # ten times 48 is 0 too


def _is_time(four: str) -> bool:
    return int(four[:2]) < 24 and int(four[2:]) < 60


def _is_sums(text: str, groups: Spans) -> bool:
    """Whether the digits are a range of sums: "10 100-15 000"."""
    if [end - start for start, end in groups] not in ([2, 3, 2, 3], [3, 3, 3, 3]):
        return False
    one, between, other = (text[left[1] : right[0]] for left, right in pairwise(groups))
    return one == other != between and one in (" ", ".")


def _is_recent_day(written: list[str]) -> bool:
    """Whether the digits are a recent day followed by other numbers: "2026-11-23, 2 500"."""
    return [len(one) for one in written[:3]] == [4, 2, 2] and int(written[0]) >= RECENT


def _is_two_days(written: list[str]) -> bool:
    """Whether the digits are a range of days of six digits each: "190503-190601"."""
    return [len(one) for one in written] == [6, 6] and all(_is_born(f"{one}0000") for one in written)


class _Telephones:
    """The telephone numbers of one text, looked up only where a personal identity number is suspected."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, bool] = {}

    def hold(self, start: int, end: int, right: bool) -> bool:
        """Whether a valid telephone number contains these digits. `right`: they have a right check digit."""
        if right and _HYPHENED.fullmatch(self.text, start, end):
            return False
        return any(self._is_one(begin, stop) for begin in self._begins(start) for stop in self._ends(end))

    def _is_one(self, begin: int, stop: int) -> bool:
        said = self.text[begin:stop]
        if said not in self.known:
            self.known[said] = len(self.known) < _MOST_NUMBERS and e164(said) is not None
        return self.known[said]

    def _begins(self, start: int) -> Iterator[int]:
        """Yields where a telephone number that contains these digits may begin: here, or up to 12 characters before."""
        if self.text[start] == "0":
            yield start
        for begin in range(start - 1, max(-1, start - 12), -1):
            char = self.text[begin]
            if char.isalpha() or char == "\n":
                return
            if char == "+" or (char == "0" and not (begin and self.text[begin - 1].isdigit())):
                yield begin

    def _ends(self, end: int) -> Iterator[int]:
        yield end
        for _ in range(4):
            found = _MORE.match(self.text, end)
            if found is None:
                return
            end = found.end()
            yield end
