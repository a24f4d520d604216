"""The kinds of question that are answered by writing: one line, a longest length, no personal identity number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from intake.engine import telephone
from intake.engine.conditions import Value
from intake.engine.domains import DAYS, EARLIEST, LATEST, MONTHS, NUMBERS, YEARS
from intake.engine.email import address, mended
from intake.engine.kind import MENDED, Answer, Form, Kind, Raw, Refused, Suggested, spoken
from intake.engine.personal import looks_like_personal_number
from intake.engine.searching import find_entries

if TYPE_CHECKING:
    from intake.engine.programme import Programme, Question


class Typed(Kind):
    """Base of the kinds with typed text. Typed text is free text, and stored encrypted."""

    def form(self, question: Question, offered: Sequence[str]) -> Form:
        return "typed"

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = list(dict.fromkeys(spoken(raw)))
        if not said:
            return None
        if len(said) > 1:
            return Refused("one_only")
        if len(said[0]) > question.max:
            return Refused("too_long", {"max": question.max, "length": len(said[0])})
        return self.value(programme, question, said[0])

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        return Refused("personal_number") if looks_like_personal_number(text) else text


class OnCalendar(Typed):
    """Base of day and month: no free text; a file has the stored form only."""

    read_by_partners = clear = True

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        return [value] if isinstance(value, str) and self.value(programme, question, value) == value else None


class Whole(Typed):
    """Base of year and number: no free text; a file has numbers."""

    read_by_partners = clear = True

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return [str(value)] if whole else super().said(programme, question, value)


_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
} | {"oct": 10}
_OUT_OF_RANGE = {"date_out_of_range": "Check the year: it has to be between {earliest} and {latest}."}


class DateKind(OnCalendar):
    """A day, typed as year-month-day (also day/month year and `31 mars 2027`); stored as an ISO date."""

    name = "date"
    means, in_file, plain, answered = "a day", "`2027-03-31`", "a date that exists, as 2027-03-31", "A date"
    domain, sample = DAYS, "2027-03-31"
    refusals = _OUT_OF_RANGE | {
        "not_a_date": "That is not a date we understand. Write year-month-day, for example 2027-03-31.",
        "no_such_date": "There is no such date. Check the day and the month, and write for example 2027-03-31.",
    }

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        parts = self.parts(text)
        if parts is None:
            return Refused("personal_number") if looks_like_personal_number(text) else Refused("not_a_date")
        year, month, day = parts
        if not EARLIEST <= year <= LATEST:
            return Refused("date_out_of_range", {"earliest": EARLIEST, "latest": LATEST})
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return Refused("no_such_date", {"value": text})

    @staticmethod
    def parts(text: str) -> tuple[int, int, int] | None:
        text = text.lower().replace("\u2212", "-").replace("\u2013", "-")
        if found := re.fullmatch(
            r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})|(\d{4})(\d\d)(\d\d)", text, re.ASCII
        ):
            year, month, day = [int(part) for part in found.groups() if part is not None]
            return year, month, day
        if found := re.fullmatch(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4})", text, re.ASCII):
            return int(found[3]), int(found[2]), int(found[1])
        if (found := re.fullmatch(r"(\d{1,2})\.?\s+([a-z]+)\.?,?\s+(\d{4})", text, re.ASCII)) and found[2] in _MONTHS:
            return int(found[3]), _MONTHS[found[2]], int(found[1])
        return None


class MonthKind(OnCalendar):
    """A month, typed as `2026-10`, `10/2026` or `oktober 2026`; stored as `2026-10`."""

    name = "month"
    means, in_file, answered = "a month; counted from its first day", '`"2026-10"`', "A month"
    plain, domain = "a month, as 2026-10", MONTHS
    sample = "2026-10"
    refusals = _OUT_OF_RANGE | {
        "not_a_month": "That is not a month we understand. Write year-month, for example 2026-10.",
        "no_such_month": "There is no such month. Write year-month, for example 2026-10.",
    }

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        text = text.lower()
        if found := re.fullmatch(r"(\d{4})\s*[-/. ]?\s*(\d{1,2})(?:-\d\d)?", text, re.ASCII):
            year, month = int(found[1]), int(found[2])
        elif found := re.fullmatch(r"(\d{1,2})\s*[-/. ]\s*(\d{4})", text, re.ASCII):
            year, month = int(found[2]), int(found[1])
        elif (found := re.fullmatch(r"([a-z]+)\.?\s+(\d{4})", text, re.ASCII)) and found[1] in _MONTHS:
            year, month = int(found[2]), _MONTHS[found[1]]
        else:
            return Refused("personal_number") if looks_like_personal_number(text) else Refused("not_a_month")
        if not EARLIEST <= year <= LATEST:
            return Refused("date_out_of_range", {"earliest": EARLIEST, "latest": LATEST})
        return f"{year}-{month:02}" if 1 <= month <= 12 else Refused("no_such_month", {"value": text})


class YearKind(Whole):
    """A year, typed as `1979`; stored as a number. `years_since` a birth year is the age reached during this year."""

    name = "year"
    means, in_file, answered = "a year; `years_since` is the age reached during this year", "`1979`", "A year"
    plain, domain, sample = "a year, as 1979", YEARS, 1979
    refusals = _OUT_OF_RANGE | {"not_a_year": "That is not a year we understand. Write four digits, for example 1979."}

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        if re.fullmatch(r"\d{4}", text, re.ASCII) is None:
            return Refused("personal_number") if looks_like_personal_number(text) else Refused("not_a_year")
        if not EARLIEST <= int(text) <= LATEST:
            return Refused("date_out_of_range", {"earliest": EARLIEST, "latest": LATEST})
        return int(text)


class NumberKind(Whole):
    """A whole number, zero or more."""

    name = "number"
    means, in_file, answered = "a whole number, at most 9 digits", "`39`", "A number"
    plain, domain, sample = "a whole number", NUMBERS, 39
    refusals: ClassVar = {"not_a_number": "Write a whole number with digits."}

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        digits = text.replace(" ", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else Refused("not_a_number")


class TextKind(Typed):
    """Free text on one line."""

    name = "text"
    means, in_file, answered = "own words on one line, after the result", '`"..."`', "Own words"
    read_by_partners, free = False, True


class EmailKind(Typed):
    """An address that a letter can be sent to. `MENDED` as an answer accepts the suggested correction."""

    name = contact = "email"
    means, in_file, answered = "an address, after the result", '`"a@example.org"`', "An email address"
    read_by_partners, after_result, once, corrects = False, True, True, True
    sample = "person@example.org"  # belongs to nobody: RFC 2606
    refusals: ClassVar = {
        "not_an_email": "That is not an email address we can write to. It looks like name@example.org.",
    }

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        said = spoken(raw)
        if MENDED in said and len(said) > 1:
            said = [mended(one) or one for one in said if one != MENDED]
        return super().read(programme, question, offered, said)

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        said = text.removeprefix("mailto:").replace(" ", "")
        if looks_like_personal_number(text):
            return Refused("personal_number")
        return address(said) or Refused("not_an_email")

    def suggest(self, programme: Programme, question: Question, value: Value, language: str) -> Suggested:
        """Suggests the address that was probably meant."""
        meant = mended(str(value))
        return ((MENDED, meant),) if meant else ()


class PhoneKind(Typed):
    """A number that staff can call, stored as E.164 and shown in the usual form."""

    name = contact = "phone"
    means, in_file = "a number to call, after the result; kept with its country", '`"021-000 00 00"`'
    answered = "A phone number"
    read_by_partners, after_result, once = False, True, True
    sample = "+46310000000"  # belongs to nobody: no number begins with 0 after the area code
    refusals: ClassVar = {
        "not_a_phone": "That is not a phone number we can call. Begin with 0, or with + and the country, for example "
        "031 123 45 67.",
        "one_phone_only": "That looks like more than one phone number. Write only one.",
    }

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        number = telephone.e164(text)
        if number is not None:
            return number
        if looks_like_personal_number(text):
            return Refused("personal_number")
        return Refused("one_phone_only" if telephone.are_several(text) else "not_a_phone")

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return telephone.kept(value) if isinstance(value, str) else value

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return telephone.written(str(value))


class SearchKind(Typed):
    """An entry of a list by its id or label, else free text. An entry takes precedence over text sent with it."""

    name = "search"
    means, in_file = "an entry of a list, else own words", '`"machinist"`, the entry\'s id'
    answered = "From a list, or own words"
    needs, read_by_partners = "list", True

    def read(self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw) -> Answer:
        entries = programme.entries(question.list)
        for one in spoken(raw):
            if one in entries:
                return one
        return super().read(programme, question, offered, raw)

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        if looks_like_personal_number(text):
            return Refused("personal_number")
        return programme.labels(question.list).get(text.casefold(), text)

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        entry = programme.entries(question.list).get(str(value))
        return entry.label(language) if entry else str(value)

    def coded(self, programme: Programme, question: Question, value: Value) -> Value | None:
        """Returns the code of an occupation alone."""
        return str(value).split(":")[0] if value in programme.entries(question.list) else None

    def suggest(self, programme: Programme, question: Question, value: Value, language: str) -> Suggested:
        """Suggests entries similar to stored free text; none if an entry was chosen."""
        if value in programme.entries(question.list):
            return ()
        found = find_entries(programme.searched(question.list), str(value), language)
        return tuple((entry.id, entry.label(language)) for entry in found)

    def said(self, programme: Programme, question: Question, value: object) -> Raw | None:
        """Accepts text of any length: no rule reads it, and `intake assess` does not store it."""
        return [value[: question.max]] if isinstance(value, str) else None


TYPED: tuple[Kind, ...] = (
    DateKind(), MonthKind(), YearKind(), NumberKind(), TextKind(), EmailKind(), PhoneKind(), SearchKind(),
)  # fmt: skip
