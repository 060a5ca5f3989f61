#!/usr/bin/env python3
"""The Python package beside the binary: both digest the same articles and write the same lines, in turns, each from the start of a process.

    python3 -m venv .venv && .venv/bin/pip install ./python && cargo build --release
    python3 benches/python.py --python .venv/bin/python [--binary target/release/intisari] [--articles 200] [--repeats 3]

Articles are the sentences of `benches/sentences.txt`, drawn anew for each, three an article. A first run of each, which makes weights ready and warms
the system's caches, does not count. Prints medians, and ends with 1 where the two wrote different lines.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builds import ROOT, SENTENCES, processor

SCRIPT = """
import json, sys
import intisari
with open(sys.argv[1], encoding="utf8") as lines, open(sys.argv[2], "w", encoding="utf8") as out:
    pipeline = intisari.Pipeline(offsets="bytes")
    for document in pipeline.digest(map(json.loads, lines)):
        print(json.dumps(document.to_dict(), ensure_ascii=False, separators=(",", ":")), file=out)
"""


def timed(command: list[str], **options) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, **options)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/intisari")
    parser.add_argument("--python", type=Path, required=True, help="an interpreter that has the package")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        articles, ours, theirs = (Path(folder) / name for name in ("articles.jsonl", "binary.jsonl", "python.jsonl"))
        articles.write_text("".join(
            json.dumps({"id": str(number), "text": " ".join(chance.sample(SENTENCES, 3))}, ensure_ascii=False) + "\n"
            for number in range(args.articles)
        ), encoding="utf8")
        environment = {**os.environ, "INTISARI_MODELS": os.environ.get("INTISARI_MODELS", str(ROOT / "models"))}
        binary = [str(args.binary.resolve()), "digest", "--quiet", "--format", "jsonl", str(articles)]
        python = [os.path.abspath(args.python), "-c", SCRIPT, str(articles), str(theirs)]
        times: dict[str, list[float]] = {"binary": [], "python": []}
        for turn in range(args.repeats + 1):
            for name, command in (("binary", binary), ("python", python)):
                with (ours if name == "binary" else Path(os.devnull)).open("wb") as out:
                    took = timed(command, env=environment, cwd=folder, stdout=out)
                if turn:
                    times[name].append(took)
        read = lambda path: [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
        alike = read(ours) == read(theirs)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    version = subprocess.run([binary[0], "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{processor()}, {os.cpu_count()} processors; {version}; {args.articles} articles of three sentences, median of {args.repeats}")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.2f} s | {args.articles / seconds:.2f} articles/s |")
    print(f"python over binary: {100 * (medians['python'] / medians['binary'] - 1):+.1f} %; the same documents: {'yes' if alike else 'NO'}")
    sys.exit(0 if alike else 1)


if __name__ == "__main__":
    main()
