"""Setup on a bare machine: the Makefile says in one line what is missing, and the package is complete."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packages import OURS, ROOT

TOOLS = ("make", "sh", "touch", "awk", "rm", "find")


class Machine:
    """A checkout on a machine that has make and little else."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.programs = folder / "checkout", folder / "bin"
        self.checkout.mkdir()
        self.programs.mkdir()
        for name in ("Makefile", "requirements.lock", "requirements-dev.lock"):
            shutil.copy(ROOT / name, self.checkout)
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))

    def install(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        bare = {"PATH": str(self.programs), "HOME": str(self.checkout)}
        command = ["make", *arguments]
        return subprocess.run(command, cwd=self.checkout, env=bare, capture_output=True, text=True)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_any_python(machine: Machine) -> None:
    done = machine.make("run")
    [line] = done.stderr.splitlines()
    assert done.returncode and "Python 3.11 or newer is needed" in line and not done.stdout


def test_with_an_old_python_only(machine: Machine) -> None:
    machine.install("python3", "exit 1")
    machine.install("python3.12", "exit 127")  # as a shim of pyenv does
    [line] = machine.make("test").stderr.splitlines()
    assert "Python 3.11 or newer is needed" in line


def test_with_an_old_python_by_name(machine: Machine) -> None:
    machine.install("python3.9", "exit 1")
    [line] = machine.make("run", "PYTHON=python3.9").stderr.splitlines()
    assert "python3.9 is not" in line


def test_without_the_venv_package(machine: Machine) -> None:
    machine.install("python3", f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"')
    done = machine.make("run")
    [line] = done.stderr.splitlines()
    assert "apt install python3-venv" in line and not done.stdout
    assert not (machine.checkout / ".venv").exists()


def test_with_uv_neither_ensurepip_nor_pip_is_needed(machine: Machine) -> None:
    machine.install("python3", f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"')
    machine.install("uv", 'echo "uv $*"')
    done = machine.make(".venv/.runtime")
    assert done.returncode == 0, done.stderr
    assert "--python .venv/bin/python --require-hashes --no-deps -r requirements.lock" in done.stdout
    assert not (machine.checkout / ".venv" / "bin" / "pip").exists()
    assert "uv" not in machine.make(".venv/.runtime").stdout  # once is enough
    os.utime(machine.checkout / "requirements.lock", (2**31, 2**31))
    assert "uv pip install" in machine.make(".venv/.runtime").stdout  # until the lock changes


def test_a_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    machine.install("python3", "exit 1")
    machine.install("python3.11", f'exec {sys.executable} "$@"')
    machine.install("uv", "exit 0")
    assert machine.make(".venv/.runtime").returncode == 0


def test_help_is_what_make_says_by_itself(machine: Machine) -> None:
    said = machine.make().stdout
    for target in ("setup", "run", "chat", "test", "test-all", "lint", "bench", "lock", "clean"):
        assert f"make {target} " in said


def test_clean_keeps_the_data(machine: Machine) -> None:
    for name in ("var", ".venv"):
        (machine.checkout / name).mkdir()
    assert machine.make("clean").returncode == 0
    assert (machine.checkout / "var").exists() and not (machine.checkout / ".venv").exists()


def test_the_installed_package_works_away_from_the_checkout(tmp_path: Path) -> None:
    """Templates, programmes, words and migrations travel with the code."""
    source, installed, elsewhere = tmp_path / "source", tmp_path / "installed", tmp_path / "elsewhere"
    source.mkdir()
    elsewhere.mkdir()
    for name in OURS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.in", "README.md"):
        shutil.copy(ROOT / name, source)
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    [wheel] = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(installed)
    [scripts] = installed.glob("*.dist-info/entry_points.txt")
    assert "intake = intake.__main__:main" in scripts.read_text()

    def files(root: Path) -> set[str]:
        return {
            str(path.relative_to(root))
            for name in OURS
            for path in (root / name).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    assert files(source) - files(installed) == set()
    start = "from intake.__main__ import main; main()"
    checked = subprocess.run(
        [sys.executable, "-P", "-c", start, "check", "vastkraft"],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
