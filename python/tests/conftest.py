"""What the tests share: our example articles, and the binary to compare with."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

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


class Binary:
    """The binary, as a user runs it."""

    def lines(self, *arguments: str, stdin: str | None = None, allowed: tuple[int, ...] = (0,)) -> list[str]:
        """The lines that it writes."""
        command = [str(BINARY), *arguments, "--quiet", "--format", "jsonl"]
        run = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", cwd=ROOT)
        if run.returncode == 3:
            pytest.skip(f"the binary says: {run.stderr.strip()}")
        assert run.returncode in allowed, run.stderr
        return run.stdout.splitlines()


@pytest.fixture(scope="session")
def binary() -> Binary:
    if not BINARY.is_file():
        pytest.skip(f"{BINARY} is missing: build it with `cargo build`, or name one in INTISARI_BINARY")
    return Binary()


@pytest.fixture(scope="session")
def full() -> intisari.Pipeline:
    """All stages with the built-in models."""
    try:
        return intisari.Pipeline()
    except intisari.ModelError as error:
        pytest.skip(str(error))
