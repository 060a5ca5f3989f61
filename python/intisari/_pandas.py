"""Documents as tables of pandas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from . import _intisari
from .document import Document
from .errors import ConfigError, IntisariError

if TYPE_CHECKING:
    import pandas

Row = tuple[Any, ...]


def to_pandas(documents: Document | Iterable[Document | IntisariError], table: str = "documents") -> pandas.DataFrame:
    """A table of the documents; ``table`` says of what a row is made:

    - ``documents``: id, title, date, source, text, cleaned_text, summary, english, flags, error; an error among the documents
      is a row with its message in ``error``;
    - ``sentences``: document, sentence, paragraph, kind, start, end, text, english, flags;
    - ``entities``: document, entity, sentence, label, start, end, text, score, cluster, name (of the cluster), value (as the
      binary prints it: ``2025-07-14``, ``38500000000 IDR``);
    - ``clusters``: document, cluster, label, name, aliases, mentions (how many);
    - ``removed``: document, start, end, text, rule, reason.

    ``document`` is the id of the article; columns have the same types however many rows there are. Of every document that is
    iterated over, only the rows stay. Needs pandas (``pip install pandas``).
    """
    try:
        import pandas
    except ImportError as error:
        raise ImportError("to_pandas needs pandas: pip install pandas") from error

    if table not in TABLES:
        raise ConfigError(f"configuration: `table` is {table!r}; write one of: {', '.join(TABLES)}")
    columns, rows = TABLES[table]
    if isinstance(documents, Document):
        documents = [documents]
    found: list[Row] = []
    for document in documents:
        if isinstance(document, Document):
            found.extend(rows(document))
        elif table == "documents":
            found.append((document.article, *[None] * 8, document.reason))
    # Column by column: a table without rows has types as well, and one with missing values keeps its whole numbers.
    cells = list(zip(*found)) if found else [()] * len(columns)
    return pandas.DataFrame(
        {name: pandas.Series(list(values), dtype=dtype) for (name, dtype), values in zip(columns.items(), cells)}
    )


def documents(document: Document) -> Iterable[Row]:
    english = " ".join(segment.text for segment in document.translation) or None
    flags = [flag.kind for flag in document.flags]
    summary = document.summary and document.summary.text
    yield (
        document.id,
        document.title,
        document.date,
        document.source,
        document.text,
        document.cleaned_text,
        summary,
        english,
        flags,
        None,
    )


def sentences(document: Document) -> Iterable[Row]:
    flags = {segment.sentence: [flag.kind for flag in segment.flags] for segment in document.translation}
    for one in document.sentences:
        place = (document.id, one.index, one.paragraph, one.kind, one.start, one.end)
        yield (*place, one.text, one.english, flags.get(one.index, []))


def entities(document: Document) -> Iterable[Row]:
    for index, one in enumerate(document.entities):
        name = document.clusters[one.cluster].name if one.cluster is not None else None
        value = _intisari.value_text(json.dumps(one.value)) if one.value else None
        place = (document.id, index, one.sentence, one.label, one.start, one.end)
        yield (*place, one.text, one.score, one.cluster, name, value)


def clusters(document: Document) -> Iterable[Row]:
    for index, one in enumerate(document.clusters):
        yield document.id, index, one.label, one.name, one.aliases, len(one.mentions)


def removed(document: Document) -> Iterable[Row]:
    for one in document.removed:
        yield document.id, one.start, one.end, one.text, one.rule, one.reason


TEXT, COUNT, MAYBE_COUNT = "string", "int64", "Int64"
TABLES: dict[str, tuple[dict[str, str], Callable[[Document], Iterable[Row]]]] = {
    "documents": (
        {
            "id": TEXT,
            "title": TEXT,
            "date": "datetime64[s]",
            "source": TEXT,
            "text": TEXT,
            "cleaned_text": TEXT,
            "summary": TEXT,
            "english": TEXT,
            "flags": "object",
            "error": TEXT,
        },
        documents,
    ),
    "sentences": (
        {
            "document": TEXT,
            "sentence": COUNT,
            "paragraph": COUNT,
            "kind": TEXT,
            "start": COUNT,
            "end": COUNT,
            "text": TEXT,
            "english": TEXT,
            "flags": "object",
        },
        sentences,
    ),
    "entities": (
        {
            "document": TEXT,
            "entity": COUNT,
            "sentence": COUNT,
            "label": TEXT,
            "start": COUNT,
            "end": COUNT,
            "text": TEXT,
            "score": "float64",
            "cluster": MAYBE_COUNT,
            "name": TEXT,
            "value": TEXT,
        },
        entities,
    ),
    "clusters": (
        {
            "document": TEXT,
            "cluster": COUNT,
            "label": TEXT,
            "name": TEXT,
            "aliases": "object",
            "mentions": COUNT,
        },
        clusters,
    ),
    "removed": (
        {"document": TEXT, "start": COUNT, "end": COUNT, "text": TEXT, "rule": TEXT, "reason": TEXT},
        removed,
    ),
}
