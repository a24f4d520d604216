"""Telephone numbers: read as people write them, kept as E.164 ("+46701740605"), shown as they are usually written.

What begins with 0, 00 or + and is valid in its country's numbering plan is one; Swedish without a country.
"""

from __future__ import annotations

import re

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
    region_code_for_number,
)

from intake.engine.typed import plain

HOME = "SE"
_LONGEST = 80  # characters; an extension is written out
_KEPT = re.compile(r"\+(?!460)[0-9]{6,15}")  # "+46 (0)70" was kept with its 0
_EXTENSION = re.compile(r"[,;]?\s*\bankn(?:ytning)?\b\W*[0-9]{1,6}\W*$", re.IGNORECASE)  # in Swedish; others are known
_PARTS = re.compile(r"\+?[(]?[0-9](?:[-0-9 ().]*[0-9])?")


def e164(text: str) -> str | None:
    """The number as it is kept, or None when this is not one telephone number. An extension is left out."""
    number = _read(text)
    return None if number is None else format_number(number, PhoneNumberFormat.E164)


def kept(number: str) -> str:
    """A number stored before they were kept as E.164, as it is kept now; one that nobody can call stays as it is."""
    return number if _KEPT.fullmatch(number) else e164(number) or number


def written(number: str) -> str:
    """The number for people: as at home with Swedish ones, else with the country. What is no number stays as it is."""
    read = _read(number)
    if read is None:
        return number
    home = region_code_for_number(read) == HOME
    return format_number(read, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def are_several(text: str) -> bool:
    """Whether this holds more than one telephone number."""
    text = plain(text)
    found = [one for one in re.split(r"[,;/&\n]|\s[^\W\d]+\s|\s(?=[+0])", text) if _read(one) is not None]
    return len(found) > 1


def _read(text: str) -> PhoneNumber | None:
    text = _EXTENSION.sub("", plain(text)).strip()
    first = re.search(r"[+0-9]", text)
    if first is None or first[0] not in "+0" or len(text) > _LONGEST:
        return None
    found = _parsed(text)
    if found is None and (part := _PARTS.search(text)) is not None and not re.search(r"\d", text[part.end() :]):
        found = _parsed(part[0])  # "070-174 06 05 (evenings)"
    if found is not None:
        found.extension = None
    return found


def _parsed(text: str) -> PhoneNumber | None:
    try:
        number = parse(text, HOME)
    except NumberParseException:
        return None
    # On old dials a letter was a digit: "+46 7O 174 O6 O5" would become the number of somebody else.
    as_typed = str(number.national_number) in "".join(filter(str.isdigit, text))
    return number if as_typed and is_valid_number(number) else None
