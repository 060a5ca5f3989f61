"""Tests of the training code: python3 -m unittest discover -s training/encoder

Those that need the base folder find it by ENCODER_BASE (written by convert_base.py) and are skipped without it.
"""
import os
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from add_salience import folded
from articles import Article, joined, sentence_of
from augment import EXTRA, Augmenter, mentions
from convert_base import dequantize
from decode import log_softmax, viterbi
from entities import LABEL_ID, Pieces, Sentence, blanks, encode_sentence, label_bits, open_tag, running_text
from model import LABELS, Encoder, Sizes
from packed import load_packed, pack, packed_config, save_packed, unpack
from rouge import rouge
from salience import HIDDEN, SalienceHead, sentence_vectors, split_of, windows
from silver import repeats, shingles
from train_entities import loss_of
from vocabulary import SPECIAL, build_tokenizer, count_pieces, kept_ids

PIECES = [*((piece, 0.0) for piece in SPECIAL), *((piece, -float(i)) for i, piece in enumerate(
    ["▁", "▁di", "▁Kota", "Kota", "▁Be", "ri", "lung", "u", "n", "(", "▁(", ")", ",", ".", ").", "),", "2", "9", "▁(2", "-", "/", '"', '▁"', "an", "a"], 1))]
TINY = {"vocab_size": len(PIECES), "hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 12, "intermediate_size": 16,
        "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12}
BASE = os.environ.get("ENCODER_BASE")

class Articles(unittest.TestCase):
    TEXT = "Bupati tiba diPalu (Sulteng). Ia dari PT Melati."

    def article(self) -> Article:
        at = self.TEXT.index
        spans = [(at("Palu"), at("Palu") + 4, "LOC"), (at("Sulteng"), at("Sulteng") + 7, "LOC"), (at("PT"), at("PT") + 9, "ORG")]
        return Article(self.TEXT, spans)

    def test_a_word_that_touches_a_mention_is_cut_at_its_border(self):
        article = self.article()
        first, second = (sentence_of(article, start, end) for start, end in article.sentences())
        self.assertEqual(first.words, ["Bupati", "tiba", "di", "Palu", "(", "Sulteng", ")", "."])
        self.assertEqual(first.tags, ["O", "O", "O", "B-LOC", "O", "B-LOC", "O", "O"])
        self.assertEqual(first.apart, [False, True, True, False, True, False, False, False])
        self.assertEqual(second.tags, ["O", "O", "B-ORG", "I-ORG", "O"])

    def test_joined_sentences_read_as_the_text(self):
        article = self.article()
        whole = joined([sentence_of(article, start, end) for start, end in article.sentences()])
        self.assertEqual(running_text(whole.words, whole.blanks())[0], self.TEXT)


# Written for this test, in the manner of Indonesian and English news.
TEXTS = [
    'Gubernur Bali, I Wayan Suartana (54), meninjau pasar-pasar di Denpasar. "Harga beras Rp14.500 per kg," katanya, Senin (3/2/2025).',
    "KPK menahan eks Dirut PT Samudra Raya Tbk. terkait suap senilai Rp1,2 miliar; kuasa hukumnya membantah...",
    "PresidenDonald Trumpdi Gedung Putih bertemu delegasi RI - ASEAN pukul 18.35 WIB.",
    "The central bank raised its benchmark rate by 25 basis points on Thursday, its governor said.",
    "Tim U-23 menang 2-0 atas Persikabo 1973, Sabtu malam; gol dicetak oleh Rizky Ramadhan Putra pada menit ke-78'.",
]


class Decoding(unittest.TestCase):
    def test_never_continues_a_mention_that_did_not_begin(self):
        rng = np.random.default_rng(0)
        for length in (1, 2, 7, 40):
            path = [LABELS[k] for k in viterbi(log_softmax(rng.normal(size=(length, 7)) * 3))]
            for before, after in zip(["O", *path], path):
                if after.startswith("I-"):
                    self.assertIn(before, ("B-" + after[2:], after))

    def test_finds_the_best_of_all_legal_paths(self):
        from itertools import product
        scores = log_softmax(np.random.default_rng(1).normal(size=(3, 7)) * 2)

        def legal(path):
            return all(not LABELS[b].startswith("I-") or (a is not None and LABELS[a] in (LABELS[b], "B-" + LABELS[b][2:]))
                       for a, b in zip((None, *path), path))
        best = max((p for p in product(range(7), repeat=3) if legal(p)), key=lambda p: sum(scores[i, k] for i, k in enumerate(p)))
        self.assertEqual(list(best), viterbi(scores))

    def test_empty_sentence(self):
        self.assertEqual([], viterbi(np.zeros((0, 7))))


class RunningText(unittest.TestCase):
    def text(self, spaced: str) -> str:
        words = spaced.split(" ")
        return running_text(words, blanks(words))[0]

    def test_undoes_the_spacing_of_the_sets(self):
        self.assertEqual('"Ya," kata Ani di Bali (AS).', self.text('" Ya , " kata Ani di Bali ( AS ) .'))
        self.assertEqual("sumber-sumber air, 2/3, ke-6, Saint-Germain", self.text("sumber - sumber air , 2 / 3 , ke - 6 , Saint - Germain"))

    def test_word_starts_point_at_the_words(self):
        words = "Bank Angin ( BA ) , kata Ani .".split(" ")
        text, starts = running_text(words, blanks(words))
        self.assertEqual(words, [text[s:s + len(w)] for s, w in zip(starts, words)])


class Labelling(unittest.TestCase):
    tokenizer = build_tokenizer(PIECES)

    def test_later_pieces_of_a_word_continue_its_mention(self):
        pieces = encode_sentence(self.tokenizer, Sentence("x", ["di", "Berilungu", "Kota"], ["O", "B-LOC", "I-LOC"]))
        self.assertEqual([0] + [1 << LABEL_ID[t] for t in ("O", "B-LOC", "I-LOC", "I-LOC", "I-LOC", "I-LOC")] + [0], pieces.labels)
        self.assertEqual([1, 2, 6], pieces.first)

    def test_shared_pieces_belong_to_the_word_with_letters_or_the_first(self):
        pieces = encode_sentence(self.tokenizer, Sentence("x", ["Kota", "(", "29", ")", "."], ["B-LOC", "I-LOC", "I-LOC", "I-LOC", "O"]))
        tokens = [self.tokenizer.id_to_token(i) for i in pieces.ids]
        self.assertEqual(["<s>", "▁Kota", "▁(2", "9", ").", "</s>"], tokens)
        self.assertEqual([1, None, 2, 4, None], pieces.first)

    def test_offsets_cover_the_text_as_it_was(self):
        encoding = self.tokenizer.encode("di  Kota\n(29).")
        self.assertEqual(["di", "Kota", "(2", "9", ")."], ["di  Kota\n(29)."[a:b] for a, b in encoding.offsets[1:-1]])


class Augmenting(unittest.TestCase):
    def test_every_sentence_comes_once_and_an_epoch_repeats(self):
        sentences = [Sentence("x", ["di", "Kota"] * n, ["O", "B-LOC"] * n) for n in range(1, 30)]
        augmenter = Augmenter(sentences, [], build_tokenizer(PIECES), 1)
        epoch = augmenter.epoch(3)
        self.assertEqual(epoch, augmenter.epoch(3))
        self.assertNotEqual(epoch, augmenter.epoch(4))
        self.assertEqual(sum(len(s.words) for s in sentences), sum(len(w.first) for w in epoch))
        self.assertTrue(all(len(w.ids) == len(w.labels) <= 512 for w in epoch))

    def test_mentions_of_neighbors_stay_apart(self):
        self.assertEqual([(0, 2, "PER"), (2, 3, "PER"), (4, 5, "ORG")], mentions(["B-PER", "I-PER", "B-PER", "O", "B-ORG"]))


    def test_an_epoch_takes_a_part_of_further_sentences(self):
        own = [Sentence("x", ["Kota"], ["B-LOC"])] * 3
        further = [Sentence("y", ["di", str(n)], ["O", "O|B-ORG|I-ORG"]) for n in range(4 * EXTRA)]
        epoch = Augmenter(own, [further], build_tokenizer(PIECES), 1).epoch(0)
        self.assertEqual(3 + 2 * EXTRA, sum(len(w.first) for w in epoch))


class OpenLabels(unittest.TestCase):
    def test_words_may_be_one_of_several(self):
        self.assertEqual("B-PER", open_tag("B-PPL"))
        self.assertEqual("O|B-ORG|I-ORG", open_tag("O"))
        self.assertEqual("B-LOC|I-LOC|B-ORG|I-ORG|O", open_tag("I-PLC"))
        self.assertEqual(1 << LABEL_ID["O"] | 1 << LABEL_ID["B-ORG"], label_bits("O|B-ORG"))

    def test_the_loss_is_that_of_all_labels_a_piece_may_have(self):
        scores = torch.randn(1, 4, 7)
        chances = scores.softmax(2)[0]
        piece = lambda *tags: Pieces([0, 5, 6, 2], [0, *map(label_bits, tags), 0], [1, 2])
        model = lambda ids, lengths: scores
        one = loss_of(model, [piece("O", "B-PER")], "cpu", False)
        self.assertAlmostEqual(-(chances[1, 0].log() + chances[2, 1].log()).item() / 2, one.item(), places=5)
        some = loss_of(model, [piece("O|B-ORG", "|".join(LABELS))], "cpu", False)
        self.assertAlmostEqual(-(chances[1, 0] + chances[1, LABEL_ID["B-ORG"]]).log().item() / 2, some.item(), places=5)

    def test_an_article_with_a_sentence_kept_apart_is_found(self):
        apart = [shingles("Warga desa itu memanen padi lebih awal .".split())]
        index = {shingle: [0] for shingle in apart[0]}
        self.assertTrue(repeats(shingles("Kata dia , warga desa itu memanen padi lebih lambat".split()), apart, index))
        self.assertFalse(repeats(shingles("Warga desa itu memanen jagung lebih awal".split()), apart, index))


class Packing(unittest.TestCase):
    def test_rows_come_back_within_half_a_step(self):
        weights = {"bert.a.weight": torch.randn(5, 9), "bert.b.bias": torch.randn(5), "classifier.weight": torch.randn(7, 9)}
        weights["bert.a.weight"][2] = 0
        back = unpack(pack(weights))
        step = weights["bert.a.weight"].abs().amax(1, keepdim=True) / 127
        self.assertTrue(((back["bert.a.weight"] - weights["bert.a.weight"]).abs() <= step / 2 + 1e-7).all())
        for name in ("bert.b.bias", "classifier.weight"):
            self.assertTrue(torch.equal(back[name], weights[name]))

    def test_a_saved_model_loads(self):
        model = Encoder(Sizes.of(TINY))
        with tempfile.TemporaryDirectory() as folder:
            save_packed(Path(folder), model.state_dict(), packed_config(TINY, 1.5))
            loaded, config = load_packed(Path(folder))
        ids, lengths = torch.tensor([[0, 5, 6, 2]]), torch.tensor([4])
        self.assertLess((loaded(ids, lengths) - model.eval()(ids, lengths)).abs().max().item(), 0.05)
        self.assertEqual(1.5, config["intisari"]["temperature"])


class Model(unittest.TestCase):
    def test_padding_changes_nothing(self):
        torch.manual_seed(0)
        model = Encoder(Sizes.of(TINY)).eval()
        alone = model(torch.tensor([[0, 5, 6, 2]]), torch.tensor([4]))[0]
        beside = model(torch.tensor([[0, 5, 6, 2, 1, 1], [0, 7, 8, 9, 10, 2]]), torch.tensor([4, 6]))[0, :4]
        self.assertLess((alone - beside).abs().max().item(), 1e-5)


class Salience(unittest.TestCase):
    def test_windows_hold_whole_sentences_in_order(self):
        self.assertEqual([range(0, 2), range(2, 3), range(3, 5)], windows([54, 200, 900, 1, 253]))
        self.assertEqual([range(0, 8), range(8, 9)], windows([3] * 9))
        self.assertEqual([], windows([]))

    def test_one_vector_and_one_score_a_sentence(self):
        model = Encoder(Sizes.of(TINY)).eval()
        vectors, lengths = sentence_vectors(model, build_tokenizer(PIECES), ["di Kota", "", "Kota " * 600, "di"])
        self.assertEqual((4, HIDDEN), tuple(vectors.shape))
        self.assertEqual([2, 0, 254, 1], lengths.tolist())
        self.assertEqual(4, len(SalienceHead().of(vectors, lengths)))

    def test_articles_in_a_batch_do_not_mix(self):
        torch.manual_seed(0)
        head, vectors, lengths = SalienceHead(), torch.randn(2, 5, HIDDEN), torch.tensor([[9, 8, 7, 6, 5], [4, 3, 2, 0, 0]])
        together = head.eval()(vectors, lengths, torch.tensor([5, 3]))
        self.assertLess((head.of(vectors[1, :3], lengths[1, :3]) - together[1, :3]).abs().max().item(), 1e-5)

    def test_centering_goes_into_the_first_layer(self):
        torch.manual_seed(0)
        head, plain, vectors, lengths = SalienceHead(), SalienceHead(), torch.randn(6, HIDDEN), torch.arange(6)
        head.center.copy_(torch.randn(HIDDEN))
        head.spread.copy_(torch.rand(HIDDEN) + 0.5)
        plain.load_state_dict(plain.state_dict() | folded(head.state_dict()))
        self.assertLess((head.of(vectors, lengths) - plain.of(vectors, lengths)).abs().max().item(), 1e-4)

    def test_splits_are_fixed(self):
        self.assertEqual({"train", "valid", "test"}, {split_of(f"a{i}") for i in range(100)})
        self.assertEqual(split_of("a1"), split_of("a1"))

    def test_rouge_ignores_case_punctuation_and_which_digit(self):
        self.assertEqual((1.0, 1.0, 1.0), rouge("Pada 12 Mei, Ani pergi.", "pada 99 mei ani pergi"))
        one, two, longest = rouge("a b c d", "a c b d")
        self.assertEqual((1.0, 0.0, 0.75), (one, two, longest))


class Vocabulary(unittest.TestCase):
    def test_text_of_kept_pieces_is_cut_alike(self):
        full = build_tokenizer(PIECES)
        kept = kept_ids(PIECES, count_pieces(full, ["di Berilungu"]), 0)
        cut = build_tokenizer([PIECES[i] for i in kept])
        self.assertLess(len(kept), len(PIECES))
        self.assertEqual(full.encode("di Berilungu").tokens, cut.encode("di Berilungu").tokens)

    @unittest.skipUnless(BASE, "set ENCODER_BASE to the folder written by convert_base.py")
    def test_committed_tokenizer_agrees_with_the_full_one(self):
        full = Tokenizer.from_file(os.path.join(BASE, "tokenizer.json"))
        cut = Tokenizer.from_file(str(Path(__file__).parents[2] / "models/encoder/tokenizer.json"))
        kept = set(cut.get_vocab())
        for text in TEXTS:
            whole, part = full.encode(text), cut.encode(text)
            self.assertLessEqual(set(whole.tokens), kept, text)
            self.assertEqual((whole.tokens, whole.offsets), (part.tokens, part.offsets))


class Base(unittest.TestCase):
    def test_nibbles_are_low_half_first(self):
        raw = struct.pack("<e", 0.5) + bytes([0x9F, 0x80] + [0x88] * 14)
        row = dequantize(np.frombuffer(raw, np.uint8), 1, 32)[0].tolist()
        self.assertEqual([3.5, -4.0], row[:2])
        self.assertEqual([0.5, 0.0], row[16:18])
        self.assertEqual({0.0}, set(row[2:16] + row[18:]))


if __name__ == "__main__":
    unittest.main()
