"""The part of a person's name that a letter may contain: all of it, or nothing if it could be a web address.

A name is free text. Staff see it as written, but nobody may use our letters to send an address to somebody else.
"""

from __future__ import annotations

import re

from intake.engine.typed import plain

_DOTS = re.compile(r"[\u3002\uff61\u2024\ufe52\u06d4\u0701\u0702\ua4f8\u00b7\u2022\u2027\u2219\u22c5\u30fb]")
_TITLES = r"st|ste|dr|jr|sr|mr|mrs|ms|prof|phd|med|fil|ing|fr|sen|von|md|mohd|muhd|chr|joh"
# A full stop within a name: an initial ("A.B", "J.P. Svensson"), or an abbreviation ("St. Clair").
_STOPS = re.compile(
    r"(?<![^\W_])(?<!\.)(?:(?:[^\W\d_]\.){1,4}(?:[^\W\d_](?![^\W_])|(?= |,|-|$))"
    rf"|(?:{_TITLES})\.(?= |,|$))",
    re.IGNORECASE,
)
_COLON = re.compile(r"\b(?:s:t[ae]?|[^\W\d_]:s(?:on|en))\b", re.IGNORECASE)  # Sankt, Sankta; Andersson abbreviated
_ADDRESS = re.compile(
    r"[@:]|//|[^\W_]\s*[/\\]"  # a mailbox, a scheme, a path
    r"|[^\W_][\s\[\](){}<>'\"]*\.[\s\[\](){}<>'\"]*[^\W_]"  # a domain
    r"|\b(?:dot|punkt|prick|piste|punto|point)\b\W*[^\W\d_]{2,}\W*$",  # a domain spelt out in words
    re.IGNORECASE,
)
_BEGINNINGS = ("http", "hxxp", "www")


def greeted(name: str) -> str:
    """Returns the name for a letter, or an empty string if it could be read as a web or email address."""
    seen = _DOTS.sub(".", plain(name))
    squeezed = "".join(char for char in seen.casefold() if char.isalnum())
    if any(beginning in squeezed for beginning in _BEGINNINGS):
        return ""
    return "" if _ADDRESS.search(_COLON.sub("x", _STOPS.sub("x", seen))) else name
