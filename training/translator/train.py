"""Trains the adapter. Stops at a time of day rather than after a number of steps, and resumes.

    python train.py --base DIR --pairs pairs.jsonl --data DIR --model models/translator --work DIR --minutes 110

The learning rate rises over 30 steps and then falls in a line to zero at the end of the time; a run that was
stopped goes on from its last checkpoint with --resume, and the time left may then be given anew.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

import pairs
from gemma import Gemma, TargetLoss
from prompt import Prompt

Example = tuple[str, list[int], list[int]]  # source, question, answer
LONGEST = 320
POOL = 768


def length(example: Example) -> int:
    """Pieces of an example."""
    return len(example[1]) + len(example[2])


def batches(prompt: Prompt, chosen: Path, tokens: int, seed: int) -> Iterator[list[Example]]:
    """Batches of at most `tokens` pieces, of examples of like length, in random order."""
    chance = random.Random(seed)
    usable = pairs.load(chosen)
    size = {}
    for name, held in usable.items():
        sample = held[:: max(1, len(held) // 300)]
        size[name] = sum(len(prompt.question(a)) + len(prompt.answer(b)) for a, b in sample) / len(sample)
    stream = pairs.stream(usable, size, seed)
    while True:
        pool = [(name, prompt.question(a), prompt.answer(b)) for _, (name, a, b) in zip(range(POOL), stream)]
        pool = [e for e in pool if length(e) <= LONGEST]
        pool.sort(key=length)
        made, batch = [], []
        for example in pool:
            if batch and (len(batch) + 1) * length(example) > tokens:
                made.append(batch)
                batch = []
            batch.append(example)
        made.append(batch)
        chance.shuffle(made)
        yield from made


def tensors(batch: list[Example], device: str) -> tuple[Tensor, Tensor, Tensor]:
    """Ids [rows, length] padded at the right, the places that predict a target piece, and those pieces."""
    longest = max(map(length, batch))
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    places, targets = [], []
    for row, (_, question, answer) in enumerate(batch):
        ids[row, : len(question) + len(answer)] = torch.tensor(question + answer)
        start = row * longest + len(question) - 1
        places += range(start, start + len(answer))
        targets += answer
    return ids.to(device), torch.tensor(places, device=device), torch.tensor(targets, device=device)


def loss(model: Gemma, batch: list[Example]) -> tuple[Tensor, int]:
    """Sum of the cross-entropies of the target pieces, and their number."""
    ids, places, targets = tensors(batch, model.device)
    return TargetLoss.apply(model.hidden(ids)[places], model.embedding, targets), len(targets)


@torch.no_grad()
def held_out_loss(model: Gemma, prompt: Prompt, data: Path) -> str:
    """Loss per target piece on lines of the sets that may be used for tuning."""
    shown = []
    for name, step in (("flores200-dev", 20), ("news-valid", 37)):
        sides = [pairs.lines(data / f"mt/eval/{name}.{side}")[::step] for side in ("id", "en")]
        held = [(name, prompt.question(a), prompt.answer(b)) for a, b in zip(*sides) if a and b]
        total = [loss(model, [example]) for example in held]
        shown.append(f"{name} {sum(t.item() for t, _ in total) / sum(n for _, n in total):.4f}")
    return ", ".join(shown)


def optimizer(model: Gemma, rate: float, up: float) -> torch.optim.Optimizer:
    sides = [[t for n, t in model.adapter.items() if n.endswith(side)] for side in "AB"]
    groups = [{"params": sides[0], "lr": rate, "peak": rate}, {"params": sides[1], "lr": rate * up, "peak": rate * up}]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder written by base.py")
    parser.add_argument("--data", type=Path, required=True, help="folder with mt/eval, for the loss at checkpoints")
    parser.add_argument("--pairs", type=Path, required=True, help="written by pairs.py")
    parser.add_argument("--model", type=Path, required=True, help="folder with tokenizer.json and kept_ids.json")
    parser.add_argument("--work", type=Path, required=True, help="checkpoints go here")
    parser.add_argument("--minutes", type=float, required=True, help="time from now to the end of the schedule")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--up", type=float, default=1.5, help="learning rate of B as a multiple of that of A")
    parser.add_argument("--rank", type=int, default=40)
    parser.add_argument("--alpha", type=int, default=40)
    parser.add_argument("--tokens", type=int, default=2400, help="pieces in a batch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--checkpoint-minutes", type=float, default=10)
    parser.add_argument("--no-compile", dest="compiled", action="store_false", help="do without torch.compile")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    prompt = Prompt(options.model)
    model = Gemma(options.base, prompt.kept, torch.bfloat16, options.rank, options.alpha, options.device, options.compiled)
    optim = optimizer(model, options.rate, options.up)
    state = {"step": 0, "tokens": 0, "targets": 0, "seconds": 0.0}
    saved = options.work / "state.pt"
    if options.resume:
        stored = torch.load(saved, weights_only=True)
        for name, tensor in stored["adapter"].items():
            model.adapter[name].data.copy_(tensor)
        optim.load_state_dict(stored["optimizer"])
        for group, peak in zip(optim.param_groups, (options.rate, options.rate * options.up)):
            group["peak"] = peak
        state = stored["state"]
    options.work.mkdir(parents=True, exist_ok=True)
    source = batches(prompt, options.pairs, options.tokens, options.seed)
    used = Counter()
    for _ in range(state["step"]):
        used.update(name for name, _, _ in next(source))

    begun, before = time.monotonic(), state["seconds"]
    whole = before + options.minutes * 60
    noted, written, running = (begun, state["tokens"]), begun, None
    print(f"from step {state['step']}, {whole - before:.0f} of {whole:.0f} s left, {options}", flush=True)

    def checkpoint() -> None:
        adapter = {n: t.detach() for n, t in model.adapter.items()}
        torch.save({"adapter": adapter, "optimizer": optim.state_dict(), "state": state}, saved.with_suffix(".new"))
        saved.with_suffix(".new").replace(saved)
        model.save(options.work / "adapter")
        model.merge()
        print(f"checkpoint at step {state['step']}: loss {held_out_loss(model, prompt, options.data)}", flush=True)

    while state["seconds"] < whole:
        batch = next(source)
        part = min(1.0, (state["step"] + 1) / 30) * max(0.0, 1 - state["seconds"] / whole)
        for group in optim.param_groups:
            group["lr"] = group["peak"] * part
        model.merge()
        total, targets = loss(model, batch)
        (total / targets).backward()
        torch.nn.utils.clip_grad_norm_(model.adapter.values(), 1.0)
        optim.step()
        optim.zero_grad()

        mean = total.item() / targets
        running = mean if running is None else 0.97 * running + 0.03 * mean
        now = time.monotonic()
        state["step"] += 1
        used.update(name for name, _, _ in batch)
        state["tokens"] += sum(map(length, batch))
        state["targets"] += targets
        state["seconds"] = before + now - begun
        if state["step"] % 10 == 0:
            speed = (state["tokens"] - noted[1]) / (now - noted[0])
            noted = (now, state["tokens"])
            print(f"step {state['step']} loss {running:.4f} {state['tokens']} tokens {speed:.0f} tokens/s"
                  f" {state['seconds']:.0f} s rate x{part:.3f}", flush=True)
        if now - written > options.checkpoint_minutes * 60:
            checkpoint()
            written = time.monotonic()
    checkpoint()
    print(f"done: {state}, pairs used: {dict(used.most_common())}")


if __name__ == "__main__":
    main()
