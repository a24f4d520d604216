"""What may not be in the tree: registry addresses, machine paths, long files, tests without assertions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.packages import OURS, ROOT

LONGEST = 450  # lines of a test
LONGEST_OF_OURS = 400  # of what is served
LONGEST_NAME = 60  # characters of a test's name

# Spelled so that this file does not find itself.
REGISTRIES = re.compile(r"pypi\.org|python" r"hosted|registry\.npm|npmjs\.(?:com|org)|deb\.debian|files\.py" r"thon")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home|Users|opt)/[a-z.]|/tmp/" r"bash_jobs|file:" r"///")
NO_TESTS = re.compile(r"\bmock\.pat" r"ch|\bpytest\.sk" r"ip|mark\.sk" r"ip|mark\.xf" r"ail|import" r"orskip")
# Papers that are not in the repository: a page of docs/ is cited instead.
ELSEWHERE = re.compile(r"\b(?:DES" r"IGN|DOM" r"AIN|STA" r"CK|QUAL" r"ITY|LAY" r"OUT)(?:\.md|\b(?! ?=))")
UNFINISHED = re.compile(r"\bTO" r"DO\b|\bFIX" r"ME\b|NotImplemented" r"Error")


def tracked() -> list[Path]:
    """The files that a clone would have, those about to be committed included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


TEXTS = {path: path.read_bytes().decode("utf-8", "replace") for path in tracked()}


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {hit[0]}"
        for path in paths
        for number, line in enumerate(TEXTS[path].splitlines(), 1)
        if (hit := pattern.search(line))
    ]


def test_the_tree_is_looked_at() -> None:
    assert {ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "requirements.lock", ROOT / ".ci" / "run"} <= set(TEXTS)


def test_no_registry_is_named() -> None:
    assert found(REGISTRIES, list(TEXTS)) == []


def test_no_path_of_one_machine() -> None:
    assert found(MACHINE_PATHS, list(TEXTS)) == []


def test_only_what_is_in_the_repository_is_cited() -> None:
    assert found(ELSEWHERE, list(TEXTS)) == []


def test_tests_are_not_skipped_or_patched() -> None:
    assert found(NO_TESTS, [path for path in TEXTS if ROOT / "tests" in path.parents]) == []


def test_nothing_is_left_for_later() -> None:
    assert found(UNFINISHED, [path for path in TEXTS if path.suffix == ".py"]) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert not re.search(r"https?://|--index|--find-links|--extra", lock)
    for requirement in re.split(r"\n(?=[a-z])", lock.partition("\n\n")[2] or lock):
        if not requirement.startswith("#"):
            assert "==" in requirement and "--hash=sha256:" in requirement, requirement[:80]


def test_the_locks_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._\[\]-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE))

    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime and {name: development.get(name) for name in runtime} == runtime


def test_files_are_short_enough_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): text.count("\n") for path, text in TEXTS.items() if path.suffix == ".py"}
    limits = {name: LONGEST_OF_OURS if name.startswith(OURS) else LONGEST for name in lengths}
    assert {name: length for name, length in lengths.items() if length > limits[name]} == {}


def test_names_of_tests_are_short_enough_to_read() -> None:
    named = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
    names = {name for path, text in TEXTS.items() if path.suffix == ".py" for name in named.findall(text)}
    assert len(names) > 1000 and sorted(name for name in names if len(name) > LONGEST_NAME) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "see files.py" "thonhosted.org"),
        (MACHINE_PATHS, "cd /wo" "rk/main"),
        (ELSEWHERE, "as promised (QUAL" "ITY 1.3)"),
        (NO_TESTS, "@pytest.mark.sk" "ip"),
        (UNFINISHED, "# TO" "DO later"),
    ],
)
def test_the_patterns_notice(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)
