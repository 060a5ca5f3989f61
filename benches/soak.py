#!/usr/bin/env python3
"""Runs one process over many articles and says whether it grows, slows down, loses or mixes up anything.

    cargo build --release && python3 benches/soak.py                               # clean, split: 200,000; ner: 20,000
    python3 benches/soak.py --command digest --articles 20000 -- --fast            # options behind -- go to the command
    python3 benches/soak.py --command clean --articles 2000                        # a quick look

Articles are those in examples/articles, with names, places and numbers changed and paragraphs left out, and a line with a number
of their own. Three in four hundred are hostile (a picture in base64, a word without end, no text), one in 997 is bad JSON. They
are fed as the program takes them. Printed: memory at 1 %, 50 % and 100 %, seconds for each thousand (the first, the middle and
the last of them), and whether each record came back, in order. Ends with 1 where one did not, or where memory at the end is
over --most of that at 1 %. Linux, for /proc.
"""

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMES = ["Ruth", "Marta", "Yulius", "Nur", "Paimin", "Sutan", "Ceu Iroh", "Poltak", "Made", "Wagiyo"]
PLACES = ["Sabu", "Tenau", "Tolo", "Rote", "Bolok", "Oesapa", "Ende", "Soe", "Alor", "Kupang"]


def article(number, texts):
    """The text of an article, or what takes its place."""
    chance = random.Random(number)
    paragraphs = [part for part in chance.choice(texts).split("\n") if chance.random() > 0.15]
    text = "\n".join(paragraphs)
    for old in ("Yulius", "Nurhayati"):
        text = text.replace(old, chance.choice(NAMES))
    for old in ("Rungan", "Palangka Raya"):
        text = text.replace(old, chance.choice(PLACES))
    text = text.replace("240", str(chance.randint(2, 900))) + f"\nNomor {number}."
    kind = number % 400
    if kind == 100:
        text += "\ndata:image/png;base64," + "".join(chance.choices("ABCDEFabcdef0123456789+/", k=10_000))
    if kind == 200:
        text += "\n" + "x" * 100_000
    if kind == 300:
        text = ""
    return text


def line(number, texts):
    if number % 997 == 996:
        return b"{\"id\": rusak\n"
    return json.dumps({"id": str(number), "text": article(number, texts)}, ensure_ascii=False).encode() + b"\n"


def memory(process):
    """Resident memory now and at its highest, in MB."""
    fields = dict(row.split(":", 1) for row in Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":" in row)
    return [int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]


def soak(args, command, articles):
    texts = [path.read_text() for path in sorted((ROOT / "examples/articles").glob("*.txt"))]
    options = ["--input-form", "jsonl", "--quiet", "--failures-as-records"] + args.options + ["-"]
    process = subprocess.Popen([args.binary, command] + options, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    measured = threading.Event()

    def feed():
        for number in range(articles):
            process.stdin.write(line(number, texts))
        process.stdin.flush()
        # Its memory is read before it ends; a record that never comes must not hold this up for ever.
        measured.wait(60)
        process.stdin.close()

    threading.Thread(target=feed, daemon=True).start()
    wanted = {max(1, articles // 100): "1 %", max(2, articles // 2): "50 %", articles: "100 %"}
    marks, thousands, wrong, failed = {}, [], 0, 0
    begun = last = time.monotonic()
    for number in range(articles):
        out = process.stdout.readline()
        record = json.loads(out) if out else {}
        bad = number % 997 == 996
        failed += "error" in record
        found = record.get("id", "") if "error" in record else record.get("article", {}).get("id")
        if bad != ("error" in record) or found != (f"stdin:{number + 1}" if bad else str(number)):
            wrong += 1
            if wrong < 4:
                print(f"record {number}: {out[:200]!r}", file=sys.stderr)
        if number + 1 in wanted and process.poll() is None:
            marks[wanted[number + 1]] = memory(process)
        if (number + 1) % 1000 == 0:
            now = time.monotonic()
            thousands.append(now - last)
            last = now
    measured.set()
    rest = process.stdout.read()
    code = process.wait()
    took = time.monotonic() - begun
    parts = [thousands[0], thousands[len(thousands) // 2], thousands[-1]] if thousands else []
    at = {name: f"{now:.0f}" for name, (now, _) in marks.items()}
    high = max((high for _, high in marks.values()), default=0)
    print(f"| {command} {' '.join(args.options)} | {articles:,} | {failed} | {at.get('1 %', '-')} | {at.get('50 %', '-')} | "
          f"{at.get('100 %', '-')} | {high:.0f} | {', '.join(f'{part:.1f}' for part in parts) or '-'} | {articles / took:.0f} | "
          f"{wrong} | {code} |", flush=True)
    first, end = marks.get("1 %"), marks.get("100 %")
    grown = bool(first and end and end[0] > args.most * first[0] + 32)
    return bool(wrong or rest or code or grown)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/release/intisari"))
    parser.add_argument("--command", help="clean, split, ner or digest (default: clean, split and ner)")
    parser.add_argument("--articles", type=int, help="default: 200,000 for clean and split, 20,000 else")
    parser.add_argument("--most", type=float, default=1.5, help="memory at the end over that at 1 %% that is too much, beyond 32 MB")
    parser.add_argument("options", nargs="*", help="options of the command, behind --")
    args = parser.parse_args()
    print("| command | articles | failures | MB at 1 % | 50 % | 100 % | peak | s per 1,000: first, middle, last | articles/s | wrong | exit |")
    print("| --- |" + " ---: |" * 10)
    bad = False
    for command in [args.command] if args.command else ["clean", "split", "ner"]:
        bad |= soak(args, command, args.articles or (200_000 if command in ("clean", "split") else 20_000))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
