"""Paired tests of sacreBLEU 2.6.0 for BLEU, with the draws that numpy made for them."""

import numpy as np
from sacrebleu.metrics import BLEU
from sacrebleu.significance import PairedTest

from texts import SENTENCES, system, write

SEED, BOOTSTRAPS, TRIALS = 12345, 200, 300
good, fair = system(31, 0.25), system(32, 0.3)
rng = np.random.default_rng(SEED)
draws = rng.choice(len(SENTENCES), size=(BOOTSTRAPS, len(SENTENCES)), replace=True)
rng = np.random.default_rng(SEED)
swaps = rng.integers(2, size=(TRIALS, len(SENTENCES)), dtype=bool)


def run(test, samples):
    metrics = {"BLEU": BLEU(references=[SENTENCES])}
    _, scores = PairedTest([("fair", fair), ("good", good)], metrics, references=None, test_type=test, n_samples=samples)()
    baseline, better = scores["BLEU"]
    number = lambda x: None if x is None else float(x)
    return {"baseline": float(baseline.score), "system": float(better.score), "mean": number(better.mean), "ci": number(better.ci), "p_value": better.p_value}


write(
    "resampling.json",
    {
        "references": SENTENCES,
        "system": good,
        "baseline": fair,
        "draws": draws.tolist(),
        "swaps": swaps.tolist(),
        "bootstrap": run("bs", BOOTSTRAPS),
        "randomization": run("ar", TRIALS),
    },
)
