"""Load on `intisari serve`, from a process of its own: throughput and waiting times at 1, 4 and 16 clients, memory, and stops and restarts under load.

    python3 benches/serve.py [--binary FILE] [--task TASK] [--seconds S] [--requests N] [--clients N …] [-- OPTION …]

Starts the binary on a free port; OPTIONs go to `intisari serve`. Each client sends one article at a time, the next when the
answer is there, for S seconds or N requests, whichever comes first. A binary without models has the tasks clean and split only
(and ner for dates and quantities). At the end the service is told to stop while clients go on: what it has taken it must answer. Then it is
restarted again and again on the same port, in turns told to stop and killed, under clients that ask again where they got no answer: each must get
the document of each of its articles, and where the service was told to stop, no answer that has begun may break off.
"""

import argparse
import http.client
import json
import os
import platform
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def memory(pid: int) -> float:
    """Resident memory in MB, where the system tells it."""
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        found = None
    return int(found[1]) / 1024 if found else float("nan")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all do not pass; `values` ascend."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


class Load:
    """Clients that send until the time or the number is over, or the service takes nothing more."""

    def __init__(self, address: tuple[str, int], task: str, body: bytes, seconds: float, requests: int):
        self.address, self.path, self.body = address, f"/v1/{task}", body
        self.end = time.perf_counter() + seconds
        self.left = requests
        self.lock = threading.Lock()
        self.took: list[float] = []
        self.statuses: dict[int, int] = {}
        self.refused = 0
        self.lost: list[str] = []

    def client(self) -> None:
        while time.perf_counter() < self.end:
            with self.lock:
                if self.left <= 0:
                    return
                self.left -= 1
            connection = http.client.HTTPConnection(*self.address, timeout=300)
            try:
                connection.connect()
            except OSError:
                self.refused += 1
                return
            start = time.perf_counter()
            try:
                connection.request("POST", self.path, self.body, {"Content-Type": "application/json"})
            except (BrokenPipeError, ConnectionResetError):
                # Closed before it had the request, as a service does that stops: it has taken nothing.
                self.refused += 1
                connection.close()
                continue
            try:
                response = connection.getresponse()
                answer = response.read()
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.lost.append(repr(error))
                continue
            finally:
                connection.close()
            with self.lock:
                self.took.append(time.perf_counter() - start)
                self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
                if response.status == 200 and "article" not in json.loads(answer):
                    self.lost.append("an answer without an article")

    def run(self, clients: int, meanwhile=None) -> float:
        """Runs so many clients; returns the seconds that it took."""
        start = time.perf_counter()
        threads = [threading.Thread(target=self.client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        if meanwhile:
            meanwhile()
        for thread in threads:
            thread.join()
        self.took.sort()
        return time.perf_counter() - start


class Service:
    """A running service; `port` 0 is a free one."""

    def __init__(self, command: list[str], port: int):
        self.process = subprocess.Popen([*command, "--listen", f"127.0.0.1:{port}"], stderr=subprocess.PIPE, text=True)
        self.address = None
        for line in self.process.stderr:
            if found := re.search(r"listening on http://([\d.]+):(\d+)/", line):
                self.address = (found[1], int(found[2]))
                break
        if not self.address:
            raise SystemExit(f"`{' '.join(command)}` did not start")
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()


def restarts(service: Service, command: list[str], task: str, text: str, times: int, clients: int) -> None:
    """Restarts under load; prints what was seen, and ends the last service."""
    address, done = service.address, threading.Event()
    lock, waits = threading.Lock(), []
    broken = [f"{how} {why}" for how in ("unanswered", "broken off") for why in ("by a kill", "by a stop")]
    counts = dict.fromkeys(["answered", "refused", "busy", *broken, "wrong"], 0)
    killed, gives_up = threading.Event(), threading.Event()

    def count(name: str) -> None:
        with lock:
            counts[name] += 1

    def client(number: int) -> None:
        for article in range(1_000_000_000):
            if done.is_set():
                return
            id, start = f"{number}-{article}", time.perf_counter()
            body = json.dumps({"id": id, "text": f"{text}\n\nArtikel nomor {id}."})
            while not gives_up.is_set():
                connection = http.client.HTTPConnection(*address, timeout=300)
                try:
                    connection.connect()
                    connection.request("POST", f"/v1/{task}", body, {"Content-Type": "application/json"})
                except OSError:
                    count("refused")
                    time.sleep(0.05)
                    continue
                response = None
                try:
                    response = connection.getresponse()
                    answer = response.read()
                except (OSError, http.client.HTTPException):
                    # Without a first byte of an answer the service may never have seen the request: it waited for its turn to be accepted.
                    why = "by a kill" if killed.is_set() else "by a stop"
                    count(f"broken off {why}" if response else f"unanswered {why}")
                    continue
                finally:
                    connection.close()
                if response.status in (429, 503):
                    count("busy")
                    time.sleep(0.05)
                    continue
                try:
                    right = response.status == 200 and json.loads(answer)["article"]["id"] == id
                except (ValueError, KeyError, TypeError):
                    right = False
                count("answered" if right else "wrong")
                with lock:
                    waits.append(time.perf_counter() - start)
                break

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    codes = []
    try:
        for turn in range(times):
            time.sleep(1)
            if turn % 2:
                killed.set()
                service.process.kill()
            else:
                service.process.terminate()
            codes.append(service.process.wait(60))
            service = Service(command, address[1])
            time.sleep(0.2)  # whoever was cut off has noticed by now
            killed.clear()
        time.sleep(1)
        done.set()
        # Each client gets its last answer.
        for thread in threads:
            thread.join(60)
    finally:
        gives_up.set()
        service.process.kill()
    seen = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    print(f"restarted {times} times under {clients} clients: {seen}; longest wait {max(waits):.1f} s; exit codes {sorted(set(codes))}")
    hang = any(thread.is_alive() for thread in threads)
    if hang or counts["wrong"] or counts["broken off by a stop"] or any(code not in (0, -signal.SIGKILL) for code in codes):
        raise SystemExit("something was lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "release" / "intisari")
    parser.add_argument("--article", type=Path, default=ROOT / "examples" / "articles" / "jembatan.txt")
    parser.add_argument("--task", default="digest")
    parser.add_argument("--seconds", type=float, default=10, help="for each number of clients (default: 10)")
    parser.add_argument("--requests", type=int, default=10_000, help="at most, for each number of clients (default: 10000)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--restarts", type=int, default=10, help="under load, in turns told to stop and killed (default: 10)")
    parser.add_argument("options", nargs="*", metavar="OPTION")
    args = parser.parse_args()
    if not args.binary.is_file():
        parser.error(f"{args.binary} is missing: build it with the feature `server`, or name one with --binary")
    text = args.article.read_text()
    body = json.dumps({"text": text}).encode()
    command = [str(args.binary), "serve", "--per-client", "0", *args.options]
    service = Service(command, 0)
    try:
        print(f"{platform.machine()}, {os.cpu_count()} cores; {args.task} of {args.article.name}, {len(body)} bytes")
        print("clients  requests  per second   p50 ms   p95 ms   p99 ms  memory MB  statuses")
        for clients in args.clients:
            load = Load(service.address, args.task, body, args.seconds, args.requests)
            seconds = load.run(clients)
            p50, p95, p99 = (1000 * percentile(load.took, share) for share in (0.50, 0.95, 0.99))
            print(
                f"{clients:7}  {len(load.took):8}  {len(load.took) / seconds:10.1f}  {p50:7.1f}  {p95:7.1f}  {p99:7.1f}"
                f"  {memory(service.process.pid):9.1f}  {load.statuses}"
            )
            if load.lost:
                raise SystemExit(f"lost: {load.lost[:3]}")
        load = Load(service.address, args.task, body, 30, args.requests)
        load.run(max(args.clients), lambda: (time.sleep(min(2, args.seconds)), service.process.terminate()))
        code = service.process.wait(60)
        print(f"stopped under load: {len(load.took)} answered, {len(load.lost)} lost, exit code {code}")
        if code or load.lost:
            raise SystemExit(f"lost: {load.lost[:3]}")
        if args.restarts:
            service = Service(command, service.address[1])
            restarts(service, command, args.task, text, args.restarts, max(args.clients))
    finally:
        service.process.kill()


if __name__ == "__main__":
    main()
