"""`examples/spark.py` with the package, where PySpark and Java are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BINARY, ROOT

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if not shutil.which("java"):
    pytest.skip("there is no Java", allow_module_level=True)

NEWS = [
    {"id": "a1", "text": "Pasar itu dibuka pada 3 Maret 2025. Warga senang."},
    {"id": "a2", "judul": "Tanpa isi"},
    {"id": "a3", "text": "Hujan turun. Jalan licin."},
]


def spark(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(article) + "\n" for article in NEWS) + "bukan JSON\n", encoding="utf-8")
    program = str(ROOT / "examples" / "spark.py")
    return subprocess.run([sys.executable, program, *arguments, str(news)], capture_output=True, encoding="utf-8", cwd=tmp_path)


def test_a_udf_gives_a_record_for_every_line(tmp_path: Path) -> None:
    options = ['entities="rules"', "translate=false", 'summary="lead"']
    run = spark(tmp_path, "--package", "--output", str(tmp_path / "out"), *options)
    assert run.returncode == 0, run.stderr
    assert "2 digests, 2 failures" in run.stdout and "no field `text`" in run.stdout
    lines = [line for part in (tmp_path / "out").glob("part-*") for line in part.read_text(encoding="utf-8").splitlines()]
    records = [json.loads(line) for line in lines]
    assert {record["article"]["id"] for record in records if "article" in record} == {"a1", "a3"}
    assert {record["id"] for record in records if "error" in record} >= {"a2"}


def test_what_cannot_start_fails_the_job(tmp_path: Path) -> None:
    assert spark(tmp_path, "--package", 'summary="best"').returncode != 0
    for binary in ["/bin/false", str(tmp_path / "nowhere")]:
        assert spark(tmp_path, "--binary", binary, "--command", "split").returncode != 0, binary
    if BINARY.is_file():
        assert "2 digests, 2 failures" in spark(tmp_path, "--binary", str(BINARY), "--command", "split").stdout
