"""Train the entity head and the encoder under it.

usage: python3 train_entities.py (--base CUT | --begin FOLDER) --out RUN [--data DATA] [--articles] [--epochs 9] [--device cpu] [--threads 1] [--seed 1]

RUN gets `log.txt`, `last.pt` (everything to resume from: run the same command again) and `best.pt` (the averaged weights
with the best mean micro F1 on the valid splits, that of articles counted as all others together).
"""
import argparse
import math
import os
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from articles import article_sentences, score_articles
from augment import EXTRA, Augmenter
from entities import TRAINING_SETS, Pieces, load, lower_case_sentences, training_sentences
from evaluate import score_sets
from silver import silver_sentences
from model import LABELS, Encoder, load_base, pad
from packed import load_packed

CONTINUED = 0.5  # weight of pieces after a word's first


def batches(windows: list[Pieces], budget: int, chance: random.Random) -> list[list[Pieces]]:
    """Windows of like length together, at most `budget` pieces with padding."""
    order = sorted(windows, key=lambda w: len(w.ids) + chance.uniform(0, 4))
    result: list[list[Pieces]] = [[]]
    for window in order:
        if result[-1] and (len(result[-1]) + 1) * max(len(window.ids), len(result[-1][-1].ids)) > budget:
            result.append([])
        result[-1].append(window)
    chance.shuffle(result)
    return result


def loss_of(model: Encoder, batch: list[Pieces], device: str, autocast: bool) -> torch.Tensor:
    """The mean over pieces of -log(the probability of the labels that a piece may have)."""
    ids = pad([w.ids for w in batch], 1).to(device)
    labels = pad([w.labels for w in batch], 0).to(device)
    weights = torch.full(labels.shape, CONTINUED)
    for row, window in enumerate(batch):
        weights[row, [p for p in window.first if p is not None and p < len(window.ids)]] = 1.0
    weights = weights.to(device) * (labels > 0)
    allowed = labels[:, :, None] >> torch.arange(len(LABELS), device=device) & 1 > 0
    with torch.autocast(device, torch.bfloat16, enabled=autocast):
        logits = model(ids, torch.tensor([len(w.ids) for w in batch], device=device))
    losses = -F.log_softmax(logits.float(), 2).masked_fill(~allowed, -1e4).logsumexp(2)
    return (losses * weights).sum() / weights.sum()


def groups(model: Encoder, rate: float, decay: float, head_rate: float) -> list[dict]:
    """Parameter groups: rates fall by `decay` a layer from the top; embeddings rest; no weight decay on vectors."""
    layers = model.sizes.layers
    model.bert.embeddings.requires_grad_(False)
    found: dict[tuple[float, float], list] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            depth = layers if name.startswith("classifier") else int(name.split(".")[3])
            own = head_rate if depth == layers else rate * decay ** (layers - 1 - depth)
            found.setdefault((own, 0.01 if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": p, "lr": r, "weight_decay": d} for (r, d), p in found.items()]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    begin = arguments.add_mutually_exclusive_group(required=True)
    begin.add_argument("--base", type=Path, help="a folder written by vocabulary.py")
    begin.add_argument("--begin", type=Path, help="a folder written by export.py, whose training goes on")
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=os.environ.get("INTISARI_DATA"))
    arguments.add_argument("--epochs", type=int, default=9)
    arguments.add_argument("--budget", type=int, default=800, help="pieces in a batch")
    arguments.add_argument("--rate", type=float, default=2e-4)
    arguments.add_argument("--rate-decay", type=float, default=0.92)
    arguments.add_argument("--head-rate", type=float, default=1e-3)
    arguments.add_argument("--average", type=float, default=0.995, help="decay of the running mean of the weights")
    arguments.add_argument("--lower-case", action="store_true", help="add sentences of nerp")
    arguments.add_argument("--articles", action="store_true", help="add whole articles")
    arguments.add_argument("--share", type=float, default=1.0, help="of the annotated sentences that an epoch sees")
    arguments.add_argument("--silver", type=Path, help="add sentences written by silver.py")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--float32", action="store_true", help="no bfloat16")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--stop-after", type=float, default=math.inf, help="seconds, for measuring speed")
    options = arguments.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    data = Path(options.data)

    tokenizer = Tokenizer.from_file(str((options.base or options.begin) / "tokenizer.json"))
    extra = [lower_case_sentences(data)] if options.lower_case else []
    extra += [silver_sentences(options.silver)] if options.silver else []
    articles = article_sentences(data, "train") if options.articles else []
    augmenter = Augmenter(training_sentences(data), extra, tokenizer, options.seed, articles, options.share)
    valid = {name: load(data, name, "valid") for name in TRAINING_SETS}
    held_out = article_sentences(data, "dev") if options.articles else []
    model, _ = load_base(options.base) if options.base else load_packed(options.begin)
    model.to(options.device)
    optimizer = torch.optim.AdamW(groups(model, options.rate, options.rate_decay, options.head_rate), betas=(0.9, 0.98))
    rates = [group["lr"] for group in optimizer.param_groups]
    average = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    first = augmenter.epoch(0)
    pieces_an_epoch = sum(len(w.ids) for w in first)
    steps = options.epochs * len(batches(first, options.budget, random.Random(0)))
    state = {"epoch": 0, "step": 0, "best": -1.0, "seconds": 0.0}

    def log(text: str) -> None:
        with open(options.out / "log.txt", "a") as file:
            file.write(text + "\n")
        print(text, flush=True)

    last = options.out / "last.pt"
    if last.exists():
        saved = torch.load(last, map_location=options.device, weights_only=True)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average, state = saved["average"], saved["state"]
    log(f"{len(augmenter.sentences)} sentences and {EXTRA} each of {[len(part) for part in extra]}, {pieces_an_epoch} pieces an epoch, about {steps} steps, " +
        " ".join(f"{name}={value}" for name, value in vars(options).items()))
    started = time.time() - state["seconds"]
    for epoch in range(state["epoch"], options.epochs):
        torch.manual_seed(options.seed * 1000 + epoch)
        order = batches(augmenter.epoch(epoch), options.budget, random.Random(f"{options.seed}/{epoch}/order"))
        begun, total, done, pieces = time.time(), 0.0, 0, 0
        model.train()
        for batch in order:
            progress = min(1.0, state["step"] / steps)
            factor = min(1.0, (state["step"] + 1) / (0.08 * steps)) * max(0.02, 1 - progress)
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * factor
            loss = loss_of(model, batch, options.device, not options.float32)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            state["step"] += 1
            keep = min(options.average, 1 - 1 / (state["step"] / 10 + 1))
            for name, parameter in model.named_parameters():
                if name in average:
                    average[name].lerp_(parameter.detach(), 1 - keep)
            total, done, pieces = total + loss.item(), done + 1, pieces + sum(len(w.ids) for w in batch)
            if done % 20 == 0:
                log(f"epoch {epoch} step {state['step']}/{steps} loss {total / done:.4f} {pieces / (time.time() - begun):.0f} pieces/s")
            if time.time() - begun > options.stop_after:
                return
        state["epoch"], state["seconds"] = epoch + 1, time.time() - started
        raw = {name: p.detach().clone() for name, p in model.named_parameters() if name in average}
        model.load_state_dict(average, strict=False)
        result = score_sets(model, tokenizer, valid, autocast=not options.float32)
        mean = sum(r["micro"] for r in result.values()) / len(result)
        if held_out:
            whole = score_articles(model, tokenizer, held_out, autocast=not options.float32)
            log("articles dev " + " ".join(f"{name} {value:.2f}" for name, value in whole.items()))
            mean = (mean + whole["micro"]) / 2
        log(f"epoch {epoch} done, {state['seconds']:.0f} s, valid mean {mean:.2f} " +
            " ".join(f"{name} {r['micro']:.2f}/{r['macro']:.2f}" for name, r in result.items()))
        if mean > state["best"]:
            state["best"] = mean
            torch.save(model.state_dict(), options.out / "best.pt")
        model.load_state_dict(raw, strict=False)
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "average": average, "state": state}, last)


if __name__ == "__main__":
    main()
