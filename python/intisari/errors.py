"""What can go wrong. Messages are those of the crate: they name file, stage or article and end with what to do."""

from __future__ import annotations


class IntisariError(Exception):
    """The base of all errors of this package.

    ``article`` is the id of the article that failed, where it was one, and ``reason`` the message without it: together they
    are the record ``{"id", "error"}`` that the binary writes.
    """

    article: str | None
    reason: str

    def __init__(self, message: str, article: str | None = None, reason: str | None = None) -> None:
        super().__init__(message)
        self.article = article
        self.reason = message if reason is None else reason


class ConfigError(IntisariError, ValueError):
    """Options that cannot be, or do not fit together."""


class ModelError(IntisariError):
    """A file of a model is missing, altered, or cannot be used."""


class InputError(IntisariError, ValueError):
    """An article, a document or a file of data that cannot be used as it is."""


class FileError(IntisariError):
    """A file could not be read or written."""


class StageError(IntisariError):
    """A stage failed in its engine, or returned what it must not."""
