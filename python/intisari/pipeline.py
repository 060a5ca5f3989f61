"""The pipeline: stages and their options, articles in, documents out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from os import PathLike
from typing import Any, Literal, NamedTuple, overload

from . import _input, _intisari
from .document import Document, Offsets
from .errors import ConfigError, IntisariError

#: An article: its text, or a mapping with a text under one of the usual names, as the binary reads JSON.
Article = str | Mapping[str, Any]
Path = str | PathLike[str]
#: Of a summary, unless asked otherwise.
_SENTENCES = 4


class Progress(NamedTuple):
    """How far a digest is."""

    #: Articles that are done.
    articles: int
    #: Articles in all, where that is known.
    of: int | None
    #: The stage that works on the present batch: clean, sentences, entities, summarize, translate, check.
    stage: str
    #: How much of the stage is done, and of how much, as the stage counts.
    done: int
    total: int


class Pipeline:
    """The stages of a digest, with the defaults of ``intisari digest``.

    Loads its models once, which takes a second or two. Threads may share it: they take turns, and the interpreter is free
    while it works. Pickled, it is its options, and loads its models again where it is unpickled.

    Stages:

    - ``clean``: mark boilerplate. Without it all of the text is kept.
    - ``entities``: find names, dates and quantities by the model; ``"rules"`` needs no model and finds dates and quantities.
    - ``translate``: put sentences into English; with ``fast`` only those of the summary, several times faster.
    - ``summary``: how sentences are chosen: ``"salience"`` (by the model for entities; without one the first), ``"centrality"``,
      ``"lead"`` (the first), or None for no summary. ``sentences`` of them at most.

    - ``split``: find sentences; entities, translation and summary need them. With nothing but ``clean`` it is ``intisari clean``.

    Models:

    - ``models``: a folder to look for models in before all others, as ``INTISARI_MODELS``.
    - ``ner``, ``translator``: models of your own, by name or folder. ``ner_labels`` says what their types are (None leaves one
      out), ``ner_scheme`` how labels mark names (iob1, iob2, plain), ``ner_threshold`` which score a name must have.
    - ``precision``: ``"int8"`` or ``"f32"``, for both or by stage: ``{"ner": "f32"}``.
    - ``beams``: translations that are followed at the same time; 1 is fastest. ``hints_rarer_than`` and
      ``max_cache_bytes`` as ``--hints-rarer-than`` and ``--max-cache-bytes``.
    - ``glossary``: terms that the English must use: a mapping of source to English, or the path of a table.
    - ``source_dates``: leave dates and sums as the translator copied them.

    Input and output:

    - ``text_field``, ``id_field``, ``title_field``, ``date_field``, ``source_field``: fields of mappings that are not named as usual;
      ``zone``: by whose clock articles are dated.
    - ``offsets``: what offsets count: ``"chars"`` as Python does, ``"bytes"``, ``"utf16"``.
    - ``batch``: articles that are worked on together. ``threads``: of the models, for the whole process (default: one per core).
    - ``max_article_bytes``: longer articles are refused. ``max_article_seconds``: an article that takes longer is given up
      with a `StageError`, and the others go on; None for no limit.

    Raises `ConfigError` for options that cannot be, or that no stage would heed (``beams`` without ``translate``); `ModelError` where a
    model is missing or not intact.
    """

    def __init__(
        self,
        *,
        models: Path | None = None,
        clean: bool = True,
        split: bool = True,
        entities: bool | Literal["rules"] = True,
        translate: bool = True,
        summary: Literal["salience", "centrality", "lead"] | None = "salience",
        sentences: int = _SENTENCES,
        fast: bool = False,
        ner: Path | None = None,
        ner_labels: Mapping[str, str | None] | None = None,
        ner_scheme: Literal["iob1", "iob2", "plain"] | None = None,
        ner_threshold: float | None = None,
        translator: Path | None = None,
        beams: int | None = None,
        hints_rarer_than: int | None = None,
        max_cache_bytes: int | None = None,
        precision: str | Mapping[str, str] | None = None,
        glossary: Mapping[str, str] | Path | None = None,
        source_dates: bool = False,
        repeat_names: bool = True,
        text_field: str | None = None,
        id_field: str | None = None,
        title_field: str | None = None,
        date_field: str | None = None,
        source_field: str | None = None,
        zone: str = "WIB",
        offsets: Offsets = "chars",
        batch: int = 8,
        max_article_bytes: int = 16 << 20,
        max_article_seconds: int | None = None,
        threads: int | None = None,
    ) -> None:
        self._options = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        fields = {"text": text_field, "id": id_field, "title": title_field, "date": date_field, "source": source_field}
        for name, most in _MOST.items():
            if (number := self._options[name]) is not None and not 0 <= number <= most:
                raise ConfigError(f"configuration: `{name}` is {number}; set it to a number from 1 to {most}")
        if summary is None and sentences != _SENTENCES:
            raise ConfigError("configuration: no stage heeds `sentences`; leave it out, or name a `summary`")
        if fast and not (translate and summary):
            raise ConfigError("configuration: `fast` translates the summary only; leave `translate` and `summary` as they are")
        if isinstance(precision, str):
            precision = {"": precision}
        self._batch = batch
        self._engine = _intisari.Engine(
            models=models,
            clean=clean,
            split=split,
            entities=entities if isinstance(entities, str) else "model" if entities else None,
            ner=ner,
            ner_labels=dict(ner_labels or {}),
            ner_scheme=ner_scheme,
            ner_threshold=ner_threshold,
            translate=translate,
            translator=translator,
            beams=beams,
            hints_rarer_than=hints_rarer_than,
            max_cache_bytes=max_cache_bytes,
            precision=dict(precision or {}),
            glossary=list(glossary.items()) if isinstance(glossary, Mapping) else glossary,
            source_dates=source_dates,
            fast=fast,
            summary=summary,
            sentences=sentences,
            repeat_names=repeat_names,
            batch=batch,
            max_article_bytes=max_article_bytes,
            max_article_seconds=max_article_seconds,
            threads=threads,
            offsets=offsets,
            fields={name: field for name, field in fields.items() if field is not None},
            zone=zone,
        )

    @property
    def stages(self) -> list[str]:
        """The stages in the order in which they run."""
        return self._engine.stages()

    # A text is itself something to iterate over; that it gives one document is said first.
    @overload
    def digest(  # type: ignore[overload-overlap]
        self, articles: Article, *, errors: Literal["raise"] = ..., progress: Callable[[Progress], object] | None = ...
    ) -> Document: ...
    @overload
    def digest(  # type: ignore[overload-overlap]
        self, articles: Article, *, errors: Literal["return"], progress: Callable[[Progress], object] | None = ...
    ) -> Document | IntisariError: ...
    @overload
    def digest(
        self,
        articles: list[Any] | tuple[Any, ...],
        *,
        errors: Literal["raise"] = ...,
        progress: Callable[[Progress], object] | None = ...,
    ) -> list[Document]: ...
    @overload
    def digest(
        self,
        articles: list[Any] | tuple[Any, ...],
        *,
        errors: Literal["return"],
        progress: Callable[[Progress], object] | None = ...,
    ) -> list[Document | IntisariError]: ...
    @overload
    def digest(
        self,
        articles: Iterable[Article],
        *,
        errors: Literal["raise"] = ...,
        progress: Callable[[Progress], object] | None = ...,
    ) -> Iterator[Document]: ...
    @overload
    def digest(
        self,
        articles: Iterable[Article],
        *,
        errors: Literal["return"],
        progress: Callable[[Progress], object] | None = ...,
    ) -> Iterator[Document | IntisariError]: ...

    def digest(
        self,
        articles: Article | Iterable[Article],
        *,
        errors: str = "raise",
        progress: Callable[[Progress], object] | None = None,
    ) -> Any:
        """Digests one article, or many.

        One (a text or a mapping) gives a `Document`; a list or tuple gives a list; anything else that can be iterated over gives
        an iterator, which reads one batch at a time, and keeps the order. An article without an id is called by its number, from 0.

        An article that fails raises its error, and none of a list is returned; the iterator raises it at its place, and
        goes on with the next one when it is asked again. With ``errors="return"`` errors stand among the documents instead.

        ``progress`` is called with a `Progress`, on this thread; what it raises ends the work, as Ctrl-C does.
        """
        if errors not in ("raise", "return"):
            raise ConfigError(f"configuration: `errors` is {errors!r}; write \"raise\" or \"return\"")
        if isinstance(articles, (str, Mapping)):
            return next(self._run([articles], 1, errors, progress))
        _input.refuse_what_looks_like_many(articles)
        if isinstance(articles, (list, tuple)):
            return list(self._run(articles, len(articles), errors, progress))
        return self._run(articles, None, errors, progress)

    def _run(
        self, articles: Iterable[Article], of: int | None, errors: str, progress: Callable[[Progress], object] | None
    ) -> Iterator[Any]:
        return _Digests(self._engine, self._batch, iter(articles), of, errors == "raise", progress)

    def __reduce__(self) -> tuple[Any, ...]:
        return _with, (self._options,)

    def __repr__(self) -> str:
        return f"<Pipeline: {', '.join(self.stages)}>"


#: What fits into the numbers of the crate, which says itself what makes sense.
_MOST = {
    "sentences": 65_535,
    "threads": 65_535,
    "beams": 2**32 - 1,
    "hints_rarer_than": 2**32 - 1,
    "max_cache_bytes": 2**32 - 1,
    "batch": 2**32 - 1,
    "max_article_bytes": 2**32 - 1,
    "max_article_seconds": 2**32 - 1,
}


def _with(options: dict[str, Any]) -> Pipeline:
    return Pipeline(**options)


class _Digests:
    """Documents as they are asked for. No generator: that would be over after the first error."""

    def __init__(
        self,
        engine: _intisari.Engine,
        batch: int,
        articles: Iterator[Article],
        of: int | None,
        raises: bool,
        progress: Callable[[Progress], object] | None,
    ) -> None:
        self._engine, self._batch, self._articles, self._of = engine, batch, articles, of
        self._raises, self._progress = raises, progress
        self._read = self._done = 0
        self._waiting: list[_input.Item | IntisariError] = []
        self._ready: deque[Document | IntisariError] = deque()
        self._broken: BaseException | None = None

    def __iter__(self) -> _Digests:
        return self

    def __next__(self) -> Document | IntisariError:
        if not self._ready:
            self._fill()
        result = self._ready.popleft()
        if self._raises and isinstance(result, IntisariError):
            raise result
        return result

    def _fill(self) -> None:
        """Makes the next batch ready. What was read and is not ready when this is interrupted waits for the next call."""
        if not self._waiting:
            self._take()
        items = [item for item in self._waiting if not isinstance(item, IntisariError)]
        made = iter(self._engine.digest(items, self._told()) if items else [])
        for item in self._waiting:
            result = item if isinstance(item, IntisariError) else next(made)
            self._ready.append(Document(result) if isinstance(result, str) else result)
        self._done += len(self._waiting)
        self._waiting = []
        if self._progress:
            self._progress(Progress(self._done, self._of, "check", len(items), len(items)))

    def _take(self) -> None:
        """Reads a batch. An error of reading comes behind the articles that were read before it."""
        if self._broken:
            broken, self._broken = self._broken, None
            raise broken
        try:
            for article in islice(self._articles, self._batch):
                place, self._read = str(self._read), self._read + 1
                try:
                    self._waiting.append(_input.item(article, place))
                except IntisariError as error:
                    self._waiting.append(error)
        except Exception as error:
            if not self._waiting:
                raise
            self._broken = error
        if not self._waiting:
            raise StopIteration

    def _told(self) -> Callable[[str, int, int], object] | None:
        progress, before, of = self._progress, self._done, self._of
        if progress is None:
            return None
        return lambda stage, done, total: progress(Progress(before, of, stage, done, total))
