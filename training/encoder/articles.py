"""Whole articles with marked people, places and organisations, as sentences that stand in order."""
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np
from tokenizers import Tokenizer

from augment import mentions
from decode import log_softmax, viterbi
from entities import Sentence, encode, running_text
from evaluate import word_logits
from model import LABELS, Encoder
from salience import windows

SOURCE = "articles"
WORD = re.compile(r"\w+(?:[-'’./]\w+)*|[^\w\s]")
END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])|\n+")

Span = tuple[int, int, str]  # characters [start, end) and type


@dataclass(frozen=True)
class Article:
    text: str
    spans: list[Span]

    def sentences(self) -> Iterator[tuple[int, int]]:
        """[start, end) of the sentences, by rule; no mention is cut."""
        start = 0
        for found in END.finditer(self.text):
            if not any(begin < found.end() and end > found.start() for begin, end, _ in self.spans):
                yield start, found.start()
                start = found.end()
        yield start, len(self.text)

    def words(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Words [start, end) and their tags within a part; a word that touches the border of a mention is cut there."""
        inside = [span for span in self.spans if span[0] < end and span[1] > start]
        borders = {at for begin, stop, _ in inside for at in (begin, stop)}
        found = []
        for word in WORD.finditer(self.text, start, end):
            at = word.start()
            for cut in [*sorted(b for b in borders if word.start() < b < word.end()), word.end()]:
                kind = next(((b, k) for b, e, k in inside if b <= at and cut <= e), None)
                found.append((at, cut, "O" if kind is None else ("B-" if kind[0] == at else "I-") + kind[1]))
                at = cut
        return found


def load_articles(data: Path, split: str) -> list[Article]:
    with open(data / f"ner/articles/{split}.jsonl", encoding="utf8") as lines:
        return [Article(line["text"], [tuple(span) for span in line["entities"]]) for line in map(json.loads, lines)]


def sentence_of(article: Article, start: int, end: int) -> Sentence | None:
    """A part of an article with its own blanks; None where it has no word."""
    words = article.words(start, end)
    if not words:
        return None
    apart = [k > 0 and words[k - 1][1] < begin for k, (begin, _, _) in enumerate(words)]
    return Sentence(SOURCE, [article.text[b:e] for b, e, _ in words], [tag for _, _, tag in words], apart)


def article_sentences(data: Path, split: str) -> list[list[Sentence]]:
    """The sentences of each article of a split."""
    return [[s for start, end in article.sentences() if (s := sentence_of(article, start, end))] for article in load_articles(data, split)]


def joined(sentences: list[Sentence]) -> Sentence:
    """Several sentences as one, a blank between them."""
    return Sentence(SOURCE, [w for s in sentences for w in s.words], [t for s in sentences for t in s.tags],
                    [blank or (k == 0 and n > 0) for n, s in enumerate(sentences) for k, blank in enumerate(s.apart)])


def in_windows(tokenizer: Tokenizer, articles: list[list[Sentence]]) -> list[Sentence]:
    """The articles in the windows of the crate, each window as one sentence."""
    parts = []
    for article in articles:
        lengths = [len(tokenizer.encode(running_text(s.words, s.apart)[0], add_special_tokens=False).ids) for s in article]
        parts += [joined([article[i] for i in part]) for part in windows([min(length, 254) for length in lengths])]
    return parts


def score_articles(model: Encoder, tokenizer: Tokenizer, articles: list[list[Sentence]], temperature: float = 1.0,
                   threshold: float = 0.0, **options) -> dict[str, float]:
    """Strict span F1 in percent, micro and of each type, with the windows of the crate and nothing that the article adds."""
    parts = in_windows(tokenizer, articles)
    counts = {kind: [0, 0, 0] for kind in ("PER", "LOC", "ORG")}  # right, predicted, annotated
    for sentence, rows in zip(parts, word_logits(model, tokenizer, parts, **options)):
        log_p = log_softmax(rows / temperature)
        path = viterbi(log_p)
        score = lambda m: np.exp(np.mean([log_p[i, path[i]] for i in range(m[0], m[1])]))
        predicted = {m for m in mentions([LABELS[k] for k in path]) if score(m) >= threshold}
        gold = set(mentions(sentence.tags))
        for kind, count in counts.items():
            of = lambda found: {m for m in found if m[2] == kind}
            count[0] += len(of(predicted & gold))
            count[1] += len(of(predicted))
            count[2] += len(of(gold))
    f1 = lambda right, predicted, annotated: 200 * right / max(1, predicted + annotated)
    return {"micro": f1(*map(sum, zip(*counts.values())))} | {kind: f1(*count) for kind, count in counts.items()}
