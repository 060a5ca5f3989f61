"""The package as it is installed: types, stubs, examples."""

from __future__ import annotations

import doctest
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import intisari


def test_the_examples_of_the_documentation_run() -> None:
    assert doctest.testmod(intisari).failed == 0


def test_types_are_there_and_sound(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    package = Path(intisari.__file__).parent
    assert (package / "py.typed").is_file() and (package / "_intisari.pyi").is_file()
    settings = str(ROOT / "python" / "pyproject.toml")
    # Beside what else is installed, mypy would take that for ours.
    apart, elsewhere = tmp_path / "apart", tmp_path / "elsewhere"
    shutil.copytree(package, apart / "intisari")
    elsewhere.mkdir()
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", settings, "-p", "intisari"],
        capture_output=True,
        text=True,
        cwd=apart,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    stubs = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "--mypy-config-file", settings, "intisari._intisari"],
        capture_output=True,
        text=True,
        cwd=elsewhere,
    )
    assert stubs.returncode == 0, stubs.stdout + stubs.stderr


def test_the_tour_runs_without_models() -> None:
    tour = subprocess.run(
        [sys.executable, str(ROOT / "python" / "examples" / "tour.py"), "--rules"], capture_output=True, encoding="utf-8"
    )
    assert tour.returncode == 0, tour.stderr
    assert "Palangka Raya" in tour.stdout and "2025-07-14" in tour.stdout
