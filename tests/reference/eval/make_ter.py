"""TER of sacreBLEU 2.6.0."""

import random

from sacrebleu.metrics import TER

from make_bleu import SECOND, SYSTEMS
from texts import SENTENCES, write


def shuffled(seed):
    """Blocks of words moved about, which is what TER has shifts for."""
    rng = random.Random(seed)
    out = []
    for sentence in SENTENCES:
        words = sentence.split(" ")
        for _ in range(rng.randrange(4)):
            start = rng.randrange(len(words))
            block = words[start : start + rng.randrange(1, 5)]
            rest = words[:start] + words[start + len(block) :]
            target = rng.randrange(len(rest) + 1)
            words = rest[:target] + block + rest[target:]
        out.append(" ".join(words))
    return out


def long(seed, length):
    """A sentence of few distinct words, which gives many shifts to try."""
    rng = random.Random(seed)
    return " ".join(rng.choice(["rice", "price", "rose", "the", "in", "said", "."]) for _ in range(length))


systems = {**SYSTEMS, "shuffled": shuffled(21)}
cases = []
for name, hypotheses in systems.items():
    for refs in ([SENTENCES], [SENTENCES, SECOND]):
        for options in ({}, {"normalized": True}, {"no_punct": True}, {"case_sensitive": True}, {"normalized": True, "no_punct": True, "case_sensitive": True}):
            metric = TER(**options)
            score = metric.corpus_score(hypotheses, refs)
            cases.append(
                {
                    "system": name,
                    "references": len(refs),
                    "options": options,
                    "score": score.score,
                    "printed": score.format(width=2),
                    "edits": score.num_edits,
                    "ref_length": score.ref_length,
                    "signature": str(metric.get_signature()),
                }
            )
pairs = []
for seed, (a, b) in enumerate([(5, 5), (20, 20), (40, 40), (3, 120), (120, 3), (60, 30), (80, 80), (1, 1), (2, 70), (0, 4), (4, 0), (0, 0), (100, 110)]):
    output, reference = long(seed, a), long(seed + 100, b)
    pairs.append([output, reference, TER().sentence_score(output, [reference]).score])
write("ter.json", {"references": [SENTENCES, SECOND], "systems": systems, "cases": cases, "pairs": pairs})
