"""A copy of the packaged programme, to be broken by replacing words."""

from __future__ import annotations

import shutil
from pathlib import Path

from intake.authoring.catalog import check
from intake.engine.findings import Finding
from tests.cli.commands import ROOT


class Copy:
    """A copy of VästKraft. `replace` breaks it, `findings` is what `intake check` finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "intake/programmes/vastkraft", folder)

    def replace(self, right: str, wrong: str, file: str = "programme.toml") -> None:
        """The first occurrence, which must be there."""
        path = self.folder / file
        source = path.read_text(encoding="utf-8")
        assert right in source, right
        path.write_text(source.replace(right, wrong, 1), encoding="utf-8")

    def add(self, text: str, file: str = "programme.toml") -> None:
        path = self.folder / file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")

    def findings(self) -> list[Finding]:
        return check(self.folder)

    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings()}

    def only(self) -> Finding:
        """The one finding there is."""
        findings = self.findings()
        assert len(findings) == 1, "\n".join(map(str, findings))
        return findings[0]
