"""Documents: parts, offsets, reading them again."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

import intisari

TEXT = "Palangka Raya - Café \u201cTepi 😀\u201d dibuka pada 3 Maret 2025.\nADVERTISEMENT\nSewanya Rp 38,5 miliar."


@pytest.fixture(scope="module")
def document(rules: intisari.Pipeline) -> intisari.Document:
    return rules.digest({"id": "a1", "text": TEXT, "title": "Café", "date": "2025-03-03", "source": "contoh.id"})


def test_parts_are_what_their_offsets_say(document: intisari.Document) -> None:
    parts = [*document.kept, *document.removed, *document.sentences, *document.entities]
    assert parts and all(part.text == document.text[part.start : part.end] for part in parts)
    assert [sentence.text for sentence in document.sentences] == [
        "Café \u201cTepi 😀\u201d dibuka pada 3 Maret 2025.",
        "Sewanya Rp 38,5 miliar.",
    ]
    assert [(removed.rule, removed.text) for removed in document.removed] == [
        ("dateline", "Palangka Raya -"),
        ("advertisement", "ADVERTISEMENT"),
    ]
    date, money = document.entities
    assert (date.text, date.label, date.value) == ("3 Maret 2025", "DATE", {"type": "day", "date": "2025-03-03"})
    assert money.value is not None and (money.label, money.value["currency"]) == ("MONEY", "IDR")
    assert document.sentences[money.sentence].text.startswith("Sewanya")
    assert document.summary is not None and document.summary.language == "id"
    assert (document.id, document.title, document.source) == ("a1", "Café", "contoh.id")
    assert str(document.date) == "2025-03-03"
    assert document.cleaned_text == "Café \u201cTepi 😀\u201d dibuka pada 3 Maret 2025.\nSewanya Rp 38,5 miliar."
    assert document.provenance["crate_version"] == intisari.__version__


def test_offsets_in_every_unit_are_those_of_the_crate(document: intisari.Document) -> None:
    for unit in ("bytes", "utf16", "chars"):
        options: dict[str, Any] = {"entities": "rules", "translate": False, "summary": "lead", "batch": 2, "offsets": unit}
        made = intisari.Pipeline(**options).digest(document.to_dict()["article"])
        assert document.with_offsets(unit) == made and made.offset_unit == unit
        assert [entity.text for entity in made.entities] == [entity.text for entity in document.entities]
        assert [part.text for part in made.kept] == [part.text for part in document.kept]
        assert made.with_offsets("chars") == document and made.cleaned_text == document.cleaned_text
    assert document.with_offsets("bytes").entities[0].start != document.entities[0].start


def test_what_is_written_can_be_read_again(document: intisari.Document) -> None:
    for unit in ("chars", "bytes", "utf16"):
        there = document.with_offsets(unit)
        assert intisari.Document.from_dict(there.to_dict()) == there
        assert intisari.Document.from_json(there.to_json().encode()) == there
        assert pickle.loads(pickle.dumps(there)) == there == copy.deepcopy(there)


def test_a_copy_can_be_changed_the_document_cannot(document: intisari.Document) -> None:
    data = document.to_dict()
    data["article"]["text"] = "Bukan ini."
    data["provenance"]["stages"].clear()
    assert document.text == TEXT and document.provenance["stages"]
    with pytest.raises(AttributeError):
        document.text = "Bukan ini."  # type: ignore[misc]
    with pytest.raises(AttributeError):
        document.entities[0].start = 5  # type: ignore[misc]


def test_no_wrong_document_is_read(document: intisari.Document) -> None:
    def broken(change: Any) -> dict[str, Any]:
        data = document.to_dict()
        change(data)
        return data

    cases = [
        (broken(lambda data: data["sentences"][0]["span"].update(end=10_000)), "offset 10000"),
        (broken(lambda data: data["sentences"][0]["span"].update(end=-1)), "offset -1"),
        (broken(lambda data: data["sentences"][0]["span"].update(end="5")), "no document"),
        (broken(lambda data: data["sentences"].reverse()), "a1"),
        (broken(lambda data: data["entities"][0].update(sentence=9)), "a1"),
        (broken(lambda data: data.update(offset_unit="graphemes")), "graphemes"),
        (broken(lambda data: data.update(schema_version=99)), "99"),
        (broken(lambda data: data.pop("article")), "no text"),
        (broken(lambda data: data["article"].update(text=5)), "no text"),
        ({"id": "a7", "error": "no field `text`"}, "article `a7`: no field `text`"),
        ({}, "no text"),
        ([], "expected a mapping"),
    ]
    for data, message in cases:
        with pytest.raises(intisari.InputError, match=message):
            intisari.Document.from_dict(data)  # type: ignore[arg-type]
    with pytest.raises(intisari.InputError, match="no document"):
        intisari.Document.from_json("{")
    inside = document.with_offsets("bytes").to_dict()
    inside["kept"][0]["end"] = TEXT.encode().index("é".encode()) + 1
    with pytest.raises(intisari.InputError):
        intisari.Document.from_dict(inside)


def test_equal_documents_are_equal(document: intisari.Document, rules: intisari.Pipeline) -> None:
    assert document == intisari.Document(json.dumps(document.to_dict()))
    assert document != rules.digest("Lain.") and document != "Lain."
    with pytest.raises(TypeError):
        hash(document)
