"""Two builds of the binary side by side, or one alone, on this machine: every figure from the start of a process, as a user meets it.

    python3 benches/builds.py [--threads N] [--repeats N] [--only NAME …] BUILD [BUILD]

A BUILD is a binary, or `NAME=BINARY`. Builds take turns, so that the machine's moods fall on all alike. A first run of each, which makes weights ready and warms the system's caches, does not count. Prints
medians; sentences a second are those beyond what the same command takes for one short sentence, in one process each.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SENTENCES = (ROOT / "benches" / "sentences.txt").read_text(encoding="utf8").splitlines()
ARTICLE = 15
SHORT = "Hujan turun."


@dataclass(frozen=True)
class Build:
    name: str
    binary: Path

    @classmethod
    def of(cls, text: str) -> "Build":
        name, _, binary = text.rpartition("=")
        path = Path(binary)
        if not path.is_file():
            raise SystemExit(f"{path} is missing: build it with `cargo build --release`")
        return cls(name or str(path), path)


@dataclass(frozen=True)
class Run:
    first: float  # seconds until the first line of output
    whole: float  # seconds until the end of the process
    memory: float  # peak, MB


def processor() -> str:
    """Name of the processor, and the instructions that matter to int8."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    of = lambda key: next((line.partition(":")[2] for line in lines if line.startswith(key)), "")
    known = [name for name in ("avx2", "avx512f", "avx512_vnni", "avx_vnni") if name in of("flags").split()]
    return f"{of('model name').strip() or 'unknown processor'} ({' '.join(known)})"


def run(build: Build, arguments: list[str]) -> Run:
    command = [str(build.binary), *arguments]
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
    return Run(first, whole, usage.ru_maxrss / (1024 * 1024 if platform.system() == "Darwin" else 1024))


def median(runs: list[Run], of: str) -> float:
    return statistics.median(getattr(r, of) for r in runs)


def articles(folder: Path, name: str, texts: list[str]) -> str:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)), encoding="utf8")
    return str(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs="+", type=Build.of, metavar="BUILD")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", nargs="*", metavar="NAME", help="start, digest, translate, encode")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error("--repeats is less than 1")
    wanted = lambda name: not options.only or name in options.only
    print(f"{processor()}; {options.threads} threads, {options.repeats} repeats, medians")
    for build in options.builds:
        version = subprocess.run([build.binary, "--version"], check=True, capture_output=True, text=True)
        print(f"  {build.name}: {version.stdout.splitlines()[0]}, {build.binary.stat().st_size / 1e6:.0f} MB")

    def measure(command: list[str], repeats: int = options.repeats) -> dict[str, list[Run]]:
        for build in options.builds:
            run(build, command)
        runs: dict[str, list[Run]] = {build.name: [] for build in options.builds}
        for _ in range(repeats):
            for build in options.builds:
                runs[build.name].append(run(build, command))
        return runs

    def line(title: str, figures: list[float], unit: str, more_is_better: bool) -> None:
        before, *rest = figures
        ratio = "".join(f"   x{(f / before if more_is_better else before / f):.2f}" for f in rest)
        print(f"{title:44}" + "".join(f"{f:10.3f}" if f < 1 else f"{f:10.1f}" if f >= 100 else f"{f:10.2f}" for f in figures) + f" {unit}{ratio}", flush=True)

    print(f"{'':44}" + "".join(f"{build.name[-10:]:>10}" for build in options.builds))
    common = ["--quiet", "--format", "jsonl", "--threads", str(options.threads)]
    if wanted("start"):
        runs = measure(["--version"], 4 * options.repeats)
        line("--version", [1000 * median(r, "whole") for r in runs.values()], "ms", False)
    if wanted("digest"):
        for title, more in (("digest of one article", []), ("digest of one article, greedy", ["--beams", "1"])):
            runs = measure(["digest", *common, *more, str(ROOT / "examples" / "articles" / "jembatan.txt")])
            line(f"{title}: until it stands there", [median(r, "first") for r in runs.values()], "s", False)
            line(f"{title}: peak memory", [median(r, "memory") for r in runs.values()], "MB", False)
    with tempfile.TemporaryDirectory() as folder:
        short = articles(Path(folder), "short", [SHORT])
        single = articles(Path(folder), "single", [max(SENTENCES, key=len)])
        one = articles(Path(folder), "one", ["\n".join(SENTENCES[:ARTICLE])])
        tasks = []
        if wanted("translate"):
            many = articles(Path(folder), "many", ["\n".join(SENTENCES)] * 2)
            for beams in ("1", "4"):
                tasks += [("translate", ["--beams", beams], f"{beams} beam(s)", (("one sentence", single, 1), ("one article", one, ARTICLE), ("many", many, 2 * len(SENTENCES))))]
        if wanted("encode"):
            texts = ["\n".join(SENTENCES[k * ARTICLE % 49 :][:ARTICLE]) for k in range(64)]
            sizes = (("16 articles", 16), ("64 articles", 64))
            tasks += [("ner", [], "names", tuple((title, articles(Path(folder), str(n), texts[:n]), n * ARTICLE) for title, n in sizes))]
        for command, more, label, sets in tasks:
            rest = measure([command, *common, *more, short])
            for title, path, sentences in sets:
                runs = measure([command, *common, *more, path])
                rates = [sentences / (median(runs[b.name], "whole") - median(rest[b.name], "whole")) for b in options.builds]
                line(f"{command}, {label}, {title}", rates, "sentences/s", True)
                line(f"{command}, {label}, {title}: peak memory", [median(r, "memory") for r in runs.values()], "MB", False)


if __name__ == "__main__":
    main()
