"""Store what the model gives for three sentences, for other implementations to be checked against.

usage: python3 reference.py --model models/encoder --out tests/data/encoder_reference.json

For each text: piece ids with `<s>` and `</s>`, their offsets in bytes, and the entity logits [pieces, 7] in f32 of the
weights brought back from 8 bits. An implementation in f32 agrees within 1e-3.
"""
import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from packed import load_packed

TEXTS = [
    "Wali Kota Bandung, Ratna Siregar, membuka Pasar Kosambi pada Senin (12/3).",
    "Menurut Bank Cendrawasih (BC), inflasi di Papua naik 2,5 persen — “tertinggi sejak 2014,” ujar Dr. I Made Sudana.",
    "PresidenJohn Carter tiba diJakarta; PT Angin Timur Tbk. dan Universitas Halu Oleo menyambutnya 🙂 di Bandara Soekarno-Hatta.",
]


def byte_offsets(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(len(text[:begin].encode()), len(text[:end].encode())) for begin, end in offsets]


@torch.no_grad()
def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    model, _ = load_packed(options.model)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    cases = []
    for text in TEXTS:
        encoding = tokenizer.encode(text)
        logits = model(torch.tensor([encoding.ids]), torch.tensor([len(encoding.ids)]))[0]
        cases.append({"text": text, "ids": encoding.ids, "offsets": byte_offsets(text, encoding.offsets),
                      "logits": [[round(x, 5) for x in row] for row in logits.tolist()]})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(f"[\n{lines}\n]\n")
    print(f"{len(cases)} cases, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
