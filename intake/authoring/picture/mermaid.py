"""Writes a picture as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html

Labels are quoted; characters that would end them or be read as markup are written as entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from intake.authoring.picture.boxes import BoxSection, Picture

SPECIAL = {ord(char): f"#{ord(char)};" for char in '#&"<>`\\'}


def mermaid(picture: Picture) -> str:
    """Returns the text of a Mermaid flowchart, with title and description for screen readers."""
    titles = f"    accTitle: {_plain(picture.title)}", f"    accDescr: {_plain(picture.about)}"
    lines = ['%%{init: {"flowchart": {"wrappingWidth": 420}}}%%', "flowchart TB", *titles]
    for number, section in enumerate(picture.sections, 1):
        lines += _section(f"s{number}", section)
    lines += [f"    s{number} --> s{number + 1}" for number in range(1, len(picture.sections))]
    return "\n".join((*lines, ""))


def _section(id: str, section: BoxSection) -> Iterator[str]:
    yield f'    subgraph {id}["{_label(section.title, section.about)}"]'
    yield "    direction TB"
    nodes = [f"{id}b{number}" for number in range(1, len(section.boxes) + 1)]
    for node, box in zip(nodes, section.boxes, strict=True):
        said = (": ".join(filter(None, line[:2])) for line in box.lines)
        yield f'    {node}["{_label(box.title, *said)}"]'
    arrow = "-->" if section.flow else "~~~"  # ~~~ is an invisible link, which keeps the boxes below each other
    yield from (f"    {one} {arrow} {other}" for one, other in pairwise(nodes))
    yield "    end"


def _label(*lines: str) -> str:
    return "<br/>".join(line.translate(SPECIAL) for line in lines if line)


def _plain(text: str) -> str:
    """Returns one line for screen readers. It needs no entities, but ; would end it and %% begin a comment."""
    return " ".join(text.replace(";", ",").replace("%%", "%").replace("{", "(").replace("}", ")").split())
