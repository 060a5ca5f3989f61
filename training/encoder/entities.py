"""Annotated sentences, their leaks, the text they stand for, and its pieces with labels."""
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from tokenizers import Tokenizer

from model import LABELS

LABEL_ID = {label: i for i, label in enumerate(LABELS)}
TYPES = ("PER", "LOC", "ORG")
TRAINING_SETS = ("idner2k", "nerui", "nergrit")
TEST_SETS = (*TRAINING_SETS, "wikigold")
LOWER_CASE_SET = "nerp"
NERP_TAGS = {"PPL": ("PER",), "PLC": ("LOC", "ORG", "O")}  # of others, and of words without a tag: O or ORG


@dataclass(frozen=True)
class Sentence:
    source: str
    words: list[str]
    tags: list[str]
    """IOB2; where the annotation leaves it open, what a word may be, as in `O|B-ORG|I-ORG`."""
    apart: list[bool] | None = None
    """Whether a blank stands before each word, where the text is known."""

    def blanks(self) -> list[bool]:
        return blanks(self.words) if self.apart is None else self.apart


def load(data: Path, source: str, split: str) -> list[Sentence]:
    """The sentences of a split with tags in the unified scheme; types other than TYPES become O."""
    unified = {}
    for line in (data / "ner/tagmap.tsv").read_text().splitlines():
        name, original, target, *_ = line.split("\t")
        if name == source:
            unified[original] = target
    known = lambda tag: tag[:2] + unified[tag[2:]] if tag != "O" and unified[tag[2:]] in TYPES else "O"
    return [Sentence(source, words, [known(tag) for tag in tags]) for words, tags in read(data / f"ner/{source}/{split}.tsv")]


def read(file: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The words and tags of each sentence."""
    words, tags = [], []
    for line in [*file.read_text(encoding="utf8").split("\n"), ""]:
        if line:
            word, tag = line.split("\t")
            words.append(word)
            tags.append(tag)
        elif words:
            yield words, tags
            words, tags = [], []


def leaking(data: Path) -> dict[str, set[int]]:
    """Per set, the train sentences (from 0) that repeat a test sentence of any set or a valid sentence of TRAINING_SETS."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for line in (data / "ner/leaks.tsv").read_text().splitlines():
        source, split, number, other, other_split, *_ = line.split("\t")
        if split == "train" and (other_split == "test" or (other_split == "valid" and other in TRAINING_SETS)):
            numbers[source].add(int(number) - 1)
    return numbers


def training_sentences(data: Path) -> list[Sentence]:
    leaks = leaking(data)
    return [s for source in TRAINING_SETS for i, s in enumerate(load(data, source, "train")) if i not in leaks[source]]


def lower_case_sentences(data: Path) -> list[Sentence]:
    """The train sentences of nerp, which says of persons and places what they are, and of organisations nothing."""
    leaks, sentences = leaking(data)[LOWER_CASE_SET], []
    for i, (words, tags) in enumerate(read(data / f"ner/{LOWER_CASE_SET}/train.tsv")):
        if i not in leaks:
            sentences.append(Sentence(LOWER_CASE_SET, words, [open_tag(tag) for tag in tags]))
    return sentences


def open_tag(tag: str) -> str:
    kinds = NERP_TAGS.get(tag[2:], ("O", "ORG"))
    if "ORG" not in kinds:
        return tag[:2] + kinds[0]
    return "|".join(t for kind in kinds for t in (["O"] if kind == "O" else ["B-" + kind, "I-" + kind]))


OPENING, CLOSING, QUOTES = set("([{“‘"), set(")]}”’,.;:!?%…"), set("\"'")


def blanks(words: list[str]) -> list[bool]:
    """Whether running text has a blank before each word: undoes the tokenization of the sets by rule."""
    result, open_quotes, glue_next = [], set(), True
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        after = words[i + 1] if i + 1 < len(words) else ""
        blank = not glue_next
        glue_next = False
        if word[0] in CLOSING and not (word == "." and after[:1].isalnum() and before[:1].isupper() and len(word) > 1):
            blank = False
        elif word in QUOTES:
            if word in open_quotes:
                open_quotes.discard(word)
                blank = False
            else:
                open_quotes.add(word)
                glue_next = True
        elif word in OPENING:
            glue_next = True
        elif word in "-/" and before and after:
            if before[-1].isalnum() and after[0].isalnum() and (
                    word == "/" or before.lower() == after.lower() or before.lower() == "ke" or
                    (before[-1].isdigit() and after[0].isdigit()) or (before[0].isupper() and after[0].isupper())):
                blank, glue_next = False, True
        result.append(blank)
    return result


def running_text(words: list[str], blank: list[bool]) -> tuple[str, list[int]]:
    """The joined text and where each word begins in it (characters)."""
    text, starts = "", []
    for word, apart in zip(words, blank):
        text += " " * apart
        starts.append(len(text))
        text += word
    return text, starts


@dataclass(frozen=True)
class Pieces:
    """A sentence as the model sees it, `<s>` and `</s>` included."""
    ids: list[int]
    labels: list[int]
    """One a piece: the labels it may have, bit k for LABELS[k]; 0 for the special ones. A word's later pieces continue its entity."""
    first: list[int | None]
    """For each word the position of its first piece; None where it shares a piece that another word owns."""


def is_word(text: str) -> bool:
    return any(c.isalnum() for c in text)


def label_bits(tag: str) -> int:
    bits = 0
    for alternative in tag.split("|"):
        bits |= 1 << LABEL_ID[alternative]
    return bits


def encode(tokenizer: Tokenizer, text: str, words: list[str], starts: list[int], tags: list[str]) -> Pieces:
    """Pieces of a text with labels.

    A piece belongs to the first word with a letter or digit that it touches, else to the first word it touches: `).` to the
    bracket, `(29` to the number.
    """
    encoding = tokenizer.encode(text)
    labels, first = [0] * len(encoding.ids), [None] * len(words)
    word = 0
    ends = [start + len(w) for start, w in zip(starts, words)]
    for position, (begin, end) in enumerate(encoding.offsets):
        if begin == end:
            continue
        while word + 1 < len(words) and ends[word] <= begin:
            word += 1
        touched = [k for k in range(word, min(word + 8, len(words))) if starts[k] < end and ends[k] > begin]
        owner = next((k for k in touched if is_word(words[k])), touched[0] if touched else word)
        tag = tags[owner]
        if first[owner] is None:
            first[owner] = position
            labels[position] = label_bits(tag)
        else:
            labels[position] = label_bits(tag.replace("B-", "I-"))
    return Pieces(encoding.ids, labels, first)


def encode_sentence(tokenizer: Tokenizer, sentence: Sentence) -> Pieces:
    text, starts = running_text(sentence.words, sentence.blanks())
    return encode(tokenizer, text, sentence.words, starts, sentence.tags)
