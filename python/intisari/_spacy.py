"""Documents for spaCy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .document import Document, Sentence, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def to_spacy(document: Document, nlp: Language | None = None) -> Doc:
    """The document as a `Doc` of spaCy over the same text, whose offsets are those of the document in characters.

    Tokens are those of ``nlp`` (default: ``spacy.blank("id")``), cut where an entity or a sentence begins or ends within one, so
    that none is lost. There are ``ents`` with the name of their cluster as ``id_``; ``spans["sentences"]`` and
    ``spans["headings"]``, ``spans["removed"]`` with the rule as label; starts of sentences; and all of the document in
    ``user_data["intisari"]``.

    Needs spaCy (``pip install spacy``).
    """
    try:
        import spacy
        from spacy.tokens import Doc
        from spacy.util import filter_spans
    except ImportError as error:
        raise ImportError("to_spacy needs spaCy: pip install spacy") from error

    nlp = spacy.blank("id") if nlp is None else nlp
    document = document.with_offsets("chars")
    words, spaces = tokens(document, nlp)
    doc = Doc(nlp.vocab, words=words, spaces=spaces)

    def span(part: Span, label: str = "") -> Any:
        return doc.char_span(part.start, part.end, label=label, alignment_mode="strict")

    for token in doc:
        token.is_sent_start = token.i == 0
    for part in [*document.sentences, *document.removed]:
        span(part)[0].is_sent_start = True
    ents = []
    for entity in document.entities:
        ent = span(entity, entity.label)
        if entity.cluster is not None:
            ent.id_ = document.clusters[entity.cluster].name
        ents.append(ent)
    doc.ents = filter_spans(ents)
    for group, kind in [("sentences", "text"), ("headings", "heading")]:
        doc.spans[group] = [span(one, kind) for one in document.sentences if one.kind == kind]
    doc.spans["removed"] = [span(removed, removed.rule) for removed in document.removed]
    doc.user_data["intisari"] = document.to_dict()
    return doc


def tokens(document: Document, nlp: Language) -> tuple[list[str], list[bool]]:
    """Words, and whether a blank follows each, such that all parts of the document begin and end with one."""
    text = document.text
    parts: list[Span | Sentence] = [*document.sentences, *document.entities, *document.removed]
    cuts = {offset for part in parts for offset in (part.start, part.end)}
    # A blank at the edge of a part is a word of its own: spaCy counts those behind a word to none.
    edge_blanks = {part.start for part in parts} | {part.end - 1 for part in parts}
    for token in nlp.tokenizer(text):
        cuts.update((token.idx, token.idx + len(token.text)))
    cuts -= {0, len(text)}
    edges = [0, *sorted(cuts), len(text)] if text else []
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in zip(edges, edges[1:]):
        word = text[start:end]
        if word == " " and words and not spaces[-1] and not words[-1].isspace() and start not in edge_blanks:
            spaces[-1] = True
        else:
            words.append(word)
            spaces.append(False)
    return words, spaces
