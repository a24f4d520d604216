"""The architecture: a file imports downwards only.

Parts of a layer may import each other, never in a circle. Imports inside functions and for types count as well.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import intake
import intake.chat
from tests.packages import OURS, ROOT

# From the bottom to the top. A new part of intake/ gets its place here.
LAYERS: list[set[str]] = [
    {"intake.engine"},
    {"intake.errors", "intake.records", "intake.config", "intake.keys", "intake.ids", "intake.logs", "intake.words"}
    | {"intake.channels", "intake.networks", "intake.sweden"},  # what everything stands on
    {"intake.authoring", "intake.store"},
    {"intake.letters", "intake.publishing"},
    {"intake.access"},
    {"intake.referrals"},
    {"intake.participants"},
    {"intake.app"},
    {"intake"},  # what channels may use
    {"intake.operations"},
    {"intake.chat"},
    {"bot", "web"},
    {"intake.cli", "intake.__main__"},
]
# Channels, and the packages whose exported names are all they may use.
CHANNELS = {"bot": ("intake", "intake.chat"), "web": ("intake", "intake.chat")}
# Frameworks, and the only part that may know each.
RESERVED = {
    "sqlalchemy": "intake.store",
    "alembic": "intake.store",
    "telegram": "bot",
    "fastapi": "web",
    "starlette": "web",
    "z3": "intake.authoring.proof",
}
# The engine has no files, clock, database, network, randomness or logging: it may import nothing else than these.
PURE = (
    {"__future__", "abc", "ast", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "difflib"}
    | {"enum", "functools", "itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata"}
    | {"phonenumbers", "email_validator"}  # rules and tables only; DNS is never asked (`intake/engine/email.py`)
)
IMPURE_CALLS = {"today", "now", "utcnow", "open", "print", "input", "eval", "exec", "__import__"}
MOST_ROOMS = 26  # at the top two levels
LONGEST = 50  # lines of a function, and one more
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "service", "services"}


def files() -> list[Path]:
    return [path for part in OURS for path in sorted((ROOT / part).rglob("*.py"))]


def module_of(path: Path) -> str:
    """intake/participants/turns.py -> intake.participants.turns"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """The unit that has a layer: intake.participants.turns -> intake.participants, web.forms -> web."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "intake" else parts[0]


@cache
def exports(package: str) -> set[str]:
    """The names that the package's __init__.py imports for others."""
    tree = ast.parse(ROOT.joinpath(*package.split("."), "__init__.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "intake." in f"{node.module}"]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def imported(module: str, tree: ast.AST, package: bool = False) -> Iterator[str]:
    """Every module that is imported, by its full name; `from intake import App` is `intake`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: len(module.split(".")) - node.level + package] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if is_ours(source) and is_module(inner) else source


def folder_of(module: str) -> str:
    """The same, with the folders of authoring apart: the catalogue knows nothing of the proof."""
    return ".".join(module.split(".")[:3]) if module.startswith("intake.authoring.") else part_of(module)


def is_ours(module: str) -> bool:
    return module.split(".")[0] in OURS


def level(module: str) -> int:
    part = part_of(module)
    found = [number for number, layer in enumerate(LAYERS) if part in layer]
    assert found, f"{part} has no layer yet: give it one in {Path(__file__).name}"
    return found[0]


def complaints(module: str, source: str, package: bool = False) -> list[str]:
    """What is wrong with the imports of one file."""
    tree = ast.parse(source)
    own, found = part_of(module), []
    for other in imported(module, tree, package):
        top = other.split(".")[0]
        if top in RESERVED and not f"{module}.".startswith(f"{RESERVED[top]}."):
            found.append(f"only {RESERVED[top]} imports {top}")
        if own == "intake.engine" and top != "intake" and top not in PURE:
            found.append(f"the engine is pure and may not import {top}")
        if not is_ours(other) or part_of(other) == own:
            continue
        if own in CHANNELS and other not in CHANNELS[own]:
            found.append(f"{own} uses only what {' and '.join(CHANNELS[own])} export, not {other}")
        elif own != "intake" and level(other) > level(module):
            found.append(f"{other} is above {module}")
    for used in CHANNELS.get(own, ()):
        found += [f"{used} exports no {name}" for name in wanted_of(used, tree) - exports(used)]
    if own == "intake.engine":
        found += [f"the engine is pure and may not call {name}()" for name in called(tree) & IMPURE_CALLS]
    return found


def wanted_of(package: str, tree: ast.AST) -> set[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == package]
    return {alias.name for node in imports if not node.level for alias in node.names}


def called(tree: ast.AST) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {function.id for function in functions if isinstance(function, ast.Name)} | {
        function.attr for function in functions if isinstance(function, ast.Attribute)
    }


def test_imports_go_downwards() -> None:
    found = {
        str(path.relative_to(ROOT)): complaints(module_of(path), path.read_text(), path.name == "__init__.py")
        for path in files()
    }
    assert {file: wrong for file, wrong in found.items() if wrong} == {}


def test_every_channel_is_packed_and_has_its_types_checked() -> None:
    assert {"intake", *CHANNELS} == set(OURS), "a folder with Python is a channel: it stands in CHANNELS"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(project["setuptools"]["packages"]["find"]["include"]) == {f"{name}*" for name in OURS}
    assert set(project["mypy"]["files"]) == {*OURS, "tests", "bench"}


def test_no_part_imports_itself_by_a_detour() -> None:
    uses: dict[str, set[str]] = {}
    for path in files():
        module, package = module_of(path), path.name == "__init__.py"
        if part_of(module) == "intake":
            continue  # exports what is below by name, and is imported by channels only
        others = {folder_of(other) for other in imported(module, ast.parse(path.read_text()), package)}
        uses.setdefault(folder_of(module), set()).update(others - {folder_of(module)})

    def walk(part: str, trail: tuple[str, ...]) -> None:
        assert part not in trail, f"a circle: {' -> '.join((*trail, part))}"
        for other in sorted(uses.get(part, ())):
            walk(other, (*trail, part))

    for part in uses:
        walk(part, ())


GROUND = {part.removeprefix("intake.") for part in LAYERS[1]}


def room_of(module: str) -> str:
    """The room in the drawing of docs/architecture.md."""
    name = part_of(module).removeprefix("intake.")
    return "ground" if name in GROUND else "cli" if name == "__main__" else name


def test_the_drawing_shows_the_imports() -> None:
    uses: dict[str, set[str]] = {}
    for path in files():
        module, package = module_of(path), path.name == "__init__.py"
        ours = (other for other in imported(module, ast.parse(path.read_text()), package) if is_ours(other))
        uses.setdefault(room_of(module), set()).update({room_of(other) for other in ours} - {room_of(module)})

    def below(room: str) -> set[str]:
        return uses.get(room, set()).union(*(below(other) for other in uses.get(room, ())))

    plain = {room: others - set().union(*(below(other) for other in others)) for room, others in uses.items()}
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", page, re.M))
    assert drawn == {(room, other) for room, others in plain.items() for other in others}
    assert len({room for arrow in drawn for room in arrow} - {"ground"} | GROUND) <= MOST_ROOMS


def test_what_intake_exports_exists() -> None:
    for package in (intake, intake.chat):
        assert exports(package.__name__)
        for name in exports(package.__name__):
            assert getattr(package, name) is not None


# Two of a name are one too many, but for these.
TWICE = {
    "app.py": "what an application is put together in, of the core and of the web",
    "versions.py": "published versions, and their table",
}


def test_no_name_stands_twice() -> None:
    names = Counter(path.name for path in files() if path.name != "__init__.py" and "migrations" not in path.parts)
    trees = [ast.parse(path.read_text()) for path in files()]
    names.update(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert {name for name, times in names.items() if times > 1} == set(TWICE) and len(TWICE) <= 12


def test_functions_are_short_enough_to_read() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files()
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length >= LONGEST} == {}


def test_modules_are_named_after_what_they_do() -> None:
    assert [path for path in files() if BANNED_NAMES & set(re.split(r"[._]", module_of(path)))] == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("intake.engine.kinds", "import os", "the engine is pure and may not import os"),
        ("intake.engine.kinds", "date.today()", "the engine is pure and may not call today()"),
        ("intake.engine.kinds", "from intake.errors import IntakeError", "intake.errors is above intake.engine.kinds"),
        ("intake.keys", "def f():\n    from intake.store import migrate", "intake.store is above intake.keys"),
        ("intake.participants.turns", "from intake import cli", "intake.cli is above intake.participants.turns"),
        ("intake.participants.turns", "import web.app", "web.app is above intake.participants.turns"),
        ("intake.participants.turns", "from .. import cli", "intake.cli is above intake.participants.turns"),
        ("intake.participants.turns", "import sqlalchemy.orm", "only intake.store imports sqlalchemy"),
        ("intake.authoring.catalog.build", "import z3", "only intake.authoring.proof imports z3"),
        ("intake.app", "from starlette.responses import Response", "only web imports starlette"),
        ("intake.cli.running", "import telegram", "only bot imports telegram"),
        ("bot.app", "from web.app import build", "bot uses only what intake and intake.chat export, not web.app"),
        ("web.forms", "import intake.store", "web uses only what intake and intake.chat export, not intake.store"),
        ("web.forms", "from intake import store", "web uses only what intake and intake.chat export, not intake.store"),
        ("web.forms", "from intake import Secrets", "intake exports no Secrets"),
    ],
)
def test_the_rules_notice(module: str, source: str, complaint: str) -> None:
    assert complaint in complaints(module, source)


def test_what_is_allowed_is_not_complained_about() -> None:
    assert complaints("web.forms", "from intake import App\nfrom web import security\nimport starlette") == []
    assert complaints("intake.__main__", "from intake.cli import staff\nimport bot, web") == []
    assert complaints("intake.store.tables", "import sqlalchemy\nfrom intake.records import Interview") == []
