"""A document is what the binary writes, to the letter."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import ARTICLES, ROOT, Binary, pipeline_or_skip

import intisari

#: Records as people have them: other names of fields, dates of all kinds, lists of paragraphs, numbers as ids, nothing at all.
RECORDS: list[dict[str, Any]] = [
    {"id": "a/1", "text": "Palangka Raya - Pasar itu dibuka pada 3 Maret 2025. Café \u201cTepi Sungai\u201d 😀 ramai."},
    {"_id": 18446744073709551615, "isi": ["Harga beras naik 2,5 persen.", "Warga membeli 3 kilogram."], "tanggal": "5 Maret 2025"},
    {"judul": "Banjir", "berita": "Hujan turun sejak kemarin.", "published_at": "2025-03-05T19:30:00Z", "url": "contoh.id/1"},
    {"id": True, "text": "Jalan itu ditutup.", "date": "entah"},
    {"id": "kosong", "text": ""},
    {"id": "tanpa", "judul": "Hanya judul"},
    {"id": "angka", "text": 5},
    {"content": "<p>Air &amp; listrik padam.</p>", "text": None},
]

SPLIT: dict[str, Any] = {"entities": False, "translate": False, "summary": None}


@pytest.mark.parametrize("unit", ["chars", "bytes", "utf16"])
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("clean", {**SPLIT, "split": False}),
        ("split", SPLIT),
        ("ner", {"entities": True, "translate": False, "summary": None}),
    ],
)
def test_stages_without_base_weights(binary: Binary, command: str, options: dict[str, Any], unit: Any) -> None:
    files = [str(path.relative_to(ROOT)) for path in ARTICLES]
    lines = binary.lines(command, "--offsets", unit, *files)
    if command == "ner" and not models(lines[0]):
        options = {**options, "entities": "rules"}
    pipeline = pipeline_or_skip(offsets=unit, **options)
    articles = [{"id": file, "text": (ROOT / file).read_text(encoding="utf-8")} for file in files]
    assert [document.to_json() for document in pipeline.digest(articles)] == lines


def test_records_and_what_fails(binary: Binary, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    lines = binary.lines("split", "--offsets", "chars", "--input-form", "jsonl", str(news), allowed=(1,))
    # Where a record has no id, its place is: of a file its line, of a list its index.
    records = [record if usable_id(record) else {**record, "id": f"{news}:{n}"} for n, record in enumerate(RECORDS, 1)]
    found = intisari.Pipeline(**SPLIT).digest(records, errors="return")
    assert len(found) == len(lines)
    for result, line, record in zip(found, lines, RECORDS):
        expected = json.loads(line)
        if isinstance(result, intisari.IntisariError):
            # How the text is named is told in other words.
            assert result.article == expected["id"]
            assert result.reason.split(";")[0] in expected["error"], record
        else:
            made = result.to_dict()
            if record.get("id") is True:
                # Ours was given the id that the binary had to make.
                expected["flags"] = [flag for flag in expected["flags"] if flag["kind"] != "unusable_id"]
            assert made == expected, record
    assert sum(isinstance(result, intisari.IntisariError) for result in found) == 2


def test_dates_are_those_of_the_zone(binary: Binary) -> None:
    record = {"id": "1", "text": "Hujan turun kemarin.", "date": "2025-03-05T16:30:00Z"}
    for zone, day in [("WIB", 5), ("WITA", 6)]:
        [line] = binary.lines("ner", "--offsets", "chars", "--zone", zone, "--input-form", "json", stdin=json.dumps(record))
        entities: Any = True if models(line) else "rules"
        document = pipeline_or_skip(entities=entities, translate=False, summary=None, zone=zone).digest(record)
        assert document.to_json() == line
        assert document.date is not None and document.date.day == day


def test_the_whole_digest(binary: Binary, full: intisari.Pipeline) -> None:
    files = [str(path.relative_to(ROOT)) for path in ARTICLES]
    lines = binary.lines("digest", "--offsets", "chars", *files)
    articles = [{"id": file, "text": (ROOT / file).read_text(encoding="utf-8")} for file in files]
    assert [document.to_json() for document in full.digest(articles)] == lines


def test_options_of_the_digest(binary: Binary, full: intisari.Pipeline, jembatan: str) -> None:
    glossary = {"jembatan": "span"}
    options: dict[str, Any] = {"fast": True, "sentences": 2, "beams": 1, "source_dates": True, "glossary": glossary}
    document = intisari.Pipeline(**options).digest({"id": "stdin", "text": jembatan})
    terms = ROOT / "target" / "python-terms.tsv"
    terms.write_text("jembatan\tspan\n", encoding="utf-8")
    flags = ["--fast", "--sentences", "2", "--beams", "1", "--source-dates", "--glossary", str(terms), "--offsets", "chars"]
    [line] = binary.lines("digest", *flags, "--input-form", "text", stdin=jembatan)
    assert document.to_json() == line
    assert document.summary is not None and len(document.summary.sentences) == 2


def test_what_the_translator_has_to_say_is_warned_of(full: intisari.Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = Path(os.environ.get("INTISARI_CACHE", Path.home() / ".cache" / "intisari")) / "models"
    if not weights.is_dir():
        pytest.skip(f"the base weights are not in {weights}")
    taken = tmp_path / "taken"
    taken.write_text("a file in the place of the folder", encoding="utf-8")
    monkeypatch.setenv("INTISARI_CACHE", str(taken))
    with pytest.warns(UserWarning, match="could not be kept"):
        intisari.Pipeline(entities=False, summary=None, models=weights)


@pytest.mark.parametrize("told, outcome", [("run `cargo xtask setup`", pytest.skip.Exception), ("a file is altered", AssertionError)])
def test_only_missing_weights_are_a_reason_to_skip(tmp_path: Path, told: str, outcome: type[BaseException]) -> None:
    program = tmp_path / "intisari"
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(outcome, match=told):
        Binary(program).lines("digest")


def usable_id(record: dict[str, Any]) -> bool:
    return any(name in record and record[name] is not True for name in ("id", "_id"))


def models(line: str) -> list[Any]:
    """The models that took part."""
    return [stage["model"] for stage in json.loads(line)["provenance"]["stages"] if stage["model"]]
