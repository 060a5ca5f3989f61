"""Builds tiny random models for token classification, one per family, saves them as published ones are, and stores
what transformers computes with them.

    python ner_families.py OUT        # OUT: tests/data/families/ner

Every folder of OUT is a model folder plus `reference.json` (texts with their pieces and offsets) and
`reference.safetensors` (rows of pieces and their label scores in f32). Versions: ner_families.requirements.txt.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import BertWordPieceTokenizer, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import trainers
from transformers import (
    AlbertConfig,
    AlbertForTokenClassification,
    AlbertTokenizerFast,
    BertConfig,
    BertForTokenClassification,
    BertTokenizerFast,
    DebertaConfig,
    DebertaForTokenClassification,
    DebertaTokenizerFast,
    DebertaV2Config,
    DebertaV2ForTokenClassification,
    DebertaV2TokenizerFast,
    DistilBertConfig,
    DistilBertForTokenClassification,
    DistilBertTokenizerFast,
    ElectraConfig,
    ElectraForTokenClassification,
    ElectraTokenizerFast,
    RobertaConfig,
    RobertaForTokenClassification,
    RobertaTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaForTokenClassification,
    XLMRobertaTokenizerFast,
)


# Texts of ours, to train the tokenizers on.
TEXTS = [
    "Wali Kota Bandung, Ratna Siregar, membuka Pasar Kosambi pada Senin (12/3).",
    "“Ini milik warga,” kata Ratna di depan kantor Dinas Perdagangan Jawa Barat.",
    "PT Karya Rimba Persada membangun jembatan sepanjang 240 meter di atas Sungai Rungan.",
    "Budi dan Sari berangkat dari Jakarta ke Surabaya dengan kereta pagi.",
    "Menurut Yulius Mambang, anak-anak di Desa Petuk Katimpun kini bisa ke sekolah.",
    "Universitas Gadjah Mada menerima 1.900 mahasiswa baru, naik 5 persen dari tahun lalu.",
    "Hujan turun sejak pagi. Warga Depok dan Bogor diminta berhati-hati.",
    "Ketua Partai Melati, Andi Wijaya, bertemu Menteri Dewi Lestari di Istana Negara.",
    "Harga beras di Pasar Induk Cipinang turun Rp500 per kilogram, kata Kementerian Pertanian.",
    "Tim Garuda Muda menang 2-1 atas Thailand di Stadion Gelora Bung Karno.",
]

# What the models read: short, empty, with signs that tokenizers rewrite, and longer than the others of its batch.
READ = [
    TEXTS[0],
    "Budi",
    "",
    "Café ½ ﬁnal di Kota Bogor … 🙂 kata Sari.",
    "Ratna Siregar dan Andi Wijaya bertemu di Jakarta, lalu ke Surabaya. Harga beras turun.",
]

SIZE = 160

IOB2 = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
MIXED = ["I-LOC", "O", "B-PERSON", "B-GPE", "I-PERSON", "I-GPE", "B-MISC", "I-MISC"]
IOB1 = ["I-LOC", "B-LOC", "I-PER", "B-PER", "O"]
BIOES = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-ORG", "I-ORG", "E-ORG", "S-ORG"]
BILOU = ["L-LOC", "O", "U-LOC", "B-LOC", "I-LOC"]
PLAIN = ["O", "PERSON", "NOR"]


def word_pieces(folder, lower):
    """`vocab.txt` as BERT's own."""
    trained = BertWordPieceTokenizer(lowercase=lower)
    trained.train_from_iterator(TEXTS, vocab_size=SIZE, min_frequency=1, limit_alphabet=70, show_progress=False)
    folder.mkdir(parents=True)
    trained.save_model(str(folder))


def byte_pairs(first):
    """A byte-level BPE, its special pieces first; RoBERTa, DeBERTa v1."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=330, special_tokens=first, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def sentence_pieces(first, unknown, normalizer):
    """A unigram model with `▁` for blanks; XLM-R, ALBERT, DeBERTa v3."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=SIZE, special_tokens=first, unk_token=unknown, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def around(tokenizer, start, end):
    named = [(piece, tokenizer.token_to_id(piece)) for piece in (start, end)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", pair=f"{start} $A {end} $B {end}", special_tokens=named)
    return tokenizer


def randomize(model, seed):
    """Embeddings as small as trained ones, so that the epsilon of their norm counts; the rest large enough that
    every part of the network shows in the scores."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "LayerNorm" in name or "layer_norm" in name:
                parameter.copy_(noise * 0.1 + (1.0 if name.endswith("weight") else 0.0))
            elif "rel_embeddings" in name:
                parameter.copy_(noise * 0.5)
            elif "embeddings" in name and "project" not in name:
                parameter.copy_(noise * 0.02)
            elif parameter.dim() == 1:
                parameter.copy_(noise * 0.1)
            else:
                parameter.copy_(noise * 0.35)


def build(out, name, model_class, config, tokenizer, labels, longest, shard="5GB"):
    folder = out / name
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    model = model_class(config).eval()
    randomize(model, sum(map(ord, name)))
    model.save_pretrained(folder, safe_serialization=True, max_shard_size=shard)
    texts = [tokenizer(text, return_offsets_mapping=True, add_special_tokens=True) for text in READ]
    starts = tokenizer("", add_special_tokens=True)["input_ids"]
    generator = torch.Generator().manual_seed(7)
    special = set(tokenizer.all_special_ids)
    ordinary = torch.tensor([number for number in range(len(tokenizer)) if number not in special])

    def drawn(length):
        inner = ordinary[torch.randint(len(ordinary), (length - 2,), generator=generator)]
        return starts[:1] + inner.tolist() + starts[1:]

    # Each row is a batch: several inputs of different lengths, one alone, one as long as the model can take.
    rows = [[text["input_ids"] for text in texts], [texts[0]["input_ids"]], [drawn(longest), drawn(7)]]
    stored = {}
    for number, row in enumerate(rows):
        length = max(map(len, row))
        ids = torch.full((len(row), length), config.pad_token_id)
        mask = torch.zeros((len(row), length), dtype=torch.long)
        for place, pieces in enumerate(row):
            ids[place, : len(pieces)] = torch.tensor(pieces)
            mask[place, : len(pieces)] = 1
        with torch.no_grad():
            scores = model(input_ids=ids, attention_mask=mask).logits
        for place, pieces in enumerate(row):
            stored[f"{number}.{place}.ids"] = torch.tensor(pieces, dtype=torch.int64)
            stored[f"{number}.{place}.scores"] = scores[place, : len(pieces)].contiguous()
    save_file(stored, folder / "reference.safetensors")
    cases = [
        {"text": text, "ids": found["input_ids"], "characters": found["offset_mapping"]}
        for text, found in zip(READ, texts)
    ]
    (folder / "reference.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    torch.manual_seed(0)
    out = Path(sys.argv[1])
    sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, hidden_act="gelu")

    # vocab.txt alone, lower case.
    word_pieces(out / "bert", lower=True)
    tokenizer = BertTokenizerFast(str(out / "bert/vocab.txt"), do_lower_case=True)
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=56, type_vocab_size=2, **sizes)
    (out / "bert/tokenizer_config.json").write_text('{"do_lower_case": true, "model_max_length": 56}\n')
    build(out, "bert", BertForTokenClassification, config, tokenizer, IOB2, 56)

    # A BERT with another epsilon, as some are published; in parts.
    word_pieces(out / "bert-eps", lower=False)
    tokenizer = BertTokenizerFast(str(out / "bert-eps/vocab.txt"), do_lower_case=False)
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=56, type_vocab_size=2, layer_norm_eps=1e-5,
                        **sizes)
    (out / "bert-eps/tokenizer_config.json").write_text('{"do_lower_case": false}\n')
    build(out, "bert-eps", BertForTokenClassification, config, tokenizer, MIXED, 56, shard="12KB")

    # As published: 514 positions for 512 pieces.
    pairs = around(byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), "<s>", "</s>")
    tokenizer = RobertaTokenizerFast(tokenizer_object=pairs)
    config = RobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=514, type_vocab_size=1,
                           layer_norm_eps=1e-5, **sizes)
    build(out, "roberta", RobertaForTokenClassification, config, tokenizer, MIXED, 512)
    pairs.save(str(out / "roberta/tokenizer.json"))

    pieces = sentence_pieces(["<s>", "<pad>", "</s>", "<unk>", "<mask>"], "<unk>", normalizers.NFKC())
    tokenizer = XLMRobertaTokenizerFast(tokenizer_object=around(pieces, "<s>", "</s>"))
    config = XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=66, type_vocab_size=1,
                              layer_norm_eps=1e-5, **sizes)
    build(out, "xlm-roberta", XLMRobertaForTokenClassification, config, tokenizer, IOB1, 64)
    pieces.save(str(out / "xlm-roberta/tokenizer.json"))

    word_pieces(out / "distilbert", lower=False)
    tokenizer = DistilBertTokenizerFast(str(out / "distilbert/vocab.txt"), do_lower_case=False)
    config = DistilBertConfig(vocab_size=len(tokenizer), max_position_embeddings=56, dim=16, n_layers=2, n_heads=2,
                              hidden_dim=24, activation="gelu")
    (out / "distilbert/tokenizer_config.json").write_text('{"do_lower_case": false}\n')
    build(out, "distilbert", DistilBertForTokenClassification, config, tokenizer, PLAIN, 56)

    # Embeddings narrower than the layers.
    word_pieces(out / "electra", lower=True)
    tokenizer = ElectraTokenizerFast(str(out / "electra/vocab.txt"), do_lower_case=True)
    config = ElectraConfig(vocab_size=len(tokenizer), embedding_size=8, max_position_embeddings=56, type_vocab_size=2,
                           **sizes)
    (out / "electra/tokenizer_config.json").write_text('{"do_lower_case": true}\n')
    build(out, "electra", ElectraForTokenClassification, config, tokenizer, BIOES, 56)

    pairs = around(byte_pairs(["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]), "[CLS]", "[SEP]")
    tokenizer = DebertaTokenizerFast(tokenizer_object=pairs)
    config = DebertaConfig(vocab_size=len(tokenizer), max_position_embeddings=96, type_vocab_size=0,
                           relative_attention=True, max_relative_positions=-1, position_biased_input=False,
                           pos_att_type="c2p|p2c", **sizes)
    build(out, "deberta", DebertaForTokenClassification, config, tokenizer, BILOU, 96)
    pairs.save(str(out / "deberta/tokenizer.json"))

    # As DeBERTa v3: buckets of distances, keys shared with the content.
    first = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
    pieces = around(sentence_pieces(first, "[UNK]", normalizers.NFKC()), "[CLS]", "[SEP]")
    tokenizer = DebertaV2TokenizerFast(tokenizer_object=pieces)
    config = DebertaV2Config(vocab_size=len(tokenizer), max_position_embeddings=72, type_vocab_size=0,
                             relative_attention=True, position_buckets=16, norm_rel_ebd="layer_norm",
                             share_att_key=True, pos_att_type="p2c|c2p", max_relative_positions=-1,
                             position_biased_input=False, **sizes)
    build(out, "deberta-v3", DebertaV2ForTokenClassification, config, tokenizer, IOB2, 72)
    pieces.save(str(out / "deberta-v3/tokenizer.json"))

    # As the large DeBERTa v2: a convolution beside the first layer; keys of their own.
    config = DebertaV2Config(vocab_size=len(tokenizer), max_position_embeddings=56, type_vocab_size=2,
                             relative_attention=True, position_buckets=-1, conv_kernel_size=3, conv_act="gelu",
                             pos_att_type=["p2c", "c2p"], max_relative_positions=24, position_biased_input=True,
                             **sizes)
    build(out, "deberta-v2", DebertaV2ForTokenClassification, config, tokenizer, IOB2, 56)
    pieces.save(str(out / "deberta-v2/tokenizer.json"))

    # Layers share their weights, embeddings are narrower.
    first = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    rules = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(),
                                  normalizers.Lowercase()])
    pieces = around(sentence_pieces(first, "<unk>", rules), "[CLS]", "[SEP]")
    tokenizer = AlbertTokenizerFast(tokenizer_object=pieces)
    sizes["hidden_act"] = "gelu_new"
    config = AlbertConfig(vocab_size=len(tokenizer), embedding_size=8, max_position_embeddings=56, type_vocab_size=2,
                          **sizes)
    build(out, "albert", AlbertForTokenClassification, config, tokenizer, IOB2, 56)
    pieces.save(str(out / "albert/tokenizer.json"))


main()
