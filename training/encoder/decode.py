"""The likeliest label sequence in which every I- follows its own B- or I- (IOB2), and the mentions in it."""
import math

import numpy as np

from model import LABELS

STARTS = np.array([not label.startswith("I-") for label in LABELS])
FOLLOWS = np.array([[not after.startswith("I-") or before in (after, "B-" + after[2:]) for after in LABELS] for before in LABELS])


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def viterbi(log_probabilities: np.ndarray) -> list[int]:
    """Labels of a sentence from [words, 7]; of equal paths the one with the lower label numbers."""
    if len(log_probabilities) == 0:
        return []
    forbidden = np.where(FOLLOWS, 0.0, -math.inf)
    best, back = np.where(STARTS, log_probabilities[0], -math.inf), []
    for row in log_probabilities[1:]:
        paths = best[:, None] + forbidden
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    labels = [int(best.argmax())]
    for step in reversed(back):
        labels.append(int(step[labels[-1]]))
    return labels[::-1]
