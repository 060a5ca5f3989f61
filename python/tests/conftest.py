"""What the tests share: our example articles, and the binary to compare with."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import intisari

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = sorted((ROOT / "examples" / "articles").glob("*.txt"))
BINARY = Path(os.environ.get("INTISARI_BINARY", ROOT / "target" / "debug" / "intisari"))


@pytest.fixture(scope="session")
def rules() -> intisari.Pipeline:
    """All that needs no model."""
    return intisari.Pipeline(entities="rules", translate=False, summary="lead", batch=2)


@pytest.fixture(scope="session")
def jembatan() -> str:
    return (ROOT / "examples" / "articles" / "jembatan.txt").read_text(encoding="utf-8")


def skip_without_weights(told: str) -> None:
    """Skips the test where what could not be set up wants base weights; any other reason is a fault."""
    if "cargo xtask setup" in told:
        pytest.skip(told)


def pipeline_or_skip(**options: Any) -> intisari.Pipeline:
    try:
        return intisari.Pipeline(**options)
    except intisari.ModelError as error:
        skip_without_weights(str(error))
        raise


class Binary:
    """The binary, as a user runs it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self, *arguments: str, stdin: str | None = None, allowed: tuple[int, ...] = (0,)) -> list[str]:
        """The lines that it writes."""
        command = [str(self.path), *arguments, "--quiet", "--format", "jsonl"]
        run = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", cwd=ROOT)
        if run.returncode == 3:
            skip_without_weights(f"the binary says: {run.stderr.strip()}")
        assert run.returncode in allowed, run.stderr
        return run.stdout.splitlines()


@pytest.fixture(scope="session")
def binary() -> Binary:
    if not BINARY.is_file():
        pytest.skip(f"{BINARY} is missing: build it with `cargo build`, or name one in INTISARI_BINARY")
    return Binary(BINARY)


@pytest.fixture(scope="session")
def full() -> intisari.Pipeline:
    """All stages with the built-in models."""
    return pipeline_or_skip()
