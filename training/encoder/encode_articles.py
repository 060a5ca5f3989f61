"""Store the sentence vectors of every article, so that the salience head trains in minutes.

usage: python3 encode_articles.py --model models/encoder --out VECTORS.pt [--data DATA] [--detik 200] [--threads 1]

Resumes: articles already in the file are not encoded again.
"""
import argparse
import os
import time
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer

from packed import load_packed
from salience import detik, indosum, sentence_vectors, split_of

PARTS = ["test", "valid", "train"]  # in this order, so that a run cut short can be used


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--detik", type=int, default=200, help="articles of the detik set, from its start")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--float32", action="store_true", help="no bfloat16")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model, _ = load_packed(options.model)
    model.to(options.device, torch.float32 if options.float32 else torch.bfloat16)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    data = Path(options.data)
    stored = torch.load(options.out, weights_only=True) if options.out.exists() else {}
    articles = [*islice(detik(data), options.detik), *sorted(indosum(data), key=lambda a: PARTS.index(split_of(a.id)))]
    begun, pieces = time.time(), 0
    for number, article in enumerate(articles, 1):
        if article.id not in stored:
            vectors, lengths = sentence_vectors(model, tokenizer, article.sentences)
            stored[article.id] = (vectors.half(), lengths)
            pieces += int(lengths.sum())
        if number % 200 == 0 or number == len(articles):
            torch.save(stored, options.out)
            print(f"{number}/{len(articles)} articles, {pieces / (time.time() - begun):.0f} pieces/s", flush=True)


if __name__ == "__main__":
    main()
