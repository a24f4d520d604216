"""What of a person's name a letter may say: all of it, or nothing when it holds a web address in any spelling.

A name is own words. Staff see it as it was written; but nobody shall have us send their address to somebody else.
"""

from __future__ import annotations

import re
import unicodedata

from intake.engine.typed import plain

_DOTS = re.compile(r"[\u3002\uff61\u2024\ufe52\u06d4\u0701\u0702\ua4f8\u00b7\u2022\u2027\u30fb]")
_QUOTES = re.compile(r"[\u2018\u2019\u02bc\u02bb\u00b4`\u2032]")
_TITLES = r"st|ste|dr|jr|sr|mr|mrs|ms|prof|phd|med|fil|ing|fr|sen|von|v|d"
# What stands around a full stop in a name: an initial ("A.B", "J.P. Svensson"), or an abbreviation ("St. Clair").
_STOPS = re.compile(
    rf"(?<![^\W\d_])(?<!\.)(?:(?:[^\W\d_]\.){{1,4}}(?:[^\W\d_](?![^\W\d_])|(?= |,|-|$))|(?:{_TITLES})\.(?= |,|$))", re.I
)
_COLON = re.compile(r"\bs:t[ae]?\b", re.I)  # Sankt, Sankta
_SAID_DOT = re.compile(r"\b(?:dot|punkt|prick|piste|punto|point)\b\W*[^\W\d_]{2,}\W*$", re.I)
_BEGINNINGS = ("http", "www")


def greeted(name: str) -> str:
    """The name as a letter says it; empty when it could be read as a web or email address."""
    seen = _QUOTES.sub("'", _DOTS.sub(".", plain(name)))
    squeezed = "".join(char for char in seen.casefold() if char.isalnum())
    if any(beginning in squeezed for beginning in _BEGINNINGS) or _SAID_DOT.search(seen):
        return ""
    rest = _COLON.sub("", _STOPS.sub("", seen.rstrip(" .")))
    return name if all(char in " ,'-()\"" or _is_letter(char) for char in rest) else ""


def _is_letter(char: str) -> bool:
    return char.isdigit() or unicodedata.category(char)[0] in "LM"
