"""Builds tiny random encoder-decoder models of every family, as they are published, and their reference outputs.

    python -m venv venv && venv/bin/pip install -r tests/reference/seq2seq_families.requirements.txt
    venv/bin/python tests/reference/seq2seq_families.py tests/data/families [FAMILY...]

Each model gets the folder FAMILY with what a published one has, and `reference.json`: for each text its ids and decoded
pieces, the logits of a few decoder steps, and what `generate` writes greedily and with the beams of the folder. Weights
are drawn from the first seed whose outputs differ between texts and between greedy and beam search. Texts are ours.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import sentencepiece
try:
    import torch
except ImportError:
    torch = None  # tokenizers alone do without
import transformers as hf

INDONESIAN = """Hujan turun sejak pagi di kota Bogor.
Warga desa membersihkan selokan bersama tentara.
Harga beras naik 12 persen, kata Sari Wijaya.
Gubernur membuka jembatan baru di atas sungai.
Kereta dari Surabaya tiba pukul 07.30 WIB.
Petani kopi menjual hasil kebun ke pasar kota.
Sekolah itu menerima 240 siswa baru tahun ini.
Nelayan tidak melaut karena ombak tinggi.
Pemerintah daerah memperbaiki jalan yang rusak.
Tim kami menang tiga gol dalam pertandingan itu.
Anak-anak bermain layang-layang di lapangan.
Bupati mengatakan dana desa cair bulan depan.
"Kami menunggu bantuan," ujar Budi di Palu.
Listrik padam dua jam setelah gempa; air juga mati.
Pasar malam dibuka lagi, tetapi pengunjung masih sepi.
Dokter memeriksa ratusan pasien di puskesmas.""".splitlines()

ENGLISH = """Rain has been falling on the town of Bogor since morning.
Villagers cleaned the ditches together with soldiers.
The price of rice rose by 12 percent, said Sari Wijaya.
The governor opened a new bridge over the river.
The train from Surabaya arrived at 07.30 local time.
Coffee farmers sell their harvest at the town market.
The school has taken in 240 new pupils this year.
Fishermen stay ashore because the waves are high.
The local government repairs the broken road.
Our team won the match by three goals.
Children fly their kites on the open field.
The regent said that village funds come next month.
"We are waiting for help," said Budi in Palu.
Power failed for two hours after the quake; so did water.
The night market is open again, but visitors are few.
Doctors examined hundreds of patients at the clinic.""".splitlines()

# What the tests read: some of it unlike what the vocabularies were made from.
SOURCES = {
    "id": [
        "Hujan turun di Palu.",
        "Warga menunggu kereta pagi di pasar Surabaya, kata Budi.",
        "Harga kopi naik 30 persen; nelayan sepi pembeli.",
        "  Jalan  ﬁnal №5 rusak… “parah” 😀 ",
    ],
    "en": [
        "Rain is falling on Palu.",
        "Villagers wait for the morning train at the market of Surabaya, said Budi.",
        "The price of coffee rose by 30 percent; fishermen see few visitors.",
        "  The  ﬁnal road №5 is “broken”… badly 😀 ",
    ],
}
PROMPT_STEPS = 4


# A few rules in place of the usual 240 KB of Unicode's.
RULES = {"ﬁ": "fi", "№": "No", "…": "...", "\u00a0": " ", "\t": " ", "\u200b": ""}


def pieces(lines, path, size, kind="unigram", full=False, **options):
    """A sentencepiece model of our lines; `full`: normalizes as published ones do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules.tsv")
        codes = lambda text: " ".join(f"{ord(char):X}" for char in text)
        rules.write_text("".join(f"{codes(a)}\t{codes(b)}\n" for a, b in RULES.items()))
        if not full:
            options["normalization_rule_tsv"] = str(rules)
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines * 20), model_prefix=f"{folder}/m", vocab_size=size, model_type=kind,
            character_coverage=1.0, num_threads=1, hard_vocab_limit=False, minloglevel=2, **options)
        shutil.copy(f"{folder}/m.model", path)
    return path


def draw(model, scale, seed):
    """Fills the weights so that a random model is not dull: attention looks about, biases count."""
    torch.manual_seed(seed)
    for name, parameter in model.named_parameters():
        if "embed_positions" in name and not parameter.requires_grad:
            continue
        if parameter.dim() > 1:
            wide = 0.5 if "embed" in name or "shared" in name else scale
            parameter.data.normal_(0.0, wide)
        elif "norm" in name and name.endswith("weight"):
            # Signs break the path from an input piece to itself, which would have it repeated for ever.
            parameter.data.normal_(0.0, 1.0)
        else:
            parameter.data.normal_(0.0, 0.1)
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.normal_(0.0, 0.3)
    return model.eval()


def outputs(model, batch, settings, beams):
    """The ids of `generate` for each text alone, with the settings of the folder but `beams` beams."""
    config = hf.GenerationConfig(**{**settings, "num_beams": beams})
    return [model.generate(**one, generation_config=config)[0].tolist() for one in batch]


def prompts(model, batch, beam):
    """The scores after each of the first steps of two texts, step by step with a cache, as `generate` asks for them:
    over several pieces at once, ProphetNet of transformers gives others."""
    for one, ids in zip(batch[:2], beam):
        prompt, cache, rows = ids[:PROMPT_STEPS], None, []
        with torch.no_grad():
            read = model.get_encoder()(**one, return_dict=True)
            for piece in prompt:
                found = model(encoder_outputs=read, attention_mask=one["attention_mask"], past_key_values=cache,
                              decoder_input_ids=torch.tensor([[piece]]), use_cache=True, return_dict=True)
                cache = found.past_key_values
                rows.append(found.logits[0, -1].float())
        yield prompt, torch.stack(rows)


def noise(model, batch, beam):
    """How far rounding to 32 bits moves the scores; where it moves them much, they say nothing about a program.

    ProphetNet of transformers gives no numbers in 64 bits; it is taken as it is."""
    rounded = [rows for _, rows in prompts(model, batch, beam)]
    exact = [rows for _, rows in prompts(model.double(), batch, beam)]
    model.float()
    return max((one - other).abs().max().item() for one, other in zip(rounded, exact))


def interesting(greedy, beam, settings):
    """Whether the outputs could tell a right program from a wrong one."""
    distinct = len({tuple(ids) for ids in greedy}) >= 3 and len({tuple(ids) for ids in beam}) >= 3
    lengths = [len(ids) for ids in beam]
    ended = sum(length < settings["max_length"] for length in lengths)
    lively = sum(len(set(ids)) > 6 for ids in beam) >= 2
    return distinct and len(set(lengths)) >= 2 and ended and lively and sum(g != b for g, b in zip(greedy, beam)) >= 2


def decode(tokenizer, ids):
    """Text without special pieces, to which these tokenizers do not count M2M100's languages and ProphetNet's [X_SEP]."""
    ids = [piece for piece in ids if tokenizer.convert_ids_to_tokens(piece) != "[X_SEP]"]
    text = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return re.sub(r"__[a-z]+__", "", text)


def store(family, folder, build, tokenizer, language, settings, scale, forced=None, extra=(), uncopied=False):
    """Draws, saves and runs one model."""
    texts = SOURCES[language]
    batch = [tokenizer(text, return_tensors="pt", return_token_type_ids=False) for text in texts]
    generate = {**settings, **({"forced_bos_token_id": forced} if forced is not None else {})}
    for seed in range(400):
        model = draw(build(), scale, seed)
        greedy = outputs(model, batch, generate, 1)
        if len({tuple(ids) for ids in greedy}) < 3 or all(len(ids) == settings["max_length"] for ids in greedy):
            continue
        beam = outputs(model, batch, generate, settings["num_beams"])
        if interesting(greedy, beam, settings) and not noise(model, batch, beam) > 2e-5:
            break
    else:
        sys.exit(f"{family}: no seed gives outputs that tell anything; change `scale` ({scale})")
    model.generation_config = hf.GenerationConfig(**settings)
    model.save_pretrained(folder)
    for name in extra:
        (folder / name).unlink(missing_ok=True)
    logits = [
        {"prompt": prompt, "rows": [[round(x, 6) for x in row] for row in rows.tolist()]}
        for prompt, rows in prompts(model, batch, beam)
    ]
    reference = {
        "family": family,
        "seed": seed,
        "scale": scale,
        "texts": texts,
        "ids": [one["input_ids"][0].tolist() for one in batch],
        "logits": logits,
        "forced_bos": forced,
        "greedy": greedy,
        "beams": settings["num_beams"],
        "beam": beam,
        "decoded": [decode(tokenizer, ids) for ids in beam],
    }
    if uncopied:
        # No piece of the source may be written, the end piece neither.
        strict = {**generate, "encoder_no_repeat_ngram_size": 1}
        reference["uncopied"] = outputs(model, batch, strict, settings["num_beams"])
    text = json.dumps(reference, ensure_ascii=False).replace('"prompt"', '\n"prompt"')
    (folder / "reference.json").write_text(text + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{family}: seed {seed}, {size / 1024:.0f} KB, {sorted(path.name for path in folder.iterdir())}")
    for ids, alone in zip(beam, greedy):
        print("  ", len(alone), len(ids), reference["decoded"][beam.index(ids)][:60])


SMALL = dict(d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=4,
             encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=96)


def marian(folder):
    source = pieces(INDONESIAN, folder / "source.spm", 90)
    target = pieces(ENGLISH, folder / "target.spm", 90)
    names = ["</s>", "<unk>"]
    for path in (source, target):
        model = sentencepiece.SentencePieceProcessor(model_file=str(path))
        names += [model.id_to_piece(i) for i in range(len(model)) if model.id_to_piece(i) not in names + ["<s>"]]
    vocabulary = {name: index for index, name in enumerate(names + ["<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=1))
    tokenizer = hf.MarianTokenizer(str(source), str(target), str(folder / "vocab.json"), source_lang="ind",
                                   target_lang="eng", model_max_length=512)
    pad = vocabulary["<pad>"]
    settings = dict(num_beams=4, max_length=32, length_penalty=1.0, bad_words_ids=[[pad]], renormalize_logits=True,
                    bos_token_id=0, eos_token_id=0, forced_eos_token_id=0, pad_token_id=pad, decoder_start_token_id=pad)
    config = hf.MarianConfig(**SMALL, vocab_size=len(vocabulary), activation_function="swish", scale_embedding=True,
                             pad_token_id=pad, eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad,
                             forced_eos_token_id=0, share_encoder_decoder_embeddings=True)
    tokenizer.save_pretrained(folder)
    store("marian", folder, lambda: hf.MarianMTModel(config), tokenizer, "id", settings, 0.8)


def m2m100(folder):
    spm = pieces(INDONESIAN + ENGLISH, folder / "sentencepiece.bpe.model", 100, "bpe")
    model = sentencepiece.SentencePieceProcessor(model_file=str(spm))
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    names += [model.id_to_piece(i) for i in range(len(model)) if model.id_to_piece(i) not in names]
    (folder / "vocab.json").write_text(json.dumps({n: i for i, n in enumerate(names)}, ensure_ascii=False, indent=1))
    tokenizer = hf.M2M100Tokenizer(str(folder / "vocab.json"), str(spm), src_lang="id", tgt_lang="en")
    settings = dict(num_beams=5, max_length=30, early_stopping=True, bos_token_id=0, eos_token_id=2, pad_token_id=1,
                    decoder_start_token_id=2)
    config = hf.M2M100Config(**SMALL, vocab_size=len(names) + 108, activation_function="relu", scale_embedding=True,
                             decoder_start_token_id=2)
    tokenizer.save_pretrained(folder)
    store("m2m_100", folder, lambda: hf.M2M100ForConditionalGeneration(config), tokenizer, "id", settings, 0.5,
          forced=tokenizer.get_lang_id("en"))


def nllb(folder):
    spm = pieces(INDONESIAN + ENGLISH, folder / "sentencepiece.bpe.model", 120, "bpe", remove_extra_whitespaces=True)
    languages = ["ace_Latn", "eng_Latn", "ind_Latn", "jav_Latn", "min_Latn", "sun_Latn"]
    tokenizer = hf.NllbTokenizerFast(str(spm), src_lang="ind_Latn", tgt_lang="eng_Latn",
                                     additional_special_tokens=languages)
    settings = dict(num_beams=4, max_length=30, length_penalty=0.6, no_repeat_ngram_size=3, bos_token_id=0,
                    eos_token_id=2, pad_token_id=1, decoder_start_token_id=2)
    config = hf.M2M100Config(**SMALL, vocab_size=len(tokenizer), activation_function="relu", scale_embedding=True,
                             decoder_start_token_id=2)
    tokenizer.save_pretrained(folder)
    store("nllb", folder, lambda: hf.M2M100ForConditionalGeneration(config), tokenizer, "id", settings, 0.5,
          forced=tokenizer.convert_tokens_to_ids("eng_Latn"))


def mbart50(folder):
    spm = pieces(INDONESIAN + ENGLISH, folder / "sentencepiece.bpe.model", 110, full=True)
    tokenizer = hf.MBart50Tokenizer(str(spm), src_lang="id_ID", tgt_lang="en_XX")
    settings = dict(num_beams=5, max_length=30, early_stopping=True, forced_eos_token_id=2, bos_token_id=0,
                    eos_token_id=2, pad_token_id=1, decoder_start_token_id=2)
    config = hf.MBartConfig(**SMALL, vocab_size=len(tokenizer), activation_function="relu", scale_embedding=True,
                            decoder_start_token_id=2)
    tokenizer.save_pretrained(folder)
    store("mbart", folder, lambda: hf.MBartForConditionalGeneration(config), tokenizer, "id", settings, 0.5,
          forced=tokenizer.lang_code_to_id["en_XX"])


T5 = dict(d_model=16, d_kv=6, d_ff=24, num_layers=2, num_heads=3, relative_attention_num_buckets=8,
          relative_attention_max_distance=20, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)


def t5(folder):
    spm = pieces(INDONESIAN + ENGLISH, folder / "spiece.model", 130, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokenizer = hf.T5TokenizerFast(str(spm), extra_ids=10)
    settings = dict(num_beams=4, max_length=30, min_length=6, no_repeat_ngram_size=3, length_penalty=2.0,
                    early_stopping=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    config = hf.T5Config(**T5, vocab_size=len(tokenizer) + 6, feed_forward_proj="relu")
    tokenizer.save_pretrained(folder)
    store("t5", folder, lambda: hf.T5ForConditionalGeneration(config), tokenizer, "en", settings, 0.6, uncopied=True)


def mt5(folder):
    spm = pieces(INDONESIAN + ENGLISH, folder / "spiece.model", 150, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
                 byte_fallback=False)
    tokenizer = hf.T5Tokenizer(str(spm), extra_ids=0, legacy=True)
    settings = dict(num_beams=4, max_length=30, length_penalty=1.0, pad_token_id=0, eos_token_id=1,
                    decoder_start_token_id=0)
    config = hf.MT5Config(**T5, vocab_size=len(tokenizer), feed_forward_proj="gated-gelu",
                          tie_word_embeddings=False)
    tokenizer.save_pretrained(folder)
    store("mt5", folder, lambda: hf.MT5ForConditionalGeneration(config), tokenizer, "id", settings, 0.6)


def byte_level(folder, lines, size, specials):
    from tokenizers import ByteLevelBPETokenizer
    trainer = ByteLevelBPETokenizer()
    trainer.train_from_iterator(lines * 5, vocab_size=size, special_tokens=specials, show_progress=False)
    trainer.save_model(str(folder))


def bart(folder):
    folder.mkdir(parents=True, exist_ok=True)
    byte_level(folder, ENGLISH, 300, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer = hf.BartTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    settings = dict(num_beams=4, max_length=34, min_length=10, no_repeat_ngram_size=3, length_penalty=2.0,
                    early_stopping=True, forced_bos_token_id=0, forced_eos_token_id=2, bos_token_id=0, eos_token_id=2,
                    pad_token_id=1, decoder_start_token_id=2)
    # As in DistilBART, the decoder has fewer layers.
    config = hf.BartConfig(**{**SMALL, "decoder_layers": 1}, vocab_size=len(tokenizer), activation_function="gelu",
                           decoder_start_token_id=2)
    tokenizer.save_pretrained(folder)
    store("bart", folder, lambda: hf.BartForConditionalGeneration(config), tokenizer, "en", settings, 0.5,
          uncopied=True)


def pegasus(folder):
    spm = pieces(ENGLISH, folder / "spiece.model", 95, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokenizer = hf.PegasusTokenizer(str(spm))
    settings = dict(num_beams=8, max_length=30, length_penalty=0.8, forced_eos_token_id=1, bos_token_id=0,
                    eos_token_id=1, pad_token_id=0, decoder_start_token_id=0)
    config = hf.PegasusConfig(**SMALL, vocab_size=len(tokenizer), activation_function="relu", scale_embedding=True,
                              pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    tokenizer.save_pretrained(folder)
    store("pegasus", folder, lambda: hf.PegasusForConditionalGeneration(config), tokenizer, "en", settings, 0.5)


def prophetnet(folder):
    from tokenizers import BertWordPieceTokenizer
    folder.mkdir(parents=True, exist_ok=True)
    trainer = BertWordPieceTokenizer(lowercase=True)
    trainer.train_from_iterator(ENGLISH * 5, vocab_size=180, show_progress=False, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[X_SEP]", "[MASK]"])
    names = sorted(trainer.get_vocab(), key=trainer.get_vocab().get)
    (folder / "prophetnet.tokenizer").write_text("\n".join(names) + "\n", encoding="utf-8")
    tokenizer = hf.ProphetNetTokenizer(str(folder / "prophetnet.tokenizer"))
    sep = names.index("[SEP]")
    settings = dict(num_beams=4, max_length=30, length_penalty=2.0, no_repeat_ngram_size=3, early_stopping=True,
                    bos_token_id=sep, eos_token_id=sep, pad_token_id=0, decoder_start_token_id=sep)
    config = hf.ProphetNetConfig(hidden_size=16, encoder_ffn_dim=24, decoder_ffn_dim=20, num_encoder_layers=2,
                                 num_decoder_layers=2, num_encoder_attention_heads=2, num_decoder_attention_heads=4,
                                 max_position_embeddings=96, vocab_size=len(names), ngram=2, num_buckets=8,
                                 relative_max_distance=20, pad_token_id=0, bos_token_id=sep, eos_token_id=sep,
                                 decoder_start_token_id=sep)
    tokenizer.save_pretrained(folder)
    store("prophetnet", folder, lambda: hf.ProphetNetForConditionalGeneration(config), tokenizer, "en", settings, 0.5)


def longt5(kind):
    def build(folder):
        spm = pieces(ENGLISH, folder / "spiece.model", 95, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
        tokenizer = hf.T5TokenizerFast(str(spm), extra_ids=10)
        settings = dict(num_beams=4, max_length=30, length_penalty=1.0, pad_token_id=0, eos_token_id=1,
                        decoder_start_token_id=0)
        config = hf.LongT5Config(**T5, vocab_size=len(tokenizer), feed_forward_proj="gated-gelu", local_radius=5,
                                 global_block_size=4, encoder_attention_type=kind, tie_word_embeddings=False)
        tokenizer.save_pretrained(folder)
        store(f"longt5 {kind}", folder, lambda: hf.LongT5ForConditionalGeneration(config), tokenizer, "en", settings, 0.6)
    return build


FAMILIES = {
    "marian": marian,
    "m2m100": m2m100,
    "nllb": nllb,
    "mbart50": mbart50,
    "t5": t5,
    "mt5": mt5,
    "bart": bart,
    "pegasus": pegasus,
    "prophetnet": prophetnet,
    "longt5-local": longt5("local"),
    "longt5-tglobal": longt5("transient-global"),
}


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.stdout.reconfigure(line_buffering=True)
    hf.logging.set_verbosity_error()
    root, chosen = Path(sys.argv[1]), sys.argv[2:] or list(FAMILIES)
    for name in chosen:
        shutil.rmtree(root / name, ignore_errors=True)
        FAMILIES[name](root / name)
