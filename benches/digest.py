"""Time to the first digest: the release binary on one article, from the start of the process, models found ready in the cache.

    python3 benches/digest.py [--binary FILE] [--article FILE] [--threads N] [--repeats N] [-- OPTION …]

OPTIONs go to `intisari digest`, such as `--beams 1` or `--fast`. A first run, which makes the weights ready and warms the
system's caches, does not count. Prints medians: until the first line of output, until the end of the process, and its peak memory.
"""

import argparse
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def measure(command: list[str]) -> tuple[float, float, float]:
    """Seconds until the first line and until the end, and peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    line = process.stdout.readline()
    first = time.perf_counter() - start
    process.stdout.read()
    # Unlike the usage of all children, that of this one alone.
    _, status, usage = os.wait4(process.pid, 0)
    whole = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode != 0 or not line.endswith(b"\n"):
        raise SystemExit(f"`{' '.join(command)}` ended with {process.returncode} after {len(line)} bytes of its first line")
    # In kilobytes on Linux, in bytes on macOS.
    return first, whole, usage.ru_maxrss / (1024 * 1024 if platform.system() == "Darwin" else 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "release" / "intisari")
    parser.add_argument("--article", type=Path, default=ROOT / "examples" / "articles" / "jembatan.txt")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("options", nargs="*", metavar="OPTION")
    args = parser.parse_args()
    if args.repeats < 1:
        parser.error("--repeats is less than 1")
    if not args.binary.is_file():
        parser.error(f"{args.binary} is missing: build it with `cargo xtask cargo build --release`, or name one with --binary")
    version = subprocess.run([args.binary, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    print(f"{processor()}; {args.threads} threads")
    print(f"{version}, {args.article.name}, {args.repeats} repeats")
    command = [str(args.binary), "digest", "--format", "jsonl", "--quiet", "--threads", str(args.threads), *args.options, str(args.article)]
    measure(command)
    first, whole, memory = (statistics.median(column) for column in zip(*(measure(command) for _ in range(args.repeats))))
    print(f"  first digest {first:6.2f} s   whole process {whole:6.2f} s   peak memory {memory:6.0f} MB")


if __name__ == "__main__":
    main()
