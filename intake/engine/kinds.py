"""The kinds of question: one class each, owning how an answer is read, kept and shown.

`read` takes what a person said as raw strings and gives a value or `Refused`; None means no answer at all.
`keep` gives what of a stored value still counts when only some choices are offered (DESIGN section 5, step 4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from intake.engine import telephone
from intake.engine.conditions import Value
from intake.engine.email import address, mended
from intake.engine.findings import nearest
from intake.engine.personal import looks_like_personal_number
from intake.engine.typed import clean

if TYPE_CHECKING:
    from intake.engine.programme import Entry, Programme, Question

Raw = Sequence[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that cannot be taken: why (a code, said in words by `intake.words`) and what would be permitted."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class Kind(Protocol):
    """How one kind of question is read, kept and shown."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None: ...

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None: ...

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str: ...


def spoken(raw: Raw) -> list[str]:
    """What was said, tidied: no control characters, single spaces; empty strings are nothing."""
    return [tidy for one in raw if (tidy := clean(one))]


def choice_text(programme: Programme, question: Question, id: str, language: str) -> str:
    return programme.texts.say(language, "choice", question.id, id) or id


class ChoiceKind:
    """One of several, by id."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
        said = list(dict.fromkeys(spoken(raw)))
        if not said:
            return None
        for one in said:
            if one not in offered:
                return unknown(one, offered)
        return said[0] if len(said) == 1 else Refused("one_only")

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return value if isinstance(value, str) and value in offered else None

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return choice_text(programme, question, str(value), language)


class ChoicesKind:
    """Any of several, by id; a choice marked `alone` never stands with others."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
        said = set(spoken(raw))
        for one in sorted(said):
            if one not in offered:
                return unknown(one, offered)
        alone = next((choice.id for choice in question.choices if choice.alone and choice.id in said), None)
        if alone and len(said) > 1:
            return Refused("alone", {"question": question.id, "choice": alone})
        return [choice.id for choice in question.choices if choice.id in said] or None

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return [id for id in value if id in offered] or None if isinstance(value, list) else None

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        chosen = value if isinstance(value, list) else []
        return "; ".join(choice_text(programme, question, id, language) for id in chosen)  # a choice may hold a comma


class Typed:
    """What the kinds with typed text share: one line, a longest length, never a personal identity number."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
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

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return value

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return str(value)


class TextKind(Typed):
    """Own words on one line."""


MENDED = "@"  # stands for the address that was suggested: a button in a chat holds nothing personal


class EmailKind(Typed):
    """An address that a letter can be sent to. With `MENDED` the one is meant that was suggested in its place."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
        said = spoken(raw)
        if MENDED in said and len(said) > 1:
            said = [mended(one) or one for one in said if one != MENDED]
        return super().read(programme, question, offered, said)

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        said = text.removeprefix("mailto:").replace(" ", "")
        if looks_like_personal_number(text):
            return Refused("personal_number")
        return address(said) or Refused("not_an_email")


class PhoneKind(Typed):
    """A number that staff can call, kept as E.164 and shown as people write it."""

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


class NumberKind(Typed):
    """A whole number, zero or more."""

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        digits = text.replace(" ", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else Refused("not_a_number")


EARLIEST, LATEST = 1900, 2100
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
} | {"oct": 10}


class DateKind(Typed):
    """A day, typed as year-month-day (also day/month year and `31 mars 2027`); kept as an ISO date."""

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

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return str(value)


class MonthKind(Typed):
    """A month, typed as `2026-10`, `10/2026` or `oktober 2026`; kept as `2026-10`."""

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


class YearKind(Typed):
    """A year, typed as `1979`; kept as a number. Of a birth year, `years_since` is the age reached during this year."""

    def value(self, programme: Programme, question: Question, text: str) -> Value | Refused:
        if re.fullmatch(r"\d{4}", text, re.ASCII) is None:
            return Refused("personal_number") if looks_like_personal_number(text) else Refused("not_a_year")
        if not EARLIEST <= int(text) <= LATEST:
            return Refused("date_out_of_range", {"earliest": EARLIEST, "latest": LATEST})
        return int(text)


class SearchKind(Typed):
    """An entry of a list by its id or label, else own words. An entry wins over text that came with it."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
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


class ConsentsKind:
    """One yes or no per partner on offer; kept as {partner: bool} so that a partner offered later is asked about.

    Of unions there is a screen with yes and no when one is offered, and ticks when several are.
    """

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
        said = set(spoken(raw))
        if question.of == "unions" and len(offered) == 1:
            if not said:
                return None
            if len(said) > 1:
                return Refused("one_only")
            if said <= {"yes", "no"}:
                return {offered[0]: said == {"yes"}}
        for one in sorted(said):
            if one not in offered:
                return unknown(one, offered)
        return {partner: partner in said for partner in offered}

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        if not isinstance(value, dict) or not all(partner in value for partner in offered):
            return None
        return {partner: value[partner] for partner in offered}

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        said_yes = [partner for partner, yes in value.items() if yes] if isinstance(value, dict) else []
        return ", ".join(programme.texts.say(language, "partner", partner, "name") for partner in said_yes)


class ConfirmKind:
    """One box that has to be ticked."""

    def read(
        self, programme: Programme, question: Question, offered: Sequence[str], raw: Raw
    ) -> Value | Refused | None:
        said = spoken(raw)
        if not said:
            return Refused("not_confirmed")
        return "yes" if set(said) <= {"yes", "on", "true", "1"} else unknown(said[0], ["yes"])

    def keep(self, question: Question, offered: Sequence[str], value: Value) -> Value | None:
        return value

    def show(self, programme: Programme, question: Question, value: Value, language: str) -> str:
        return "\u2713"


def unknown(value: str, permitted: Sequence[str]) -> Refused:
    return Refused("unknown_choice", {"value": value[:100], "nearest": nearest(value, permitted) or ""})


def find_entries(entries: Mapping[str, Entry], text: str, language: str, most: int = 8) -> tuple[Entry, ...]:
    """The entries that typed text may mean, best first: the word begins so, then a word within, then letters within."""
    wanted = folded(text)
    if not wanted:
        return ()
    ranked: list[tuple[int, int, str, Entry]] = []
    for entry in entries.values():
        best = min((_rank(wanted, _folded_entry(word)) for words in entry.words.values() for word in words), default=9)
        if best < 9:
            label = entry.label(language)
            ranked.append((best, len(label), label, entry))
    return tuple(entry for *_, entry in sorted(ranked, key=lambda item: item[:3])[:most])


def folded(text: str) -> str:
    """Text as compared in searches: lower case, without accents (so `montor` finds `montör`)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


_folded_entry = lru_cache(maxsize=32_768)(folded)  # a list's words only, never what somebody typed


def _rank(wanted: str, word: str) -> int:
    if word == wanted:
        return 0
    if word.startswith(wanted):
        return 1
    if f" {wanted}" in f" {word}":
        return 2
    if len(wanted) >= 3 and wanted in word:
        return 3
    if len(word) >= 5 and word in wanted:
        return 4
    return 5 if len(wanted) >= 5 and _close(wanted, word) and nearest(wanted, [word]) else 9


def _close(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 2 and one[0] == other[0]


KINDS: Mapping[str, Kind] = {
    "choice": ChoiceKind(),
    "choices": ChoicesKind(),
    "date": DateKind(),
    "month": MonthKind(),
    "year": YearKind(),
    "number": NumberKind(),
    "text": TextKind(),
    "email": EmailKind(),
    "phone": PhoneKind(),
    "search": SearchKind(),
    "consents": ConsentsKind(),
    "confirm": ConfirmKind(),
}
