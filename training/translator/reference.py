"""Reference values from transformers' Gemma3ForCausalLM, for the tests of the crate's own decoder.

    python reference.py --base DIR --model models/translator --out tests/data/gemma_reference.json

Everything is float32, on the dequantised weights with the cut vocabulary. `base` holds logits without the adapter and
does not change when an adapter is trained anew; `adapted` holds them with the adapter whose sha256 is named, merged as
W + alpha / r * B A. `pieces` holds sentences with the ids that the full tokenizer gives, renumbered (`as_full`), or those
of the cut one. `dequantised` holds elements of one tensor of each type of the GGUF file, by their place in the
row-major array (RMSNorm weights as the file has them, that is 1 + w).
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from base import GGUF_SHA256, config
from prompt import Prompt

# Our own sentences. The last is longer than the others, so that rotations at some distance matter.
SENTENCES = [
    "Harga beras di pasar induk naik 12 persen.",
    "\"Kami akan memeriksa jembatan itu besok,\" kata Wali Kota Ratna Dewanti.",
    "Hujan lebat sejak Selasa malam membuat tiga desa di lereng bukit terisolasi, dan petugas baru dapat mengirim bahan "
    "makanan serta obat-obatan setelah alat berat menyingkirkan tanah dan batang pohon yang menutup jalan sepanjang 2,5 kilometer.",
]
# Our own, too: what the full tokenizer makes of them, and that the cut one makes the same.
COVERED = [
    "Presiden dan Menteri Keuangan membahas defisit anggaran sebesar Rp 347,6 triliun di Istana Merdeka, Senin (14/8/2023).",
    "Gempa bermagnitudo 5,4 mengguncang Kabupaten Garut, Jawa Barat, pukul 18.35 WIB.",
    "\"Kalau tidak ada izin, ya kami tutup,\" ujarnya kepada wartawan.",
    "Persija menang 3-1 atas tamunya di Stadion Utama Gelora Bung Karno.",
    "BMKG: hujan lebat, angin kencang & gelombang setinggi 2-4 meter.",
    "Anak-anak itu bermain layang-layang di tepi sawah; ibunya menjual kue.",
    "The governor said the bridge would reopen on Thursday, two weeks later than planned.",
    "Officials warned that prices could rise by 12.5% before the end of the year.",
    "“We are still looking for three fishermen,” the head of the search team said.",
]
# Pieces that were cut away: shorter ones or bytes stand in, and the text comes back whole.
UNCOVERED = ["Harga tiket 😀 naik.", "Ia menulis 北京 di papan.", "Kata itu ditulis في dalam naskah."]
TOP, STRIDE, ELEMENTS = 20, 691, 24


def logits(model: Gemma3ForCausalLM, prompts: list[list[int]]) -> list[dict]:
    """For each prompt, at three positions: the highest logits and every STRIDE-th, as {id: logit}."""
    found = []
    for ids in prompts:
        with torch.no_grad():
            scores = model(input_ids=torch.tensor([ids])).logits[0]
        positions = []
        for position in (1, len(ids) // 2, len(ids) - 1):
            row = scores[position]
            chosen = sorted({*row.topk(TOP).indices.tolist(), *range(0, len(row), STRIDE)})
            positions.append({"position": position, "ids": chosen, "logits": [round(row[i].item(), 5) for i in chosen]})
        found.append({"positions": positions})
    return found


def apply(model: Gemma3ForCausalLM, folder: Path) -> None:
    """Adds the adapter to the model's weights."""
    settings = json.loads((folder / "adapter_config.json").read_text())
    scale = settings["lora_alpha"] / settings["r"]
    tensors = {n.removeprefix("base_model.model."): t.float() for n, t in load_file(folder / "adapter_model.safetensors").items()}
    weights = model.state_dict()
    for name in tensors:
        if name.endswith("lora_A.weight"):
            stem = name.removesuffix(".lora_A.weight")
            weights[f"{stem}.weight"] += scale * tensors[f"{stem}.lora_B.weight"] @ tensors[name]


def pieces(prompt: Prompt, full: Tokenizer) -> list[dict]:
    """Ids of our sentences by the full tokenizer, turned into new ones; by the cut one where that is impossible."""
    new = {old: i for i, old in enumerate(prompt.kept)}
    found = []
    for text in COVERED:
        ids = [new[i] for i in full.encode(text, add_special_tokens=False).ids]
        assert ids == prompt.ids(text), text
        found.append({"text": text, "ids": ids, "as_full": True})
    for text in UNCOVERED:
        ids = prompt.ids(text)
        assert prompt.tokenizer.decode(ids) == text, text
        found.append({"text": text, "ids": ids, "as_full": False})
    return found


def elements(gguf: Path) -> list[dict]:
    """Some dequantised values of the first tensors of each type."""
    found, count = [], {}
    for tensor in GGUFReader(gguf).tensors:
        kind = tensor.tensor_type.name
        count[kind] = count.get(kind, 0) + 1
        if count[kind] > 2:
            continue
        values = np.asarray(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32).reshape(-1)
        places = sorted({*range(8), *(int(p) for p in np.linspace(8, len(values) - 1, ELEMENTS - 8))})
        found.append({
            "name": tensor.name,
            "type": kind,
            "shape": [int(n) for n in reversed(tensor.shape)],
            "places": places,
            "values": [float(values[p]) for p in places],
            "mean_square": float(np.mean(values.astype(np.float64) ** 2)),
        })
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder with tokenizer.json, kept_ids.json and the adapter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    prompt = Prompt(options.model)
    tensors = load_file(options.base / "model.safetensors")
    tensors["model.embed_tokens.weight"] = tensors["model.embed_tokens.weight"][prompt.kept]
    tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"]
    settings = config(len(prompt.kept))
    rotary = settings.pop("rope_parameters")
    settings["rope_theta"] = rotary["full_attention"]["rope_theta"]
    settings["rope_local_base_freq"] = rotary["sliding_attention"]["rope_theta"]
    model = Gemma3ForCausalLM(Gemma3TextConfig(**settings, attn_implementation="eager")).eval()
    print(model.load_state_dict(tensors))

    prompts = [prompt.question(sentence) for sentence in SENTENCES]
    written = {
        "made_by": "training/translator/reference.py",
        "gguf_sha256": GGUF_SHA256,
        "kept": len(prompt.kept),
        "kept_ids_sha256": hashlib.sha256((options.model / "kept_ids.json").read_bytes()).hexdigest(),
        "prompts": [{"sentence": s, "ids": ids} for s, ids in zip(SENTENCES, prompts)],
        "pieces": pieces(prompt, Tokenizer.from_file(str(options.base / "tokenizer.json"))),
        "dequantised": elements(options.base / "model.gguf"),
        "base": logits(model, prompts),
    }
    weights = options.model / "adapter_model.safetensors"
    if weights.exists():
        apply(model, options.model)
        written["adapted"] = {
            "adapter_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
            "logits": logits(model, prompts),
        }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
