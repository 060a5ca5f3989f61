#!/usr/bin/env python3
"""What an article costs, of few and of many: seconds and memory of one process for 10, 100, 1,000 and 10,000 articles.

    cargo build --release && python3 benches/growth.py                                  # clean and ner
    python3 benches/growth.py --commands digest --articles 10 100 1000 -- --fast        # options behind -- go to the command

Articles are those of `soak.py`, without the hostile ones, in a file. Each process is begun anew; a first one, which makes weights ready, does not
count. Printed: articles per second, also without the start (the time of 10 taken off), and the highest resident memory. Ends with 1 where
the articles of the last row but one take half as long again in the last, or memory grows by a third. Linux and macOS, for wait4.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builds import ROOT, processor
from soak import article


def measured(command: list[str], out: Path) -> tuple[float, float]:
    """Seconds and the highest resident memory, in MB."""
    begun = time.perf_counter()
    with out.open("wb") as file:
        process = subprocess.Popen(command, stdout=file)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return time.perf_counter() - begun, used.ru_maxrss / (1 << 20 if platform.system() == "Darwin" else 1 << 10)


def main() -> None:
    options = sys.argv[1:]
    ours, theirs = options, []
    if "--" in options:
        ours, theirs = options[: options.index("--")], options[options.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/intisari")
    parser.add_argument("--commands", nargs="+", default=["clean", "ner"])
    parser.add_argument("--articles", nargs="+", type=int, default=[10, 100, 1000, 10_000])
    args = parser.parse_args(ours)
    texts = [path.read_text(encoding="utf8") for path in sorted((ROOT / "examples/articles").glob("*.txt"))]
    version = subprocess.run([args.binary, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    print(f"{processor()}, {os.cpu_count()} threads, {version}, options {' '.join(theirs) or 'none'}")
    grew = False
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        for command in args.commands:
            print(f"\n| {command}: articles | seconds | a second | a second, without the start | MB at most |\n| ---: | ---: | ---: | ---: | ---: |")
            rows: list[tuple[int, float, float]] = []
            for count in [args.articles[0], *args.articles]:
                file = Path(folder) / f"{count}.jsonl"
                # Every hundredth of soak.py may be hostile: those are left out here.
                numbers = (number for number in range(2 * count + 100) if number % 100)
                lines = (json.dumps({"id": str(number), "text": article(number, texts)}, ensure_ascii=False) for _, number in zip(range(count), numbers))
                file.write_text("".join(line + "\n" for line in lines), encoding="utf8")
                taken, memory = measured([str(args.binary), command, "--quiet", "--format", "jsonl", *theirs, str(file)], out)
                records = sum(1 for _ in out.open("rb"))
                if records != count:
                    raise SystemExit(f"{records} records of {count} articles")
                rows.append((count, taken, memory))
            rows = rows[1:]
            for count, taken, memory in rows:
                first = rows[0]
                running = f"{(count - first[0]) / (taken - first[1]):.1f}" if count > first[0] else ""
                print(f"| {count:,} | {taken:.1f} | {count / taken:.1f} | {running} | {memory:.0f} |")
            if len(rows) > 1:
                (before, slow, small), (count, taken, memory) = rows[-2:]
                grew |= taken / count > 1.5 * slow / before or memory > small * 4 / 3
    sys.exit(grew)


if __name__ == "__main__":
    main()
