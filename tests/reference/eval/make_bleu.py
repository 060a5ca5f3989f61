"""BLEU of sacreBLEU 2.6.0: corpus and sentence scores, tokenizers, smoothing, several references."""

from sacrebleu.metrics import BLEU
from sacrebleu.metrics.bleu import _get_tokenizer

from texts import SENTENCES, system, write

SYSTEMS = {
    "same": SENTENCES,
    "light": system(1, 0.1),
    "heavy": system(2, 0.5),
    "wreck": system(3, 0.95),
    "short": [" ".join(s.split(" ")[:3]) for s in SENTENCES],
    "empty": ["" for _ in SENTENCES],
    "other": ["Completely unrelated words follow here" for _ in SENTENCES],
}
SECOND = system(7, 0.3)
OPTIONS = (
    [{"tokenize": t} for t in ("13a", "intl", "char", "none")]
    + [{"lowercase": True}]
    + [{"smooth_method": "none"}, {"smooth_method": "floor"}, {"smooth_method": "floor", "smooth_value": 0.02}]
    + [{"smooth_method": "add-k"}, {"smooth_method": "add-k", "smooth_value": 0.5}, {"effective_order": True}]
)


def result(score, metric):
    return {
        "score": score.score,
        "printed": score.format(width=2),
        "counts": [float(x) for x in score.counts],
        "totals": [float(x) for x in score.totals],
        "precisions": score.precisions,
        "bp": score.bp,
        "sys_len": score.sys_len,
        "ref_len": score.ref_len,
        "signature": str(metric.get_signature()),
    }


cases = []
for name, hypotheses in SYSTEMS.items():
    for refs in ([SENTENCES], [SENTENCES, SECOND]):
        for options in OPTIONS:
            metric = BLEU(**options)
            cases.append(
                {
                    "system": name,
                    "references": len(refs),
                    "options": options,
                    **result(metric.corpus_score(hypotheses, refs), metric),
                }
            )

sentence = BLEU(effective_order=True)
sentences = [
    [sentence.sentence_score(h, [r]).score for h, r in zip(SYSTEMS[name], SENTENCES)] for name in ("light", "heavy")
]
EXTRA = SENTENCES + ["a-\nb", "line one\nline two", "x<skipped>y", "&lt;tag&gt; &quot;q&quot; &apos;", "1.", "1.2.3,4", "..,,", "5-", "-5",
                     "a\x1cb\u2003c\u3000d", "\u0663\u066b\u0664", "\u00bd%\u20ac5\u2122", "naïve\u0301 'tis", "\ufeffBOM", "tab\tand  spaces "]
tokens = [
    {"tokenizer": name, "text": text, "tokens": _get_tokenizer(name)()(text.rstrip()).split()}
    for name in ("13a", "intl", "char", "none")
    for text in EXTRA
]
write("bleu.json", {"references": [SENTENCES, SECOND], "systems": SYSTEMS, "cases": cases, "sentences": sentences, "tokens": tokens})
