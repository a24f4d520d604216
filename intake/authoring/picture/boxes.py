"""What a picture is made of. Where it stands on paper is left to those who draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "group", "yes", "staff", "no", "end", "partner"]


@dataclass(frozen=True, slots=True)
class Box:
    """One thing with its words. `lines` are (label, text), the label may be empty; `beside` is where it leads."""

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    tone: Tone = "plain"
    beside: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxSection:
    """Boxes under a title. `flow`: one follows the other; otherwise they are alternatives, side by side."""

    title: str
    boxes: tuple[Box, ...]
    about: str = ""
    flow: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    about: str
    language: str
    right_to_left: bool
    sections: tuple[BoxSection, ...]
