"""`intake graph`: a picture of a programme, in a file or on standard output."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from tests.cli.commands import call


def test_to_a_file_in_either_language(tmp_path: Path) -> None:
    file = tmp_path / "vastkraft.svg"
    assert call("graph", "vastkraft", "--language", "en", "--out", file).code == 0
    assert "Where you live and work" in file.read_text(encoding="utf-8")
    said = call("graph", "vastkraft", "--out", file)
    assert said.out == f"{file}: vastkraft, version 2, in sv\n"
    root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own drawing
    assert root.tag.endswith("svg") and "Var du bor och arbetar" in "".join(root.itertext())


def test_mermaid_on_standard_output_with_what_is_proven() -> None:
    said = call("graph", "vastkraft", "--format", "mermaid", "--language", "en")
    assert said.code == 0 and "flowchart TB" in said.lines[:2]
    assert '["Route R9 (never leads, only adds)<br/>' in said.out
    assert '["Route R8<br/>' in said.out


def test_bad_input_is_one_line(tmp_path: Path) -> None:
    assert 'did you mean "vastkraft"' in call("graph", "vastkrat").refusal()
    assert 'is not written in "fi"' in call("graph", "vastkraft", "--language", "fi").refusal()
    assert "cannot be written" in call("graph", "vastkraft", "--out", tmp_path / "no" / "where.svg").refusal()
    assert "'gif' is not one of 'svg', 'mermaid'" in call("graph", "vastkraft", "--format", "gif").refusal()
    assert "Example: intake graph" in call("graph", "--help").out
