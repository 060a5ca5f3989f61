"""From what a Python user has to what the crate reads: a text, or a record in JSON."""

from __future__ import annotations

import datetime
import decimal
import io
import json
import math
import os
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import InputError

#: Place, whether it is a record, content.
Item = tuple[str, bool, str]


def item(article: object, place: str) -> Item:
    """What is handed to the crate for one article; raises `InputError` where it is none."""
    if isinstance(article, str):
        # A subclass may write itself otherwise.
        return place, False, str.__str__(article)
    if isinstance(article, Mapping):
        try:
            return place, True, json.dumps({str(name): plain(value) for name, value in article.items()})
        except RecursionError:
            reason = "the record holds itself, or is nested too deep; give its text and its date alone"
            raise no_article(place, reason) from None
    raise no_article(place, f"it is {kind(article)}; give a text, or a mapping with a text such as {{'id': 'a1', 'text': '…'}}")


def refuse_what_looks_like_many(articles: object) -> None:
    """Raises `TypeError` for what could be iterated over, and would give no articles."""
    if isinstance(articles, (bytes, bytearray, memoryview)):
        raise TypeError("bytes are no text: decode them first, e.g. data.decode()")
    if isinstance(articles, os.PathLike):
        raise TypeError("a path is no article: give its text, path.read_text()")
    if isinstance(articles, io.IOBase):
        raise TypeError("a file is no article: give file.read(), or of JSON Lines map(json.loads, file)")
    if hasattr(articles, "columns") and hasattr(articles, "to_dict"):
        raise TypeError("a table gives the names of its columns: give table.to_dict('records'), or one column")
    if not isinstance(articles, Iterable):
        raise TypeError(f"expected a text, a mapping, or several of them; found {kind(articles)}")


def plain(value: Any) -> object:
    """A value as JSON can hold it. What is no value of JSON becomes an object: a field that holds it can be there, but not used."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        # That is how tables write that there is nothing.
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (datetime.date, datetime.time)):
        # Of pandas there is a time that is none.
        return value.isoformat() if value == value else None
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if type(value).__module__.partition(".")[0] in {"numpy", "pandas"}:
        return of_numpy(value)
    return {"type": type(value).__name__}


def of_numpy(value: Any) -> object:
    """A number, a time or an array of numpy or pandas."""
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if type(value).__name__ == "datetime64":
        return None if str(value) == "NaT" else str(value)
    for unwrap in ("tolist", "item"):
        if hasattr(value, unwrap):
            inner = getattr(value, unwrap)()
            return plain(inner) if type(inner) is not type(value) else {"type": type(value).__name__}
    return {"type": type(value).__name__}


def kind(value: object) -> str:
    """A value for a message."""
    return "None" if value is None else f"of the type {type(value).__name__}"


def no_article(place: str, reason: str) -> InputError:
    """The error of something that is no article."""
    return InputError(f"article `{place}`: {reason}", place, reason)
