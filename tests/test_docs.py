"""Generated docs agree with the code."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from intake.authoring.catalog.format_page import describe
from intake.authoring.proof.findings_page import LIVE, PROVEN
from intake.authoring.proof.findings_page import describe as describe_findings
from intake.config import Settings
from tests.engine.personal_numbers import ordinary, ways
from tests.packages import OURS, ROOT
from tests.proof.faults import FAULTS
from tests.staff.test_at_once import PAIRS
from tests.staff.test_pressed_twice import FORMS

FILES = [*(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"), *ROOT.glob("docs/*.md")]
PAGES = sorted(str(path.relative_to(ROOT)) for path in FILES)


def test_the_format_page_is_made_from_the_loaders_types() -> None:
    assert (ROOT / "docs/programme-format.md").read_text(encoding="utf-8") == describe(), "run: make docs"


def test_the_page_of_findings_is_made_from_the_code() -> None:
    assert (ROOT / "docs/findings.md").read_text(encoding="utf-8") == describe_findings(), "run: make docs"


def test_every_proof_finding_is_documented_with_its_severity() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "intake/authoring/proof").glob("*.py"))
    said = re.sub(r'f"(condition|part)_{\w+}"', lambda found: f'"{found[1]}_always" "{found[1]}_never"', sources)
    for code, (severity, _, _) in PROVEN.items():
        assert said.count(f'"{code}"') >= 2, f"{code} is documented and never found"
        assert severity in ("error", "warning")
    found = set(re.findall(r'found\(\s*f?"(\w+)"', said))
    assert found - {"condition_", "part_"} <= set(PROVEN), "found and not documented"


def test_every_finding_in_the_database_is_documented() -> None:
    source = (ROOT / "intake/referrals/coverage.py").read_text(encoding="utf-8")
    found = set(re.findall(r'_found\("(\w+)"', source))
    page = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    assert found == set(LIVE) == set(re.findall(r"^\| `(partner_\w+)`", page, re.M))


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of a page's table under a heading, cells stripped."""
    text = (ROOT / page).read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_setting_is_in_its_table_with_its_meaning() -> None:
    fields = Settings.model_fields.items()
    real = {f"`{field.alias or f'INTAKE_{name.upper()}'}`": field.description for name, field in fields}
    assert {row[0]: row[-1].rstrip(" |") for row in table("docs/settings.md", "Settings")} == real


def test_the_file_map_names_what_is_there_and_all_of_it() -> None:
    named = {row[0].strip("`").rstrip("/") for row in table("docs/architecture.md", "Where things are")}
    assert not [place for place in named if not (ROOT / place).exists()]
    kept = (path for path in (ROOT / "intake").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    parts = {f"intake/{path.relative_to(ROOT / 'intake').parts[0]}" for path in kept if path.parent.name != "intake"}
    assert {part for part in parts if not part.endswith("__") and not part.endswith("locale")} <= named
    assert {*OURS} - {"intake"} <= named


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_is_linked_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert not [link for link in links if link and not (ROOT / page).parent.joinpath(link).exists()]


def test_the_readme_is_short_and_every_page_can_be_found_from_it() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert pages - set(re.findall(r"\]\((docs/[^)#]+)\)", text)) == set()


def test_the_glossary_has_one_row_for_each_word() -> None:
    words = [word.strip() for row in table("docs/glossary.md", "Words") for word in row[0].split(",")]
    assert len(words) == len(set(words)) > 30


def test_the_promises_count_as_the_tests_do() -> None:
    text = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
    counted = {
        r"in (\d+) ways of writing it": len(set(ways())),
        r"none of (\d+) ordinary texts": len(ordinary()),
        r"\((\d+) pairs of acts": len(PAIRS),
        r"\((\d+) forms, each sent": len(FORMS),
        r"\((\d+) faults put in": len(FAULTS),
    }
    assert {said: re.findall(said, text) for said in counted} == {said: [str(n)] for said, n in counted.items()}


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:intake|bot|web|tests|bench|docs)/[\w./<>*-]+)`", text)
    assert not [path for path in named if not any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))]


def test_the_engine_alone_does_what_its_page_says() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    [(code, said)] = re.findall(r"```python\n(.+?)```\n\nprints `(.+?)`", page, re.S)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said


def test_the_pictures_are_small_and_say_what_they_show() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]{20,})">', text)
    sizes = {f"docs/pictures/{path.name}": path.stat().st_size for path in (ROOT / "docs/pictures").iterdir()}
    assert {path for path, _ in shown} == set(sizes) and len(shown) == 4
    assert max(sizes.values()) < 60_000 and sum(sizes.values()) < 200_000
