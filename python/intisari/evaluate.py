"""Metrics, equal to their reference implementations: sacreBLEU (BLEU, chrF, TER), rouge-score, seqeval.

Outputs are a list; references a list of the same length, of texts or of lists of texts. Every result has a ``signature`` that
says how it was computed, options have the names of those programs. Figures of texts lie from 0 to 100, precision, recall and F1 from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import _intisari
from .errors import ConfigError

__all__ = ["Bleu", "Figures", "LabelFigures", "Rouge", "Score", "SpanF1", "bleu", "chrf", "rouge", "span_f1", "ter"]

References = Sequence[str] | Sequence[Sequence[str]]
#: Start, end, label.
LabeledSpan = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class LabelFigures(Figures):
    """The figures of one label; how often it is in gold, and how often it was predicted."""

    gold: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Score:
    """One number."""

    name: str
    score: float
    signature: str


@dataclass(frozen=True, slots=True)
class Bleu(Score):
    """BLEU and what it is made of."""

    precisions: list[float]
    brevity_penalty: float


@dataclass(frozen=True, slots=True)
class Rouge:
    """ROUGE, means over the outputs."""

    rouge1: Figures
    rouge2: Figures
    rougeL: Figures
    rougeLsum: Figures
    signature: str


@dataclass(frozen=True, slots=True)
class SpanF1:
    """F1 over labeled spans."""

    micro: Figures
    macro: Figures
    weighted: Figures
    labels: dict[str, LabelFigures]
    signature: str


def bleu(
    outputs: Sequence[str],
    references: References,
    *,
    tokenize: str = "13a",
    smooth_method: str = "exp",
    smooth_value: float | None = None,
    lowercase: bool = False,
    effective_order: bool = False,
) -> Bleu:
    """BLEU of a set. ``tokenize``: 13a, intl, char, none; ``smooth_method``: exp, floor, add-k, none."""
    lists = paired(outputs, references)
    score, precisions, penalty, signature = _intisari.bleu(
        outputs, lists, tokenize, smooth_method, smooth_value, lowercase, effective_order
    )
    return Bleu("BLEU", score, signature, precisions, penalty)


def chrf(outputs: Sequence[str], references: References, *, word_order: int = 0, lowercase: bool = False) -> Score:
    """chrF2 of a set; with ``word_order=2`` chrF2++."""
    return Score(*_intisari.chrf(outputs, paired(outputs, references), word_order, lowercase))


def ter(
    outputs: Sequence[str],
    references: References,
    *,
    case_sensitive: bool = False,
    normalized: bool = False,
    no_punct: bool = False,
) -> Score:
    """Translation edit rate of a set; the lower, the better."""
    lists = paired(outputs, references)
    return Score("TER", *_intisari.ter(outputs, lists, case_sensitive, normalized, no_punct))


def rouge(outputs: Sequence[str], references: References, *, use_stemmer: bool = False) -> Rouge:
    """ROUGE-1, -2, -L and -Lsum of a set."""
    figures, signature = _intisari.rouge(outputs, paired(outputs, references), use_stemmer)
    return Rouge(**{name: Figures(*values) for name, values in figures.items()}, signature=signature)


def span_f1(
    gold: Sequence[Sequence[str]] | Sequence[Sequence[LabeledSpan]],
    predicted: Sequence[Sequence[str]] | Sequence[Sequence[LabeledSpan]],
    *,
    scheme: str = "iob2",
) -> SpanF1:
    """F1 of a set of sentences: tags in a ``scheme`` (conll, iob2, iob1, iobes, bilou, plain), or triples of start, end, label."""
    same_length("gold", gold, "predicted", predicted)
    tags = any(isinstance(one, str) for side in (gold, predicted) for sentence in side for one in sentence)
    if tags:
        averages, labels, signature = _intisari.span_f1_tags(gold, predicted, scheme)  # type: ignore[arg-type]
    else:
        averages, labels, signature = _intisari.span_f1(gold, predicted)  # type: ignore[arg-type]
    return SpanF1(
        **{name: Figures(*values) for name, values in averages.items()},
        labels={label: LabelFigures(*values) for label, values in labels.items()},
        signature=signature,
    )


def paired(outputs: Sequence[str], references: References) -> list[list[str]]:
    """The references of each output; raises `ConfigError` where they do not fit."""
    for name, texts in [("outputs", outputs), ("references", references)]:
        if isinstance(texts, str):
            raise ConfigError(f"configuration: `{name}` is one text; give a list of texts")
    same_length("outputs", outputs, "references", references)
    lists = [[texts] if isinstance(texts, str) else list(texts) for texts in references]
    if (bare := next((index for index, texts in enumerate(lists) if not texts), None)) is not None:
        raise ConfigError(f"configuration: output {bare} has no reference; give at least one for each output")
    return lists


def same_length(name: str, one: Sequence[object], other_name: str, other: Sequence[object]) -> None:
    if len(one) != len(other):
        raise ConfigError(
            f"configuration: {len(one)} {name} and {len(other)} {other_name}; give as many of both, in the same order"
        )
