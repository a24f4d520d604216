"""Draws a picture as SVG: one file without script, font or link, with the colours of `picture.css`.

Boxes stand in columns, read downwards. Texts remain text: they can be read by a screen reader in order, searched and
copied. Right-to-left languages are mirrored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from intake.authoring.picture.boxes import Box, BoxSection, Line, Picture

STYLE = Path(__file__).with_name("picture.css")
WIDTH, MARGIN, GAP, PAD, COLUMNS = 1200, 40, 16, 12, 3
INNER, LEADING = WIDTH - 2 * MARGIN, 1.4
SIZES = {"title": 28, "heading": 20}  # font sizes, as in the style sheet; all others are 14
# Widths of letters are those of a wide sans-serif, so that text fits in any reader's font.
NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] ·-’"), frozenset("mwMW@%—…")
Run = tuple[str, bool]  # a text, and whether it is bold


def svg(picture: Picture) -> str:
    """Returns the whole file."""
    sheet = _Sheet(picture.right_to_left)
    at = sheet.text([(picture.title, False)], MARGIN, MARGIN, INNER, "title")
    at = sheet.text([(picture.about, False)], MARGIN, at + 8, INNER, "about")
    for section in picture.sections:
        at = sheet.section(section, at + 36)
    height, direction = round(at + MARGIN), "rtl" if picture.right_to_left else "ltr"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' lang="{picture.language}" direction="{direction}" role="graphics-document" aria-labelledby="t"'
        ' aria-describedby="d">'
    )
    said = f'<title id="t">{escape(picture.title)}</title>', f'<desc id="d">{escape(picture.about)}</desc>'
    return "\n".join((head, *said, f"<style>\n{STYLE.read_text('utf-8')}</style>", *sheet.parts, "</svg>\n"))


class _Sheet:
    """The sheet being drawn. Each method draws one part from `at` downwards and returns where it ends."""

    def __init__(self, right_to_left: bool) -> None:
        self.rtl, self.parts = right_to_left, list[str]()

    def section(self, section: BoxSection, at: float) -> float:
        """Draws a heading and boxes in columns of equal height: a box goes to the column in which its middle falls."""
        self.parts.append(f'<g role="group" aria-label="{escape(section.title)}">')
        at = self.text([(section.title, True)], MARGIN, at, INNER, "heading")
        top = bottom = self.text([(section.about, False)], MARGIN, at, INNER, "about")
        columns = min(COLUMNS, len(section.boxes))
        room = (INNER - GAP * (columns - 1)) / columns
        heights = [_Sheet(self.rtl).box(box, 0, 0, room) for box in section.boxes]
        middles = (sum(heights[:number]) + height / 2 for number, height in enumerate(heights))
        places = [int(middle / sum(heights) * columns) for middle in middles]
        for column, (_, boxes) in enumerate(groupby(zip(places, section.boxes, strict=True), lambda one: one[0])):
            at = top + 10
            for _, box in boxes:
                at = self.box(box, MARGIN + column * (room + GAP), at, room) + GAP
            bottom = max(bottom, at - GAP)
        self.parts.append("</g>")
        return bottom

    def box(self, box: Box, x: float, at: float, room: float) -> float:
        """Draws a box: its frame, its lines, and lines with a tone on a background of their own."""
        self.parts.append(f'<g role="group" aria-label="{escape(box.title)}">')
        start, top, at = len(self.parts), at, at + PAD
        for tone, lines in groupby((Line(box.title), *box.lines), lambda line: line.tone):
            place, ground, at = len(self.parts), at + PAD / 2, at + (PAD if tone != "plain" else 0)
            for line in lines:
                label = f"{line.label}:" if line.label and line.text else line.label
                at = self.text([(label, True), (line.text, False)], x + PAD, at, room - 2 * PAD)
            if tone != "plain":
                at += PAD / 2
                self.parts.insert(place, self.frame(tone, x + PAD / 2, ground, room - PAD, at))
        self.parts.insert(start, self.frame(box.tone, x, top, room, at + PAD))
        self.parts.append("</g>")
        return at + PAD

    def frame(self, tone: str, x: float, top: float, room: float, bottom: float) -> str:
        left, size = WIDTH - x - room if self.rtl else x, f'width="{room:.1f}" height="{bottom - top:.1f}"'
        return f'<rect class="box {tone}" x="{left:.1f}" y="{top:.1f}" {size} rx="6"/>'

    def text(self, runs: Iterable[Run], x: float, at: float, room: float, look: str = "words") -> float:
        """Draws a paragraph."""
        x, size, lines = WIDTH - x if self.rtl else x, SIZES.get(look, 14), []
        for line in set_in_lines(runs, size, room):
            said = " ".join(f'<tspan class="b">{escape(word)}</tspan>' if bold else escape(word) for word, bold in line)
            lines.append(f'<tspan x="{x:.1f}" y="{at + size * 0.95:.1f}">{said}</tspan>')
            at += size * LEADING
        if lines:
            self.parts.append(f'<text class="{look}">{" ".join(lines)}</text>')
        return at


def width(text: str, size: float, bold: bool = False) -> float:
    """Returns the greatest width of a text, in pixels."""
    return sum(map(_ems, text)) * size * (1.1 if bold else 1.0)


def _ems(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    wide = char in WIDE or unicodedata.east_asian_width(char) in "WF"
    return 0.37 if char in NARROW else 1 if wide else 0.7 if char.isupper() else 0.61


def set_in_lines(runs: Iterable[Run], size: float, room: float) -> list[list[Run]]:
    """Breaks text into lines of words. A word longer than a line is split."""
    lines: list[list[Run]] = []
    left = 0.0
    for word, bold in _words(runs, size, room):
        needs = width(f" {word}", size, bold)
        if needs > left:
            lines.append([])
            left = room + width(" ", size, bold)
        lines[-1].append((word, bold))
        left -= needs
    return lines


def _words(runs: Iterable[Run], size: float, room: float) -> Iterator[Run]:
    most = max(1, int(room / size / 1.1))  # characters that fit, at their widest
    for text, bold in runs:
        for word in filter(None, text.split(" ")):  # no-break spaces do not split
            fits = width(word, size, bold) <= room
            yield from [(word, bold)] if fits else [(word[at : at + most], bold) for at in range(0, len(word), most)]
