"""How well the words of a pair account for each other, by IBM model 1 (Brown et al. 1993) in both directions.

Wire texts are often retold rather than translated: clauses are missing or added. A model that learns from such
pairs learns to leave out.
"""

import numpy as np

ROUNDS, LEAST = 5, 1e-4


def scores(pairs: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> np.ndarray:
    """For each pair of word sequences the mean log probability of its words given their best counterparts.

    The worse of the two directions counts: omissions show in one, additions in the other. Words that stand
    unchanged on both sides (names, numbers) are certain.
    """
    forth = _one_way(pairs)
    back = _one_way([(target, source) for source, target in pairs])
    return np.minimum(forth, back)


def _one_way(pairs: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> np.ndarray:
    """Mean log of the best p(target word | source word) over the target words of each pair."""
    index: dict[str, int] = {}

    def coded(words: tuple[str, ...]) -> np.ndarray:
        return np.fromiter((index.setdefault(w, len(index)) for w in words), np.int64, len(words))

    sides = [(coded(source), coded(target)) for source, target in pairs]
    given = np.concatenate([np.tile(s, len(t)) for s, t in sides])
    made = np.concatenate([np.repeat(t, len(s)) for s, t in sides])
    # Links are grouped by target word; `starts` is where each group begins.
    sizes = np.concatenate([np.full(len(t), len(s)) for s, t in sides])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    _, kind = np.unique(given * len(index) + made, return_inverse=True)
    probability = np.ones(kind.max() + 1)
    for _ in range(ROUNDS):
        link = probability[kind]
        link /= np.repeat(np.add.reduceat(link, starts), sizes)
        mass = np.bincount(given, link, len(index))
        probability = np.bincount(kind, link)
        probability[kind] = (probability[kind]) / mass[given]
    link = np.where(given == made, 1.0, probability[kind])
    best = np.log(np.maximum(np.maximum.reduceat(link, starts), LEAST))
    words = np.array([len(t) for _, t in sides])
    return np.add.reduceat(best, np.concatenate(([0], np.cumsum(words)[:-1]))) / words


def best(score: np.ndarray, length: np.ndarray, share: float, groups: int = 10) -> np.ndarray:
    """Which pairs are among the best `share` of those about as long, as a mask."""
    order = np.argsort(length, kind="stable")
    kept = np.zeros(len(score), bool)
    for group in np.array_split(order, groups):
        ranked = group[np.argsort(-score[group], kind="stable")]
        kept[ranked[: round(share * len(ranked))]] = True
    return kept
