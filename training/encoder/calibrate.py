"""Fit the temperature of the entity scores and their threshold on the valid splits and the articles of dev, and report calibration on the
test splits.

usage: python3 calibrate.py --model FOLDER [--data DATA] [--write]

A mention's score is the geometric mean of the probabilities that its words' labels have on the decoded path,
exp(mean log p), the logits divided by the temperature. The temperature is the one with the least log loss of the event
"span and type are right". The expected calibration error (ECE) is over ten equal bins. The threshold is the one with the best F1 when
mentions with a lower score are left out, where the articles count as much as the three sets of sentences together.
"""
import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from articles import article_sentences, in_windows
from augment import mentions
from decode import log_softmax, viterbi
from entities import TEST_SETS, TRAINING_SETS, Sentence, load
from evaluate import word_logits
from model import LABELS
from packed import load_packed

BINS = 10


def scored_mentions(sentences: list[Sentence], logits: list[np.ndarray], temperature: float) -> np.ndarray:
    """[mentions, 2]: score, and whether exactly this mention is annotated."""
    rows = []
    for sentence, raw in zip(sentences, logits):
        log_p = log_softmax(raw / temperature)
        path = viterbi(log_p)
        gold = set(mentions(sentence.tags))
        for mention in mentions([LABELS[k] for k in path]):
            start, end, _ = mention
            rows.append((np.exp(np.mean([log_p[i, path[i]] for i in range(start, end)])), mention in gold))
    return np.array(rows, float)


def log_loss(rows: np.ndarray) -> float:
    p = rows[:, 0].clip(1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(rows[:, 1] > 0, np.log(p), np.log1p(-p))))


def reliability(rows: np.ndarray) -> tuple[float, list[tuple[int, float, float]]]:
    """ECE in percent and, for each filled bin, (mentions, mean score, share right)."""
    bins = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    table = [(int((bins == b).sum()), *(rows[bins == b].mean(0))) for b in range(BINS) if (bins == b).any()]
    return 100 * sum(n * abs(score - right) for n, score, right in table) / len(rows), table


def f1_above(rows: np.ndarray, gold: int, threshold: float) -> float:
    kept = rows[rows[:, 0] >= threshold]
    return float(200 * kept[:, 1].sum() / (len(kept) + gold))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--write", action="store_true", help="store temperature and threshold in config.json")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model, config = load_packed(options.model)
    model.to(options.device)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))

    def outputs(names: tuple[str, ...], split: str) -> tuple[list[Sentence], list[np.ndarray]]:
        sentences = [s for name in names for s in load(Path(options.data), name, split)]
        return sentences, word_logits(model, tokenizer, sentences)

    windows = in_windows(tokenizer, article_sentences(Path(options.data), "dev"))
    articles = windows, word_logits(model, tokenizer, windows)
    sentences, logits = outputs(TRAINING_SETS, "valid")
    valid = sentences + articles[0], logits + articles[1]
    temperature = min(np.arange(0.6, 4.01, 0.05), key=lambda t: log_loss(scored_mentions(*valid, t)))
    print(f"temperature {temperature:.2f}, fitted on {len(scored_mentions(*valid, 1.0))} mentions of valid and dev")
    sets = []
    for name in TRAINING_SETS:
        sentences, logits = outputs((name,), "valid")
        sets.append((scored_mentions(sentences, logits, temperature), sum(len(mentions(s.tags)) for s in sentences)))
    whole = scored_mentions(*articles, temperature), sum(len(mentions(s.tags)) for s in windows)
    mean = lambda threshold: (sum(f1_above(*s, threshold) for s in sets) / len(sets) + f1_above(*whole, threshold)) / 2
    threshold = max(np.arange(0.0, 0.91, 0.05), key=mean)
    print(f"threshold {threshold:.2f}: mean F1 {mean(threshold):.2f}, without {mean(0.0):.2f}")
    for names, title in ((TRAINING_SETS, "idner2k + nerui + nergrit"), (TEST_SETS[3:], "wikigold")):
        test = outputs(names, "test")
        for t in (1.0, temperature):
            rows = scored_mentions(*test, t)
            error, table = reliability(rows)
            print(f"{title} test, temperature {t:.2f}: {len(rows)} mentions, ECE {error:.2f}, log loss {log_loss(rows):.4f}")
        for count, score, right in table:
            print(f"  {count:5} mentions  mean score {score:.3f}  right {right:.3f}")
    if options.write:
        config["intisari"]["temperature"] = round(float(temperature), 2)
        config["intisari"]["threshold"] = round(float(threshold), 2)
        (options.model / "config.json").write_text(json.dumps(config, indent=1) + "\n")


if __name__ == "__main__":
    main()
