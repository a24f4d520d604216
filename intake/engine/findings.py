"""Findings: faults of a programme or an answer, with the place and the nearest permitted value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a programme. `code` is stable; `file` and `key` are the place.

    `severity` is `error` (a programme with one is never published) or `warning`. `example` is a person whom the fault
    concerns, ready to be replayed: answers, the day, the questions asked, the result of `intake assess`.
    """

    code: str
    file: str
    key: str
    message: str
    severity: str = "error"
    example: Mapping[str, object] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message} [{self.code}]"


def nearest(wanted: object, permitted: Iterable[str]) -> str | None:
    """Returns the permitted word most similar to `wanted`, or None if none is similar."""
    by_letters = {word.casefold(): word for word in permitted}
    found = get_close_matches(str(wanted)[:100].casefold(), by_letters, n=1, cutoff=0.5)
    return by_letters[found[0]] if found else None


def did_you_mean(wanted: object, permitted: Iterable[str]) -> str:
    """Returns ' (did you mean "X"?)', or the permitted words if none is similar."""
    words = list(permitted)
    near = nearest(wanted, words)
    if near:
        return f' (did you mean "{near}"?)'
    return f" (permitted: {', '.join(words[:12])}{', ...' if len(words) > 12 else ''})" if words else ""
