"""Metrics agree with the stored figures of their reference implementations, which the crate is held to as well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

import intisari
from intisari import evaluate


def stored(name: str) -> Any:
    return json.loads((ROOT / "tests" / "data" / "eval" / f"{name}.json").read_text(encoding="utf-8"))


def sets(name: str) -> list[tuple[dict[str, Any], list[str], list[list[str]]]]:
    """Case, outputs and the references of each output."""
    data = stored(name)
    return [
        (case, data["systems"][case["system"]], [list(lines) for lines in zip(*data["references"][: case["references"]])])
        for case in data["cases"]
    ]


def test_bleu_is_that_of_sacrebleu() -> None:
    for case, outputs, references in sets("bleu"):
        found = evaluate.bleu(outputs, references, **case["options"])
        assert found.score == pytest.approx(case["score"]) and found.precisions == pytest.approx(case["precisions"])
        assert found.brevity_penalty == pytest.approx(case["bp"])
        assert found.signature.split("|version")[0] == case["signature"].split("|version")[0]


def test_chrf_is_that_of_sacrebleu() -> None:
    for case, outputs, references in sets("chrf"):
        found = evaluate.chrf(outputs, references, **case["options"])
        assert (found.name, found.score) == (case["name"], pytest.approx(case["score"]))


def test_ter_is_that_of_sacrebleu() -> None:
    for case, outputs, references in sets("ter"):
        assert evaluate.ter(outputs, references, **case["options"]).score == pytest.approx(case["score"])


def test_rouge_is_that_of_rouge_score() -> None:
    data = stored("rouge")
    for case in data["cases"]:
        outputs, references = [data["systems"][case["system"]][case["reference"]]], [data["references"][case["reference"]]]
        found = evaluate.rouge(outputs, references, use_stemmer=case["stem"])
        for name, figures in case["scores"].items():
            one = getattr(found, name)
            assert [one.precision, one.recall, one.f1] == pytest.approx(figures), (case, name)


def test_span_f1_is_that_of_seqeval() -> None:
    for case in stored("span_f1")["cases"]:
        for scheme, report in [("conll", case["default"]), (case["scheme"].lower(), case["strict"])]:
            found = evaluate.span_f1(case["gold"], case["predicted"], scheme=scheme)
            rows = {f"{name} avg": getattr(found, name) for name in ("micro", "macro", "weighted")} | found.labels
            assert rows.keys() == report.keys()
            for name, (precision, recall, f1, _) in report.items():
                one = rows[name]
                assert [one.precision, one.recall, one.f1] == pytest.approx([precision, recall, f1]), (case, name)


def test_spans_are_scored_as_their_tags() -> None:
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O"]]
    predicted = [["B-PER", "I-PER", "O", "B-ORG"], ["B-LOC"]]
    tags = evaluate.span_f1(gold, predicted)
    spans = evaluate.span_f1([[(0, 2, "PER"), (3, 4, "LOC")], []], [[(0, 2, "PER"), (3, 4, "ORG")], [(0, 1, "LOC")]])
    assert (tags.micro, tags.labels) == (spans.micro, spans.labels)
    assert (tags.labels["LOC"].gold, tags.labels["LOC"].predicted) == (1, 1)
    assert "scheme:iob2" in tags.signature and "scheme:none" in spans.signature


def test_lists_that_do_not_fit_are_refused() -> None:
    with pytest.raises(intisari.ConfigError, match="1 outputs and 2 references"):
        evaluate.bleu(["a"], ["a", "b"])
    with pytest.raises(intisari.ConfigError, match="`references` is one text"):
        evaluate.chrf(["a"], "a")
    with pytest.raises(intisari.ConfigError, match="output 1 has no reference"):
        evaluate.rouge(["a", "b"], [["a"], []])
    with pytest.raises(intisari.ConfigError, match="1 gold tags and 2 predicted"):
        evaluate.span_f1([["O"]], [["O", "O"]])
    with pytest.raises(intisari.ConfigError, match="write conll, iob2"):
        evaluate.span_f1([["O"]], [["O"]], scheme="bio")
    for options in [{"tokenize": "zh"}, {"smooth_method": "laplace"}]:
        with pytest.raises(intisari.ConfigError, match="write"):
            evaluate.bleu(["a"], ["a"], **options)  # type: ignore[arg-type]
    with pytest.raises(intisari.ConfigError, match="`word_order` is 3"):
        evaluate.chrf(["a"], ["a"], word_order=3)
