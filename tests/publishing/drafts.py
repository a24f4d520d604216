"""A folder of programmes with one draft, to be edited and published."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from intake.config import PACKAGED
from intake.publishing.versions import STAMP

ID = "vastkraft"


class Drafts:
    """`edit` changes the draft; `programmes` is what INTAKE_PROGRAMMES says."""

    def __init__(self, programmes: Path) -> None:
        self.programmes, self.folder = programmes, programmes / ID
        shutil.copytree(PACKAGED / ID, self.folder)
        self.raises_version("1")  # whatever ours is by now
        if (stamp := self.folder / STAMP).exists():
            stamp.write_text(re.sub('^version = .*$', 'version = "1"', stamp.read_text(), flags=re.MULTILINE))

    def edit(self, name: str, old: str, new: str) -> None:
        """The first occurrence, which must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def unstamped(self) -> Drafts:
        (self.folder / STAMP).unlink()
        return self

    def says(self, words: str) -> None:
        """Other words in Swedish, the same meaning."""
        self.edit("texts/sv.toml", 'help = "Hjälp: ring', f'help = "{words} ring')

    def raises_version(self, label: str) -> None:
        text = (self.folder / "programme.toml").read_text(encoding="utf-8")
        before, _, rest = text.partition('\nversion = "')
        (self.folder / "programme.toml").write_text(f'{before}\nversion = "{label}"{rest.partition(chr(34))[2]}')

    def lets_collar_be_required(self) -> None:
        """Another meaning of one question, `collar`; nobody comes to another result by it alone."""
        self.edit("programme.toml", 'id = "collar"\nkind = "choice"\nsection = "work"\noptional = true\n',
                  'id = "collar"\nkind = "choice"\nsection = "work"\n')  # fmt: skip

    def keeps_interviews(self, days: int) -> None:
        """Another meaning that no question knows of."""
        self.edit("programme.toml", "interview_days = 30", f"interview_days = {days}")

    def looks_longer_ahead(self) -> None:
        """Somebody whose job ends in 31 days comes to Arbetsförmedlingen, and no longer to GR."""
        self.edit("programme.toml", "days_until(last_employment_date) <= 30", "days_until(last_employment_date) <= 31")
        path = self.folder / "cases.toml"
        before, case, rest = path.read_text(encoding="utf-8").partition('id = "r5_31_days"')
        now = rest.replace('route = "R13", lead = "gr"', 'route = "R5", lead = "af"', 1)
        path.write_text(f"{before}{case}{now}", encoding="utf-8")
