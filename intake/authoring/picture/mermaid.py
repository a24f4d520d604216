"""A picture as Mermaid text, as GitHub and others draw it: https://mermaid.js.org/syntax/flowchart.html

A label is quoted, and what would end it or be read as markup is written as an entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from intake.authoring.picture.boxes import Box, BoxSection, Picture

WIDTH = 420  # pixels at which labels are broken
SPECIAL = {ord(char): f"#{ord(char)};" for char in '#&"<>`\\'}
COLOURS = {
    "group": "fill:#e8edf7,stroke:#44598c,color:#14203d",
    "yes": "fill:#e3f3e6,stroke:#2c7a3f,color:#10331a",
    "staff": "fill:#fdf1d3,stroke:#8a6100,color:#3a2a00",
    "no": "fill:#fbe6e3,stroke:#a3372b,color:#44120c",
    "end": "fill:#eeeeee,stroke:#666666,color:#222222",
    "partner": "fill:#e9f2fb,stroke:#2b6198,color:#0c2740",
}


def mermaid(picture: Picture) -> str:
    """The text of a Mermaid flowchart, with its title and description for screen readers."""
    lines = [f'%%{{init: {{"flowchart": {{"wrappingWidth": {WIDTH}}}}}}}%%', "flowchart TB"]
    lines += [f"    accTitle: {_plain(picture.title)}", f"    accDescr: {_plain(picture.about)}"]
    for number, section in enumerate(picture.sections, 1):
        lines += _section(f"s{number}", section)
        if number > 1:
            lines.append(f"    s{number - 1} --> s{number}")
    lines += [f"    classDef {tone}_box {colours}" for tone, colours in COLOURS.items()]
    lines.append("    classDef about fill:none,stroke:none")
    return "\n".join(lines) + "\n"


def _section(id: str, section: BoxSection) -> Iterator[str]:
    """Boxes below each other; when each leads somewhere they are the rows of a table."""
    rows = all(box.beside for box in section.boxes)
    yield f'    subgraph {id}["{_label([section.title])}"]'
    yield f"    direction {'LR' if rows else 'TB'}"
    if section.about:
        yield f'    {id}a["{_label([section.about])}"]:::about'
    nodes = [f"{id}b{number}" for number in range(1, len(section.boxes) + 1)]
    for node, box in zip(nodes, section.boxes, strict=True):
        yield from _box(node, box)
    if section.flow and not rows:
        yield from (f"    {one} --> {other}" for one, other in pairwise(nodes))
    yield "    end"


def _box(node: str, box: Box) -> Iterator[str]:
    title = " · ".join((box.title, *box.marks))
    said = [f"{label}: {text}" if label and text else label or text for label, text in box.lines]
    tone = "" if box.tone == "plain" else f":::{box.tone}_box"
    yield f'    {node}["{_label([title, *said])}"]{tone}'
    for number, beside in enumerate(box.beside, 1):
        yield from _box(f"{node}e{number}", beside)
        yield f"    {node} -.-> {node}e{number}"


def _label(lines: list[str]) -> str:
    return "<br/>".join(line.translate(SPECIAL) for line in lines if line)


def _plain(text: str) -> str:
    """One line for a screen reader: nothing in it is markup, but a statement ends at ; and a comment begins at %%."""
    return " ".join(text.replace(";", ",").replace("%%", "%").replace("{", "(").replace("}", ")").split())
