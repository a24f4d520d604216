"""The SVG as a browser draws it: nothing runs over, nothing scrolls sideways, light and dark, mirrored when needed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from intake.authoring.catalog import load
from intake.authoring.picture import Box, BoxSection, Picture, picture, svg
from intake.authoring.picture.lettering import Run, set_in_lines, width
from intake.authoring.picture.svg import TONES
from tests.browsers import Browse, overflows
from tests.drawing.test_picture import ADDING, FOLDERS, VASTKRAFT

NAME = "{http://www.w3.org/2000/svg}"
RUNNING_OVER = """() => [...document.querySelectorAll("g > rect.box")].flatMap(rect => {
  const frame = rect.getBoundingClientRect()
  return [...rect.parentNode.querySelectorAll("text")].filter(text => {
    const words = text.getBoundingClientRect()
    return words.left < frame.left || words.right > frame.right || words.top < frame.top || words.bottom > frame.bottom
  }).map(text => text.textContent)
})"""
TOUCHING = """() => {
  const frames = [...document.querySelectorAll("rect.box")].map(rect => rect.getBoundingClientRect())
  return frames.filter((one, at) => frames.slice(at + 1).some(other =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length
}"""
LONG = Picture(
    "A & <b>“strange”</b> title",
    "words " * 80,
    "ar",
    True,
    (
        BoxSection(
            "One", (Box("x" * 400, (("", "word " * 200), ("<label>", "&amp;")), ("mark",), "no", (Box("b"),) * 3),)
        ),
        BoxSection(
            "Two", tuple(Box(f"{n}", (("When", "yes " * n * 9),), tone="group") for n in range(1, 6)), flow=False
        ),
    ),
)


async def opened(browse: Browse, drawing: str, tmp_path: Path, **context: Any) -> Any:
    file = tmp_path / "picture.svg"
    file.write_text(drawing, encoding="utf-8")
    page = await browse(script=True, **context)
    await page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(("language", "scheme"), [("sv", "dark"), ("en", "light")])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_in_a_browser(browse: Browse, tmp_path: Path, folder: Path, language: str, scheme: str) -> None:
    page = await opened(browse, svg(picture(load(folder), language, None)), tmp_path, color_scheme=scheme)
    assert await overflows(page) == 0
    assert await page.evaluate(RUNNING_OVER) == []
    assert await page.evaluate(TOUCHING) == 0
    ink, ground = await page.evaluate(
        """() => [getComputedStyle(document.querySelector("g > text")).fill,
                  getComputedStyle(document.documentElement).backgroundColor]"""
    )
    assert (brightness(ink) > brightness(ground)) == (scheme == "dark")


async def test_dark_screens_print_light(browse: Browse, tmp_path: Path) -> None:
    page = await opened(browse, svg(picture(VASTKRAFT, "sv", ADDING)), tmp_path, color_scheme="dark")
    await page.emulate_media(media="print", color_scheme="dark")
    assert brightness(await page.evaluate("getComputedStyle(document.querySelector('g > text')).fill")) < 60


async def test_odd_texts_from_right_to_left(browse: Browse, tmp_path: Path) -> None:
    page = await opened(browse, svg(LONG), tmp_path)
    assert await overflows(page) == 0
    assert await page.evaluate(RUNNING_OVER) == []
    assert await page.evaluate(TOUCHING) == 0
    first, beside = await page.evaluate(
        "[...document.querySelectorAll('rect.box')].slice(0, 2).map(rect => rect.getBoundingClientRect().left)"
    )
    assert beside < first, "what a box leads to stands to its left"
    assert "A & <b>“strange”</b> title" in await page.evaluate("document.documentElement.textContent")
    assert await page.evaluate("document.querySelectorAll('b').length") == 0


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_file_is_whole_and_needs_nothing_else(folder: Path) -> None:
    programme = load(folder)
    for language in programme.languages:
        drawing = svg(picture(programme, language, None))
        root = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        title, desc = root.find(f"{NAME}title"), root.find(f"{NAME}desc")
        assert title is not None and desc is not None and title.text and desc.text
        assert root.get("aria-labelledby") == "t" and root.get("aria-describedby") == "d"
        assert root.get("lang") == language
        tags = {element.tag.removeprefix(NAME) for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "g", "rect", "text", "tspan", "path"}, "no script, no image"
        outside = drawing.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?://|url\(|@import|href", outside)


def test_words_can_be_read_on_every_ground() -> None:
    for frame, ground, dark_frame, dark_ground in TONES.values():
        assert contrast("#16181d", ground) >= 7 and contrast("#eceef2", dark_ground) >= 7
        assert contrast(frame, ground) >= 3 and contrast(dark_frame, dark_ground) >= 3


def test_lines_break_between_words_and_within_what_is_too_long() -> None:
    runs = [Run("When:", bold=True), Run("a b\N{NO-BREAK SPACE}c " + "x" * 60)]
    lines = set_in_lines(runs, 14, 120)
    assert all(sum(width(run.text, 14, run.bold) for run in line) <= 121 for line in lines)
    assert lines[0] == [Run("When:", bold=True), Run("a b\N{NO-BREAK SPACE}c")]
    assert "".join(run.text for line in lines[1:] for run in line) == "x" * 60
    assert set_in_lines([Run("")], 14, 120) == []


def brightness(colour: str) -> float:
    numbers = [int(number) for number in re.findall(r"\d+", colour)[:3]]
    return sum(numbers) / 3


def contrast(one: str, other: str) -> float:
    """WCAG 2, relative luminance."""
    light = sorted((_luminance(one), _luminance(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
