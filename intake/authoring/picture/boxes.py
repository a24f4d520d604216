"""The parts of a picture. The renderers decide the layout, `picture.css` the colours."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A label and a text; either may be empty. A `tone` other than "plain" marks an effect, such as an end or a no."""

    label: str
    text: str = ""
    tone: str = "plain"


class Box(NamedTuple):
    """One item with its lines."""

    title: str
    lines: tuple[Line, ...] = ()
    tone: str = "plain"


class BoxSection(NamedTuple):
    """Boxes in order under a title, with a text about all of them. `flow`: each leads to the next."""

    title: str
    boxes: tuple[Box, ...]
    about: str = ""
    flow: bool = True


class Picture(NamedTuple):
    title: str
    about: str
    language: str
    right_to_left: bool
    sections: tuple[BoxSection, ...]
