"""Has the tokenizers of every family write English with apostrophes and stops, as transformers does by default.

    python -m venv venv && venv/bin/pip install -r tests/reference/seq2seq_families.requirements.txt
    venv/bin/python tests/reference/seq2seq_decoding.py tests/data/families/decoding [FAMILY...]

Each family gets a folder with the files of its tokenizer, a `config.json` with the ids of its special pieces, and
`reference.json`: for each text its ids and what `decode` makes of them, by default (`decoded`) and where the folder asks
for blanks before marks to be taken out (`cleaned`). No weights are needed, so torch need not be installed. Texts are ours.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import transformers as hf

from seq2seq_families import ENGLISH, byte_level, pieces

LINES = ENGLISH + """It's the regent's third visit, isn't it?
"We're late," they said, "and we've no boat."
I'm sure that Sari's brother doesn't know.
The farmers' leader says: 'Wait!' Why not?
They don't sell rice at 12.5 percent more.""".splitlines()

TEXTS = [
    "The country's market isn't open, is it?",
    "They've said: 'We're late.' I'm not!",
    "Rice rose by 12.5 percent. Why? Who knows; the farmers' leader didn't say.",
    "\"It's the clinic's fault,\" said Budi.",
    "Sari 's boat , they say , does n't sail . Why ' not ' ?",
]


def spm(folder, name="spiece.model", size=140, kind="unigram", **options):
    return pieces(LINES, folder / name, size, kind, **options)


T5_PIECES = dict(pad_id=0, eos_id=1, unk_id=2, bos_id=-1)


def marian(folder):
    spm(folder, "source.spm"), spm(folder, "target.spm")
    import sentencepiece
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
    names = ["</s>", "<unk>"]
    names += [model.id_to_piece(i) for i in range(len(model)) if model.id_to_piece(i) not in names + ["<s>"]]
    vocabulary = {name: index for index, name in enumerate(names + ["<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=1))
    return hf.MarianTokenizer(str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json"),
                              source_lang="ind", target_lang="eng")


def m2m100(folder):
    path = spm(folder, "sentencepiece.bpe.model", kind="bpe")
    import sentencepiece
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    names += [model.id_to_piece(i) for i in range(len(model)) if model.id_to_piece(i) not in names]
    (folder / "vocab.json").write_text(json.dumps({n: i for i, n in enumerate(names)}, ensure_ascii=False, indent=1))
    return hf.M2M100Tokenizer(str(folder / "vocab.json"), str(path), src_lang="id", tgt_lang="en")


def nllb(folder):
    path = spm(folder, "sentencepiece.bpe.model", kind="bpe")
    return hf.NllbTokenizerFast(str(path), src_lang="ind_Latn", tgt_lang="eng_Latn",
                                additional_special_tokens=["eng_Latn", "ind_Latn"])


def mbart50(folder):
    return hf.MBart50Tokenizer(str(spm(folder, "sentencepiece.bpe.model")), src_lang="id_ID", tgt_lang="en_XX")


def t5(folder):
    return hf.T5TokenizerFast(str(spm(folder, **T5_PIECES)), extra_ids=10)


def mt5(folder):
    return hf.T5Tokenizer(str(spm(folder, **T5_PIECES)), extra_ids=0, legacy=True)


def pegasus(folder):
    return hf.PegasusTokenizer(str(spm(folder, **T5_PIECES)))


def bart(folder):
    folder.mkdir(parents=True, exist_ok=True)
    byte_level(folder, LINES, 300, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return hf.BartTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))


def prophetnet(folder):
    from tokenizers import BertWordPieceTokenizer
    folder.mkdir(parents=True, exist_ok=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[X_SEP]", "[MASK]"]
    trainer = BertWordPieceTokenizer(lowercase=True)
    trainer.train_from_iterator(LINES * 5, vocab_size=200, show_progress=False, special_tokens=special)
    names = sorted(trainer.get_vocab(), key=trainer.get_vocab().get)
    (folder / "prophetnet.tokenizer").write_text("\n".join(names) + "\n", encoding="utf-8")
    return hf.ProphetNetTokenizer(str(folder / "prophetnet.tokenizer"))


# The `model_type` of each folder, and how its tokenizer is made.
FAMILIES = {
    "bart": ("bart", bart),
    "longt5": ("longt5", t5),
    "m2m100": ("m2m_100", m2m100),
    "marian": ("marian", marian),
    "mbart50": ("mbart", mbart50),
    "mt5": ("mt5", mt5),
    "nllb": ("m2m_100", nllb),
    "pegasus": ("pegasus", pegasus),
    "prophetnet": ("prophetnet", prophetnet),
    "t5": ("t5", t5),
}


def store(name, folder):
    kind, make = FAMILIES[name]
    tokenizer = make(folder)
    tokenizer.save_pretrained(folder)
    # As older exports have it, the settings say nothing about blanks: the default of the class counts.
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text())
    settings.pop("clean_up_tokenization_spaces", None)
    path.write_text(json.dumps(settings, indent=1) + "\n")
    ends = tokenizer.sep_token_id if name == "prophetnet" else tokenizer.eos_token_id
    begins = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else ends
    config = dict(model_type=kind, pad_token_id=tokenizer.pad_token_id, eos_token_id=ends, bos_token_id=begins)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")

    ids = [tokenizer(text_target=text)["input_ids"] for text in TEXTS]
    # As the models' script has it: these tokenizers do not count M2M100's languages to the special pieces.
    text = lambda tokenizer, one: re.sub(r"__[a-z]+__ ?", "", tokenizer.decode(one, skip_special_tokens=True))
    default = type(tokenizer).from_pretrained(folder)
    cleaning = type(tokenizer).from_pretrained(folder, clean_up_tokenization_spaces=True)
    reference = {
        "cleans_by_default": default.clean_up_tokenization_spaces,
        "texts": TEXTS,
        "ids": ids,
        "decoded": [text(default, one) for one in ids],
        "cleaned": [text(cleaning, one) for one in ids],
    }
    (folder / "reference.json").write_text(json.dumps(reference, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{name}: {size / 1024:.0f} KB, cleans {default.clean_up_tokenization_spaces}")
    print("  ", *reference["decoded"], "-", *reference["cleaned"], sep="\n   ")


if __name__ == "__main__":
    hf.logging.set_verbosity_error()
    root, chosen = Path(sys.argv[1]), sys.argv[2:] or list(FAMILIES)
    for name in chosen:
        shutil.rmtree(root / name, ignore_errors=True)
        store(name, root / name)
