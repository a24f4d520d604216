"""A picture as SVG: one file without script, font or address, light or dark as the reader has it, light on paper.

The texts are text: they can be read aloud, in order, searched and copied. A language from right to left is mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from intake.authoring.picture.boxes import Box, BoxSection, Picture
from intake.authoring.picture.lettering import Run, set_in_lines

WIDTH, MARGIN, GAP, BETWEEN = 1200, 40, 20, 10
INNER = WIDTH - 2 * MARGIN
FLOW, BESIDE = 680, 380  # a box, and what stands beside it; the arrow goes between them
PAD, SIZE, LEADING = 14, 14, 20
TITLE, HEADING = 28, 20

# Per tone: the frame and the ground, in light and in dark. Words are always in the plain ink.
TONES = {
    "plain": ("#8a8f98", "#ffffff", "#7d838d", "#1d2025"),
    "group": ("#44598c", "#eef2fb", "#90a5dd", "#1b2338"),
    "yes": ("#2c7a3f", "#e8f6eb", "#6fc184", "#14291a"),
    "staff": ("#8a6100", "#fdf4dd", "#d9ac43", "#2e2410"),
    "no": ("#a3372b", "#fcebe8", "#ea8f84", "#331815"),
    "end": ("#666666", "#efefef", "#a5a5a5", "#2a2a2a"),
    "partner": ("#2b6198", "#ebf3fc", "#7db4ec", "#142535"),
}


def svg(picture: Picture) -> str:
    """The whole file."""
    return _Sheet(picture).drawn()


class _Sheet:
    """One drawing, from the top to the bottom: `at` is how far down it has come."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.rtl = picture.right_to_left
        self.parts: list[str] = []
        self.at = float(MARGIN)

    def drawn(self) -> str:
        picture = self.picture
        self.write([Run(picture.title)], MARGIN, INNER, TITLE, "title")
        self.at += 8
        self.write([Run(picture.about)], MARGIN, FLOW + 100, SIZE + 1, "about")
        for section in picture.sections:
            self.section(section)
        height, direction = round(self.at + MARGIN), "rtl" if self.rtl else "ltr"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
                f' viewBox="0 0 {WIDTH} {height}" lang="{picture.language}"'
                f' direction="{direction}" role="graphics-document" aria-labelledby="t"'
                f' aria-describedby="d">',
                f'<title id="t">{escape(picture.title)}</title>',
                f'<desc id="d">{escape(picture.about)}</desc>',
                f"<style>{_style()}</style>",
                *self.parts,
                "</svg>\n",
            ]
        )

    def section(self, section: BoxSection) -> None:
        self.at += 40
        self.parts.append(f'<g role="group" aria-label="{escape(section.title)}">')
        self.write([Run(section.title, bold=True)], MARGIN, INNER, HEADING, "heading")
        if section.about:
            self.at += 4
            self.write([Run(section.about)], MARGIN, FLOW + 100, SIZE, "about")
        self.at += 14
        if section.flow:
            self.flow(section.boxes)
        else:
            self.grid(section.boxes)
        self.parts.append("</g>")

    def flow(self, boxes: Sequence[Box]) -> None:
        """One after the other, joined by arrows; beside each where it leads."""
        for number, box in enumerate(boxes):
            if number:
                self.down(self.at - GAP, self.at)
            top = self.at
            heights = [_height(one, BESIDE) for one in box.beside]
            high = max(_height(box, FLOW), sum(heights) + BETWEEN * (len(heights) - 1))
            self.box(box, MARGIN, FLOW, high)
            self.at = top
            self.beside(box.beside)
            self.at = top + high + GAP
        self.at -= GAP

    def beside(self, boxes: Sequence[Box]) -> None:
        x = MARGIN + INNER - BESIDE
        for box in boxes:
            self.across(self.at + PAD + SIZE / 2, MARGIN + FLOW, x)
            self.box(box, x, BESIDE, _height(box, BESIDE))
            self.at += BETWEEN

    def grid(self, boxes: Sequence[Box]) -> None:
        """Side by side in columns; those in a row are equally high."""
        columns = len(boxes) if len(boxes) <= 3 else 2
        room = (INNER - GAP * (columns - 1)) / columns
        for start in range(0, len(boxes), columns):
            row, top = boxes[start : start + columns], self.at
            height = max(_height(box, room) for box in row)
            for column, box in enumerate(row):
                self.at = top
                self.box(box, MARGIN + column * (room + GAP), room, height)
            self.at = top + height + GAP
        self.at -= GAP

    def box(self, box: Box, x: float, room: float, height: float) -> None:
        """Its frame and words; `at` moves to where it ends below."""
        bottom = self.at + height
        self.parts.append(f'<g role="group" aria-label="{escape(box.title)}">')
        self.parts.append(
            f'<rect class="box {box.tone}" x="{_n(self.left(x, room))}" y="{_n(self.at)}" width="{_n(room)}"'
            f' height="{_n(height)}" rx="8"/>'
        )
        self.at += PAD
        for runs in _words_of(box):
            self.write(runs, x + PAD, room - 2 * PAD, SIZE)
        self.parts.append("</g>")
        self.at = bottom

    def write(self, runs: Sequence[Run], x: float, room: float, size: float, look: str = "") -> None:
        """A paragraph; `at` moves below it."""
        leading = LEADING if size == SIZE else size * 1.35
        lines = set_in_lines(runs, size, room)
        start = _n(self.left(x, 0))
        spans = []
        for number, line in enumerate(lines):
            y = _n(self.at + leading * number + size * 0.95)
            words = " ".join(_span(run) for run in line)
            spans.append(f'<tspan x="{start}" y="{y}">{words}</tspan>')
        if spans:
            kind = f' class="{look}"' if look else ""
            self.parts.append(f"<text{kind}>{' '.join(spans)}</text>")
        self.at += leading * len(lines)

    def down(self, top: float, bottom: float) -> None:
        x = self.left(MARGIN + 30, 0)
        self.parts.append(f'<path class="way" d="M{_n(x)} {_n(top)}V{_n(bottom - 2)}m-5 -6l5 6l5 -6"/>')

    def across(self, y: float, start: float, end: float) -> None:
        back = 6 if self.rtl else -6
        start, end = self.left(start, 0), self.left(end - 2, 0)
        self.parts.append(f'<path class="way" d="M{_n(start)} {_n(y)}H{_n(end)}m{back} -5l{-back} 5l{back} 5"/>')

    def left(self, x: float, room: float) -> float:
        """The same place seen in a mirror, when one reads from right to left."""
        return WIDTH - x - room if self.rtl else x


def _span(run: Run) -> str:
    return f'<tspan class="b">{escape(run.text)}</tspan>' if run.bold else escape(run.text)


def _words_of(box: Box) -> list[list[Run]]:
    """The paragraphs of a box: its title, its marks, its lines."""
    paragraphs = [[Run(box.title, bold=True), *([Run(f"({', '.join(box.marks)})")] if box.marks else [])]]
    for label, text in box.lines:
        paragraphs.append([Run(f"{label}:" if text else label, bold=True), Run(text)] if label else [Run(text)])
    return paragraphs


def _height(box: Box, room: float) -> float:
    lines = sum(len(set_in_lines(runs, SIZE, room - 2 * PAD)) for runs in _words_of(box))
    return lines * LEADING + 2 * PAD


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _style() -> str:
    """Light; dark where the reader's screen is dark; light again on paper."""
    light = "".join(f".{tone}{{stroke:{frame};fill:{ground}}}" for tone, (frame, ground, _, _) in TONES.items())
    dark = "".join(f".{tone}{{stroke:{frame};fill:{ground}}}" for tone, (_, _, frame, ground) in TONES.items())
    return (
        "svg{color-scheme:light dark;max-width:100%;height:auto;background:#f6f7f9}"
        f"text{{font:{SIZE}px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#16181d}}"
        f".title{{font-size:{TITLE}px}}.heading{{font-size:{HEADING}px}}.about{{font-size:{SIZE}px;fill:#4a4f58}}"
        ".b{font-weight:600}.box{stroke-width:1.5}.way{stroke:#5b616b;stroke-width:1.5;fill:none}"
        f"{light}"
        "@media screen and (prefers-color-scheme:dark){text{fill:#eceef2}.about{fill:#b4bac4}svg{background:#121418}"
        f".way{{stroke:#9aa1ac}}{dark}}}"
    )
