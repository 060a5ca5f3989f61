"""Documents in pandas and in spaCy, where these are installed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import intisari

TEXT = "Bandung - Gubernur membuka pasar pada 3 Maret 2025, senilai Rp2 miliar.\nBaca juga: Harga Beras Naik\n\nWarga  senang 😀."
AWKWARD = ["", " ", "\n\n", "a", " a", "a ", "Rp5.000,-/kg pada 3/3/2025.Harga  naik", "Jakarta - ", "😀😀 3 Maret 2025😀", TEXT]


@pytest.mark.parametrize("text", AWKWARD)
def test_spacy_has_the_same_text_and_loses_no_part(rules: intisari.Pipeline, text: str) -> None:
    pytest.importorskip("spacy")
    document = rules.digest({"id": "a1", "text": text}).with_offsets("bytes")
    doc = intisari.to_spacy(document)
    assert doc.text == text
    chars = document.with_offsets("chars")
    places = lambda parts: [(part.start_char, part.end_char) for part in parts]  # noqa: E731
    assert places(doc.ents) == [(entity.start, entity.end) for entity in chars.entities]
    assert [ent.label_ for ent in doc.ents] == [entity.label for entity in chars.entities]
    assert places(doc.spans["sentences"]) == [(s.start, s.end) for s in chars.sentences if s.kind == "text"]
    assert places(doc.spans["removed"]) == [(removed.start, removed.end) for removed in chars.removed]
    starts = {token.idx for token in doc if token.is_sent_start}
    assert {sentence.start for sentence in chars.sentences} <= starts
    assert doc.user_data["intisari"] == chars.to_dict()


def test_spacy_takes_the_tokens_of_a_pipeline(rules: intisari.Pipeline) -> None:
    spacy = pytest.importorskip("spacy")
    doc = intisari.to_spacy(rules.digest(TEXT), spacy.blank("en"))
    assert doc.lang_ == "en" and [ent.text for ent in doc.ents] == ["3 Maret 2025", "Rp2 miliar"]


def test_tables_have_a_row_for_each(rules: intisari.Pipeline) -> None:
    pandas = pytest.importorskip("pandas")
    documents = rules.digest([{"id": "a1", "text": TEXT, "date": "2025-03-04"}, {"id": "a2"}, {"id": "a3", "text": ""}], errors="return")
    table = intisari.to_pandas(documents)
    assert list(table["id"]) == ["a1", "a2", "a3"]
    assert table["date"].dtype == "datetime64[s]" and table["date"][0] == pandas.Timestamp(2025, 3, 4)
    assert table["summary"].isna().tolist() == [False, True, True]
    assert table["error"].isna().tolist() == [True, False, True] and "no field" in table["error"][1]
    entities = intisari.to_pandas(documents, "entities")
    assert list(entities["value"]) == ["2025-03-03", "2000000000 IDR"] and list(entities["document"]) == ["a1", "a1"]
    assert entities["cluster"].isna().all() and entities["sentence"].dtype == "int64"
    sentences = intisari.to_pandas(iter(documents), "sentences")
    assert [TEXT[row.start : row.end] for row in sentences.itertuples()] == list(sentences["text"])
    assert list(intisari.to_pandas(documents, "removed")["rule"]) == ["dateline", "related-link"]
    assert len(intisari.to_pandas(rules.digest(TEXT), "documents")) == 1


def test_tables_have_the_same_types_without_rows(rules: intisari.Pipeline) -> None:
    pytest.importorskip("pandas")
    some = rules.digest([TEXT])
    for table in ["documents", "sentences", "entities", "clusters", "removed"]:
        empty: Any = intisari.to_pandas([], table)
        assert len(empty) == 0 and (empty.dtypes == intisari.to_pandas(some, table).dtypes).all(), table
    with pytest.raises(intisari.ConfigError, match="write one of: documents, sentences"):
        intisari.to_pandas([], "words")


def test_neither_is_imported_before_it_is_needed() -> None:
    program = "import intisari, sys; print([name for name in ('pandas', 'numpy', 'spacy') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_what_is_not_installed_is_told(rules: intisari.Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "spacy"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="pip install pandas"):
        intisari.to_pandas([])
    with pytest.raises(ImportError, match="pip install spacy"):
        intisari.to_spacy(rules.digest("Satu."))
