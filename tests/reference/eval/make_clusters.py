"""Clusters by scorch 0.2.0: MUC, CEAF with phi4 and the mean of CoNLL 2012."""

import random

from scorch.scores import b_cubed, ceaf_e, conll2012, muc

from texts import write

rng = random.Random(29)
cases = []
for case in range(40):
    n, k = rng.randrange(1, 30), rng.randrange(1, 10)
    gold = [rng.randrange(k) for _ in range(n)]
    predicted = [g if rng.random() < 0.6 else rng.randrange(k + 2) for g in gold]
    if case == 0:
        gold, predicted = list(range(5)), [0] * 5
    # A mention that a side does not have is -1.
    if case % 3 == 2:
        gold = [g if rng.random() < 0.85 else -1 for g in gold]
        predicted = [p if rng.random() < 0.85 else -1 for p in predicted]

    def clusters(ids):
        return [{m for m, i in enumerate(ids) if i == c} for c in sorted(set(ids) - {-1})]

    key, response = clusters(gold), clusters(predicted)
    if not key or not response:
        continue
    rows = {name: list(map(float, f(key, response))) for name, f in [("muc", muc), ("b_cubed", b_cubed), ("ceaf", ceaf_e)]}
    cases.append({"gold": gold, "predicted": predicted, **rows, "conll": float(conll2012(key, response))})
write("clusters.json", {"cases": cases})
