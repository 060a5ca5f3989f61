#!/usr/bin/env python3
"""Prints how long hostile texts take as they grow: a row for each pattern, columns for n, 2n, 4n and 8n bytes.

    cargo build --release && python3 benches/hostile.py                 # clean and split, 256 kB to 2 MB
    python3 benches/hostile.py --command ner --bytes 32000              # with the built-in encoder
    python3 benches/hostile.py --bytes 20000 --runs 1                   # a quick look

Linear means: doubling the text doubles the time. `growth` is the time of the largest text over that of the smallest, by 8: 1.0 is
linear, 8.0 quadratic; times under --floor seconds are taken as that, for the program's start is in them. Ends with 1 where one
is over --most. Needs nothing but Python.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

PATTERNS = {
    "short lines": lambda n: "a.\n" * (n // 3),
    "blank lines": lambda n: "\n" * n,
    "one word": lambda n: "x" * n,
    "one word, joined": lambda n: "turun.jalan-" * (n // 12),
    "one sentence": lambda n: "angin reda dan ombak " * (n // 21),
    "names": lambda n: "".join(f"Ruth N{i}a bertemu Marta L{i}o.\n" for i in range(n // 32)),
    "figures and stops": lambda n: "3." * (n // 2),
    "figures": lambda n: "".join(f"{i} orang, Rp {i}.000, " for i in range(n // 24)),
    "dates": lambda n: "Senin (3/3/2025) pukul 18.35 WITA " * (n // 35),
    "open quotes": lambda n: "“" * (n // 3),
    "quotes": lambda n: "\"a\" " * (n // 4),
    "open brackets": lambda n: "(" * n,
    "brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "open tags": lambda n: "<p " * (n // 3),
    "tags": lambda n: "<b>a</b>" * (n // 8),
    "codes": lambda n: "&amp;" * (n // 5),
    "unseen": lambda n: "a\u00ad\u200b" * (n // 6),
    "boilerplate": lambda n: "Baca juga: Harga Ikan\n" * (n // 22),
    "addresses": lambda n: "ruth@sabu.example, www.sabu.example/a, " * (n // 39),
    "base64": lambda n: "iVBORw0KGgo/AAAA" * (n // 16),
    "marks": lambda n: "a" + "\u0301" * (n // 2),
    "stops": lambda n: ". " * (n // 2),
    "initials": lambda n: "M. " * (n // 3),
    "glued headings": lambda n: "abcdE雨雨" * (n // 11),
    "other script": lambda n: "雨が" * (n // 6),
}


def seconds(args, text):
    record = json.dumps({"id": "a", "text": text}) + "\n"
    best = None
    for _ in range(args.runs):
        begun = time.monotonic()
        done = subprocess.run(
            [args.binary, args.command, "--threads", "1", "--max-article-bytes", str(64 << 20), "--quiet", "--input-form", "jsonl", "-"],
            input=record.encode(), stdout=subprocess.PIPE, check=False, timeout=args.timeout)
        took = time.monotonic() - begun
        if done.returncode != 0 or done.stdout.count(b"\n") != 1 or b'"error"' in done.stdout[:40]:
            sys.exit(f"exit code {done.returncode}, output {done.stdout[:200]!r}")
        best = took if best is None else min(best, took)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(Path(__file__).parent.parent / "target/release/intisari"))
    parser.add_argument("--command", default=None, choices=["clean", "split", "ner", "translate"], help="default: clean, then split")
    parser.add_argument("--bytes", type=int, default=256_000, help="the smallest text")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many")
    parser.add_argument("--floor", type=float, default=0.05, help="seconds that count as nothing")
    parser.add_argument("--most", type=float, default=1.6, help="growth that is too much")
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--pattern", action="append", choices=PATTERNS, help="only this one; name it again for more")
    args = parser.parse_args()
    bad = 0
    for command in [args.command] if args.command else ["clean", "split"]:
        args.command = command
        print(f"\n{command}, seconds by bytes\n")
        sizes = [args.bytes << power for power in range(4)]
        print("| pattern | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |")
        print("| --- |" + " ---: |" * 5)
        for name in args.pattern or PATTERNS:
            times = [seconds(args, PATTERNS[name](size)) for size in sizes]
            growth = max(times[-1], args.floor) / max(times[0], args.floor) / 8
            bad += growth > args.most
            print(f"| {name} | " + " | ".join(f"{took:.2f}" for took in times) + f" | {growth:.2f} |", flush=True)
    sys.exit(1 if bad else 0)


main()
