"""A picture as Mermaid text, as GitHub and others draw it: https://mermaid.js.org/syntax/flowchart.html

A label is quoted, and what would end it or be read as markup is written as an entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from intake.authoring.picture.boxes import BoxSection, Picture

SPECIAL = {ord(char): f"#{ord(char)};" for char in '#&"<>`\\'}


def mermaid(picture: Picture) -> str:
    """The text of a Mermaid flowchart, with its title and description for screen readers."""
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
    arrow = "-->" if section.flow else "~~~"  # the latter is not seen, and keeps them below each other
    yield from (f"    {one} {arrow} {other}" for one, other in pairwise(nodes))
    yield "    end"


def _label(*lines: str) -> str:
    return "<br/>".join(line.translate(SPECIAL) for line in lines if line)


def _plain(text: str) -> str:
    """One line for a screen reader: nothing in it is markup, but a statement ends at ; and a comment begins at %%."""
    return " ".join(text.replace(";", ",").replace("%%", "%").replace("{", "(").replace("}", ")").split())
