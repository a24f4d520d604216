"""The SVG in a browser: no overflow, no horizontal scrolling, light and dark, mirrored for right-to-left."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from intake.authoring.catalog import load
from intake.authoring.picture import picture, svg
from intake.authoring.picture.boxes import Box, BoxSection, Line, Picture
from intake.authoring.picture.svg import SIZES, STYLE, set_in_lines, width
from tests.browsers import Browse, overflows
from tests.drawing.test_picture import ADDING, FOLDERS, VASTKRAFT

NAME = "{http://www.w3.org/2000/svg}"
RUNNING_OVER = """() => [...document.querySelectorAll("g > rect.box + text, g > rect.box ~ text")].filter(text => {
  const words = text.getBoundingClientRect(), frame = text.parentNode.querySelector("rect").getBoundingClientRect()
  return words.left < frame.left || words.right > frame.right || words.top < frame.top || words.bottom > frame.bottom
}).map(text => text.textContent)"""
BESIDE_PAPER = """() => [...document.querySelectorAll("text")].filter(text => {
  const words = text.getBoundingClientRect(), paper = document.documentElement.getBoundingClientRect()
  return words.left < paper.left || words.right > paper.right || words.bottom > paper.bottom
}).map(text => text.textContent)"""
TOUCHING = """() => {
  const frames = [...document.querySelectorAll("g > rect.box:first-child")].map(rect => rect.getBoundingClientRect())
  return frames.filter((one, at) => frames.slice(at + 1).some(other =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length
}"""
WRITTEN_OVER = """() => {
  const lines = [...document.querySelectorAll("g g text > tspan")].map(line => line.getBoundingClientRect())
  return lines.filter((one, at) => lines.slice(at + 1).some(other =>
    one.left < other.right && other.left < one.right && one.top + 3 < other.bottom && other.top + 3 < one.bottom
  )).length
}"""
FAULTS = (RUNNING_OVER, BESIDE_PAPER, TOUCHING, WRITTEN_OVER)
LONG = Picture(
    "A & <b>“strange”</b> title",
    "words " * 80,
    "ar",
    True,
    (
        BoxSection(
            "One", (Box("x" * 400, (Line("", "word " * 200), Line("<label>", "&amp;"), Line("b", "c " * 99, "no"))),)
        ),
        BoxSection("Two", tuple(Box(f"{n}", (Line("When", "yes " * n * 9),), "group") for n in range(1, 6))),
    ),
)


async def faults(page: Page) -> list[object]:
    """What is cut, runs over or lies on something else; nothing is right."""
    return [found for look in FAULTS if (found := await page.evaluate(look))]


async def opened(browse: Browse, drawing: str, tmp_path: Path, **context: Any) -> Page:
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
    assert await faults(page) == []
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
    assert await faults(page) == []
    lefts = await page.evaluate(
        "[...document.querySelectorAll('rect.group')].map(one => one.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 3 and lefts == sorted(lefts, reverse=True), "columns, the first at the right"
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
    light, dark = STYLE.read_text(encoding="utf-8").split("@media")
    for style, ink in ((light, "#16181d"), (dark, "#eceef2")):
        tones = re.findall(r"\.\w+ { stroke: (#\w{6}); fill: (#\w{6}) }", style)
        assert len(tones) == 7 and ink in style
        for frame, ground in tones:
            assert contrast(ink, ground) >= 7 and contrast(frame, ground) >= 3


def test_sizes_are_those_of_the_style() -> None:
    style = STYLE.read_text(encoding="utf-8")
    assert all(f".{look} {{ font-size: {size}px }}" in style for look, size in SIZES.items())
    assert "font: 14px" in style


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_boxes_stand_in_columns_in_their_order(browse: Browse, tmp_path: Path, folder: Path) -> None:
    """Each is below the one before or begins the next column; in one column both programmes would be twice as high."""
    page = await opened(browse, svg(picture(load(folder), "sv", None)), tmp_path)
    sections = await page.evaluate(
        """() => [...document.querySelectorAll("svg > g")].map(section =>
             [...section.querySelectorAll(":scope > g > rect:first-child")].map(box => {
               const frame = box.getBoundingClientRect()
               return [frame.left, frame.top]
             }))"""
    )
    assert {len({left for left, _ in boxes}) for boxes in sections} <= {1, 2, 3}
    assert any(len({left for left, _ in boxes}) == 3 for boxes in sections)
    assert all(boxes == sorted(boxes) for boxes in sections)
    assert await page.evaluate("document.documentElement.getBoundingClientRect().height") < 5500


def test_lines_break_between_words_and_within_what_is_too_long() -> None:
    runs = [("When:", True), ("a b\N{NO-BREAK SPACE}c " + "x" * 60, False)]
    lines = set_in_lines(runs, 14, 120)
    for line in lines:
        gaps = width(" ", 14) * (len(line) - 1)
        assert sum(width(word, 14, bold) for word, bold in line) + gaps <= 120
    assert lines[0] == [("When:", True), ("a", False), ("b\N{NO-BREAK SPACE}c", False)]
    assert "".join(word for line in lines[1:] for word, _ in line) == "x" * 60
    assert set_in_lines([("", True)], 14, 120) == []


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
