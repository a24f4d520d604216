"""Telephone numbers: read as people write them, stored as E.164 ("+46701740605"), shown in the usual form.

Digits that begin with 0, 00 or + and are valid in their country's numbering plan are one; without a country, Swedish.
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
_LONGEST = 80  # characters, with room for an extension in words
_KEPT = re.compile(r"\+(?!460)[0-9]{6,15}")  # "+46 (0)70" used to be stored with its 0
_EXTENSION = re.compile(r"[,;]?\s*\bankn(?:ytning)?\b\W*[0-9]{1,6}\W*$", re.IGNORECASE)  # Swedish; others are known
_PARTS = re.compile(r"\+?[(]?[0-9](?:[-0-9 ().]*[0-9])?")


def e164(text: str) -> str | None:
    """Returns the number as E.164 without an extension, or None if the text is not one telephone number."""
    number = _read(text)
    return None if number is None else format_number(number, PhoneNumberFormat.E164)


def kept(number: str) -> str:
    """Converts a number stored before E.164 was used; one that nobody can call stays as it is."""
    return number if _KEPT.fullmatch(number) else e164(number) or number


def written(number: str) -> str:
    """Formats a number for people: national if Swedish, else international. Text that is no number stays as it is."""
    read = _read(number)
    if read is None:
        return number
    home = region_code_for_number(read) == HOME
    return format_number(read, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def are_several(text: str) -> bool:
    """Whether the text holds more than one telephone number."""
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
    # On phone keypads a letter is a digit: "+46 7O 174 O6 O5" would become somebody else's number.
    as_typed = str(number.national_number) in "".join(filter(str.isdigit, text))
    return number if as_typed and is_valid_number(number) else None
