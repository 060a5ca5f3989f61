"""Store what the model gives for texts of ours, for other implementations to be checked against.

usage: python3 reference.py --model models/encoder --out tests/data

`encoder_reference.json`, for each text: piece ids with `<s>` and `</s>`, their offsets in bytes, and the entity logits
[pieces, 7]. `salience_reference.json` (where the model has that head), for an article: its sentences, their piece counts,
the first eight numbers of each sentence vector, and the salience logits. All in f32 with the weights brought back from
8 bits; an implementation in f32 agrees within 1e-3.
"""
import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from model import Encoder
from packed import load_packed, load_salience
from salience import SalienceHead, sentence_vectors

TEXTS = [
    "Wali Kota Bandung, Ratna Siregar, membuka Pasar Kosambi pada Senin (12/3).",
    "Menurut Bank Cendrawasih (BC), inflasi di Papua naik 2,5 persen — “tertinggi sejak 2014,” ujar Dr. I Made Sudana.",
    "PresidenJohn Carter tiba diJakarta; PT Angin Timur Tbk. dan Universitas Halu Oleo menyambutnya 🙂 di Bandara Soekarno-Hatta.",
]


def byte_offsets(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(len(text[:begin].encode()), len(text[:end].encode())) for begin, end in offsets]


ARTICLE = [
    "Pemerintah Kota Ambon akan memperbaiki 12 jembatan sebelum musim hujan tiba pada November mendatang.",
    "Anggaran yang disiapkan mencapai Rp48 miliar dan berasal dari kas daerah.",
    "“Tiga jembatan di Teluk Baguala menjadi prioritas,” kata Kepala Dinas Pekerjaan Umum, Yosef Latuheru, Selasa (4/6).",
    "Menurut dia, warga sempat terpaksa memutar hingga 20 kilometer.",
    "Pengerjaan dimulai pekan depan.",
    "Selama perbaikan, kendaraan berat dialihkan ke Jalan Pattimura.",
    "Yosef berharap warga bersabar.",
]


def entity_cases(model: Encoder, tokenizer: Tokenizer) -> list[dict]:
    cases = []
    for text in TEXTS:
        encoding = tokenizer.encode(text)
        logits = model(torch.tensor([encoding.ids]), torch.tensor([len(encoding.ids)]))[0]
        cases.append({"text": text, "ids": encoding.ids, "offsets": byte_offsets(text, encoding.offsets),
                      "logits": rounded(logits)})
    return cases


def salience_case(model: Encoder, tokenizer: Tokenizer, head: SalienceHead) -> dict:
    vectors, lengths = sentence_vectors(model, tokenizer, ARTICLE)
    return {"sentences": ARTICLE, "pieces": lengths.tolist(), "vectors": rounded(vectors[:, :8]),
            "logits": rounded(head.of(vectors, lengths)[None])[0]}


def rounded(matrix: torch.Tensor) -> list[list[float]]:
    return [[round(x, 5) for x in row] for row in matrix.tolist()]


def write(file: Path, cases: list[dict]) -> None:
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    file.write_text(f"[\n{lines}\n]\n")
    print(f"{file.name}: {len(cases)} cases, {file.stat().st_size} bytes")


@torch.no_grad()
def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    model, _ = load_packed(options.model)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out / "encoder_reference.json", entity_cases(model, tokenizer))
    head = load_salience(options.model)
    if head is not None:
        write(options.out / "salience_reference.json", [salience_case(model, tokenizer, head)])


if __name__ == "__main__":
    main()
