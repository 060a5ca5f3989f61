"""Trains the adapter on a number of pieces, and resumes.

    python train.py --base DIR --pairs pairs.jsonl --data DIR --model models/translator --work DIR --pieces 2000000

The learning rate rises over 30 steps and then falls in a line to zero at the end; a run that was stopped goes on from
its last checkpoint with --resume, and --pieces may then be given anew. With --adapter the adapter begins as another one
of at most its rank.

On several cores, one process each, gradients averaged: torchrun --nproc-per-node 2 train.py ...
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import load_file
from torch import Tensor

import pairs
from gemma import Gemma, TargetLoss
from hints import Chance, Dictionary, Names, names_of, prompt_lines
from prompt import Prompt

Example = tuple[str, list[int], list[int]]  # source, question, answer
LONGEST = 320
POOL = 768


def length(example: Example) -> int:
    """Pieces of an example."""
    return len(example[1]) + len(example[2])


def batches(prompt: Prompt, chosen: Path, dictionary: Dictionary, public: Names, tokens: int, seed: int) -> Iterator[list[Example]]:
    """Batches of at most `tokens` pieces, of examples of like length, in random order."""
    chance = random.Random(seed)
    usable = pairs.load(chosen)
    hints = Chance(dictionary, public, names_of(b for held in usable.values() for _, b in held), seed)

    def made_from(name: str, source: str, target: str) -> Example:
        beside, target = hints.draw(source, target)
        return name, prompt.question(source, beside), prompt.answer(target)

    size = {}
    for name, held in usable.items():
        sample = held[:: max(1, len(held) // 300)]
        size[name] = sum(len(prompt.question(a)) + len(prompt.answer(b)) for a, b in sample) / len(sample)
    stream = pairs.stream(usable, size, seed)
    while True:
        pool = [made_from(*drawn) for _, drawn in zip(range(POOL), stream)]
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
def held_out_loss(model: Gemma, prompt: Prompt, dictionary: Dictionary, public: Names, data: Path) -> str:
    """Loss per target piece on lines of the sets that may be used for tuning, without hints and with them."""
    shown = []
    for name, step in (("flores200-dev", 12), ("news-valid", 23)):
        sides = [pairs.lines(data / f"mt/eval/{name}.{side}")[::step] for side in ("id", "en")]
        for level in (0, 60):
            beside = [prompt_lines(dictionary.words(a, level), public.find(a, level)) if level else "" for a in sides[0]]
            held = [(name, prompt.question(a, h), prompt.answer(b)) for a, b, h in zip(*sides, beside) if a and b]
            total = [loss(model, [example]) for example in held]
            shown.append(f"{name}{' with hints' if level else ''} {sum(t.item() for t, _ in total) / sum(n for _, n in total):.4f}")
    return ", ".join(shown)


@torch.no_grad()
def start_from(model: Gemma, folder: Path) -> None:
    """Takes the factors of an adapter of lower rank as the first of its own; the product is the same."""
    for name, tensor in load_file(folder / "adapter_model.safetensors").items():
        own = model.adapter[name.removeprefix("base_model.model.").removesuffix(".weight")]
        if name.endswith("A.weight"):
            own[: tensor.shape[0]] = tensor.float()
        else:
            own[:, : tensor.shape[1]] = tensor.float()


def optimizer(model: Gemma, rate: float, up: float) -> torch.optim.Optimizer:
    sides = [[t for n, t in model.adapter.items() if n.endswith(side)] for side in "AB"]
    groups = [{"params": sides[0], "lr": rate, "peak": rate}, {"params": sides[1], "lr": rate * up, "peak": rate * up}]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="folder written by base.py")
    parser.add_argument("--data", type=Path, required=True, help="folder with mt/eval, for the loss at checkpoints")
    parser.add_argument("--pairs", type=Path, required=True, help="written by pairs.py")
    parser.add_argument("--dictionary", type=Path, required=True, help="written by hints.py")
    parser.add_argument("--names", type=Path, required=True, help="written by hints.py")
    parser.add_argument("--adapter", type=Path, help="folder of an adapter with alpha = rank to begin from")
    parser.add_argument("--model", type=Path, required=True, help="folder with tokenizer.json and kept_ids.json")
    parser.add_argument("--work", type=Path, required=True, help="checkpoints go here")
    parser.add_argument("--pieces", type=int, required=True, help="pieces of the whole schedule, prompts included")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--up", type=float, default=1.5, help="learning rate of B as a multiple of that of A")
    parser.add_argument("--rank", type=int, default=40)
    parser.add_argument("--f32", action="store_true", help="for processors without bf16 instructions")
    parser.add_argument("--tokens", type=int, default=2400, help="pieces in a batch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--checkpoint-minutes", type=float, default=10)
    parser.add_argument("--no-compile", dest="compiled", action="store_false", help="do without torch.compile")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    workers, worker = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    if workers > 1:
        dist.init_process_group("gloo")

    prompt = Prompt(options.model)
    dtype = torch.float32 if options.f32 else torch.bfloat16
    model = Gemma(options.base, prompt.kept, dtype, options.rank, options.rank, options.device, options.compiled)
    if options.adapter:
        start_from(model, options.adapter)
    dictionary, public = Dictionary(options.dictionary), Names(options.names)
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
    source = batches(prompt, options.pairs, dictionary, public, options.tokens, options.seed)
    used = Counter()
    for _ in range(state["step"]):
        for _ in range(workers):
            used.update(name for name, _, _ in next(source))

    begun, before = time.monotonic(), state["seconds"]
    noted, written, running = (begun, state["tokens"]), begun, None
    print(f"from step {state['step']}, {state['tokens']} of {options.pieces} pieces, {options}", flush=True)

    def checkpoint() -> None:
        if worker:
            return
        adapter = {n: t.detach() for n, t in model.adapter.items()}
        torch.save({"adapter": adapter, "optimizer": optim.state_dict(), "state": state}, saved.with_suffix(".new"))
        saved.with_suffix(".new").replace(saved)
        model.save(options.work / "adapter")
        model.merge()
        print(f"checkpoint at step {state['step']}: loss {held_out_loss(model, prompt, dictionary, public, options.data)}", flush=True)

    def shared(tensor: Tensor) -> Tensor:
        """The sum over all workers; all see the same values afterwards."""
        if workers > 1:
            dist.all_reduce(tensor)
        return tensor

    while state["tokens"] < options.pieces:
        drawn = [next(source) for _ in range(workers)]
        part = min(1.0, (state["step"] + 1) / 30) * max(0.0, 1 - state["tokens"] / options.pieces)
        for group in optim.param_groups:
            group["lr"] = group["peak"] * part
        model.merge()
        total, _ = loss(model, drawn[worker])
        total.backward()
        targets = sum(len(answer) for batch in drawn for _, _, answer in batch)
        if workers > 1:
            flat = shared(torch.cat([p.grad.view(-1) for p in model.adapter.values()])).split([p.numel() for p in model.adapter.values()])
            for parameter, grad in zip(model.adapter.values(), flat):
                parameter.grad = grad.view_as(parameter)
        for parameter in model.adapter.values():
            parameter.grad /= targets
        torch.nn.utils.clip_grad_norm_(model.adapter.values(), 1.0)
        optim.step()
        optim.zero_grad()

        # The clock of the first worker counts for all, so that they agree on rate and end.
        mean, elapsed = shared(torch.tensor([total.item() / targets, 0.0 if worker else time.monotonic() - begun], dtype=torch.float64)).tolist()
        running = mean if running is None else 0.97 * running + 0.03 * mean
        state["step"] += 1
        for batch in drawn:
            used.update(name for name, _, _ in batch)
            state["tokens"] += sum(map(length, batch))
        state["targets"] += targets
        state["seconds"] = before + elapsed
        now = begun + elapsed
        if state["step"] % 10 == 0 and not worker:
            speed = (state["tokens"] - noted[1]) / (now - noted[0])
            noted = (now, state["tokens"])
            print(f"step {state['step']} loss {running:.4f} {state['tokens']} tokens {speed:.0f} tokens/s"
                  f" {state['seconds']:.0f} s rate x{part:.3f}", flush=True)
        if now - written > options.checkpoint_minutes * 60:
            checkpoint()
            written = time.monotonic() if not worker else now
        if workers > 1:
            written = float(shared(torch.tensor(0.0 if worker else written, dtype=torch.float64)))
    checkpoint()
    if not worker:
        print(f"done: {state}, pairs used: {dict(used.most_common())}")


if __name__ == "__main__":
    main()
