"""Cut the vocabulary of the base model to the pieces that Indonesian and English text uses.

usage: python3 vocabulary.py --base BASE --out CUT [--data DATA] [--size 45000]

A unigram tokenizer picks the best-scoring segmentation, so taking away pieces that a segmentation does not use leaves it
the best one: text whose pieces were all kept is cut into the same pieces as before. No test split is counted.
"""
import argparse
import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Iterable, Iterator

from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
LEFT_OUT = ("ted-iwslt17", "sap-docs")  # licences that do not fit committed weights
NER_SETS = ("idner2k", "nerui", "nergrit", "nerugm", "nerp")


def build_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """A tokenizer over scored pieces, the first four being SPECIAL. Neither truncates nor pads.

    NFKC stands for the original's compiled map, from which it differs in controls and zero-width characters: those go.
    """
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFKC(),
        normalizers.Replace(Regex("[\u200b-\u200f\u2060\ufeff\u00ad\u0000-\u0008\u000e-\u001f\u007f]"), ""),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def lines_of(path: Path) -> Iterator[str]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf8") as file:
        yield from file


def corpus(data: Path) -> Iterator[str]:
    """Every text the vocabulary is counted on: training and validation text only."""
    for name in NER_SETS:
        for split in ("train", "valid"):
            words: list[str] = []
            for line in lines_of(data / "ner" / name / f"{split}.tsv"):
                if line.strip():
                    words.append(line.split("\t")[0])
                else:
                    yield " ".join(words)
                    words = []
    for path in [data / "summarization/indosum.jsonl", *sorted((data / "news").glob("*.jsonl.gz"))]:
        for line in lines_of(path):
            article = json.loads(line)
            yield " ".join(str(article.get(part) or "") for part in ("title", "text"))
    for path in sorted((data / "mt/train").glob("*.gz")):
        if path.name.split(".")[0] not in LEFT_OUT:
            yield from lines_of(path)


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    batch: list[str] = []

    def flush() -> None:
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            counts.update(encoding.ids)
        batch.clear()

    for text in texts:
        batch.append(text)
        if len(batch) == 2000:
            flush()
    flush()
    return counts


def is_latin(piece: str) -> bool:
    """Whether a piece is made of Latin letters below U+0250, digits and common punctuation only."""
    return all(c < "\u0250" or "\u2010" <= c <= "\u2044" or c in "▁€™" for c in piece)


def kept_ids(pieces: list[tuple[str, float]], counts: Counter[int], size: int) -> list[int]:
    """Ascending ids: special pieces, all that were seen, all of one Latin letter, and the likeliest Latin ones up to `size`."""
    kept = {i for i, (piece, _) in enumerate(pieces)
            if i < len(SPECIAL) or counts[i] or (len(piece.removeprefix("▁")) <= 1 and is_latin(piece))}
    rest = sorted((i for i, (piece, _) in enumerate(pieces) if i not in kept and is_latin(piece)), key=lambda i: -pieces[i][1])
    return sorted(kept.union(rest[:max(0, size - len(kept))]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--size", type=int, default=45_000)
    options = arguments.parse_args()
    if options.data is None:
        raise SystemExit("name the data folder with --data or INTISARI_DATA")
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    pieces = [(piece, score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]
    counts = count_pieces(tokenizer, corpus(Path(options.data)))
    kept = kept_ids(pieces, counts, options.size)
    options.out.mkdir(parents=True, exist_ok=True)
    build_tokenizer([pieces[i] for i in kept]).save(str(options.out / "tokenizer.json"), pretty=False)
    config = json.loads((options.base / "config.json").read_text())
    config["vocab_size"] = len(kept)
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tensors = load_file(options.base / "model.safetensors")
    name = "embeddings.word_embeddings.weight"
    tensors[name] = tensors[name][kept].contiguous()
    save_file(tensors, options.out / "model.safetensors", metadata={"format": "pt"})
    total = sum(counts.values())
    print(f"{total} tokens, {len(counts)} pieces seen, {len(kept)} kept, "
          f"covering {sum(counts[i] for i in kept) / total:.5%} of the tokens")


if __name__ == "__main__":
    main()
