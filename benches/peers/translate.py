"""The translator's weights on other engines, over the sentences of benches/translate.rs.

    python translate.py --base DIR --adapter DIR [--threads N] [--batch N] [--repeats N] [--beams N …] [--kinds KIND …]

needs: torch transformers safetensors; ctranslate2 where it is installed. `base` is a folder of transformers' layout with the
full vocabulary (written by training/translator/base.py), `adapter` one in PEFT's layout. Greedy decoding or beams, the
same prompt, sentences sorted by length, at most as many new pieces as the crate allows. Prints medians.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig, PreTrainedTokenizerFast

SENTENCES = Path(__file__).parent.parent / "sentences.txt"
ARTICLE = 15


def merged(base: Path, adapter: Path) -> dict[str, torch.Tensor]:
    """The base weights with the adapter added."""
    weights = load_file(base / "model.safetensors")
    settings = json.loads((adapter / "adapter_config.json").read_text())
    factors = {name.removeprefix("base_model.model."): t.float() for name, t in load_file(adapter / "adapter_model.safetensors").items()}
    for name, down in factors.items():
        if name.endswith(".lora_A.weight"):
            stem = name.removesuffix(".lora_A.weight")
            change = factors[f"{stem}.lora_B.weight"] @ down * (settings["lora_alpha"] / settings["r"])
            weights[f"{stem}.weight"] = weights[f"{stem}.weight"].float() + change
    return weights


def configuration(base: Path) -> Gemma3TextConfig:
    settings = json.loads((base / "config.json").read_text())
    rotary = settings.pop("rope_parameters", None)
    if rotary:  # Versions of transformers before 5 have one field for each base.
        settings["rope_theta"] = rotary["full_attention"]["rope_theta"]
        settings["rope_local_base_freq"] = rotary["sliding_attention"]["rope_theta"]
    return Gemma3TextConfig(**settings)


def batches(prompts: list[list[int]], size: int) -> list[list[list[int]]]:
    ordered = sorted(prompts, key=len, reverse=True)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def with_transformers(model: Gemma3ForCausalLM, ends: list[int], prompts: list[list[int]], size: int, beams: int) -> int:
    """Pieces written."""
    written = 0
    for batch in batches(prompts, size):
        width = max(map(len, batch))
        ids = torch.tensor([[0] * (width - len(p)) + p for p in batch])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in batch])
        out = model.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=False,
            num_beams=beams,
            max_new_tokens=2 * width + 20,
            eos_token_id=ends,
            pad_token_id=0,
        )
        written += int((out[:, width:] > 2).sum())
    return written


def with_ctranslate2(generator, tokenizer, ends: list[str], prompts: list[list[int]], size: int, beams: int) -> int:
    written = 0
    for batch in batches(prompts, size):
        tokens = [tokenizer.convert_ids_to_tokens(p) for p in batch]
        limit = 2 * max(map(len, batch)) + 20
        results = generator.generate_batch(
            tokens, max_length=limit, sampling_topk=1, beam_size=beams, end_token=ends, include_prompt_in_result=False
        )
        written += sum(len(r.sequences_ids[0]) for r in results)
    return written


def report(name: str, prompts: list[list[int]], repeats: int, work) -> None:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        written = work(prompts)
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    print(f"{name:44} {median:7.2f} s {len(prompts) / median:7.1f} sentences/s {written / median:8.1f} pieces of English/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--kinds", nargs="*", default=["float32", "bfloat16"], help="of transformers")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {options.threads} threads")

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(options.base / "tokenizer.json"), bos_token="<bos>", eos_token="<eos>", unk_token="<unk>", pad_token="<pad>"
    )
    newline = tokenizer.encode("\n", add_special_tokens=False)
    lines = SENTENCES.read_text().splitlines()
    prompts = [tokenizer.encode(f"Indonesian: {line}\nEnglish:") for line in lines]
    prompts = [p if p[0] == 2 else [2, *p] for p in prompts]
    sets = {f"article of {ARTICLE}": prompts[:ARTICLE], f"{len(prompts)} sentences, batch {options.batch}": prompts}
    runs = {f"{beams} beams, {name}": (chosen, beams) for beams in options.beams for name, chosen in sets.items()}

    weights = merged(options.base, options.adapter)
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    config = configuration(options.base)
    ends = [1, *newline]
    for kind in (getattr(torch, name) for name in options.kinds):
        model = Gemma3ForCausalLM(config).eval()
        model.load_state_dict(weights)
        model = model.to(kind)
        for name, (chosen, beams) in runs.items():
            work = lambda p: with_transformers(model, ends, p, options.batch, beams)
            report(f"transformers {str(kind).removeprefix('torch.')}, {name}", chosen, options.repeats, work)
        del model

    try:
        import ctranslate2
        from ctranslate2.converters import TransformersConverter
    except ImportError:
        print("ctranslate2 is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "hf"), Path(folder, "ct2")
        model = Gemma3ForCausalLM(config)
        model.load_state_dict(weights)
        model.save_pretrained(source)
        tokenizer.save_pretrained(source)
        # CTranslate2 4.8 asks for the newer name of an argument than transformers 4.53 knows.
        load = Gemma3ForCausalLM.from_pretrained
        Gemma3ForCausalLM.from_pretrained = lambda *names, dtype=None, **rest: load(*names, torch_dtype=dtype, **rest)
        TransformersConverter(str(source)).convert(str(target), quantization="int8")
        generator = ctranslate2.Generator(str(target), device="cpu", compute_type="int8", intra_threads=options.threads)
        print(f"ctranslate2 {ctranslate2.__version__}")
        texts = ["<eos>", *tokenizer.convert_ids_to_tokens(newline)]
        for name, (chosen, beams) in runs.items():
            work = lambda p: with_ctranslate2(generator, tokenizer, texts, p, options.batch, beams)
            report(f"ctranslate2 int8, {name}", chosen, options.repeats, work)


if __name__ == "__main__":
    main()
