"""Sentence salience: the articles, the windows they are encoded in, and the head that reads sentence vectors."""
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from model import Encoder, pad

WINDOW_PIECES, WINDOW_SENTENCES = 254, 8  # `<s>` and `</s>` not counted
HIDDEN, WIDTH, HEADS, INNER, PLACES = 384, 128, 4, 256, 16
LAYERS = 2


@dataclass(frozen=True)
class Article:
    id: str
    sentences: list[str]
    labels: list[bool]
    summary: str


def split_of(article_id: str) -> str:
    """`train`, `valid` or `test` (8 : 1 : 1) from the SHA-256 of the id: first four bytes, big-endian, modulo 10."""
    bucket = int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:4], "big") % 10
    return {0: "test", 1: "valid"}.get(bucket, "train")


def indosum(data: Path) -> Iterator[Article]:
    with open(data / "summarization/indosum.jsonl", encoding="utf8") as file:
        summaries = {a["id"]: a["summary"] for a in map(json.loads, file)}
    with gzip.open(data / "summarization/indosum.sentences.jsonl.gz", "rt", encoding="utf8") as file:
        for a in map(json.loads, file):
            yield Article(a["id"], [s for p in a["paragraphs"] for s in p], [x for p in a["labels"] for x in p], summaries[a["id"]])


BOUNDARY = re.compile(r"(?<=[.!?])[\"”']?\s+(?=[\"“A-Z0-9])")


def detik(data: Path) -> Iterator[Article]:
    """The detik articles, lines cut by a simple rule after `.`, `!`, `?`; lines without such an end are left out."""
    with open(data / "summarization/detik_aspect.jsonl", encoding="utf8") as file:
        for a in map(json.loads, file):
            sentences = [s.strip() for line in a["text"].split("\n") for s in BOUNDARY.split(line) if re.search(r"[.!?][\"”']?\s*$", line)]
            sentences = [s for s in sentences if len(s) > 2]
            if len(sentences) > 3:
                yield Article(a["id"], sentences, [False] * len(sentences), a["summary"])


def windows(lengths: list[int]) -> list[range]:
    """Whole sentences in order, as many as fit a window each; one too long for any stands alone."""
    found, start, used = [], 0, 0
    for i, length in enumerate(lengths):
        if used + length > WINDOW_PIECES and used or i - start == WINDOW_SENTENCES:
            found.append(range(start, i))
            start, used = i, 0
        used += length
    return [*found, range(start, len(lengths))] if lengths else []


@torch.no_grad()
def sentence_vectors(model: Encoder, tokenizer: Tokenizer, sentences: list[str]) -> tuple[Tensor, Tensor]:
    """[sentences, 384] means of the last layer's states over each sentence's pieces, and the piece counts.

    The sentences of a window stand one after the other between one `<s>` and one `</s>`. Of a sentence too long for a window
    the rest is left out; one without pieces gets zeros.
    """
    pieces = [e.ids[:WINDOW_PIECES] for e in tokenizer.encode_batch_fast(sentences, add_special_tokens=False)]
    parts = windows([len(p) for p in pieces])
    rows = [[0, *(i for k in part for i in pieces[k]), 2] for part in parts]
    states = model.states(pad(rows, 1).to(model.device), torch.tensor([len(row) for row in rows], device=model.device)).float().cpu()
    vectors = torch.zeros(len(sentences), states.shape[-1])
    for row, part in enumerate(parts):
        at = 1
        for k in part:
            if pieces[k]:
                vectors[k] = states[row, at:at + len(pieces[k])].mean(0)
            at += len(pieces[k])
    return vectors, torch.tensor([len(p) for p in pieces])


def places(lengths: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Row of the place table for each of [articles, n] sentences, and [articles, n, 4] features of place and length."""
    index = torch.arange(lengths.shape[1], dtype=torch.float32).expand(lengths.shape)
    count = counts[:, None].float()
    features = torch.stack([index / count, 1 / (1 + index), torch.log1p(lengths.float()) / 4,
                            torch.log1p(count).expand(lengths.shape) / 4], 2)
    return index.long().clamp(max=PLACES - 1), features


class Block(nn.Module):
    """A post-norm attention layer over the sentences of each article."""

    def __init__(self, dropout: float):
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.mix_norm, self.inner_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        split = lambda t: t.unflatten(2, (HEADS, -1)).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = (q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + mask).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).flatten(2)
        x = self.mix_norm(x + self.dropout(self.mix(mixed)))
        return self.inner_norm(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class SalienceHead(nn.Module):
    """Sentence vectors [articles, n, 384], their piece counts [articles, n] and the articles' sentence counts to logits
    [articles, n]; those from an article's count on mean nothing.

    `center` and `spread` are the mean and standard deviation of the training articles' sentence vectors, whose numbers are
    mostly common to all sentences: without them the head learned little (valid ROUGE-1 67.1 in place of 68.5).
    """

    def __init__(self, dropout: float = 0.2):
        super().__init__()
        self.register_buffer("center", torch.zeros(HIDDEN))
        self.register_buffer("spread", torch.ones(HIDDEN))
        self.project = nn.Linear(HIDDEN, WIDTH)
        self.feature = nn.Linear(4, WIDTH)
        self.place = nn.Embedding(PLACES, WIDTH)
        self.block = nn.ModuleList(Block(dropout) for _ in range(LAYERS))
        self.score = nn.Linear(WIDTH, 1)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.place.weight, std=0.02)

    def forward(self, vectors: Tensor, lengths: Tensor, counts: Tensor) -> Tensor:
        row, features = places(lengths, counts)
        x = self.project(self.dropout((vectors - self.center) / self.spread)) + self.feature(features) + self.place(row)
        beyond = torch.arange(lengths.shape[1]) >= counts[:, None]
        mask = torch.zeros(beyond.shape).masked_fill(beyond, -1e9)[:, None, None, :]
        for block in self.block:
            x = block(x, mask)
        return self.score(x)[..., 0]

    @torch.no_grad()
    def of(self, vectors: Tensor, lengths: Tensor) -> Tensor:
        """The logits [n] of one article."""
        return self.eval()(vectors[None], lengths[None], torch.tensor([len(lengths)]))[0]
