"""Text set in lines without asking a font: widths are those of a wide sans-serif, so no reader's font runs over."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] ·-’"), frozenset("mwMW@%—…")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one weight."""

    text: str
    bold: bool = False


def width(text: str, size: float, bold: bool = False) -> float:
    """How far a text reaches at most, in pixels."""
    return sum(map(_ems, text)) * size * (1.1 if bold else 1.0)


def _ems(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1
    if char in NARROW:
        return 0.37
    return 0.95 if char in WIDE else 0.7 if char.isupper() else 0.61


def set_in_lines(runs: Iterable[Run], size: float, room: float) -> list[list[Run]]:
    """Broken between words; a word that is longer than a line is broken within."""
    lines: list[list[Run]] = [[]]
    left = room
    for run in runs:
        for word in _fitting(run, size, room):
            needs = width(word, size, run.bold)
            gap = width(" ", size, run.bold) if lines[-1] else 0
            if gap + needs > left and lines[-1]:
                lines.append([])
                left, gap = room, 0
            _add(lines[-1], word, run.bold)
            left -= gap + needs
    return lines if lines[0] else []


def _fitting(run: Run, size: float, room: float) -> Iterable[str]:
    for word in filter(None, run.text.split(" ")):  # a no-break space keeps
        while width(word, size, run.bold) > room and len(word) > 1:
            cut = max(1, int(len(word) * room / width(word, size, run.bold)))
            while cut > 1 and width(word[:cut], size, run.bold) > room:
                cut -= 1
            yield word[:cut]
            word = word[cut:]
        yield word


def _add(line: list[Run], word: str, bold: bool) -> None:
    if line and line[-1].bold == bold:
        line[-1] = Run(f"{line[-1].text} {word}", bold)
    else:
        line.append(Run(word, bold))
