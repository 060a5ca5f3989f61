"""Cuts Gemma's vocabulary to the pieces of Indonesian and English text.

    python cut_vocabulary.py --base DIR --data DIR --out models/translator

Counted are both sides of the training pairs, the raw news, and the articles and summaries of the summarization
sets. Kept are: pieces seen --least times; the pieces of the commoner English words (package wordfreq, Zipf value
--zipf or more), since far less of the text is English; <pad> <eos> <bos> <unk>; the 256 byte pieces; every piece of
printable ASCII and Latin-1 that is one character; and, for each kept piece, the shorter pieces it is merged from.
The last makes the cut tokenizer give the same pieces as the full one wherever the full one uses kept pieces only: the full
one merges inside a final piece exactly as if the piece stood alone, so all its merges are there, in the same order.
Elsewhere shorter pieces or bytes stand in.

Written are `tokenizer.json` (new ids, without gaps) and `kept_ids.json`: ascending old ids as the difference to the
one before (the first to 0); the new id is the place in the list.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, islice, pairwise
from pathlib import Path

from tokenizers import Tokenizer
from wordfreq import get_frequency_dict

from pieces import SPECIALS, Merge, Pieces, derivation, pieces_of

# Sources under terms that the committed files must not depend on, and word lists that are no running text.
LEFT_OUT = {"ted-iwslt17", "sap-docs", "wordnet-bahasa", "lexicon"}
LATIN_1 = [chr(c) for c in (*range(0x21, 0x7F), *range(0xA1, 0x100), 0x2581)] + ["\n", "\t"]


def read(path: Path) -> Iterator[str]:
    """Lines of a text file, plain or gzipped."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as lines:
        yield from (line.rstrip("\n") for line in lines)


def strings(value: object) -> Iterator[str]:
    """All strings inside a JSON value, cut at line ends."""
    if isinstance(value, str):
        yield from (line for line in value.splitlines() if line.strip())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def corpus(data: Path) -> Iterator[str]:
    """The text whose pieces are counted."""
    for path in sorted((data / "mt/train").glob("*.gz")):
        if path.name.split(".")[0] not in LEFT_OUT:
            yield from read(path)
    for folder in ("news", "summarization"):
        for path in sorted((data / folder).rglob("*.jsonl*")):
            for line in read(path):
                yield from strings(json.loads(line))


def count(tokenizer: Tokenizer, lines: Iterator[str]) -> Counter[int]:
    """How often each piece occurs."""
    counts: Counter[int] = Counter()
    while batch := list(islice(lines, 2000)):
        for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def english(tokenizer: Tokenizer, zipf: float) -> set[int]:
    """Pieces of the English words that occur at least 10^(zipf - 9) times a word, inside and at the start of a sentence."""
    words = [word for word, share in get_frequency_dict("en", "large").items() if share >= 10 ** (zipf - 9)]
    forms = [f" {form}" for word in words for form in (word, word.capitalize())]
    return {i for encoding in tokenizer.encode_batch(forms, add_special_tokens=False) for i in encoding.ids}


def keep(pieces: Pieces, wanted: set[int]) -> tuple[list[int], list[Merge]]:
    """Ids to keep, ascending, and the merges among them, first to be done first."""
    ids = {piece: i for i, piece in enumerate(pieces.text)}
    merges = pieces.merges()
    rank = {merge: i for i, merge in enumerate(merges)}
    kept = {ids[t] for t in SPECIALS} | set(pieces.byte_ids()) | {ids[t] for t in LATIN_1 if t in ids}
    kept |= wanted
    used: set[int] = set()
    for i in sorted(kept):
        for merge in derivation(pieces.text[i], rank):
            used.add(rank[merge])
            kept |= {ids[merge[0]], ids[merge[1]], ids["".join(merge)]}
        kept |= {ids[c] for c in pieces.text[i] if c in ids}
    return sorted(kept), [merges[r] for r in sorted(used)]


def compare(full: Tokenizer, cut: Tokenizer, kept: list[int], paths: list[Path]) -> None:
    """Prints, for each file, on how many lines the pieces differ, and why they may."""
    known = set(kept)
    for path in paths:
        lines = list(read(path))
        same = differ = lacking = longer = total = 0
        for line in lines:
            old = full.encode(line, add_special_tokens=False).ids
            new = [kept[i] for i in cut.encode(line, add_special_tokens=False).ids]
            total, longer = total + len(old), longer + len(new) - len(old)
            if old == new:
                same += 1
            elif all(i in known for i in old):
                differ += 1
            else:
                lacking += 1
            if full.decode(old) != cut.decode(cut.encode(line).ids):
                raise SystemExit(f"{path}: does not decode to itself: {line}")
        print(f"{path.name:32} {len(lines):6} lines {same:6} same {lacking:5} use pieces cut away {differ} differ otherwise"
              f"  {total} pieces, {longer:+} when cut", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder written by base.py")
    parser.add_argument("--data", type=Path, required=True, help="folder with mt/, news/ and summarization/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--least", type=int, default=8)
    parser.add_argument("--zipf", type=float, default=3.3)
    parser.add_argument("--counts", type=Path, help="keep the counts in this file and use them if it is there")
    options = parser.parse_args()

    pieces = pieces_of(options.base / "model.gguf")
    full = pieces.full_tokenizer()
    if options.counts and options.counts.exists():
        counts = Counter({int(i): n for i, n in json.loads(options.counts.read_text()).items()})
    else:
        counts = count(full, corpus(options.data))
        if options.counts:
            options.counts.write_text(json.dumps(counts))
    kept, merges = keep(pieces, {i for i, seen in counts.items() if seen >= options.least} | english(full, options.zipf))
    print(f"{counts.total()} pieces counted, {len(counts)} kinds, {len(kept)} kept, {len(merges)} merges")

    cut = pieces.cut_tokenizer(kept, merges)
    options.out.mkdir(parents=True, exist_ok=True)
    cut.save(str(options.out / "tokenizer.json"), pretty=False)
    deltas = [kept[0], *(b - a for a, b in pairwise(kept))]
    assert list(accumulate(deltas)) == kept
    (options.out / "kept_ids.json").write_text(json.dumps(deltas, separators=(",", ":")))
    compare(full, cut, kept, sorted((options.data / "mt/eval").glob("*.[ie][dn]")))


if __name__ == "__main__":
    main()
