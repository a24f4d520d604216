"""The Mermaid text: quoted, escaped, every arrow between boxes that are there."""

from __future__ import annotations

import re
from html import unescape

import pytest

from intake.authoring.picture import Box, BoxSection, Picture, mermaid, picture
from tests.drawing.test_picture import ADDING, VASTKRAFT, boxes

BOX = re.compile(r'^    (?:subgraph )?(\w+)\["([^"]*)"\](?::::(\w+))?$')
ARROW = re.compile(r"^    (\w+) (?:-->|-\.->) (\w+)$")
OTHER = re.compile(r"^(%%\{init: .*\}%%|flowchart TB|    accTitle: .+|    accDescr: .+|    direction (TB|LR)|    end)$")
CLASS = re.compile(r"^    classDef (\w+) [\w:#,]+$")


def read(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Labels by node, and arrows; a line that is neither box, arrow nor frame is a mistake."""
    labels, arrows, classes, used = {}, [], set(), set()
    for line in text.splitlines():
        if found := BOX.match(line):
            assert found[1] not in labels, "each box has its own name"
            labels[found[1]] = unescape(re.sub(r"#(\d+);", r"&#\1;", found[2]))
            used |= {found[3]} - {None}
        elif found := ARROW.match(line):
            arrows.append((found[1], found[2]))
        elif found := CLASS.match(line):
            classes.add(found[1])
        else:
            assert OTHER.match(line), line
    assert used <= classes
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
    one = Box(odd, ((odd, odd),), (odd,), "end", (Box("1. first"),))
    labels, _ = read(mermaid(Picture("a; b %% {c}", "d", "en", False, (BoxSection(odd, (one,), odd),))))
    assert labels["s1"] == odd
    assert labels["s1b1"] == f"{odd} · {odd}<br/>{odd}: {odd}"
