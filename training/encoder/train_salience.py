"""Train the salience head on stored sentence vectors and score it against the first three sentences.

usage: python3 train_salience.py --vectors VECTORS.pt --out HEAD.pt [--data DATA] [--epochs 14] [--seeds 1]

Of the seeds and epochs, the one with the best ROUGE-1 on valid is kept; test is scored once, at the end.
"""
import argparse
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rouge import rouge, words
from salience import Article, SalienceHead, detik, indosum, split_of

MAX_SENTENCES = 64
CHOSEN = 3
BUDGET = 60  # words; the best of 45 to 70 on valid


@dataclass
class Example:
    article: Article
    vectors: Tensor
    lengths: Tensor
    labels: Tensor

    def part(self, kept: list[int]) -> "Example":
        return Example(self.article, self.vectors[kept], self.lengths[kept], self.labels[kept])


def examples(articles: list[Article], stored: dict) -> list[Example]:
    found = []
    for a in articles:
        if a.id in stored:
            vectors, lengths = stored[a.id]
            n = MAX_SENTENCES
            found.append(Example(a, vectors[:n].float(), lengths[:n], torch.tensor(a.labels[:n]).float()))
    return found


def top(scores: Tensor, count: int = CHOSEN) -> list[int]:
    """The best `count` sentences in the article's order; the earlier one where scores are equal."""
    return sorted(torch.argsort(scores, descending=True, stable=True)[:count].tolist())


def within(order: list[int], article: Article, budget: int = BUDGET) -> list[int]:
    """Sentences of an order of preference while half of the next one fits the budget in words, at least one."""
    kept, used = [], 0
    for i in order:
        size = len(words(article.sentences[i]))
        if kept and used + size / 2 > budget:
            break
        kept.append(i)
        used += size
    return sorted(kept)


def chosen(head: SalienceHead, example: Example, count: int = CHOSEN) -> list[int]:
    return top(head.of(example.vectors, example.lengths), count)


def loss_of(head: SalienceHead, batch: list[Example]) -> Tensor:
    """Cross entropy against the oracle's choice, each article counting alike."""
    rows = nn.utils.rnn.pad_sequence
    counts = torch.tensor([len(e.lengths) for e in batch])
    logits = head(rows([e.vectors for e in batch], True), rows([e.lengths for e in batch], True), counts)
    losses = F.binary_cross_entropy_with_logits(logits, rows([e.labels for e in batch], True) * 0.95 + 0.02, reduction="none")
    real = torch.arange(logits.shape[1]) < counts[:, None]
    return ((losses * real).sum(1) / counts).mean()


def mean_rouge(picks: list[tuple[Article, list[int]]]) -> tuple[float, float, float]:
    """Mean ROUGE-1/2/L F1 in percent of the picked sentences."""
    rows = [rouge(" ".join(a.sentences[i] for i in picked), a.summary) for a, picked in picks]
    return tuple(100 * sum(column) / len(rows) for column in zip(*rows))


def first_sentences(items: list[Example], count: int = CHOSEN) -> list[tuple[Article, list[int]]]:
    return [(e.article, list(range(min(count, len(e.lengths))))) for e in items]


def oracle(example: Example) -> list[int]:
    return [i for i, label in enumerate(example.labels.tolist()) if label] or [0]


def train(items: list[Example], valid: list[Example], epochs: int, seed: int, rate: float) -> tuple[float, dict]:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    head = SalienceHead()
    every = torch.cat([e.vectors for e in items])
    head.center.copy_(every.mean(0))
    head.spread.copy_(every.std(0))
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.05)
    batch, step = 16, 0
    steps = epochs * (len(items) // batch)
    mean = {name: p.detach().clone() for name, p in head.state_dict().items()}
    best = (-1.0, {})
    for epoch in range(epochs):
        head.train()
        order = chance.sample(items, len(items))
        for at in range(0, len(order) - batch + 1, batch):
            picked = []
            for example in order[at:at + batch]:
                n = len(example.lengths)
                if n > 4 and chance.random() < 0.3:  # a story need not be whole
                    example = example.part([i for i in range(n) if chance.random() > 0.12] or [0])
                picked.append(example)
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 100) * max(0.02, 1 - step / steps)
            loss_of(head, picked).backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            keep = min(0.995, 1 - 1 / (step / 10 + 1))
            for name, parameter in head.state_dict().items():
                mean[name].lerp_(parameter, 1 - keep)
        if epoch >= epochs // 4:
            averaged = SalienceHead()
            averaged.load_state_dict(mean)
            score = mean_rouge([(e.article, chosen(averaged, e)) for e in valid])[0]
            if score > best[0]:
                best = (score, {name: p.clone() for name, p in mean.items()})
    return best


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--vectors", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--epochs", type=int, default=14)
    arguments.add_argument("--seeds", type=int, default=1)
    arguments.add_argument("--rate", type=float, default=1e-3)
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    stored = torch.load(options.vectors, weights_only=True)
    data = Path(options.data)
    news = examples(list(indosum(data)), stored)
    parts = {name: [e for e in news if split_of(e.article.id) == name] for name in ("train", "valid", "test")}
    print({name: len(items) for name, items in parts.items()}, flush=True)
    best = (-1.0, {})
    for seed in range(1, options.seeds + 1):
        begun = time.time()
        found = train(parts["train"], parts["valid"], options.epochs, seed, options.rate)
        print(f"seed {seed}: valid ROUGE-1 {found[0]:.2f}, {time.time() - begun:.0f} s", flush=True)
        best = max(best, found, key=lambda f: f[0])
    torch.save(best[1], options.out)
    head = SalienceHead()
    head.load_state_dict(best[1])
    other = examples(list(detik(data)), stored)
    for name, items in (("valid", parts["valid"]), ("test", parts["test"]), ("detik", other)):
        scored = {e.article.id: torch.argsort(head.of(e.vectors, e.lengths), descending=True, stable=True).tolist() for e in items}
        rows = {
            "first 3": first_sentences(items),
            "head, 3": [(e.article, chosen(head, e)) for e in items],
            f"first, {BUDGET} words": [(e.article, within(list(range(len(e.lengths))), e.article)) for e in items],
            f"head, {BUDGET} words": [(e.article, within(scored[e.article.id], e.article)) for e in items],
        }
        if name != "detik":
            rows["oracle"] = [(e.article, oracle(e)) for e in items]
        for system, picks in rows.items():
            print(f"{name:6} n={len(items):4} {system:15} R1/R2/RL " + " / ".join(f"{x:.2f}" for x in mean_rouge(picks)), flush=True)


if __name__ == "__main__":
    main()
