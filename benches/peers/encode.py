"""The encoder's weights on other engines, over the sentences of benches/encode.rs.

    python encode.py --model models/encoder [--threads N] [--batch N] [--repeats N]

needs: torch transformers safetensors tokenizers; onnx and onnxruntime where they are installed. Labels only: the peers have no
salience head. Each sentence alone, batches of sentences of like length, padded. Prints medians.
"""

import argparse
import importlib.util
import json
import statistics
import tempfile
import time
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

SENTENCES = Path(__file__).parent.parent / "sentences.txt"
ARTICLE, ARTICLES = 15, (1, 16, 64)


def load(folder: Path) -> BertForTokenClassification:
    """The committed weights in floats."""
    config = BertConfig(**json.loads((folder / "config.json").read_text()))
    stored = load_file(folder / "model.safetensors")
    tensors = {name: t.float() * stored[f"{name}.scale"][:, None] if f"{name}.scale" in stored else t for name, t in stored.items()}
    model = BertForTokenClassification(config).eval()
    missing, _ = model.load_state_dict({name: t for name, t in tensors.items() if name in model.state_dict()}, strict=False)
    assert all("position_ids" in name for name in missing), missing
    return model


def batches(rows: list[list[int]], size: int):
    """Ids [rows, length] padded with 1, and their mask."""
    ordered = sorted(rows, key=len)
    for at in range(0, len(ordered), size):
        batch = ordered[at : at + size]
        ids = torch.full((len(batch), max(map(len, batch))), 1)
        for row, pieces in zip(ids, batch):
            row[: len(pieces)] = torch.tensor(pieces)
        yield ids, (ids != 1).long()


def with_onnx(model: BertForTokenClassification, folder: Path, threads: int, eight_bits: bool):
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    path = folder / "model.onnx"
    if not path.exists():
        ids = torch.ones(2, 9, dtype=torch.long)
        names = ["input_ids", "attention_mask"]
        free = {name: {0: "rows", 1: "pieces"} for name in [*names, "logits"]}
        torch.onnx.export(model, (ids, ids), str(path), input_names=names, output_names=["logits"], dynamic_axes=free, opset_version=17)
    if eight_bits:
        quantize_dynamic(str(path), str(folder / "int8.onnx"), weight_type=QuantType.QInt8, per_channel=True)
        path = folder / "int8.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"{options.threads} threads, torch {torch.__version__}, transformers {transformers.__version__}")

    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    lines = SENTENCES.read_text(encoding="utf8").splitlines()
    articles = [[lines[(article * 7 + line) % len(lines)] for line in range(ARTICLE)] for article in range(ARTICLES[-1])]
    model = load(options.model)

    def measure(name: str, work) -> None:
        for count in ARTICLES:
            texts = [line for article in articles[:count] for line in article]
            seconds = []
            for _ in range(options.repeats):
                start = time.perf_counter()
                rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
                for ids, mask in batches(rows, options.batch):
                    work(ids, mask)
                seconds.append(time.perf_counter() - start)
            median = statistics.median(seconds)
            print(f"{name:22} {count:3} articles, {len(texts):4} sentences {median:8.3f} s {len(texts) / median:8.1f} sentences/s", flush=True)

    measure("transformers f32", lambda ids, mask: model(ids, attention_mask=mask).logits)
    if importlib.util.find_spec("onnxruntime") and importlib.util.find_spec("onnx"):
        import onnxruntime

        print(f"onnxruntime {onnxruntime.__version__}")
        with tempfile.TemporaryDirectory() as folder:
            measure("onnxruntime f32", with_onnx(model, Path(folder), options.threads, False))
            measure("onnxruntime int8", with_onnx(model, Path(folder), options.threads, True))
    half = model.to(torch.bfloat16)
    measure("transformers bf16", lambda ids, mask: half(ids, attention_mask=mask).logits)


if __name__ == "__main__":
    main()
