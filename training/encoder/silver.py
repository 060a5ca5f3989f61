"""Label news that nobody annotated with an encoder that was trained before, to train another on what it is sure of.

usage: python3 silver.py --model FOLDER --out silver.jsonl [--data DATA] [--device cpu] [--threads 1]

Reads the articles of IndoSum whose `salience.split_of` is train, without those that share a sentence with a valid or test split of
the annotated sets. Writes {"words", "tags"} a line: the labels that a word may have are those with a probability of KEPT or more
when a whole window is read.
"""
import argparse
import json
import os
import re
from pathlib import Path

import torch
from tokenizers import Tokenizer

from entities import TEST_SETS, TRAINING_SETS, Sentence, blanks, encode, load, running_text
from model import LABELS, Encoder, pad
from salience import indosum, split_of, windows

KEPT = 0.08
WORD = re.compile(r"\w+(?:[-'’./]\w+)*|[^\w\s]")
SHINGLE, SHARED = 4, 0.6  # words; part of a sentence's shingles found in an article that makes it a repeat, as in leaks.tsv


def silver_sentences(file: Path) -> list[Sentence]:
    with open(file, encoding="utf8") as lines:
        return [Sentence("silver", line["words"], line["tags"]) for line in map(json.loads, lines)]


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    plain = [w for w in ("".join(c for c in word.lower() if c.isalnum()) for word in words) if w]
    return {tuple(plain[i:i + SHINGLE]) for i in range(len(plain) - SHINGLE + 1)}


def kept_apart(data: Path) -> list[set[tuple[str, ...]]]:
    splits = [(name, "test") for name in TEST_SETS] + [(name, "valid") for name in TRAINING_SETS]
    return [found for name, split in splits for s in load(data, name, split) if len(found := shingles(s.words)) > 1]


def repeats(article: set[tuple[str, ...]], apart: list[set[tuple[str, ...]]], index: dict) -> bool:
    near = {i for shingle in article for i in index.get(shingle, ())}
    return any(len(apart[i] & article) >= SHARED * len(apart[i]) for i in near)


@torch.no_grad()
def label(model: Encoder, tokenizer: Tokenizer, sentences: list[list[str]], temperature: float) -> list[list[str]]:
    """The labels that each word of an article's sentences may have."""
    lengths = [len(tokenizer.encode(running_text(words, blanks(words))[0], add_special_tokens=False).ids) for words in sentences]
    tags: list[list[str]] = []
    for part in windows([min(length, 400) for length in lengths]):
        group = [sentences[i] for i in part]
        words = [word for words in group for word in words]
        apart = [blank or (k == 0 and g > 0) for g, words_ in enumerate(group) for k, blank in enumerate(blanks(words_))]
        text, starts = running_text(words, apart)
        pieces = encode(tokenizer, text, words, starts, ["O"] * len(words))
        ids = pieces.ids[:512]
        logits = model(pad([ids], 1).to(model.device), torch.tensor([len(ids)], device=model.device)).float().cpu()[0]
        chances = (logits / temperature).softmax(-1)
        known = ["|".join(LABELS)] * len(words)
        for k, position in enumerate(pieces.first):
            if position is not None and position < len(ids):
                known[k] = "|".join(name for name, chance in zip(LABELS, chances[position].tolist()) if chance >= KEPT)
        for words_ in group:
            tags.append(known[:len(words_)])
            known = known[len(words_):]
    return tags


def main() -> None:
    from packed import load_packed
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True, help="a folder written by export.py")
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--articles", type=int, default=10**9, help="stop after so many articles")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model, config = load_packed(options.model)
    model.to(options.device).eval()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    temperature = config["intisari"]["temperature"]
    apart = kept_apart(Path(options.data))
    index: dict[tuple[str, ...], list[int]] = {}
    for i, found in enumerate(apart):
        for shingle in found:
            index.setdefault(shingle, []).append(i)
    left_out = articles = sentences = sure = words_seen = 0
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with open(options.out, "w", encoding="utf8") as file:
        for article in indosum(Path(options.data)):
            if split_of(article.id) != "train":
                continue
            if articles == options.articles:
                break
            split = [words for text in article.sentences if (words := WORD.findall(text))]
            if repeats(shingles([word for words in split for word in words]), apart, index):
                left_out += 1
                continue
            articles += 1
            for words, tags in zip(split, label(model, tokenizer, split, temperature)):
                sentences, words_seen, sure = sentences + 1, words_seen + len(words), sure + sum("|" not in tag for tag in tags)
                file.write(json.dumps({"words": words, "tags": tags}, ensure_ascii=False) + "\n")
            if articles % 100 == 0:
                print(f"{articles} articles, {sentences} sentences", flush=True)
    print(f"{articles} articles, {sentences} sentences, {sure / words_seen:.1%} of {words_seen} words with one label; "
          f"{left_out} articles left out: they share a sentence with a valid or test split")


if __name__ == "__main__":
    main()
