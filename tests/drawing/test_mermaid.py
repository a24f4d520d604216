"""The Mermaid text: quoted, escaped, and with arrows only between existing boxes."""

from __future__ import annotations

import re
from html import unescape

import pytest

from intake.authoring.picture import mermaid, picture
from intake.authoring.picture.boxes import Box, BoxSection, Line, Picture
from tests.drawing.test_picture import ADDING, VASTKRAFT, boxes

BOX = re.compile(r'^    (?:subgraph )?(\w+)\["([^"]*)"\]$')
ARROW = re.compile(r"^    (\w+) (?:-->|~~~) (\w+)$")
OTHER = re.compile(r"^(%%\{init: .*\}%%|flowchart TB|    accTitle: .+|    accDescr: .+|    direction TB|    end)$")


def read(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Labels by node, and arrows; a line that is neither box, arrow nor frame is a mistake."""
    labels: dict[str, str] = {}
    arrows: list[tuple[str, str]] = []
    for line in text.splitlines():
        if found := BOX.match(line):
            assert found[1] not in labels, "each box has its own name"
            labels[found[1]] = unescape(re.sub(r"#(\d+);", r"&#\1;", found[2]))
        elif found := ARROW.match(line):
            arrows.append((found[1], found[2]))
        else:
            assert OTHER.match(line), line
    return labels, arrows


@pytest.mark.parametrize("language", ["sv", "en"])
def test_all_of_the_programme(language: str) -> None:
    shown = picture(VASTKRAFT, language, ADDING)
    text = mermaid(shown)
    labels, arrows = read(text)
    assert {end for arrow in arrows for end in arrow} <= set(labels)
    assert len(text) < 50_000 and len(arrows) < 500, "what Mermaid draws at most, as GitHub sets it"
    for box in boxes(shown):
        assert any(label.startswith(box.title) for label in labels.values())
    assert text.count("subgraph") == text.count("\n    end\n") == len(shown.sections)
    assert [f"s{n}" for n in range(1, len(shown.sections))] == [one for one, _ in arrows if re.fullmatch(r"s\d+", one)]


def test_nothing_in_a_text_is_read_as_markup() -> None:
    odd = 'say "end" <b>#quot; `code` & [x] {y} | end\\'
    one = Box(odd, (Line(odd, odd), Line("1. first")), "end")
    labels, _ = read(mermaid(Picture("a; b %% {c}", "d", "en", False, (BoxSection(odd, (one,), odd),))))
    assert labels["s1"] == f"{odd}<br/>{odd}"
    assert labels["s1b1"] == f"{odd}<br/>{odd}: {odd}<br/>1. first"


def test_alternatives_do_not_lead_to_each_other() -> None:
    text = mermaid(picture(VASTKRAFT, "en", ADDING))
    titles = r'^    (\w+)\["(Yes|Staff decide|No|7 · The company|8 · Employed as)'
    node = {title: id for id, title in re.findall(titles, text, re.MULTILINE)}
    assert f"    {node['Yes']} ~~~ {node['Staff decide']}\n    {node['Staff decide']} ~~~ {node['No']}\n" in text
    assert f"    {node['7 · The company']} --> {node['8 · Employed as']}\n" in text
