"""What a picture is made of. Where it stands on paper is left to those who draw, its tones to `picture.css`."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A text after a label; either may be empty. One that is not `plain` says what comes of its box."""

    label: str
    text: str = ""
    tone: str = "plain"


class Box(NamedTuple):
    """One thing with its words."""

    title: str
    lines: tuple[Line, ...] = ()
    tone: str = "plain"


class BoxSection(NamedTuple):
    """Boxes in their order, under a title and what holds of all of them. `flow`: one leads to the next."""

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
