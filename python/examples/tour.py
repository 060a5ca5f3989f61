"""A tour of the Python package, cell by cell: run it, or open it as a notebook (VS Code, Spyder and jupytext know `# %%`).

    python examples/tour.py [--rules]

With `--rules` it needs no model: no names of people, no English.
"""

# %% A pipeline has the stages of `intisari digest`. It loads its models once.
import sys
from pathlib import Path

import intisari

if "--rules" in sys.argv:
    pipeline = intisari.Pipeline(entities="rules", translate=False, summary="lead", sentences=2)
else:
    pipeline = intisari.Pipeline(sentences=2)
print(pipeline)

# %% One article gives a document.
folder = Path(__file__).resolve().parents[2] / "examples" / "articles"
article = (folder / "jembatan.txt").read_text(encoding="utf-8")
document = pipeline.digest({"id": "jembatan", "text": article, "date": "2025-07-14"})
print(document)
print(document.summary.text if document.summary else "no summary")

# %% Every part has its place in the article, in characters.
for entity in document.entities[:6]:
    assert entity.text == article[entity.start : entity.end]
    print(f"{entity.label:6} {entity.start:4}–{entity.end:<4} {entity.text}  {entity.value or ''}")
for removed in document.removed:
    print(f"removed by {removed.rule}: {removed.text!r}")

# %% Sentences and their English, where there is one; what is doubtful has flags.
for sentence in document.sentences[:3]:
    print(f"{sentence.text}\n  → {sentence.english}")
print("doubtful:", [flag.kind for segment in document.translation for flag in segment.flags])

# %% Many articles: a list gives a list, anything else an iterator that reads a batch at a time. One that fails costs no other.
news = [{"id": path.stem, "isi": path.read_text(encoding="utf-8")} for path in sorted(folder.glob("*.txt"))]
news.append({"id": "rusak", "judul": "Tanpa isi"})
for result in pipeline.digest(iter(news), errors="return"):
    print(result if isinstance(result, intisari.Document) else f"failed: {result}")


# %% Progress; Ctrl-C works as well.
def show(progress: intisari.Progress) -> None:
    print(f"\r{progress.articles} of {progress.of} articles; {progress.stage} {progress.done}/{progress.total}   ", end="")


documents = pipeline.digest(news[:-1], progress=show)
print()

# %% Documents are what the binary and the server write, and are read from there.
line = documents[0].to_json()
assert intisari.Document.from_json(line) == documents[0]

# %% Tables, where pandas is installed, and spaCy.
try:
    table = intisari.to_pandas(documents, "entities")
    print(table[["document", "label", "text", "value"]].head(8).to_string())
    doc = intisari.to_spacy(documents[0])
    print([(ent.text, ent.label_) for ent in doc.ents][:3])
except ImportError as error:
    print(error)

# %% Metrics, equal to sacreBLEU, rouge-score and seqeval.
score = intisari.evaluate.bleu(["The cat sat on the mat."], ["The cat sat on a mat."])
print(f"BLEU {score.score:.2f} {score.signature}")
tags = intisari.evaluate.span_f1([["B-PER", "I-PER", "O"]], [["B-PER", "I-PER", "B-LOC"]])
print(f"F1 {tags.micro.f1:.2f}")
