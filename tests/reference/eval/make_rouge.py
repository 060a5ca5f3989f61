"""ROUGE-1/2/L/Lsum of rouge-score 0.1.2, with and without stemming, and nltk's Porter stems."""

import itertools

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer

from texts import SENTENCES, system, write

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]

# A summary of several lines is made of consecutive sentences.
REFERENCES = ["\n".join(SENTENCES[i : i + 3]) for i in range(0, len(SENTENCES) - 2, 2)]
SYSTEMS = []
for seed, rate in ((11, 0.1), (12, 0.4), (13, 0.9)):
    lines = system(seed, rate)
    SYSTEMS.append(["\n".join(lines[j] for j in (i + 2, i, i + 1)) for i in range(0, len(lines) - 2, 2)])
SYSTEMS.append(["" for _ in REFERENCES])
SYSTEMS.append(REFERENCES[1:] + REFERENCES[:1])

cases = []
for index, outputs in enumerate(SYSTEMS):
    for stem in (False, True):
        scorer = RougeScorer(TYPES, use_stemmer=stem)
        for reference, output in zip(range(len(REFERENCES)), outputs):
            scores = scorer.score(REFERENCES[reference], output)
            cases.append(
                {
                    "system": index,
                    "reference": reference,
                    "stem": stem,
                    "scores": {t: list(map(float, scores[t])) for t in TYPES},
                }
            )
multi = []
for stem in (False, True):
    scorer = RougeScorer(TYPES, use_stemmer=stem)
    for a, b, output in zip(REFERENCES, REFERENCES[1:], SYSTEMS[1]):
        scores = scorer.score_multi([a, b], output)
        multi.append({"references": [a, b], "output": output, "stem": stem, "scores": {t: list(map(float, scores[t])) for t in TYPES}})

# Every suffix that a rule of the stemmer names, on stems of every kind, besides the words of the sentences.
ENDINGS = """s es ies ied sses ss eed ed ing at bl iz y ational tional enci anci izer bli abli alli entli eli ousli ization ation
ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able
ible ant ement ment ent sion tion ou ism ate iti ous ive ize e ll lled lling tted tting ying yed""".split()
STEMS = """a b be ho sky tr tree play happ conflat troubl siz hopp fall hiss fil fail cre digit radic differ vil analog vietnam predic
oper feudal decis hope call form sensit geo theo archaeo tri electr good reviv allow infer airlin gyroscop adjust defens irrit
replac depend adopt homolog commun activ angular effect bowdler probat ceas contro rol yy syzyg aeiou""".split()
words = sorted(
    {a + b for a, b in itertools.product(STEMS, ENDINGS)}
    | set("dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed skies sky dies died 2nd 1990s 49kg covid19".split())
    | {w for s in SENTENCES for w in "".join(c if c.isascii() and c.isalnum() else " " for c in s.lower()).split()}
)
stemmer = PorterStemmer()
stems = [[word, stemmer.stem(word)] for word in words]
write("rouge.json", {"references": REFERENCES, "systems": SYSTEMS, "cases": cases, "multi": multi, "stems": stems})
