"""What a digest found: a document and its parts."""

from __future__ import annotations

import datetime
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal

from . import _intisari
from .errors import InputError

Offsets = Literal["chars", "bytes", "utf16"]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the article: half-open, in the unit of its document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Removed(Span):
    """A part that cleaning removed, by which rule and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence(Span):
    """A sentence (``kind`` is ``text``) or a sub-heading (``heading``); ``english`` is its translation, where there is one."""

    index: int
    paragraph: int
    kind: str
    english: str | None


@dataclass(frozen=True, slots=True)
class Entity(Span):
    """A name, a date or a quantity. ``sentence`` and ``cluster`` are indices; ``value`` is that of dates and quantities."""

    label: str
    score: float
    sentence: int
    cluster: int | None
    value: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The mentions of one person, place or organization: indices of entities."""

    name: str
    label: str
    aliases: list[str]
    mentions: list[int]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something doubtful, for a person to look at; ``span`` is the part that it is about, where that is not all of it."""

    kind: str
    detail: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary as it was met, and the English that was asked for."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The English of one sentence."""

    sentence: int
    text: str
    verbatim: list[str]
    terms: list[Term]
    flags: list[Flag]
    confidence: float | None
    """About how likely the English does not mislead, 0 to 1; none where nothing is known."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary; ``language`` is ``en``, or ``id`` where nothing was translated."""

    text: str
    language: str
    sentences: list[int]
    flags: list[Flag]


class Document:
    """An article with everything that was found in it.

    It cannot be changed, can be compared and pickled, and is written by `to_dict` and `to_json` exactly as ``intisari digest
    --offsets chars`` writes it. Offsets count characters, as Python does, unless the pipeline or `with_offsets` says otherwise.
    """

    _json: str

    def __init__(self, json_text: str) -> None:
        """For documents as the package itself wrote them; read others with `from_dict` or `from_json`."""
        self._json = json_text

    @classmethod
    def from_json(cls, line: str | bytes) -> Document:
        """Reads a line of the binary or an answer of the server, whatever its offsets count, and checks it."""
        try:
            data = json.loads(line)
        except ValueError as error:
            raise InputError(f"no document of intisari: {error}") from None
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Document:
        """Reads what `to_dict` returned, and checks it. Raises `InputError`, also for a record ``{"id", "error"}``."""
        if not isinstance(data, Mapping):
            raise InputError(f"no document of intisari: expected a mapping, found one of the type {type(data).__name__}")
        if "error" in data and "article" not in data:
            id_, reason = str(data.get("id", "")), str(data["error"])
            raise InputError(f"article `{id_}`: {reason}", id_, reason)
        unit = data.get("offset_unit", "bytes")
        in_bytes = converted(dict(data), unit, "bytes")
        checked = cls(_intisari.check_document(json.dumps(in_bytes)))
        return checked.with_offsets(unit)

    def to_json(self) -> str:
        """One line of JSON, as the binary writes it."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """The same as dictionaries and lists, new ones at each call."""
        data: dict[str, Any] = json.loads(self._json)
        return data

    def with_offsets(self, unit: Offsets) -> Document:
        """The document with offsets that count ``chars``, ``bytes`` or ``utf16``."""
        if unit == self.offset_unit:
            return self
        data = converted(self.to_dict(), self.offset_unit, unit)
        return Document(json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.to_dict()

    @cached_property
    def _slice(self) -> Callable[[int, int], str]:
        """What cuts a part out of the text by offsets in the document's unit."""
        text = self.text
        if self.offset_unit == "chars" or text.isascii():
            return lambda start, end: text[start:end]
        encoding, width = ("utf-8", 1) if self.offset_unit == "bytes" else ("utf-16-le", 2)
        encoded = text.encode(encoding)
        return lambda start, end: encoded[width * start : width * end].decode(encoding)

    def _span(self, span: Mapping[str, int]) -> tuple[int, int, str]:
        start, end = span["start"], span["end"]
        return start, end, self._slice(start, end)

    def _flags(self, flags: list[dict[str, Any]]) -> list[Flag]:
        return [
            Flag(flag["kind"], flag["detail"], Span(*self._span(flag["span"])) if flag["span"] else None) for flag in flags
        ]

    @property
    def id(self) -> str:
        """Id of the article."""
        return str(self._data["article"]["id"])

    @property
    def text(self) -> str:
        """The article, unaltered."""
        return str(self._data["article"]["text"])

    @property
    def title(self) -> str | None:
        """The headline, where it came apart from the text."""
        title: str | None = self._data["article"]["title"]
        return title

    @property
    def date(self) -> datetime.date | None:
        """The day of publication, where it is known."""
        date = self._data["article"]["date"]
        return datetime.date.fromisoformat(date) if date else None

    @property
    def source(self) -> str | None:
        """Publisher or address, where it is known."""
        source: str | None = self._data["article"]["source"]
        return source

    @property
    def offset_unit(self) -> Offsets:
        """What offsets count: ``chars``, ``bytes`` or ``utf16``."""
        unit: Offsets = self._data["offset_unit"]
        return unit

    @property
    def schema_version(self) -> int:
        """Version of the JSON form."""
        return int(self._data["schema_version"])

    @property
    def provenance(self) -> dict[str, Any]:
        """What made the document: version, options, stages with their models."""
        provenance: dict[str, Any] = self.to_dict()["provenance"]
        return provenance

    @cached_property
    def cleaned_text(self) -> str:
        """The text as it reads without what was removed; for reading, not for offsets."""
        return _intisari.cleaned_text(self.with_offsets("bytes")._json)

    @cached_property
    def kept(self) -> list[Span]:
        """What cleaning kept."""
        return [Span(*self._span(span)) for span in self._data["kept"]]

    @cached_property
    def removed(self) -> list[Removed]:
        """What cleaning removed."""
        return [Removed(*self._span(part["span"]), part["rule"], part["reason"]) for part in self._data["removed"]]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Sentences and sub-headings, in order."""
        english = {segment["sentence"]: segment["text"] for segment in self._data["translation"]}
        return [
            Sentence(*self._span(sentence["span"]), index, sentence["paragraph"], sentence["kind"], english.get(index))
            for index, sentence in enumerate(self._data["sentences"])
        ]

    @cached_property
    def entities(self) -> list[Entity]:
        """Names, dates and quantities, in order."""
        return [
            Entity(
                *self._span(entity["span"]),
                entity["label"],
                entity["score"],
                entity["sentence"],
                entity["cluster"],
                entity["value"],
            )
            for entity in self._data["entities"]
        ]

    @cached_property
    def clusters(self) -> list[Cluster]:
        """Entities that name the same thing."""
        return [
            Cluster(cluster["name"], cluster["label"], list(cluster["aliases"]), list(cluster["mentions"]))
            for cluster in self._data["clusters"]
        ]

    @cached_property
    def translation(self) -> list[Segment]:
        """The English, a segment for each sentence that was translated."""
        return [
            Segment(
                segment["sentence"],
                segment["text"],
                list(segment["verbatim"]),
                [Term(term["source"], term["target"]) for term in segment["terms"]],
                self._flags(segment["flags"]),
                segment["confidence"],
            )
            for segment in self._data["translation"]
        ]

    @property
    def confidence(self) -> float | None:
        """The confidence in the English as a whole; none where nothing is known."""
        confidence: float | None = self._data["confidence"]
        return confidence

    @cached_property
    def summary(self) -> Summary | None:
        """The summary, where one was asked for and could be made."""
        summary = self._data["summary"]
        if summary is None:
            return None
        return Summary(summary["text"], summary["language"], list(summary["sentences"]), self._flags(summary["flags"]))

    @cached_property
    def flags(self) -> list[Flag]:
        """What is doubtful about the article as a whole."""
        return self._flags(self._data["flags"])

    def __eq__(self, other: object) -> bool:
        return self._data == other._data if isinstance(other, Document) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Document], tuple[str]]:
        return Document, (self._json,)

    def __repr__(self) -> str:
        counts = f"{len(self._data['sentences'])} sentences, {len(self._data['entities'])} entities"
        return f"<Document {self.id!r}: {counts}, {'a' if self._data['summary'] else 'no'} summary>"


def converted(data: Any, unit: str, wanted: str) -> Any:
    """A document's data with all offsets in another unit."""
    for name in (unit, wanted):
        if name not in ("chars", "bytes", "utf16"):
            raise InputError(f"no document of intisari: offsets in {name!r}; they count chars, bytes or utf16")
    try:
        text = data["article"]["text"]
        from_, to = boundaries(text, unit), boundaries(text, wanted)
    except (KeyError, TypeError, UnicodeError) as error:
        raise InputError(f"no document of intisari: its article has no text ({error!r})") from None
    data["offset_unit"] = wanted

    def offset(value: Any) -> Any:
        # What is no offset at all is left to the check.
        if not isinstance(value, int):
            return value
        place = bisect_left(from_, value)
        if place == len(from_) or from_[place] != value:
            raise InputError(f"no document of intisari: offset {value} is none of its text, in {unit}")
        return to[place]

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"start", "end"}:
                return {name: offset(inner) for name, inner in value.items()}
            return {name: walk(inner) for name, inner in value.items()}
        return [walk(inner) for inner in value] if isinstance(value, list) else value

    return data if unit == wanted or text.isascii() else walk(data)


def boundaries(text: str, unit: str) -> Any:
    """The offset of each character of a text, and its end."""
    if unit == "chars":
        return range(len(text) + 1)
    if unit == "bytes":
        return list(accumulate((len(character.encode()) for character in text), initial=0))
    return list(accumulate((1 + (ord(character) > 0xFFFF) for character in text), initial=0))
