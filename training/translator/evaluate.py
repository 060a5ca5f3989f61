"""Greedy translations of lines of a set, scored with sacreBLEU. For choosing an adapter; tests belong to the crate.

    python evaluate.py --base DIR --data DIR --model models/translator --set flores200-dev --every 10

Without --adapter the adapter in --model is used; `--adapter none` shows the base model.
"""

import argparse
import time
from pathlib import Path

import sacrebleu
import torch

import pairs
from base import LAYERS
from gemma import Gemma
from prompt import EOS, Prompt


def adapter_of(folder: Path) -> tuple[int, int]:
    """Rank and alpha of an adapter in PEFT's layout."""
    import json

    config = json.loads((folder / "adapter_config.json").read_text())
    return config["r"], config["lora_alpha"]


@torch.no_grad()
def translate(model: Gemma, prompt: Prompt, sources: list[str], most: int = 160) -> list[str]:
    """Greedy translations of one batch, padded at the left."""
    questions = [prompt.question(source) for source in sources]
    length = max(map(len, questions))
    ids = torch.tensor([[0] * (length - len(q)) + q for q in questions])
    real = torch.tensor([[False] * (length - len(q)) + [True] * len(q) for q in questions])
    low = torch.finfo(model.dtype).min / 2
    mask = torch.zeros(len(questions), 1, length, length, dtype=model.dtype)
    mask.masked_fill_(~(real[:, None, None, :] & torch.ones(length, length, dtype=torch.bool).tril()), low)
    positions = (real.cumsum(1) - 1).clamp(min=0)
    cache: list = [None] * LAYERS
    made: list[list[int]] = [[] for _ in sources]
    open_rows = set(range(len(sources)))
    line_end = prompt.tokenizer.token_to_id("\n")
    for _ in range(most):
        hidden = model.hidden(ids, cache, mask, positions).view(len(sources), -1, model.embedding.shape[1])[:, -1]
        chosen = model.logits(hidden).argmax(-1)
        for row in list(open_rows):
            made[row].append(int(chosen[row]))
            if made[row][-1] in (EOS, line_end):
                open_rows.discard(row)
        if not open_rows:
            break
        ids, positions = chosen[:, None], positions[:, -1:] + 1
        real = torch.cat((real, torch.ones(len(sources), 1, dtype=torch.bool)), 1)
        mask = torch.zeros(real.shape, dtype=model.dtype).masked_fill(~real, low)[:, None, None, :]
    return [prompt.text(ids) for ids in made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--adapter")
    parser.add_argument("--set", action="append", required=True, choices=("flores200-dev", "news-valid"))
    parser.add_argument("--every", type=int, default=10, help="one line in this many")
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    prompt = Prompt(options.model)
    folder = Path(options.adapter or options.model)
    rank, alpha = (1, 1) if options.adapter == "none" else adapter_of(folder)
    model = Gemma(options.base, prompt.kept, torch.bfloat16, rank, alpha)
    if options.adapter != "none":
        model.load(folder)
    for name in options.set:
        sources, references = (pairs.lines(options.data / f"mt/eval/{name}.{s}")[:: options.every] for s in ("id", "en"))
        lines = [i for i, source in enumerate(sources) if source]
        lines.sort(key=lambda i: len(sources[i]))
        made: dict[int, str] = {}
        begun = time.monotonic()
        for start in range(0, len(lines), options.batch):
            batch = lines[start : start + options.batch]
            made.update(zip(batch, translate(model, prompt, [sources[i] for i in batch])))
        seconds = time.monotonic() - begun
        hypotheses, answers = [made[i] for i in sorted(made)], [references[i] for i in sorted(made)]
        for metric in (sacrebleu.BLEU(), sacrebleu.CHRF()):
            print(name, len(made), metric.corpus_score(hypotheses, [answers]), metric.get_signature(), flush=True)
        print(f"{seconds:.0f} s")
        for i in sorted(made)[: options.show]:
            print("  ", sources[i], "\n  ", made[i], "\n  ", references[i])


if __name__ == "__main__":
    main()
