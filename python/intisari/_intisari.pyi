from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import final

from .errors import IntisariError

__all__ = [
    "Engine",
    "__version__",
    "bleu",
    "check_document",
    "chrf",
    "cleaned_text",
    "rouge",
    "span_f1",
    "span_f1_tags",
    "ter",
    "value_text",
]
__version__: str

_Path = str | PathLike[str]
_Figures = tuple[float, float, float]
_Spans = Sequence[Sequence[tuple[int, int, str]]]
_Averages = dict[str, _Figures]
_Labels = dict[str, tuple[float, float, float, int, int]]

@final
class Engine:
    def __new__(
        cls,
        *,
        models: _Path | None,
        clean: bool,
        split: bool,
        entities: str | None,
        ner: _Path | None,
        ner_labels: Mapping[str, str | None],
        ner_scheme: str | None,
        ner_threshold: float | None,
        translate: bool,
        translator: _Path | None,
        beams: int | None,
        hints_rarer_than: int | None,
        max_cache_bytes: int | None,
        precision: Mapping[str, str],
        glossary: _Path | Sequence[tuple[str, str]] | None,
        source_dates: bool,
        fast: bool,
        summary: str | None,
        sentences: int,
        repeat_names: bool,
        batch: int,
        max_article_bytes: int,
        max_article_seconds: int | None,
        threads: int | None,
        offsets: str,
        fields: Mapping[str, str],
        zone: str,
    ) -> Engine: ...
    def digest(
        self,
        items: Sequence[tuple[str, bool, str]],
        progress: Callable[[str, int, int], object] | None,
    ) -> list[str | IntisariError]: ...
    def stages(self) -> list[str]: ...

def check_document(json: str) -> str: ...
def cleaned_text(json: str) -> str: ...
def value_text(json: str) -> str: ...
def bleu(
    outputs: Sequence[str],
    references: Sequence[Sequence[str]],
    tokenizer: str,
    smoothing: str,
    smoothing_value: float | None,
    lowercase: bool,
    effective_order: bool,
) -> tuple[float, list[float], float, str]: ...
def chrf(
    outputs: Sequence[str], references: Sequence[Sequence[str]], word_order: int, lowercase: bool
) -> tuple[str, float, str]: ...
def ter(
    outputs: Sequence[str],
    references: Sequence[Sequence[str]],
    case_sensitive: bool,
    normalized: bool,
    without_punctuation: bool,
) -> tuple[float, str]: ...
def rouge(outputs: Sequence[str], references: Sequence[Sequence[str]], stem: bool) -> tuple[dict[str, _Figures], str]: ...
def span_f1(gold: _Spans, predicted: _Spans) -> tuple[_Averages, _Labels, str]: ...
def span_f1_tags(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], scheme: str
) -> tuple[_Averages, _Labels, str]: ...
