"""chrF2, chrF2+ and chrF2++ of sacreBLEU 2.6.0."""

from sacrebleu.metrics import CHRF

from make_bleu import SECOND, SYSTEMS
from texts import SENTENCES, write

cases = []
for name, hypotheses in SYSTEMS.items():
    for refs in ([SENTENCES], [SENTENCES, SECOND]):
        for options in ({}, {"word_order": 1}, {"word_order": 2}, {"lowercase": True}, {"word_order": 2, "lowercase": True}):
            metric = CHRF(**options)
            score = metric.corpus_score(hypotheses, refs)
            cases.append(
                {
                    "system": name,
                    "references": len(refs),
                    "options": options,
                    "name": score.name,
                    "score": score.score,
                    "printed": score.format(width=2),
                    "signature": str(metric.get_signature()),
                    "sentences": [
                        metric.sentence_score(h, list(r)).score for h, r in zip(hypotheses, zip(*refs))
                    ],
                }
            )
write("chrf.json", {"references": [SENTENCES, SECOND], "systems": SYSTEMS, "cases": cases})
