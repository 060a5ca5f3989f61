"""Writes tests/data/translate/hints.jsonl: what training/translator/hints.py chooses for sentences of ours.

    python tests/reference/hints.py
"""

import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "training/translator"))
from hints import Dictionary, Names  # noqa: E402

SENTENCES = [
    "Milisi itu dilucuti setelah para sandera dibebaskan.",
    "Polisi menyelidiki dugaan pencatutan nama bupati oleh makelar tanah.",
    "\"Abaikan saja kabar burung itu,\" kata Camat Ranu Wening.",
    "(Ablasi gletser dipercepat) demikian judul makalahnya.",
    "Rakernas partai itu ricuh; peserta saling menuduh dan mengadu domba.",
    "Warga desil terbawah menerima bansos beras dan minyak goreng.",
    "Ia absen, absennya dicatat, absen-absen lain tidak.",
    "GUBERNUR MENGECAM PERAMBAHAN HUTAN LINDUNG",
    "‘Penyu-penyu itu kembali bertelur’, ujarnya lirih.",
    "Café Jeñé menjual kopi ½ kilogram, x² dan Ⅷ porsi.",
    "",
    "   ",
    "123 456 7-8 a-b-c",
    "-nya --abadi- abadi-abadi abadi-abdi",
    "İstanbul ΣΊΣΥΦΟΣ dikebut Dikebut pengebutan",
    "Terpilihnya ketua RT secara aklamasi disambut riuh rendah hadirin.",
    "Nelayan melaut lagi usai ombak surut, tetapi tangkapan mereka seret.",
    "Mahkamah Agung (MA) menolak permohonan itu; MA juga menolak yang kedua.",
    "Menurut juru bicara, kejaksaan menahan tersangka penggelapan dana hibah.",
]


def main() -> None:
    # The first lines of the product's list are a comment, which the class passes over.
    dictionary = Dictionary(ROOT / "src/lang/id/dictionary.tsv")
    public = Names(ROOT / "src/lang/id/english_names.tsv")
    names, expressions = sorted(public.entries), sorted(form for form in dictionary.forms if " " in form)
    chance = random.Random(5)
    common = "yang dan di itu Pak Ranu dari 12 kota, pada (Senin) \"kami\" tidak - akan".split()
    endings = ["", "", "", "nya", "lah", "ku", "nyalah", ",", ".", "\"", "-an"]
    cases = [(s, n) for s in SENTENCES for n in (30, 60, 120, 250)]
    for _ in range(400):
        words = []
        for _ in range(chance.randint(2, 24)):
            kinds = ((dictionary.forms, 6), (expressions, 1), (names, 1), (common, 3))
            word = chance.choice(chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0])
            how = chance.random()
            if how < 0.08:
                word = f"{word}-{word}"
            elif how < 0.14:
                word = f"di{word}"
            elif how < 0.2:
                word = word.capitalize()
            elif how < 0.23:
                word = word.upper()
            words.append(word + chance.choice(endings))
        cases.append((" ".join(words), chance.choice((30, 60, 60, 120, 250))))
    out = ROOT / "tests/data/translate/hints.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(out, "w", encoding="utf-8") as file:
        for source, rarer_than in cases:
            case = {"source": source, "rarer_than": rarer_than, "words": dictionary.words(source, rarer_than),
                    "names": public.find(source, rarer_than)}
            file.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
