#!/usr/bin/env python3
"""Does to a run what operators, disks and other processes do, and says whether anything was lost.

    cargo build --release && sudo python3 benches/faults.py             # all that needs no models
    sudo python3 benches/faults.py --models                             # also what concerns the weights that are kept ready
    python3 benches/faults.py --only kills --kills 100 --articles 300   # one part of it

Parts: kills (kill -9 at random moments, each time gone on with --resume), disk (full disks and read-only ones; root mounts small
tmpfs for it), pipes (closed by the reader, closed from the start), signals, and with --models: weights (damage in every class
of byte), together (two processes fill the cache at once), clock (files that seem to come from the future). What could not be
tried is said. Ends with 1 where something did not hold. Needs nothing but Python; Linux.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FAULTS = []
TOLD = []


def check(holds, what):
    if not holds:
        FAULTS.append(what)
        print(f"  FAULT: {what}")


def held(what):
    """Says what held; nothing where there was a fault since this was last called."""
    if FAULTS[len(TOLD):]:
        TOLD[:] = FAULTS
    else:
        print(f"  {what}", flush=True)


def articles(path, count):
    texts = [text.read_text() for text in sorted((ROOT / "examples/articles").glob("*.txt"))]
    with path.open("w") as out:
        for number in range(count):
            text = texts[number % len(texts)] + f"\nNomor {number}."
            out.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")


def ids(path):
    """The ids of the whole lines of an output, and whether half a line follows."""
    data = path.read_bytes() if path.exists() else b""
    whole, _, rest = data.rpartition(b"\n")
    found = []
    for line in whole.split(b"\n") if whole else []:
        found.append(json.loads(line)["article"]["id"])
    return found, bool(rest)


def kills(args, work):
    chance = random.Random(args.seed)
    for command in ("clean", "split"):
        source, expected = work / "in.jsonl", work / "whole.jsonl"
        articles(source, args.articles)
        base = [args.binary, command, "--quiet"]
        begun = time.monotonic()
        subprocess.run(base + ["--resume", expected, source], check=True)
        took = time.monotonic() - begun
        rounds = done = torn = 0
        while done < args.kills:
            rounds += 1
            out = work / f"out-{rounds}.jsonl"
            last = 0
            while done < args.kills:
                process = subprocess.Popen(base + ["--resume", out, source], stderr=subprocess.PIPE)
                try:
                    code = process.wait(timeout=chance.uniform(0, took * 0.7))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    done += 1
                    found, half = ids(out)
                    torn += half
                    check(found == [str(number) for number in range(len(found))], f"{command}: order after kill {done}")
                    check(len(found) >= last, f"{command}: {last} records before kill {done}, {len(found)} after it")
                    last = len(found)
                    continue
                check(code == 0, f"{command}: exit code {code} when going on")
                break
            subprocess.run(base + ["--resume", out, source], check=True)
            check(out.read_bytes() == expected.read_bytes(), f"{command}: round {rounds} ended with another output")
            out.unlink()
        expected.unlink()
        held(f"{command}: {done} kills in {rounds} runs of {args.articles} articles, {torn} left half a line; "
             "each run ended with the bytes of an undisturbed one")


def mounted(folder, options):
    folder.mkdir(exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], stderr=subprocess.DEVNULL).returncode == 0


def disk(args, work):
    source, expected = work / "in.jsonl", work / "whole.jsonl"
    articles(source, args.articles)
    subprocess.run([args.binary, "clean", "--quiet", "--resume", expected, source], check=True)
    small = work / "small"
    if not mounted(small, "size=64k"):
        print("  no tmpfs could be mounted: full and read-only disks were not tried (run as root)")
        return
    try:
        out = small / "out.jsonl"
        size = 64 << 10
        stops = 0
        while True:
            done = subprocess.run([args.binary, "clean", "--quiet", "--resume", out, source], stderr=subprocess.PIPE)
            found, _ = ids(out)
            check(found == [str(number) for number in range(len(found))], f"order on a disk of {size} bytes")
            if done.returncode == 0:
                break
            stops += 1
            check(done.returncode == 4 and b"No space left" in done.stderr, f"a full disk: {done.returncode} {done.stderr[:200]!r}")
            check(size < 1 << 30, "the disk never got large enough")
            size = size * 5 // 4 + (4 << 10)
            subprocess.run(["mount", "-o", f"remount,size={size}", small], check=True)
        check(out.read_bytes() == expected.read_bytes(), "the output after full disks")
        held(f"the disk was full {stops} times at other bytes, exit code 4; gone on each time, to the bytes of an undisturbed run")
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        for out, code in ((small / "new.jsonl", 3), (small / "out.jsonl", 3)):
            done = subprocess.run([args.binary, "clean", "--quiet", "--resume", out, source], stderr=subprocess.PIPE)
            check(done.returncode == code and b"Read-only" in done.stderr, f"a read-only disk: {done.returncode} {done.stderr[:200]!r}")
        missing = subprocess.run([args.binary, "clean", "--quiet", "--resume", work / "no/out.jsonl", source], stderr=subprocess.PIPE)
        check(missing.returncode == 3 and b"No such file" in missing.stderr, f"a missing folder: {missing.returncode}")
        held("read-only and missing folders: exit code 3, named")
        if args.models:
            done = translated(args, small)
            check(done.stdout == args.reference, "another translation with a read-only cache")
            check(b"could not be kept" in done.stderr, f"nothing said of a read-only cache: {done.stderr!r}")
            held("a read-only cache: the same translation, and it is said")
    finally:
        subprocess.run(["umount", small])


def pipes(args, work):
    source = work / "in.jsonl"
    articles(source, args.articles)
    process = subprocess.Popen([args.binary, "split", "--quiet", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    code = process.wait(timeout=60)
    check(code == 0 and not process.stderr.read(), f"a reader that left: exit code {code}")
    shell = f"exec {args.binary} clean"
    for script, code in ((f"{shell} <&-", 1), (f"echo a | {shell} >&-", 4), (f"echo a | {shell} 2>&-", 0), (f"echo a | {shell} >/dev/full", 4)):
        done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(done.returncode == code, f"{script}: exit code {done.returncode}")
    done = subprocess.run([args.binary, "clean", work], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(done.returncode == 1 and done.stdout.count(b"\n") == 1, f"a folder as input: {done.stdout[:200]!r}")
    held("a reader that leaves, closed and full streams, a folder as input: as documented")


def signals(args, work):
    source = work / "in.jsonl"
    articles(source, args.articles)
    chance = random.Random(args.seed)
    begun = time.monotonic()
    subprocess.run([args.binary, "split", "--quiet", source], stdout=subprocess.DEVNULL, check=True)
    took = time.monotonic() - begun
    ended = 0
    for number, one in enumerate([signal.SIGTERM, signal.SIGINT, signal.SIGHUP] * 4):
        out = work / f"signal-{number}.jsonl"
        with out.open("wb") as file:
            # Whatever the parent ignores.
            process = subprocess.Popen([args.binary, "split", "--quiet", source], stdout=file, preexec_fn=lambda: signal.signal(one, signal.SIG_DFL))
            time.sleep(chance.uniform(0.1, 0.7) * took)
            process.send_signal(one)
            code = process.wait(timeout=60)
        found, half = ids(out)
        ended += code == -one
        check(code in (-one, 0) and not half, f"{one.name}: exit code {code}, half a line: {half}")
        check(found == [str(place) for place in range(len(found))], f"{one.name}: order")
    check(ended > 0, "no signal came before the end of the run: give more --articles")
    held(f"SIGTERM, SIGINT and SIGHUP, four times each: {ended} of 12 runs ended by the signal, whole records in all")


SENTENCE = "Kapal itu tiba di pelabuhan pada Senin pagi, kata Ruth."


def translated(args, cache, wait=True):
    models = cache / "models"
    real = Path(os.environ.get("INTISARI_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intisari")
    if not models.exists() and os.access(cache, os.W_OK):
        try:
            models.symlink_to(real / "models")
        except OSError:
            pass
    environment = dict(os.environ, INTISARI_CACHE=str(cache))
    if not models.exists():
        environment["INTISARI_MODELS"] = str(real / "models")
    command = [args.binary, "translate", "--beams", "1", "--threads", "1", "--format", "jsonl", "--id-prefix", "x"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    if not wait:
        return process
    out, err = process.communicate(SENTENCE.encode(), timeout=900)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def ready(cache):
    return sorted(cache.glob("translator-*.bin"))


def weights(args, work):
    cache = work / "cache"
    [path] = ready(cache)
    whole = path.read_bytes()
    header = int.from_bytes(whole[:8], "little")
    first = -(-(12 + header) // 64) * 64

    def flipped(at):
        return whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]

    damages = {
        "empty": b"", "one byte": whole[:1], "cut in the header": whole[:12 + header // 2], "cut in the tensors": whole[:len(whole) // 2],
        "last byte missing": whole[:-1], "a byte more": whole + b"\0", "length": flipped(0), "high byte of the length": flipped(7),
        "checksum of the header": flipped(9), "start of the header": flipped(12), "middle of the header": flipped(12 + header // 2),
        "end of the header": flipped(11 + header), "first tensor": flipped(first), "middle": flipped(len(whole) // 2),
        "last byte": flipped(len(whole) - 1), "a page of zeros": whole[:1 << 20] + bytes(4096) + whole[(1 << 20) + 4096:],
    }
    for name, damaged in damages.items():
        path.write_bytes(damaged)
        done = translated(args, cache)
        check(done.stdout == args.reference and done.returncode == 0, f"weights with damage ({name}): another translation")
        check(path.read_bytes() == whole, f"weights with damage ({name}): not made anew")
    path.unlink()
    path.mkdir()
    done = translated(args, cache)
    check(done.stdout == args.reference and b"could not be kept" in done.stderr, "a folder in the place of the weights")
    path.rmdir()
    path.write_bytes(whole)
    held(f"{len(damages)} kinds of damage and a folder in their place: the same translation, and whole weights afterwards")


def together(args, work):
    cache = work / "two"
    cache.mkdir()
    both = [translated(args, cache, wait=False) for _ in range(2)]
    for process in both:
        process.stdin.write(SENTENCE.encode())
        process.stdin.close()
    for process in both:
        out = process.stdout.read()
        check(process.wait(timeout=900) == 0 and out == args.reference, "one of two that filled the cache at once")
    check(len(ready(cache)) == 1 and not list(cache.glob("*.part")), f"left by two: {sorted(path.name for path in cache.iterdir())}")
    held("two processes filled an empty cache at once: the same translation twice, one file")


def clock(args, work):
    cache = work / "cache"
    future = time.time() + 400 * 24 * 3600
    for path in [*ready(cache), cache / "checksums.json"]:
        if path.exists():
            os.utime(path, (future, future))
    done = translated(args, cache)
    check(done.stdout == args.reference, "files from the future (a clock that was set back): another translation")
    held("files from the future, as after a clock was set back: the same translation")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/release/intisari"))
    parser.add_argument("--only", action="append", help="a part; name it again for more")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", action="store_true", help="also what needs the built-in translator")
    args = parser.parse_args()
    parts = [kills, disk, pipes, signals] + ([weights, together, clock] if args.models else [])
    work = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        if args.models:
            (work / "cache").mkdir()
            translated(args, work / "cache")
            args.reference = translated(args, work / "cache").stdout
        for part in parts:
            if not args.only or part.__name__ in args.only:
                print(f"{part.__name__}:", flush=True)
                part(args, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{len(FAULTS)} faults")
    sys.exit(1 if FAULTS else 0)


main()
