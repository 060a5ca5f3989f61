"""Digests Indonesian news articles: cleaned text, sentences, entities, English translation and summary, all tied to the article.

>>> import intisari
>>> pipeline = intisari.Pipeline(entities="rules", translate=False, summary="lead")  # Pipeline() has models
>>> document = pipeline.digest("Palangka Raya - Jembatan itu dibuka pada 14 Juli 2025.\\nADVERTISEMENT\\nWarga senang.")
>>> document.cleaned_text
'Jembatan itu dibuka pada 14 Juli 2025.\\nWarga senang.'
>>> document.entities[0].text, document.entities[0].value["date"]
('14 Juli 2025', '2025-07-14')
"""

from . import evaluate
from ._intisari import __version__
from ._pandas import to_pandas
from ._spacy import to_spacy
from .document import Cluster, Document, Entity, Flag, Removed, Segment, Sentence, Span, Summary, Term
from .errors import ConfigError, FileError, InputError, IntisariError, ModelError, StageError
from .pipeline import Pipeline, Progress

__all__ = [
    "Cluster",
    "ConfigError",
    "Document",
    "Entity",
    "FileError",
    "Flag",
    "InputError",
    "IntisariError",
    "ModelError",
    "Pipeline",
    "Progress",
    "Removed",
    "Segment",
    "Sentence",
    "Span",
    "StageError",
    "Summary",
    "Term",
    "__version__",
    "evaluate",
    "to_pandas",
    "to_spacy",
]
