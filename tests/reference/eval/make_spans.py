"""Overlapping spans by nervaluate 1.2.1, clusters by bcubed 1.5, removed characters by scikit-learn."""

import random

import bcubed
from nervaluate import Evaluator
from sklearn.metrics import precision_recall_fscore_support

from texts import SENTENCES, write

TYPES = ["LOC", "ORG", "PER"]
rng = random.Random(17)


def spans(tokens, touching):
    """Ordered spans; overlapping ones too unless `touching`."""
    out, at = [], 0
    while at < tokens:
        if rng.random() < 0.4:
            end = min(tokens, at + rng.randrange(1, 6))
            out.append({"label": rng.choice(TYPES), "start": at, "end": end - 1})
            at = end if touching else at + rng.randrange(1, 4)
        else:
            at += 1
    return out


def moved(gold, tokens):
    out = []
    for span in gold:
        kind = rng.random()
        if kind < 0.15:
            continue
        start, end, label = span["start"], span["end"], span["label"]
        if kind < 0.4:
            start = max(0, start + rng.randrange(-2, 3))
            end = min(tokens - 1, max(start, end + rng.randrange(-2, 3)))
        if kind > 0.8:
            label = rng.choice(TYPES)
        out.append({"label": label, "start": start, "end": end})
    if rng.random() < 0.5:
        out += spans(tokens, True)[:2]
    return sorted(out, key=lambda s: (s["start"], s["end"]))


overlap = []
for case in range(40):
    sizes = [rng.randrange(1, 30) for _ in range(rng.randrange(1, 6))]
    if case == 0:
        sizes = [400]
    gold = [spans(n, case % 2 == 0) for n in sizes]
    if case == 1:
        gold = [[{"label": "ORG", "start": 0, "end": 250}]]
        sizes = [300]
        predicted = [[{"label": "ORG", "start": 249, "end": 299}]]
    else:
        predicted = [moved(g, n) for g, n in zip(gold, sizes)]
    results = Evaluator(gold, predicted, tags=TYPES, loader="dict").evaluate()

    def rows(strategies):
        return {
            name: [r.correct, r.incorrect, r.partial, r.missed, r.spurious, float(r.precision), float(r.recall), float(r.f1)]
            for name, r in strategies.items()
        }

    halfopen = lambda doc: [[s["label"], s["start"], s["end"] + 1] for s in doc]
    overlap.append(
        {
            "gold": [halfopen(d) for d in gold],
            "predicted": [halfopen(d) for d in predicted],
            "overall": rows(results["overall"]),
            "labels": {label: rows(r) for label, r in sorted(results["entities"].items())},
        }
    )

clusters = []
for _ in range(30):
    n, k = rng.randrange(1, 25), rng.randrange(1, 8)
    gold = [rng.randrange(k) for _ in range(n)]
    predicted = [g if rng.random() < 0.6 else rng.randrange(k) for g in gold]
    c = {i: {p} for i, p in enumerate(predicted)}
    g = {i: {p} for i, p in enumerate(gold)}
    p, r = float(bcubed.precision(c, g)), float(bcubed.recall(c, g))
    clusters.append({"gold": gold, "predicted": predicted, "precision": p, "recall": r, "f1": float(bcubed.fscore(p, r))})


def cuts(text):
    out, at = [], 0
    while at < len(text):
        end = min(len(text), at + rng.randrange(1, 40))
        if rng.random() < 0.4:
            out.append([at, end])
        at = end
    return out


removal = []
for _ in range(20):
    text = "\n".join(rng.sample(SENTENCES, 4))
    gold, predicted = cuts(text), cuts(text)
    mask = lambda parts: [any(a <= i < b for a, b in parts) for i, c in enumerate(text) if not c.isspace()]
    p, r, f, _ = precision_recall_fscore_support(mask(gold), mask(predicted), average="binary", zero_division=0)
    byte = lambda i: len(text[:i].encode())
    removal.append(
        {
            "text": text,
            "gold": [[byte(a), byte(b)] for a, b in gold],
            "removed": [[byte(a), byte(b)] for a, b in predicted],
            "prf": [float(p), float(r), float(f)],
        }
    )
write("spans.json", {"overlap": overlap, "clusters": clusters, "removal": removal})
