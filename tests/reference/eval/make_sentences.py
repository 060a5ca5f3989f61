"""Sentence spans by the script of the CoNLL 2018 shared task (as stanza 1.10.1 ships it), boundaries by wtpsplit 2.1.2.

Both are taken from their files: importing the packages would load torch.
"""

import ast
import importlib.util
import io
import pathlib
import random
import types

import numpy as np
from sklearn.metrics import f1_score, precision_score, recall_score

from texts import SENTENCES, write


def folder(package):
    return pathlib.Path(importlib.util.find_spec(package).origin).parent


spec = importlib.util.spec_from_file_location("conll18", folder("stanza") / "utils" / "conll18_ud_eval.py")
conll18 = importlib.util.module_from_spec(spec)
spec.loader.exec_module(conll18)

tree = ast.parse((folder("wtpsplit") / "evaluation" / "__init__.py").read_text())
tree.body = [n for n in tree.body if getattr(n, "name", None) in ("get_labels", "evaluate_sentences")]
wtpsplit = {
    "np": np,
    "f1_score": f1_score,
    "precision_score": precision_score,
    "recall_score": recall_score,
    "Constants": types.SimpleNamespace(SEPARATORS={"id": " "}),
}
exec(compile(tree, "wtpsplit", "exec"), wtpsplit)


def conllu(sentences):
    """Words between white space, all hanging from the first."""
    lines = []
    for sentence in sentences:
        for number, word in enumerate(sentence.split(), 1):
            head, relation = (0, "root") if number == 1 else (1, "dep")
            lines.append(f"{number}\t{word}\t_\t_\t_\t_\t{head}\t{relation}\t_\t_\n")
        lines.append("\n")
    return conll18.load_conllu(io.StringIO("".join(lines)), "set", {})


rng = random.Random(23)
cases = []
for number in range(60):
    pool = [" ".join(s.split()) for s in SENTENCES if s.strip()]
    gold = rng.sample(pool, 1 if number == 0 else rng.randrange(1, 12))
    text = " ".join(gold)
    # Cuts lie behind a blank, or, now and then, within a word.
    cuts, at = set(), 0
    for sentence in gold[:-1]:
        at += len(sentence) + 1
        if rng.random() < 0.8:
            cuts.add(at)
    blanks = [i + 1 for i, c in enumerate(text) if c == " "]
    cuts |= {i for i in blanks if rng.random() < 0.02}
    if number % 3 == 0:
        cuts |= {i for i in range(1, len(text)) if text[i - 1] != " " and text[i] != " " and rng.random() < 0.01}
    ends = sorted(cuts) + [len(text)]
    found = [text[start:end] for start, end in zip([0] + ends, ends)]
    spans = conll18.evaluate(conllu(gold), conllu(found))["Sentences"]
    f1, boundaries = wtpsplit["evaluate_sentences"]("id", gold, found)
    cases.append(
        {
            "gold": gold,
            "found": found,
            "spans": [spans.precision, spans.recall, spans.f1],
            "counts": [spans.correct, spans.system_total, spans.gold_total],
            "boundaries": [boundaries["precision"], boundaries["recall"], f1],
        }
    )

write("sentences.json", {"cases": cases})
