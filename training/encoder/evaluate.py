"""Span F1 of a model on the splits of the sets, each sentence alone, as running text.

usage: python3 evaluate.py --model FOLDER [--weights RUN/best.pt] [--data DATA] [--split test] [--spaced] [--all]
"""
import argparse
import os
from pathlib import Path

import numpy as np
import torch
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from tokenizers import Tokenizer

from augment import mentions
from decode import log_softmax, viterbi
from entities import TEST_SETS, TRAINING_SETS, Sentence, encode, load, running_text
from model import LABELS, Encoder, pad


@torch.no_grad()
def word_logits(model: Encoder, tokenizer: Tokenizer, sentences: list[Sentence], spaced: bool = False,
                budget: int = 2048, autocast: bool = False) -> list[np.ndarray]:
    """For each sentence [words, 7]: the scores of each word's first piece; a word that owns none gets O."""
    model.eval()
    inputs = []
    for s in sentences:
        text, starts = running_text(s.words, [k > 0 for k in range(len(s.words))] if spaced else s.blanks())
        inputs.append(encode(tokenizer, text, s.words, starts, s.tags))
    results: list[np.ndarray] = [np.zeros(0)] * len(sentences)
    order, at = sorted(range(len(inputs)), key=lambda i: len(inputs[i].ids)), 0
    outside = np.array([20.0] + [0.0] * (len(LABELS) - 1), np.float32)
    while at < len(order):
        count = max(1, budget // len(inputs[order[min(at + 63, len(order) - 1)]].ids))
        rows = order[at:at + min(count, 64)]
        at += len(rows)
        lengths = torch.tensor([min(len(inputs[i].ids), 512) for i in rows], device=model.device)
        with torch.autocast(model.device.type, torch.bfloat16, enabled=autocast):
            logits = model(pad([inputs[i].ids[:512] for i in rows], 1).to(model.device), lengths).float().cpu().numpy()
        for row, i in enumerate(rows):
            own = [logits[row, p] if p is not None and p < 512 else outside for p in inputs[i].first]
            results[i] = np.stack(own)
    return results


def predict(logits: list[np.ndarray], temperature: float = 1.0, threshold: float = 0.0) -> list[list[str]]:
    """The labels of each sentence's words, without mentions whose score (calibrate.py) is under the threshold."""
    predicted = []
    for rows in logits:
        log_p = log_softmax(rows / temperature)
        path = viterbi(log_p)
        labels = [LABELS[k] for k in path]
        for start, end, _ in mentions(labels):
            if np.exp(np.mean([log_p[i, path[i]] for i in range(start, end)])) < threshold:
                labels[start:end] = ["O"] * (end - start)
        predicted.append(labels)
    return predicted


def scores(sentences: list[Sentence], predicted: list[list[str]]) -> dict[str, float]:
    """Micro and macro F1 in percent, strict IOB2."""
    gold = [s.tags for s in sentences]
    return {average: 100 * float(f1_score(gold, predicted, average=average, mode="strict", scheme=IOB2)) for average in ("micro", "macro")}


def score_sets(model: Encoder, tokenizer: Tokenizer, sets: dict[str, list[Sentence]], temperature: float = 1.0,
               threshold: float = 0.0, **options) -> dict[str, dict[str, float]]:
    labels = lambda sentences: predict(word_logits(model, tokenizer, sentences, **options), temperature, threshold)
    return {name: scores(sentences, labels(sentences)) for name, sentences in sets.items()}


def main() -> None:
    from packed import load_packed
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True, help="a folder written by export.py")
    arguments.add_argument("--weights", type=Path, help="float weights (best.pt) to score in place of the 8-bit ones")
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--split", choices=["valid", "test"], default="test")
    arguments.add_argument("--spaced", action="store_true", help="a blank around every word instead of running text")
    arguments.add_argument("--all", action="store_true", help="count mentions under the threshold, too")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model, config = load_packed(options.model)
    if options.weights:
        model.load_state_dict(torch.load(options.weights, map_location="cpu", weights_only=True))
    model.to(options.device)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    for name in TEST_SETS if options.split == "test" else TRAINING_SETS:
        sentences = load(Path(options.data), name, options.split)
        temperature, threshold = config["intisari"]["temperature"], 0.0 if options.all else config["intisari"].get("threshold", 0.0)
        result = score_sets(model, tokenizer, {name: sentences}, temperature, threshold, spaced=options.spaced)[name]
        print(f"{name:10} {options.split:5} {len(sentences):4} sentences  micro {result['micro']:.2f}  macro {result['macro']:.2f}", flush=True)


if __name__ == "__main__":
    main()
